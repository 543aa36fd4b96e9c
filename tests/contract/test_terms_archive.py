"""Versions out of a clone of an Open Terms Archive repository, made here with git itself."""

import shutil
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest

from monitor.fetch import terms_archive
from monitor.fetch.terms_archive import TermsArchive
from monitor.model.capture import Capture
from monitor.model.errors import RecordingError
from monitor.model.page import ARCHIVE, Page, PageId, PageKind

PAGE = Page(id=PageId("lumen-ota"), url="https://lumen.example/policy", kind=PageKind.POLICY, fetcher=ARCHIVE)
NAME = "Lumen/Privacy Policy"


class Clone:
    """A repository that is written commit by commit, half a day apart."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.day = folder, 0
        self.git("init", "--quiet", "--initial-branch=main")

    def git(self, *arguments: str) -> None:
        when = f"2025-01-{1 + self.day // 2:02d}T{12 * (self.day % 2):02d}:00:00+01:00"
        names = {
            f"GIT_{who}_{what}": "bot@lumen.example" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")
        }
        moments = {"GIT_AUTHOR_DATE": when, "GIT_COMMITTER_DATE": "2026-01-01T00:00:00Z"}
        where = {"PATH": str(Path(str(shutil.which("git"))).parent), "HOME": str(self.folder)}
        subprocess.run(["git", "-C", str(self.folder), *arguments], check=True, env={**names, **moments, **where})

    def record(self, words: str, path: str = f"{NAME}.md") -> None:
        file = self.folder / path
        file.parent.mkdir(exist_ok=True)
        file.write_text(words)
        self.git("add", "--all")
        self.git("commit", "--quiet", "--allow-empty", "--message", "Record new changes")
        self.day += 1

    def captures(self, document: str = NAME) -> list[Capture]:
        archive = TermsArchive(self.folder)
        return list(archive.captures(PAGE, archive.committed(document), document))


@pytest.fixture
def clone(tmp_path: Path) -> Clone:
    if shutil.which("git") is None:
        pytest.skip("git is not here: apt-get install git")
    return Clone(tmp_path)


def test_every_version_is_a_capture_of_its_own_moment_oldest_first(clone: Clone) -> None:
    for words in ("# One", "# Two", "# Three"):
        clone.record(words)
    clone.record("something else", "Lumen/Terms of Service.md")

    captures = clone.captures()

    assert [capture.body for capture in captures] == [b"# One", b"# Two", b"# Three"]
    assert [capture.at for capture in captures] == [
        datetime(2024, 12, 31, 23, tzinfo=UTC),
        datetime(2025, 1, 1, 11, tzinfo=UTC),
        datetime(2025, 1, 1, 23, tzinfo=UTC),
    ]
    assert {capture.header("content-type") for capture in captures} == {"text/markdown; charset=utf-8"}
    assert captures[0].source["archive"] == "open-terms-archive"
    assert len({capture.source["commit"] for capture in captures}) == 3


def test_a_document_is_followed_under_its_earlier_name_and_past_a_gap(clone: Clone) -> None:
    words = "".join(f"Sentence {number} stays as it was.\n" for number in range(30))
    clone.record(words, "Lumen/Data Policy.md")
    clone.git("mv", "Lumen/Data Policy.md", f"{NAME}.md")
    clone.record(f"{words}One more.\n")
    (clone.folder / f"{NAME}.md").unlink()
    clone.record("", "README.md")
    clone.record(f"{words}Back again.\n")

    assert [capture.body.decode().splitlines()[-1] for capture in clone.captures()] == [
        "Sentence 29 stays as it was.",
        "One more.",
        "Back again.",
    ]


def test_snapshots_are_read_as_html(clone: Clone) -> None:
    clone.record("<h1>One</h1>", f"{NAME}.html")

    (capture,) = clone.captures()

    assert capture.header("content-type") == "text/html; charset=utf-8"


def test_a_version_beyond_the_limit_is_cut_and_the_next_one_is_whole(
    clone: Clone, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(terms_archive, "LIMIT_BYTES", 10)
    clone.record("x" * 200_000)
    clone.record("# Short")

    assert [capture.body for capture in clone.captures()] == [b"x" * 10, b"# Short"]


def test_an_unknown_document_names_the_nearest(clone: Clone) -> None:
    clone.record("# One")

    with pytest.raises(
        RecordingError, match="no document 'Lumen/Privacy' among 1; the nearest are 'Lumen/Privacy Policy'"
    ):
        clone.captures("Lumen/Privacy")


@pytest.mark.parametrize("document", ["--output=/etc/passwd", "../../etc/passwd", "", "x\n-- y"])
def test_a_name_is_never_anything_but_a_name(clone: Clone, document: str) -> None:
    clone.record("# One")

    with pytest.raises(RecordingError, match="no document"):
        clone.captures(document)


def test_a_folder_without_a_repository_says_so(tmp_path: Path) -> None:
    with pytest.raises(RecordingError, match="no repository that git can read"):
        TermsArchive(tmp_path).committed(NAME)


def test_without_git_it_says_what_is_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))

    with pytest.raises(RecordingError, match="git is needed"):
        TermsArchive(tmp_path).committed(NAME)
