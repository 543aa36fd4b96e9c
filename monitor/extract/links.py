"""Where a link leads: wrappers opened, tracking dropped, one form for one target.

`canonical` is total (whatever stands in an href gives an answer), pure, and gives its own answers back unchanged.
Source: the noise tables measured on recorded history, docs/how-it-works/detection.md.
"""

import re
from urllib.parse import parse_qsl, quote, unquote, urlencode, urljoin, urlsplit, urlunsplit

from monitor.once import lately

# Parameters that carry no target: who clicked, from where, in which session. `hl`, `lang` and the like stay out too
# when they only repeat the language; those that name a form, article or section stay.
TRACKING = frozenset(
    (
        "__cft__",
        "__cft__[0]",
        "__eep__",
        "__s",
        "__tn__",
        "__xts__",
        "_ga",
        "_gl",
        "_hsenc",
        "_hsmi",
        "_rdc",
        "_rdr",
        "acontext",
        "action_history",
        "back_id",
        "cft",
        "containing_element_id",
        "dclid",
        "eav",
        "eid",
        "element",
        "entry_point",
        "fbclid",
        "gbraid",
        "gclid",
        "gclsrc",
        "h",
        "helpref",
        "igsh",
        "igshid",
        "li_fat_id",
        "mc_cid",
        "mc_eid",
        "mibextid",
        "mkt_tok",
        "msclkid",
        "paipv",
        "rd",
        "rdrhc",
        "redirect_uri",
        "ref",
        "ref_source",
        "ref_type",
        "refid",
        "refsrc",
        "s_cid",
        "sfnsn",
        "sjid",
        "source",
        "trk",
        "trkinfo",
        "ttclid",
        "twclid",
        "usg",
        "ust",
        "ved",
        "visit_id",
        "wbraid",
        "wtsid",
        "yclid",
    )
)
_TRACKING_STARTS = ("utm_", "__cft__", "__xts__", "pk_", "mtm_", "hsa_")

# Hosts that only wrap: the target stands in the first of these parameters that is there.
_WRAPPERS = ("u", "url", "q", "next_url", "next", "href", "target_url", "to")
_WRAPPER_PATHS = re.compile(
    r"(?:facebook\.com|instagram\.com|threads\.(?:net|com)|messenger\.com|meta\.com|whatsapp\.com)"
    r"(?:/l\.php|/flx/warn/?|/linkshim/?|/privacy/center/interstitial/?|/privacy/interstitial/?)$"
    r"|^(?:www\.)?google\.[a-z.]{2,6}/url$|^(?:l|lm)\.(?:facebook|instagram|threads|messenger|meta)\.(?:com|net)/?$"
)
# A wrapper that an archiver took for a path of the page it stood on, percent-encoded.
_WRAPPED_IN_PATH = re.compile(r"/(https?(?:%3a|:)(?:%2f|/){1,2}.+)$", re.IGNORECASE)

_FACEBOOK_HOST = re.compile(
    r"^(?:[a-z]{2}-[a-z]{2}|mbasic|m|www|web|touch|mobile|free|business|x|0|d|p)\.facebook\.com$"
)
_SERVED_MEDIA = re.compile(r"(?:^|\.)(?:fbcdn\.net|cdninstagram\.com|googleusercontent\.com|ggpht\.com|gstatic\.com)$")
_UUID = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}", re.IGNORECASE)
_LONG_HEX = re.compile(r"(?=[0-9a-f]*[a-f])(?=[0-9a-f]*\d)[0-9a-f]{24,}", re.IGNORECASE)
_TOKEN = re.compile(r"(?=[\w-]*[a-z])(?=[\w-]*[A-Z])(?=(?:[\w-]*\d){3})[\w-]{32,}")
_ZIPPY = re.compile(r"&?zippy=[^&]*")

# Addresses longer than this lead nowhere; the longest seen, wrapped twice, has 1,400 characters.
_LONGEST = 8_000
# Wrappers in wrappers are opened this deep; the deepest seen was three.
_DEPTH = 6


def canonical(href: str, base: str) -> str:
    """Return the target of a link as one clickable address, or nothing when it leads nowhere a reader could go."""
    if len(href) > _LONGEST:
        return ""
    if href.startswith("#") and href.isprintable() and (page := _page(base)):
        fragment = _fragment(href[1:].rstrip())
        return f"{page}#{fragment}" if fragment else page
    lasting = _ROTATING.sub("", href) if "h=" in href else href
    return _canonical(lasting, "" if lasting.startswith(_ABSOLUTE) else base)


_ABSOLUTE = ("https://", "http://")  # remembered once for all pages that hold it
# A wrapper's token is new in every fetch: left in, it would make each remembered address a new one.
_ROTATING = re.compile(r"(?<=[?&])h=[\w-]{20,}(?:&|$)")


@lately(1024)
def _page(base: str) -> str:
    """Return the canonical address of a page, which most links of a policy name a place of; nothing for a wrapper."""
    named = _canonical("#-", base)
    return named.removesuffix("#-") if named.endswith("#-") else ""


@lately(1024)
def _canonical(href: str, base: str) -> str:
    href = href.strip()
    if not href or href.lower().startswith(_NOWHERE):
        return ""
    try:
        return _target(_joined(href, base), _DEPTH)
    except ValueError:
        return ""


def _joined(href: str, base: str) -> str:
    """Return an address in full; most that are relative only ask the page itself for something."""
    if href[0] in "?#":
        return base.partition("#")[0].partition(href[0])[0] + href
    return urljoin(base, href)


_NOWHERE = ("javascript:", "data:", "vbscript:", "blob:", "about:", "file:")


def _target(url: str, depth: int) -> str:
    """Return the canonical form of an absolute address, wrappers opened."""
    parts = urlsplit(url)
    scheme, path = parts.scheme.lower(), parts.path
    if scheme in ("mailto", "tel"):
        return f"{scheme}:{path.strip()}"
    if scheme not in ("http", "https") or not parts.netloc:
        return ""
    host, site = _site(parts.netloc)
    if not host:
        return ""
    wrapped = _wrapped(host, path, parts.query) if depth and _wraps(host, path) else ""
    if wrapped:
        return _target(wrapped, depth - 1)
    if not site or path.startswith("/video_redirect"):
        return ""
    return urlunsplit(("https", site, _path(path), _query(parts.query), _fragment(parts.fragment)))


@lately(1024)
def _site(netloc: str) -> tuple[str, str]:
    """Return the host that stands in an address, and it with its port in one form; nothing for where media lie."""
    written = urlsplit(f"//{netloc}")
    host = _host(written.hostname or "")
    if not host or _SERVED_MEDIA.search(host):
        return written.hostname or "", ""
    return written.hostname or "", f"{host}:{written.port}" if written.port not in (None, 80, 443) else host


@lately(4096)
def _wraps(host: str, path: str) -> bool:
    """Say whether an address may only carry another one."""
    return bool(_WRAPPED_IN_PATH.search(path) or _WRAPPER_PATHS.search(host.lower() + path))


def _wrapped(host: str, path: str, query: str) -> str:
    """Return the address that a redirect wrapper carries, or nothing when it is none."""
    inside = _WRAPPED_IN_PATH.search(path)
    if inside:
        rest = unquote(inside[1])
        return rest + (("&" if "?" in rest else "?") + query if query else "")
    found = dict(parse_qsl(query))
    target = next((found[name] for name in _WRAPPERS if found.get(name)), "")
    if target.startswith("/"):
        return f"https://{host}{target}"
    return target if target.lower().startswith(("http://", "https://")) else ""


def _host(host: str) -> str:
    """Return one form for the many hosts of one site."""
    host = host.lower().rstrip(".")
    if _FACEBOOK_HOST.match(host):
        return "www.facebook.com"
    if host == "facebook.com":
        return "www.facebook.com"
    return host


@lately(4096)
def _path(path: str) -> str:
    """Return a path without trailing slash, its rotating ids replaced by `{id}`, quoted in one way."""
    segments = [_segment(unquote(part)) for part in path.split("/") if part]
    return "/" + "/".join(quote(segment, safe="!$&'()*+,;=:@{}~-._") for segment in segments)


def _segment(segment: str) -> str:
    segment = _UUID.sub("{id}", segment)
    segment = _LONG_HEX.sub("{id}", segment)
    return "{id}" if _TOKEN.fullmatch(segment) else segment


@lately(4096)
def _query(query: str) -> str:
    """Return the parameters that name a target, sorted."""
    if not query:
        return ""
    kept = sorted((name, value) for name, value in parse_qsl(query, keep_blank_values=True) if not _tracks(name))
    return urlencode([(name, _UUID.sub("{id}", value)) for name, value in kept], safe="{}/:,")


def _tracks(name: str) -> bool:
    name = name.lower().removeprefix("amp;")
    return name in TRACKING or name.startswith(_TRACKING_STARTS)


@lately(4096)
def _fragment(fragment: str) -> str:
    """Return the section that a fragment names, without what only opens panels or marks words."""
    return quote(_ZIPPY.sub("", unquote(fragment.partition(":~:")[0])).strip("&"), safe="!$&'()*+,;=:@/?{}~-._")
