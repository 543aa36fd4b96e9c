"""The signals, each a function of what was seen: a refusal with its evidence, or nothing.

They stand in `SIGNALS` in the order in which they are asked: what the server says, then what the page says of itself,
then what it lacks. The first that speaks decides.
"""

import re
from collections.abc import Callable
from urllib.parse import urlsplit

from monitor.model.capture import Refusal, RefusalReason
from monitor.model.document import BlockKind, Part
from monitor.recognise import words
from monitor.recognise.language import guess, primary
from monitor.recognise.seen import OWN_CHARS, Seen, pattern, quoted
from monitor.text import fold

Signal = Callable[[Seen], Refusal | None]

_REDIRECT, _BOT, _RATE = pattern(words.REDIRECT), pattern(words.BOT_CHECK), pattern(words.RATE_LIMITED)
_MAINTENANCE, _LOGIN, _ERROR = pattern(words.MAINTENANCE), pattern(words.LOGIN), pattern(words.ERROR_PAGE)
_CONSENT = pattern(words.CONSENT)
_NAME_PART = re.compile(r"[^\W\d_]{3,}")
_SITE = re.compile(r"\s[|\\·]\s[^|\\·]*$")
_SMALL_WORDS = frozenset(
    (
        "the",
        "and",
        "for",
        "with",
        "your",
        "our",
        "you",
        "from",
        "about",
        "that",
        "this",
        "are",
        "der",
        "die",
        "und",
        "les",
        "des",
    )
)

# A title is another one when fewer than this share of the old one's words stand in the new one; seen: 0.20 for another
# article at the address, 0.50 for the same terms under a new title.
SAME_TITLE = 0.3
# A document is another one when fewer than this share of its headings are known.
SAME_HEADINGS = 0.2


def http_error(seen: Seen) -> Refusal | None:
    """An answer that the server itself calls an error (RFC 9110, section 15)."""
    status = seen.capture.status
    if status < 400:
        return None
    evidence = [f"HTTP status {status}"]
    if status == 429:
        return Refusal(RefusalReason.RATE_LIMITED, tuple(evidence))
    found = _MAINTENANCE.search(seen.words) if status == 503 else None
    if found:
        evidence.append(quoted(seen.words, found))
    return Refusal(RefusalReason.MAINTENANCE if found else RefusalReason.HTTP_ERROR, tuple(evidence))


def not_text(seen: Seen) -> Refusal | None:
    """A file that is no text: its first bytes say so (WHATWG MIME Sniffing, sections 6 and 7)."""
    start = seen.capture.body[:16]
    name = next((name for magic, name in _FILES if start.startswith(magic)), "")
    return Refusal(RefusalReason.UNREADABLE, (f"the file begins as {name} does",)) if name else None


_FILES = (
    (b"%PDF-", "a PDF"),
    (b"\x89PNG\r\n", "a PNG picture"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"GIF8", "a GIF picture"),
    (b"PK\x03\x04", "a ZIP archive"),
    (b"\x1f\x8b", "a gzip file"),
)


def redirect_page(seen: Seen) -> Refusal | None:
    """A page that only sends its reader on."""
    if not seen.little:
        return None
    if seen.surface.refresh and seen.surface.refresh != seen.address:
        return Refusal(RefusalReason.REDIRECT_PAGE, (f"meta refresh to {seen.surface.refresh}", _length(seen)))
    return _phrase(seen, _REDIRECT, RefusalReason.REDIRECT_PAGE)


def bot_check(seen: Seen) -> Refusal | None:
    """A captcha or a check whether a person asks."""
    return _phrase(seen, _BOT, RefusalReason.BOT_CHECK)


def rate_limited(seen: Seen) -> Refusal | None:
    """A page that says we ask too often."""
    return _phrase(seen, _RATE, RefusalReason.RATE_LIMITED)


def maintenance(seen: Seen) -> Refusal | None:
    """A page that says the site is being worked on."""
    return _phrase(seen, _MAINTENANCE, RefusalReason.MAINTENANCE)


def login_wall(seen: Seen) -> Refusal | None:
    """A page that lets in only who signs in."""
    path = urlsplit(seen.address).path.lower()
    sent = next((part for part in words.LOGIN_PATHS if part in path and part not in seen.page.url.lower()), "")
    if sent:
        return Refusal(RefusalReason.LOGIN_WALL, (f"sent to {seen.address}",))
    found = _LOGIN.search(seen.words)
    asks = any(field.type == "password" for field in seen.surface.fields)
    if not found or not seen.little:
        return None
    if asks:
        return Refusal(RefusalReason.LOGIN_WALL, ("a field for a password", quoted(seen.words, found), _length(seen)))
    title = _LOGIN.search(seen.surface.title.casefold())
    return Refusal(RefusalReason.LOGIN_WALL, (f"title “{seen.surface.title}”", _length(seen))) if title else None


def error_page(seen: Seen) -> Refusal | None:
    """An error page that came with a status of success."""
    return _phrase(seen, _ERROR, RefusalReason.ERROR_PAGE)


def consent_wall(seen: Seen) -> Refusal | None:
    """A cookie dialog and no page behind it."""
    if seen.document.chars >= max(seen.page.present.least_chars, 1) and seen.share >= 0.1:
        return None
    return _phrase(seen, _CONSENT, RefusalReason.CONSENT_WALL)


def missing_content(seen: Seen) -> Refusal | None:
    """What the watchlist declares must stand on the page, and does not."""
    present = seen.page.present
    lacking = [f"selector {selector} matches nothing" for selector in seen.document.missing]
    lacking += [f"selector {name} matches nothing" for name in present.selectors if name not in seen.surface.present]
    lacking += [f"“{phrase}” is nowhere on the page" for phrase in present.phrases if not _says(seen, fold(phrase))]
    return Refusal(RefusalReason.MISSING_CONTENT, (*lacking, _length(seen))) if lacking else None


def empty_shell(seen: Seen) -> Refusal | None:
    """A page without main text: only a frame, or a program that did not run."""
    least = seen.page.present.least_chars
    asks = any(block.field is not None and block.part is not Part.FURNITURE for block in seen.document.blocks)
    if seen.document.chars >= least or asks:
        return None
    return Refusal(RefusalReason.EMPTY_SHELL, (_length(seen), f"at least {least} are expected"))


def wrong_language(seen: Seen) -> Refusal | None:
    """The page in another language than the one watched."""
    declared, usual = primary(seen.surface.language), primary(seen.normal.language)
    expected = usual or primary(seen.page.language)
    if not expected or declared == expected:
        return None
    guessed = guess(seen.words)
    if declared and (usual or guessed not in ("", expected)):
        return Refusal(RefusalReason.WRONG_LANGUAGE, (f"lang={seen.surface.language}", f"expected {expected}"))
    if guessed and guessed != expected and not declared:
        return Refusal(RefusalReason.WRONG_LANGUAGE, (f"its words are {guessed}", f"expected {expected}"))
    return None


def other_document(seen: Seen) -> Refusal | None:
    """Another document at the address of the one watched: neither its title nor its headings are known."""
    old, new = _names(seen.normal.title), seen.surface.title
    if not old or not new or fold(new) == fold(seen.normal.title):
        return None
    headings = {fold(heading) for heading in seen.surface.headings}
    known = sum(fold(heading) in headings for heading in seen.normal.headings)
    if seen.normal.headings and known >= SAME_HEADINGS * len(seen.normal.headings):
        return None
    here = _names(new if seen.normal.headings else " ".join((new, *seen.surface.headings)))
    if len(old & here) >= SAME_TITLE * len(old):
        return None
    evidence = (f"title “{new}” instead of “{seen.normal.title}”", f"{known} of its headings are known")
    return Refusal(RefusalReason.OTHER_DOCUMENT, evidence)


def truncated(seen: Seen) -> Refusal | None:
    """A load that was cut, or that brought only a part of the page."""
    if not seen.normal.chars or not seen.document.chars:
        return None
    cut = _cut_short(seen.capture.body)
    if cut and seen.share < 0.97:
        return Refusal(RefusalReason.TRUNCATED, (_length(seen), f"the markup ends in “{cut}”"))
    own = seen.document.chars >= OWN_CHARS and seen.share >= 0.1
    if seen.share >= 0.5 or own:
        return None
    return Refusal(RefusalReason.TRUNCATED, (_length(seen), f"usually {seen.normal.chars:,}"))


def only_headings(seen: Seen) -> Refusal | None:
    """A page of which only headings were taken."""
    main = [block for block in seen.document.blocks if block.part is not Part.FURNITURE]
    headings = sum(len(block.text) for block in main if block.kind is BlockKind.HEADING)
    if len(main) < 8 or headings < 0.8 * seen.document.chars or seen.share >= 0.5:
        return None
    return Refusal(RefusalReason.TRUNCATED, (f"{headings:,} of {seen.document.chars:,} characters are headings",))


SIGNALS: tuple[Signal, ...] = (
    http_error,
    not_text,
    redirect_page,
    bot_check,
    rate_limited,
    error_page,
    maintenance,
    login_wall,
    consent_wall,
    missing_content,
    empty_shell,
    wrong_language,
    other_document,
    only_headings,
    truncated,
)


def _phrase(seen: Seen, phrases: re.Pattern[str], why: RefusalReason) -> Refusal | None:
    """Return a refusal when the page has little to say and says this."""
    if not seen.little:
        return None
    found = phrases.search(seen.words)
    return Refusal(why, (quoted(seen.words, found), _length(seen))) if found else None


def _length(seen: Seen) -> str:
    return f"{seen.document.chars:,} characters of main text"


def _says(seen: Seen, phrase: str) -> bool:
    """Say whether a folded phrase stands anywhere on the page."""
    return phrase in seen.words or any(phrase in block.key for block in seen.document.blocks)


def _names(title: str) -> frozenset[str]:
    """Return the words of a title that name something, without the site's own name."""
    return frozenset(_NAME_PART.findall(fold(_SITE.sub("", title)))) - _SMALL_WORDS


def _cut_short(body: bytes) -> str:
    """Return the last words of markup that ends within a tag or text, or nothing when it ends well."""
    tail = body[-400:].strip()
    if tail.endswith(b">") or not body.lstrip().startswith(b"<"):
        return ""
    return tail[-40:].decode("utf-8", "replace")
