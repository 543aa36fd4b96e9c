"""A recording in, a page and its captures out, one capture at a time; and the way back for `export`.

A recording is a folder, or a `.tar.xz` of one, with `recording.json` and one file a capture. The shape is in
`docs/reference/fetchers.md`. Nothing is fetched; the whole description is checked before the first capture is read.
"""

import lzma
import tarfile
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import NamedTuple

import msgspec

from monitor.model.capture import Capture
from monitor.model.errors import RecordingError
from monitor.model.page import Page, PageId, PageKind, Presence, Recipe, ServiceId, Vantage

DESCRIPTION = "recording.json"
LIMIT_BYTES = 64_000_000  # one file; the largest page of the corpus has under one million
TOTAL_LIMIT_BYTES = 16_000_000_000  # a packed recording, unpacked: forty thousand fetches of the largest page


class Recording(NamedTuple):
    """A page as it was declared, and its captures in time order; the iterator reads one file at a time, once."""

    page: Page
    captures: Iterator[Capture]


class _Page(msgspec.Struct, forbid_unknown_fields=True):
    """What a recording says of its page. A watchlist entry's other keys say how to ask, which was done."""

    id: str
    url: str
    kind: PageKind
    service: str = ""
    title: str = ""
    region: str = ""
    language: str = ""
    recipe: Recipe = Recipe()
    present: Presence = Presence()


_ASKING = frozenset({"every", "cron", "fetcher", "publish", "robots", "editions", "proxy", "note"})
_RECIPE_KEYS = {"recipe": {"select", "drop"}, "present": {"selectors", "phrases", "least_chars"}}


class _Capture(msgspec.Struct):
    """What a recording says of one capture; keys that are not here are kept as its source."""

    file: str
    at: datetime
    url: str = ""
    status: int = 200
    content_type: str = "text/html; charset=utf-8"
    region: str = ""
    language: str = ""
    final_url: str = ""
    user_agent: str = ""


class _Description(msgspec.Struct, forbid_unknown_fields=True):
    page: dict[str, object]
    captures: list[dict[str, object]]


class _Entry(NamedTuple):
    """One capture's line, checked, with the keys that we do not know as text."""

    said: _Capture
    source: dict[str, str]


def read_recording(path: Path) -> Recording:
    """Return the page and captures of a recording; its files are there and in time order.

    `Capture.source` holds the file's name under `file`, and each key of the capture that we do not know.

    Raises:
        RecordingError: it is not a recording, or says something that cannot be; the place says where.
    """
    if path.is_dir():
        page, entries = _description(path, _raw_from_folder(path))
        _refuse_missing(path, entries, {entry.said.file for entry in entries if _inside(path, entry.said.file)})
        return Recording(page, _captures(path, page, entries))
    raw, names = _raw_from_archive(path)
    page, entries = _description(path, raw)
    _refuse_missing(path, entries, names)
    return Recording(page, _unpacked_captures(path, page, entries))


def _raw_from_folder(folder: Path) -> bytes:
    try:
        return (folder / DESCRIPTION).read_bytes()
    except OSError as error:
        raise RecordingError(str(folder), f"no {DESCRIPTION} can be read ({error.strerror})") from error


def _raw_from_archive(path: Path) -> tuple[bytes, set[str]]:
    """Return the description and the names of all files beside it, in one pass over the archive."""
    raw, names, total = b"", set[str](), 0
    try:
        with tarfile.open(path, "r|xz") as tar:
            for member in tar:
                total += member.size
                _refuse_member(path, member, total)
                name = _name_in(member)
                names.add(name)
                file = tar.extractfile(member) if name == DESCRIPTION and member.isfile() else None
                raw = file.read() if file else raw
    except (OSError, EOFError, tarfile.TarError, lzma.LZMAError) as error:
        raise RecordingError(str(path), f"not a recording: neither a folder nor a whole .tar.xz ({error})") from error
    if not raw:
        raise RecordingError(str(path), f"holds no {DESCRIPTION}")
    return raw, names


def _name_in(member: tarfile.TarInfo) -> str:
    """Return a member's name inside the recording: without the one folder that archives usually begin with."""
    parts = PurePosixPath(member.name).parts
    return "/".join(parts[1:] if len(parts) > 1 else parts)


def _refuse_member(path: Path, member: tarfile.TarInfo, total: int) -> None:
    if not (member.isfile() or member.isdir()):
        raise RecordingError(f"{path}: {member.name}", "only files and folders may be in a recording")
    if member.size > LIMIT_BYTES or total > TOTAL_LIMIT_BYTES:
        raise RecordingError(f"{path}: {member.name}", f"larger than a recording may be ({member.size} bytes)")


def _description(path: Path, raw: bytes) -> tuple[Page, list[_Entry]]:
    where = f"{path}/{DESCRIPTION}"
    try:
        said = msgspec.json.decode(raw, type=_Description)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise _located(where, "", error) from error
    entries = [_entry(where, index, keys) for index, keys in enumerate(said.captures)]
    _refuse_disorder(where, entries)
    return _page(where, said.page), entries


def _located(where: str, base: str, error: Exception) -> RecordingError:
    """Turn `Expected `int` - at `$.status`` into the place and the problem."""
    problem, _, path = str(error).partition(" - at `$")
    spot = (base + path.rstrip("`")).lstrip(".")
    return RecordingError(f"{where}: {spot}" if spot else where, problem.replace("`", "'"))


def _page(where: str, keys: dict[str, object]) -> Page:
    told = {key: value for key, value in keys.items() if key not in _ASKING}
    for key, known in _RECIPE_KEYS.items():
        inner = told.get(key)
        for unknown in sorted(set(inner) - known) if isinstance(inner, dict) else ():
            raise RecordingError(f"{where}: page.{key}", f"unknown key {unknown!r}")
    try:
        said = msgspec.convert(told, _Page)
    except msgspec.ValidationError as error:
        raise _located(where, "page", error) from error
    return Page(
        id=PageId(said.id),
        url=said.url,
        kind=said.kind,
        service=ServiceId(said.service),
        title=said.title,
        region=said.region,
        language=said.language,
        recipe=said.recipe,
        present=said.present,
    )


def _entry(where: str, index: int, keys: dict[str, object]) -> _Entry:
    spot = f"captures[{index}]"
    try:
        said = msgspec.convert(keys, _Capture)
    except msgspec.ValidationError as error:
        raise _located(where, spot, error) from error
    if said.at.utcoffset() is None:
        raise RecordingError(f"{where}: {spot}.at", "a moment without its offset from UTC")
    if not 100 <= said.status <= 599:
        raise RecordingError(f"{where}: {spot}.status", f"no HTTP status: {said.status}")
    _refuse_way_out(f"{where}: {spot}.file", said.file)
    known = {field.name for field in msgspec.structs.fields(_Capture)}
    return _Entry(said, {key: _text(value) for key, value in keys.items() if key not in known})


def _text(value: object) -> str:
    return value if isinstance(value, str) else msgspec.json.encode(value).decode()


def _refuse_way_out(where: str, file: str) -> None:
    path = PurePosixPath(file)
    if not file or path.is_absolute() or ".." in path.parts or "\\" in file or "\x00" in file:
        raise RecordingError(where, f"{file!r} does not lie in the recording")


def _inside(folder: Path, file: str) -> bool:
    there = (folder / file).resolve()
    return there.is_file() and there.is_relative_to(folder.resolve())


def _refuse_disorder(where: str, entries: list[_Entry]) -> None:
    for index in range(1, len(entries)):
        if entries[index].said.at < entries[index - 1].said.at:
            raise RecordingError(f"{where}: captures[{index}].at", "earlier than the capture before it")


def _refuse_missing(path: Path, entries: list[_Entry], names: set[str]) -> None:
    for index, entry in enumerate(entries):
        if entry.said.file not in names:
            raise RecordingError(f"{path}/{DESCRIPTION}: captures[{index}].file", f"no file {entry.said.file!r}")


def _captures(folder: Path, page: Page, entries: list[_Entry]) -> Iterator[Capture]:
    for index, entry in enumerate(entries):
        file = folder / entry.said.file
        try:
            if file.stat().st_size > LIMIT_BYTES:
                raise RecordingError(str(file), f"larger than {LIMIT_BYTES} bytes")
            body = file.read_bytes()
        except OSError as error:
            raise RecordingError(f"{folder}/{DESCRIPTION}: captures[{index}].file", str(error)) from error
        yield _capture(page, entry, body)


def _unpacked_captures(path: Path, page: Page, entries: list[_Entry]) -> Iterator[Capture]:
    """Yield captures from a copy on disk, gone when the last was read: files need not lie in order in an archive."""
    with TemporaryDirectory(prefix="recording-") as folder:
        wanted = {entry.said.file for entry in entries}
        with tarfile.open(path, "r|xz") as tar:
            for member in tar:
                name = _name_in(member)
                if member.isfile() and name in wanted:
                    tar.extract(member.replace(name=name), folder, filter="data")
        yield from _captures(Path(folder), page, entries)


def _capture(page: Page, entry: _Entry, body: bytes) -> Capture:
    said = entry.said
    url = said.url or page.url
    return Capture(
        page=page.id,
        url=url,
        at=said.at,
        body=body,
        status=said.status,
        headers=(("Content-Type", said.content_type),),
        final_url=said.final_url or url,
        vantage=Vantage(
            region=said.region or page.region,
            language=said.language or page.language,
            user_agent=said.user_agent,
        ),
        source={"file": said.file, **entry.source},
    )


_SUFFIXES = {"text/html": ".html", "application/xhtml+xml": ".html", "text/markdown": ".md", "text/plain": ".txt"}


def write_recording(path: Path, page: Page, captures: Iterable[Capture]) -> int:
    """Write a recording to a new folder, or to a new `.tar.xz` when the name ends so; return how many captures.

    The description comes last, so that an unfinished recording is never taken for a whole one.

    Raises:
        RecordingError: there is something of that name already.
    """
    if path.exists():
        raise RecordingError(str(path), "there is something of that name already")
    if not path.name.endswith(".tar.xz"):
        return _write_folder(path, page, captures)
    with TemporaryDirectory(prefix="recording-") as folder:
        name = path.name.removesuffix(".tar.xz")
        count = _write_folder(Path(folder) / name, page, captures)
        with tarfile.open(path, "x:xz") as tar:
            tar.add(Path(folder) / name, arcname=name)
    return count


def _write_folder(folder: Path, page: Page, captures: Iterable[Capture]) -> int:
    folder.mkdir(parents=True)
    lines = []
    for index, capture in enumerate(captures):
        file = file_name(index, capture)
        (folder / file).write_bytes(capture.body)
        lines.append(_line(file, capture))
    text = msgspec.json.encode({"page": _page_keys(page), "captures": lines})
    (folder / DESCRIPTION).write_bytes(msgspec.json.format(text, indent=1) + b"\n")
    return len(lines)


def file_name(index: int, capture: Capture) -> str:
    """Return the name of a capture's file in a recording that we write; captures are counted from 0, files from 1."""
    kind = capture.header("Content-Type").partition(";")[0].strip().lower()
    return f"{index + 1:05d}{_SUFFIXES.get(kind, '.bin')}"


def _line(file: str, capture: Capture) -> dict[str, object]:
    known = {field.name for field in msgspec.structs.fields(_Capture)}
    return {
        "file": file,
        "at": capture.at,
        "url": capture.url,
        "status": capture.status,
        "content_type": capture.header("Content-Type"),
        "region": capture.vantage.region,
        "language": capture.vantage.language,
        "final_url": capture.final_url,
        "user_agent": capture.vantage.user_agent,
        **{key: value for key, value in capture.source.items() if key not in known},
    }


def _page_keys(page: Page) -> dict[str, object]:
    keys = {field.name for field in msgspec.structs.fields(_Page)}
    return {key: value for key, value in msgspec.to_builtins(page).items() if key in keys}
