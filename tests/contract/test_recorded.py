"""What a recording promises, read from a folder or an archive, and written again."""

import json
import tarfile
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import pytest

from monitor.fetch.recorded import read_recording, write_recording
from monitor.model.capture import Capture
from monitor.model.errors import RecordingError
from monitor.model.page import Page, PageId, PageKind, Presence, Recipe, Vantage

PAGE = {"id": "policy", "url": "https://service.example/privacy", "kind": "policy", "language": "en"}


def described(**changes: object) -> dict[str, object]:
    return {"file": "0001.html", "at": "2025-11-11T08:00:00Z", **changes}


def folder_of(place: Path, captures: list[dict[str, object]], page: object = None) -> Path:
    place.mkdir()
    for capture in captures:
        name = Path(str(capture.get("file") or "x")).name
        (place / name).write_bytes(f"<p>{name}</p>".encode())
    (place / "recording.json").write_text(json.dumps({"page": page or PAGE, "captures": captures}))
    return place


def packed(folder: Path, *, last: str = "recording.json", prefix: str = "r/") -> Path:
    archive = folder.with_name(f"{folder.name}.tar.xz")
    with tarfile.open(archive, "w:xz") as tar:
        for file in sorted(folder.iterdir(), key=lambda file: (file.name == last, file.name)):
            tar.add(file, arcname=prefix + file.name)
    return archive


def test_a_recording_gives_its_page_and_captures_in_order(tmp_path: Path) -> None:
    folder = folder_of(
        tmp_path / "r",
        [
            described(region="eu", language="de", content_type="text/html", status=404, batch="b7", tries=3),
            described(file="0002.html", at="2025-11-11T10:00:00+01:00", url="https://service.example/other"),
        ],
    )

    page, captures = read_recording(folder)
    first, second = captures

    assert page == Page(id=PageId("policy"), url="https://service.example/privacy", kind=PageKind.POLICY, language="en")
    assert first == Capture(
        page=PageId("policy"),
        url="https://service.example/privacy",
        at=datetime(2025, 11, 11, 8, tzinfo=UTC),
        body=b"<p>0001.html</p>",
        status=404,
        headers=(("Content-Type", "text/html"),),
        final_url="https://service.example/privacy",
        vantage=Vantage("eu", "de"),
        source={"file": "0001.html", "batch": "b7", "tries": "3"},
    )
    assert (second.body, second.url, second.status) == (b"<p>0002.html</p>", "https://service.example/other", 200)
    assert second.vantage.language == "en"


@pytest.mark.parametrize("last", ["recording.json", "0001.html"])
@pytest.mark.parametrize("prefix", ["r/", "./", ""])
def test_an_archive_gives_the_same_as_its_folder_in_whatever_order_it_was_packed(
    tmp_path: Path, last: str, prefix: str
) -> None:
    folder = folder_of(tmp_path / "r", [described(), described(file="0002.html")])

    page, captures = read_recording(packed(folder, last=last, prefix=prefix))

    assert page == read_recording(folder).page
    assert list(captures) == list(read_recording(folder).captures)


def test_captures_are_read_one_at_a_time(tmp_path: Path) -> None:
    folder = folder_of(tmp_path / "r", [described(), described(file="0002.html")])
    captures = read_recording(folder).captures
    (folder / "0002.html").write_bytes(b"changed after the first was opened")

    bodies = [capture.body for capture in captures]

    assert bodies == [b"<p>0001.html</p>", b"changed after the first was opened"]


def test_keys_that_say_how_to_ask_are_allowed_and_have_no_effect(tmp_path: Path) -> None:
    folder = folder_of(tmp_path / "r", [], {**PAGE, "every": "6h", "note": "a note", "fetcher": "browser"})

    assert read_recording(folder).page.fetcher == "plain"


@pytest.mark.parametrize(
    ("page", "captures", "where", "problem"),
    [
        ({**PAGE, "kidn": "x"}, [], "recording.json: page", "Object contains unknown field 'kidn'"),
        ({"url": "https://a.example", "kind": "policy"}, [], "recording.json: page", "missing required field 'id'"),
        ({**PAGE, "kind": "novel"}, [], "recording.json: page.kind", "'novel'"),
        ({**PAGE, "recipe": {"selects": []}}, [], "recording.json: page.recipe", "unknown key 'selects'"),
        ({**PAGE, "recipe": {"select": "main"}}, [], "page.recipe.select", "Expected 'array'"),
        (PAGE, [{"file": "0001.html"}], "captures[0]", "missing required field 'at'"),
        (PAGE, [described(at="yesterday")], "captures[0].at", "Invalid RFC3339"),
        (PAGE, [described(at="2025-11-11T08:00:00")], "captures[0].at", "without its offset"),
        (PAGE, [described(status=99)], "captures[0].status", "no HTTP status: 99"),
        (PAGE, [described(status="200")], "captures[0].status", "Expected 'int'"),
        (PAGE, [described(), described(at="2025-11-10T08:00:00Z")], "captures[1].at", "earlier than the capture"),
        (PAGE, [described(file="../../etc/passwd")], "captures[0].file", "does not lie in the recording"),
        (PAGE, [described(file="/etc/passwd")], "captures[0].file", "does not lie in the recording"),
        (PAGE, [described(file="..\\x.html")], "captures[0].file", "does not lie in the recording"),
        (PAGE, [described(file="")], "captures[0].file", "does not lie in the recording"),
    ],
)
def test_a_wrong_description_is_told_with_its_place(
    tmp_path: Path, page: object, captures: list[dict[str, object]], where: str, problem: str
) -> None:
    folder = folder_of(tmp_path / "r", captures, page)

    with pytest.raises(RecordingError) as caught:
        read_recording(folder)

    assert caught.value.where.endswith(where)
    assert problem in caught.value.problem


def test_a_missing_file_is_told_before_anything_is_read(tmp_path: Path) -> None:
    folder = folder_of(tmp_path / "r", [described(), described(file="0002.html")])
    (folder / "0002.html").unlink()

    for recording in (folder, packed(folder)):
        with pytest.raises(RecordingError, match=r"captures\[1\]\.file: no file '0002\.html'"):
            read_recording(recording)


def test_a_link_that_leads_out_of_the_folder_counts_as_missing(tmp_path: Path) -> None:
    folder = folder_of(tmp_path / "r", [described()])
    (tmp_path / "secret").write_text("secret")
    (folder / "0001.html").unlink()
    (folder / "0001.html").symlink_to(tmp_path / "secret")

    with pytest.raises(RecordingError, match="no file"):
        read_recording(folder)


def test_an_archive_with_links_is_refused(tmp_path: Path) -> None:
    archive = tmp_path / "r.tar.xz"
    with tarfile.open(archive, "w:xz") as tar:
        link = tarfile.TarInfo("r/0001.html")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        tar.addfile(link)

    with pytest.raises(RecordingError, match="only files and folders"):
        read_recording(archive)


def test_an_archive_with_an_enormous_file_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    archive = tmp_path / "r.tar.xz"
    with tarfile.open(archive, "w:xz") as tar:
        huge = tarfile.TarInfo("r/0001.html")
        huge.size = 65_000_000
        tar.addfile(huge, BytesIO(bytes(huge.size)))

    with pytest.raises(RecordingError, match="larger than a recording may be"):
        read_recording(archive)


@pytest.mark.parametrize("content", [b"", b"not an archive", b"\xfd7zXZ\x00\x00\x04 cut"])
def test_what_is_no_archive_is_told(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "r.tar.xz").write_bytes(content)

    with pytest.raises(RecordingError, match="neither a folder nor a whole"):
        read_recording(tmp_path / "r.tar.xz")


@pytest.mark.parametrize("content", [b"{", b"[]", b'{"page": {}, "captures": [], "more": 1}', b"\xff\xfe"])
def test_a_broken_description_is_told(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "recording.json").write_bytes(content)

    with pytest.raises(RecordingError, match=r"recording\.json"):
        read_recording(tmp_path)


def test_a_folder_without_a_description_is_no_recording(tmp_path: Path) -> None:
    with pytest.raises(RecordingError, match=r"no recording\.json can be read"):
        read_recording(tmp_path)


@pytest.mark.parametrize("name", ["out", "out.tar.xz"])
def test_what_is_written_is_read_again(tmp_path: Path, name: str) -> None:
    page = Page(
        id=PageId("policy"),
        url="https://service.example/privacy",
        kind=PageKind.POLICY,
        region="eu",
        language="en",
        recipe=Recipe(select=("main",), drop=("nav",)),
        present=Presence(phrases=("object",)),
    )
    captures = [
        Capture(
            page=page.id,
            url=page.url,
            at=datetime(2025, 11, day, tzinfo=UTC),
            body=f"<p>{day}</p>".encode(),
            headers=(("Content-Type", kind),),
            final_url=page.url,
            vantage=Vantage("eu", "en", "agent"),
            source={"file": file, "batch": "b"},
        )
        for day, kind, file in ((1, "text/html", "00001.html"), (2, "text/markdown; charset=utf-8", "00002.md"))
    ]

    count = write_recording(tmp_path / name, page, captures)
    again = read_recording(tmp_path / name)

    assert count == 2
    assert again.page == page
    assert list(again.captures) == captures


def test_nothing_is_written_over(tmp_path: Path) -> None:
    with pytest.raises(RecordingError, match="something of that name"):
        write_recording(tmp_path, Page(id=PageId("p"), url="https://a.example", kind=PageKind.HELP), [])


@pytest.mark.shared
def test_every_recording_of_the_corpus_is_read_whole(corpus: Path) -> None:
    counts = {
        path.parent.name: sum(1 for _ in read_recording(path.parent).captures)
        for path in sorted(corpus.glob("*/recording.json"))
    }

    assert counts == {
        "google-gemini-privacy-help": 40,
        "meta-privacy-policy-printable": 40,
        "openai-training-opt-out": 40,
        "pga-versions-facebook-privacy-policy": 492,
        "pga-versions-instagram-privacy-policy": 112,
    }
