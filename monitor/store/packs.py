"""An evidence pack checked by itself: no installation, no database, no network.

Comes in: the files of a pack (a zip file, a folder, or `evidence.json` alone) and what reads a time stamp. Goes out:
one sentence for each thing that was checked, and whether it holds.
"""

import re
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from hashlib import sha256
from pathlib import Path

from monitor.codec import CodecError, decode
from monitor.extract import extract, feed_words
from monitor.model.capture import Capture
from monitor.model.document import Block
from monitor.model.errors import PackError, StoreDamaged
from monitor.model.page import FEED, Recipe
from monitor.model.proof import EvidenceSheet, Kept, Proof, Proven
from monitor.render.evidence import BYTES_AFTER, BYTES_BEFORE, LEDGER, SHEET, STAMP, SUMS
from monitor.store.entry import Entry, entry_of
from monitor.store.ledger import line_digest
from monitor.store.warc import Opened, opened
from monitor.timestamp import Stamp, StampError, stamp_of

MOST_FILES, LIMIT_BYTES = 100, 200_000_000  # of one pack, unpacked: screenshots are the largest part
_JOINTS = re.compile(r"…| → | > |, options: ")  # what quotes put between words of the page


def files_of(path: Path) -> Mapping[str, bytes]:
    """Return the files of a pack by their names: of a zip file, of a folder, or `evidence.json` alone.

    Raises:
        PackError: there is none, or it is too large, or the zip file is damaged.
    """
    try:
        if path.is_dir():
            found = sorted(each for each in path.rglob("*") if each.is_file())
            _refuse_large(str(path), len(found), sum(each.stat().st_size for each in found))
            return {each.relative_to(path).as_posix(): each.read_bytes() for each in found}
        if path.suffix == ".json":
            return {SHEET: path.read_bytes()}
        return _unzipped(path)
    except OSError as error:
        raise PackError(str(path), f"cannot be read ({error.strerror or error})") from error


def _unzipped(path: Path) -> Mapping[str, bytes]:
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
            _refuse_large(str(path), len(entries), sum(entry.file_size for entry in entries))
            return {entry.filename: archive.read(entry) for entry in entries}
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError) as error:
        raise PackError(str(path), f"is damaged, or no zip file ({error})") from error


def _refuse_large(where: str, count: int, size: int) -> None:
    if count > MOST_FILES or size > LIMIT_BYTES:
        raise PackError(where, f"is no evidence pack: {count} files of {size} bytes")


def proofs(
    files: Mapping[str, bytes], prove: Callable[[bytes], Stamp] = stamp_of, *, trusted: bool = False
) -> Iterator[Proven]:
    """Yield what was checked, in the order of HOW-TO-VERIFY; `trusted` says that `prove` knows the authority's root.

    Raises:
        PackError: there is no `evidence.json` that can be read.
    """
    try:
        sheet = decode(EvidenceSheet, files[SHEET])
    except KeyError as error:
        raise PackError(SHEET, "is not there: this is no evidence pack") from error
    except CodecError as error:
        raise PackError(SHEET, f"cannot be read ({error})") from error
    yield from _sums(files)
    yield from _captures(sheet, files)
    yield from _lines(sheet, files)
    yield from _stamp(sheet, files, prove, trusted=trusted)


def _sums(files: Mapping[str, bytes]) -> Iterator[Proven]:
    if SUMS not in files:
        yield _open(f"{SUMS} is not there: whether other files were changed is told by what follows only")
        return
    lines = (line.partition("  ") for line in files[SUMS].decode("utf-8", "replace").splitlines())
    said = {name: digest for digest, _, name in lines}
    wrong = [name for name, digest in said.items() if name in files and sha256(files[name]).hexdigest() != digest]
    for name in sorted(said.keys() - files.keys()):
        yield _broken(f"{name} is missing")
    for name in sorted(files.keys() - said.keys() - {SUMS}):
        yield _broken(f"{name} does not belong to the pack: {SUMS} does not name it")
    for name in wrong:
        yield _broken(f"{name} is not the file that was packed")
    if not wrong and said.keys() == files.keys() - {SUMS}:
        yield _holds(f"{len(said)} files are as they were packed")


def _captures(sheet: EvidenceSheet, files: Mapping[str, bytes]) -> Iterator[Proven]:
    """Hold the bytes of both captures against their digests, and the quotes against the bytes."""
    for side, name, kept in (("before", BYTES_BEFORE, sheet.before), ("after", BYTES_AFTER, sheet.after)):
        if name not in files:
            yield _open(f"the bytes {side} are not here: neither their digest nor the quotes could be checked")
            continue
        if sha256(files[name]).hexdigest() != kept.sha256:
            yield _broken(f"{name} is not the capture that the alert names ({kept.sha256})")
            continue
        yield _holds(f"{name} has the SHA-256 that the alert names")
        try:
            body = _opened(kept.body_in or kept.file, files).body
            told = _opened(kept.file, files).noted
        except StoreDamaged as error:
            yield _broken(str(error))
            continue
        if body != files[name] or told.digest != kept.sha256:
            yield _broken(f"the web archive file of the capture {side} holds other bytes")
            continue
        yield _holds(f"the web archive file of the capture {side} holds these bytes, from {told.final_url or told.url}")
        quotes = [quote.before if side == "before" else quote.after for quote in sheet.quotes]
        yield _quoted(side, told.capture(body), quotes)


def _opened(name: str, files: Mapping[str, bytes]) -> Opened:
    if name not in files:
        raise StoreDamaged(name, "is missing")
    return opened(files[name], name)


def _quoted(side: str, capture: Capture, quotes: Sequence[str]) -> Proven:
    lost = lost_words(capture, quotes)
    if lost:
        return _broken(f"these words of a quote do not stand in the capture {side}: {lost[0][:200]!r}")
    if not any(quotes):
        return _holds(f"no quote is said to stand in the capture {side}")
    return _holds(f"the quotes stand in the capture {side} word for word ({sum(map(bool, quotes))} looked for)")


def lost_words(capture: Capture, quotes: Sequence[str]) -> tuple[str, ...]:
    """Return the pieces of quotes that do not stand in a capture, word for word, as this program reads it today.

    An ellipsis, an arrow to a link's address and the like stand between pieces; they are ours.
    """
    words = _words(capture)
    pieces = (piece.strip() for quote in quotes for piece in _JOINTS.split(quote))
    return tuple(piece for piece in pieces if piece and piece not in words)


def _words(capture: Capture) -> str:
    if capture.source.get("fetcher") == FEED:
        return feed_words(capture)
    return " ".join(word for block in extract(capture, Recipe()).blocks for word in _block_words(block))


def _block_words(block: Block) -> Iterator[str]:
    yield block.text
    yield from block.trail
    for link in block.links:
        yield from (link.text, link.target)
    if block.field is not None:
        told = block.field
        yield f"{told.label or told.name}, {told.type}, {'required' if told.required else 'optional'}"
        yield ", ".join(told.options)


def _lines(sheet: EvidenceSheet, files: Mapping[str, bytes]) -> Iterator[Proven]:
    """Hold the captures against their lines of the ledger, and the lines against one another."""
    for side, kept in (("before", sheet.before), ("after", sheet.after)):
        yield _in_line(side, kept, files)
    if LEDGER not in files:
        yield _open(f"{LEDGER} is not here: whether the lines follow one another could not be checked")
        return
    lines = files[LEDGER].removesuffix(b"\n").split(b"\n")
    for side, kept in (("before", sheet.before), ("after", sheet.after)):
        if not 0 < kept.line <= len(lines) or lines[kept.line - 1] != kept.ledger.encode():
            yield _broken(f"line {kept.line} of {LEDGER} is not the line about the capture {side}")
    if not sheet.ledger_is_whole:
        yield _open(f"the lines of {LEDGER} are not all between the captures: their chain could not be checked")
        return
    broken = [number for number in range(2, len(lines) + 1) if not _follows(lines[number - 2], lines[number - 1])]
    for number in broken[:5]:
        yield _broken(f"line {number} of {LEDGER} does not follow the line before it")
    if not broken:
        yield _holds(f"the {len(lines)} lines of {LEDGER} follow one another: none was changed, put in or taken out")


def _in_line(side: str, kept: Kept, files: Mapping[str, bytes]) -> Proven:
    try:
        entry = entry_of(kept.ledger.encode())
    except CodecError as error:
        return _broken(f"the ledger's line about the capture {side} cannot be read ({error})")
    same: tuple[tuple[object, object], ...] = (
        (entry.body, kept.sha256),
        (entry.time, kept.captured),
        (entry.file, kept.file),
    )
    if any(said != named for said, named in same):
        return _broken(f"the ledger's line about the capture {side} tells of another one")
    if entry.warc and kept.file in files and sha256(files[kept.file]).hexdigest() != entry.warc:
        return _broken(f"the web archive file of the capture {side} is not the one that the ledger names")
    return _holds(f"the ledger has a line about the capture {side}, of {kept.captured:%Y-%m-%d %H:%M:%S} UTC")


def _follows(before: bytes, line: bytes) -> bool:
    try:
        entry: Entry = entry_of(line)
    except CodecError:
        return False
    return entry.prev == line_digest(before)


def _stamp(
    sheet: EvidenceSheet, files: Mapping[str, bytes], prove: Callable[[bytes], Stamp], *, trusted: bool
) -> Iterator[Proven]:
    token = sheet.token
    if token is None:
        yield _open("there is no time stamp: nobody else attests when the lines of the ledger were there")
        return
    if files.get(STAMP, token.reply) != token.reply:
        yield _broken(f"{STAMP} is not the time stamp that evidence.json holds")
    try:
        stamp = prove(token.reply)
    except StampError as error:
        yield _broken(f"the time stamp proves nothing: {error}")
        return
    if stamp.digest != line_digest(token.ledger.encode()):
        yield _broken("the time stamp is over another line than the one that is said")
        return
    if LEDGER in files and not files[LEDGER].endswith(token.ledger.encode() + b"\n"):
        yield _broken(f"the line that was time-stamped is not the last one of {LEDGER}")
        return
    said = f"{stamp.authority} attests the ledger up to its line {token.line} at {stamp.at:%Y-%m-%d %H:%M:%S} UTC"
    yield _holds(said) if trusted else _open(f"{said}, if it signed: name its root certificate to have that checked")


def _holds(what: str) -> Proven:
    return Proven(Proof.HOLDS, what)


def _broken(what: str) -> Proven:
    return Proven(Proof.BROKEN, what)


def _open(what: str) -> Proven:
    return Proven(Proof.OPEN, what)
