"""The evidence of one alert as files that anybody can check without us: `evidence.json`, and all that it names.

Comes in: an alert and what is kept of it. Goes out: bytes by the name of a file. `HOW-TO-VERIFY.txt` says what to do
with nothing but `sha256sum` and `openssl`; a test runs those very commands.
"""

from collections.abc import Mapping
from hashlib import sha256

from monitor.codec import encode, indented
from monitor.model.alert import Alert
from monitor.model.proof import EvidenceSheet, Exhibits, Token
from monitor.render.place import Place, change_path
from monitor.render.safe import one_line

FORMAT = 1
SHEET, SUMS, HOW_TO = "evidence.json", "SHA256SUMS", "HOW-TO-VERIFY.txt"
LEDGER, STAMP, STAMPED = "ledger.jsonl", "token.tsr", "stamped-line.txt"
BYTES_BEFORE, BYTES_AFTER = "before.bytes", "after.bytes"
TEXT_BEFORE, TEXT_AFTER = "before.md", "after.md"


def sheet_path(alert: Alert) -> str:
    """Return where the site has an alert's `evidence.json`."""
    return change_path(alert.id) + SHEET


def pack_path(alert: Alert) -> str:
    """Return where the site has an alert's pack."""
    return change_path(alert.id) + "evidence.zip"


def evidence_json(alert: Alert, kept: Exhibits, place: Place, made_by: str) -> bytes:
    """Return the sheet of an alert: its words, and where, when and how they were seen."""
    return indented(
        encode(
            EvidenceSheet(
                format=FORMAT,
                made_by=made_by,
                alert=alert.id,
                url=place.change(alert.id),
                service=alert.service,
                page=alert.page,
                kind=alert.kind,
                level=alert.level,
                title=alert.title,
                meaning=alert.meaning,
                published=alert.published,
                updated=alert.updated,
                corrects=alert.corrects,
                quotes=alert.quotes,
                before=kept.before,
                after=kept.after,
                confirmed_at=alert.evidence.confirmed_at,
                checks_between=kept.checks_between,
                ledger_is_whole=kept.whole,
                token=kept.token,
            )
        )
    )


def pack(alert: Alert, kept: Exhibits, place: Place, made_by: str) -> Mapping[str, bytes]:
    """Return every file of an alert's pack by its name, in the order of the names."""
    files = {
        SHEET: evidence_json(alert, kept, place, made_by),
        BYTES_BEFORE: kept.bytes_before,
        BYTES_AFTER: kept.bytes_after,
        TEXT_BEFORE: kept.text_before.encode(),
        TEXT_AFTER: kept.text_after.encode(),
        LEDGER: b"".join(line + b"\n" for line in kept.lines),
        **kept.files,
    }
    if kept.token is not None:
        files |= {STAMP: kept.token.reply, STAMPED: kept.token.ledger.encode()}
    files[HOW_TO] = _how_to(alert, kept, place).encode()
    sums = "".join(f"{sha256(content).hexdigest()}  {name}\n" for name, content in sorted(files.items()))
    return dict(sorted({**files, SUMS: sums.encode()}.items()))


def _how_to(alert: Alert, kept: Exhibits, place: Place) -> str:
    sections = [_INTRODUCTION.format(title=one_line(alert.title), url=place.change(alert.id))]
    sections += [_FILES, _BYTES.format(before=kept.before.sha256, after=kept.after.sha256), _QUOTES]
    sections.append((_CHAIN if kept.whole else _NO_CHAIN).format(before=kept.before.line, after=kept.after.line))
    sections.append(_stamp(kept.token))
    sections.append(_LIMITS)
    return "\n".join(sections)


def _stamp(token: Token | None) -> str:
    if token is None:
        return _NO_STAMP
    return _STAMP.format(authority=token.authority, at=f"{token.at:%Y-%m-%d %H:%M:%S} UTC", line=token.line)


_INTRODUCTION = """\
HOW TO VERIFY THIS WITHOUT US

{title}
{url}

You need sha256sum and openssl; both come with Linux, and with macOS as `shasum -a 256` and `openssl`. Open a terminal
in the folder where you unpacked these files. Whoever has the program can run `optout-monitor verify` on the zip file.
"""
_FILES = """\
1. Nothing was changed since the files were packed

    sha256sum -c SHA256SUMS

Every line must end in "OK".
"""
_BYTES = """\
2. These are the bytes that the two captures are named by

    sha256sum before.bytes after.bytes

must say, and evidence.json and the page of the change say the same:

    {before}  before.bytes
    {after}  after.bytes

The .warc.gz files hold the same bytes with the headers of the answers, as web archives keep them (WARC 1.1).
Do not open before.bytes or after.bytes in a browser: they are what the server sent, scripts included.
"""
_QUOTES = """\
3. The quotes stand there

Look for the words of "quotes" in evidence.json in before.md and after.md, which were read from these bytes; an ellipsis
marks words left out. Compare with a public web archive between the moments "seen" of before and after.
"""
_CHAIN = """\
4. Both captures stand in the ledger, and no line was put in, taken out or changed

Line {before} of ledger.jsonl is about the capture before, line {after} about the one after; "body" is the SHA-256 of
step 2. Each line holds the SHA-256 of the line before it ("prev"). This prints nothing when all of them do:

    prev=""
    while IFS= read -r line; do
      case "$line" in *"\\"prev\\":\\"$prev"*) ;; *) echo "BROKEN before: $line" ;; esac
      prev="$(printf %s "$line" | sha256sum | cut -d" " -f1)"
    done < ledger.jsonl
"""
_NO_CHAIN = """\
4. Both captures stand in the ledger

Line {before} of ledger.jsonl is about the capture before, line {after} about the one after; "body" is the SHA-256 of
step 2. The lines between them are too many for this pack; ask whoever runs the site for their ledger.
"""
_STAMP = """\
5. Somebody else attests when the ledger was so

{authority} signed line {line} of ledger.jsonl, the last one, at {at} (RFC 3161). All lines before it are held
by it. Get the authority's root certificate from the authority itself, not from us, as authority.pem:

    openssl ts -verify -in token.tsr -data stamped-line.txt -CAfile authority.pem
    tail -n 1 ledger.jsonl | tr -d '\\n' | cmp - stamped-line.txt

The first must say "Verification: OK", the second nothing.
"""
_NO_STAMP = """\
5. No time stamp

No authority outside has attested these lines when this was packed. What steps 1 to 4 show is that these files belong
together, not when they were made.
"""
_LIMITS = """\
What this does not show

That the server sent these bytes to anybody else: other regions, languages and readers may have been served something
else. When between the two captures the page changed. That the program was honest before the time stamp was made.
"""
