"""A notice by mail becomes evidence: what it says to everybody is kept, whom it was sent to is not."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from monitor.extract import extract
from monitor.fetch import notice
from monitor.fetch.notice import read_notice
from monitor.model.errors import NoticeError
from monitor.model.page import ARCHIVE, Page, PageId, PageKind

PAGE = Page(
    id=PageId("notices"),
    url="https://lumen.example/notices",
    kind=PageKind.NOTICE,
    language="en",
    fetcher=ARCHIVE,
)
HEAD = (
    "Delivered-To: ada.byron@example.org\r\n"
    "Received: from mx (mx [192.0.2.7]) by mail for <ada.byron@example.org>\r\n"
    "X-Mailer-Id: 991823-ada\r\n"
    "From: Lumen <news@lumen.example>\r\n"
    'To: "Ada Byron" <ada.byron@example.org>\r\n'
    "Subject: Ada, we are changing how we use your posts\r\n"
    "Date: Tue, 15 Apr 2025 09:12:44 +0200\r\n"
    "MIME-Version: 1.0\r\n"
)
HTML = (
    "<html><head><title>For Ada</title></head><body><p>Hi Ada,</p>"
    "<p>From 27 May 2025 we use your public posts to train our AI models.</p><h2>Your right to object</h2>"
    '<ol><li>Open <a href="https://ada:pw@lumen.example/forms/object-17?mail=ada.byron%40example.org#u=ada">the form'
    "</a>.</li></ol><p>Sent to ada.byron@example.org. Questions: help@lumen.example</p>"
    '<img src="https://lumen.example/open.gif?mid=ADA123"></body></html>'
)


def saved(folder: Path, body: str, kind: str = "text/html; charset=utf-8", head: str = HEAD) -> Path:
    path = folder / "notice.eml"
    path.write_bytes(f"{head}Content-Type: {kind}\r\n\r\n{body}".encode())
    return path


def test_what_it_says_is_kept_and_whom_it_was_sent_to_is_not(tmp_path: Path) -> None:
    capture = read_notice(saved(tmp_path, HTML), PAGE)

    text = capture.body.decode()
    assert "ada" not in text.lower()
    assert "byron" not in text.lower()
    assert 'href="https://lumen.example/forms/object-17"' in text
    assert "help@lumen.example" in text
    assert "Hi [addressee]," in text
    assert capture.source == {"archive": "notice", "from": "news@lumen.example"}
    assert "ada" not in repr(capture.headers).lower()


def test_two_copies_of_one_notice_are_the_same_bytes(tmp_path: Path) -> None:
    first = read_notice(saved(tmp_path, HTML), PAGE)
    other = HEAD.replace("Ada Byron", "Grace Hopper").replace("Ada", "Grace").replace("ada.byron", "grace")
    second = read_notice(
        saved(tmp_path, HTML.replace("Ada", "Grace").replace("ada.byron", "grace").replace("ADA123", "G5"), head=other),
        PAGE,
    )

    assert first.digest == second.digest


def test_it_is_dated_by_the_day_it_was_sent(tmp_path: Path) -> None:
    assert read_notice(saved(tmp_path, HTML), PAGE).at == datetime(2025, 4, 15, tzinfo=UTC)


def test_a_notice_in_plain_text_is_read_with_its_links(tmp_path: Path) -> None:
    text = "Dear Ada Byron,\r\n\r\nYou can object to AI training:\r\nhttps://lumen.example/forms/object-17?u=ada.\r\n"

    document = extract(read_notice(saved(tmp_path, text, "text/plain; charset=utf-8"), PAGE), PAGE.recipe)

    assert [block.text for block in document.blocks][1:] == [
        "Dear [addressee],",
        "You can object to AI training: https://lumen.example/forms/object-17.",
    ]
    assert [link.target for block in document.blocks for link in block.links] == [
        "https://lumen.example/forms/object-17"
    ]


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", "neither From nor Subject"),
        (b"just a text without headers", "neither From nor Subject"),
        (b"From: a@b.example\r\nDate: Tue, 15 Apr 2025 09:12:44 +0200\r\n\r\n", "its text is empty"),
        (b"From: a@b.example\r\nSubject: x\r\n\r\nWords.", "no Date that can be read"),
        (b"From: a@b.example\r\nDate: yesterday\r\n\r\nWords.", "no Date that can be read"),
        (
            b"From: a@b.example\r\nContent-Type: text/plain; charset=klingon\r\n\r\nWords\xff.",
            "its text cannot be read",
        ),
        (b"From: a@b.example\r\nContent-Type: application/pdf\r\n\r\n%PDF", "no part of HTML or text"),
    ],
)
def test_a_file_that_is_no_notice_is_refused_in_words(tmp_path: Path, content: bytes, problem: str) -> None:
    path = tmp_path / "notice.eml"
    path.write_bytes(content)

    with pytest.raises(NoticeError, match=problem) as refused:
        read_notice(path, PAGE)

    assert str(path) in str(refused.value)


def test_a_huge_file_and_one_of_a_thousand_parts_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    nested = "From: a@b.example\r\n" + "".join(
        f'Content-Type: multipart/mixed; boundary="b{depth}"\r\n\r\n--b{depth}\r\n' for depth in range(1000)
    )
    path = tmp_path / "notice.eml"
    path.write_text(nested)
    with pytest.raises(NoticeError, match=r"parts|no message"):
        read_notice(path, PAGE)

    monkeypatch.setattr(notice, "LIMIT_BYTES", 100)
    with pytest.raises(NoticeError, match="more than a notice has"):
        read_notice(saved(tmp_path, HTML), PAGE)
