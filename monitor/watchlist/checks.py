"""What a schema cannot say about addresses and selectors: each check returns the problem, or nothing."""

import re
from datetime import timedelta
from ipaddress import ip_address
from urllib.parse import urlsplit

LEAST_EVERY = timedelta(minutes=5)  # asking more often asks more of a host than is fair
ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")

_PAIRS = {")": "(", "]": "["}
_QUOTED = re.compile(r"\"(?:\\.|[^\"\\])*\"|'(?:\\.|[^'\\])*'")
_CLASS = re.compile(r"\.(-?[A-Za-z_][\w-]*)|\[\s*class\s*[~^$*|]?=\s*[\"']?([^\"'\]]+)")
# Classes made by a build, which shift when anything on the page is added: single letters in order of first use,
# hashes such as `x1lliihq`, `_a9zs`, `css-1q2w3e`, `sc-bdVaJa`. One banner moved every class of a watched policy, and a
# class selector lost 87 of its footnotes for a month (docs/decisions/0003-fetching.md).
_GENERATED = re.compile(r"[A-Za-z]{1,2}|_.{2,5}|(css|sc|jss|emotion)-?\w*\d\w*|sc-\w+|(?=\w*\d)(?=\w*[A-Za-z])\w{4,}")


def address_problem(url: str, *, loopback: bool) -> str:
    """Return why this cannot be the address of a page; http is for this machine, and only where that is allowed."""
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
        _ = parts.port  # reading it raises when it is not a port
    except ValueError as error:
        return f"not an address: {error}"
    if re.search(r"[\s\x00-\x1f\x7f<>\\]", url):
        return "an address holds no spaces, control characters, brackets or backslashes"
    if parts.username is not None or parts.password is not None:
        return "an address with a user name or password in it"
    if loopback and _is_this_machine(host) and parts.scheme in {"http", "https"}:
        return ""
    if _is_this_machine(host) and not loopback:
        return "an address of this machine; OPTOUT_ALLOW_LOOPBACK=yes allows it, for tests and the demo"
    if parts.scheme != "https" or not host:
        return "not an https address"
    return "" if _public_name(host) else f"{host!r} is not the name of a public host"


def on_this_machine(url: str) -> bool:
    """Say whether an address leads to this machine; one that cannot be read leads nowhere."""
    try:
        return _is_this_machine(urlsplit(url).hostname or "")
    except ValueError:
        return False


def selector_problem(selector: str) -> str:
    """Return why this cannot be a selector of a recipe: unbalanced, empty in a list, or by a generated class."""
    bare = _QUOTED.sub('""', selector)
    if "'" in bare or bare.replace('""', "").count('"'):
        return "a quote that is not closed"
    if not _balanced(bare):
        return "brackets that do not match"
    if any(not part.strip() for part in _split(bare)):
        return "an empty selector between commas"
    if re.search(r"[{};@<]|^\s*[>+~,]|[>+~,]\s*$|[.#]\s|[.#]$|::", bare):
        return "not a CSS selector"
    return _generated_class(selector)


def _is_this_machine(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def _public_name(host: str) -> bool:
    """Say whether a host is a name with a domain; addresses in numbers, in any spelling, are not."""
    last = host.rstrip(".").rpartition(".")[2]
    return "." in host.rstrip(".") and not re.fullmatch(r"(0x[0-9a-f]*|\d+)", last) and ":" not in host


def _balanced(text: str) -> bool:
    open_ones: list[str] = []
    for char in text:
        if char in "([":
            open_ones.append(char)
        elif char in ")]" and (not open_ones or open_ones.pop() != _PAIRS[char]):
            return False
    return not open_ones


def _split(selector: str) -> list[str]:
    """Split a list of selectors at its outer commas."""
    return re.split(r",(?![^(]*\))", selector)


def _generated_class(selector: str) -> str:
    outside = re.sub(r"\[(?!\s*class)[^\]]*\]", "", _QUOTED.sub(_kept_in_class, selector))
    for match in _CLASS.finditer(outside):
        for name in (match[1] or match[2]).split():
            if _GENERATED.fullmatch(name):
                return f"class {name!r} looks generated and will shift; select by id, role or section"
    return ""


def _kept_in_class(match: re.Match[str]) -> str:
    before = match.string[: match.start()]
    return match[0] if re.search(r"\[\s*class\s*[~^$*|]?=\s*$", before) else '""'
