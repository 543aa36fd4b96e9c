"""A feed over real HTTP into a real store, through a restart, to the site and its feeds."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from socket import socket

import feedparser
import pytest

from monitor import wiring
from monitor.model.proof import Proof
from monitor.model.status import Outcome
from monitor.pipeline.publish import publish
from monitor.pipeline.signals import read_feeds
from monitor.ports import World
from monitor.settings import settings_from
from monitor.store.packs import files_of, proofs
from tests.contract.servers import Request, answer, serving
from tests.fakes import Clock
from tests.story.installed import ENTRY, environment

HOSTILE = (
    "Lumen will train its AI models on posts &lt;script&gt;alert(1)&lt;/script&gt;&lt;b&gt; &amp;quot;now&amp;quot;"
)
OLD = "<item><guid>1</guid><title>Lamps are on sale</title></item>"
NEWS = (
    f"<item><guid>2</guid><title>{HOSTILE}</title><link>https://board.example/2</link>"
    "<pubDate>Wed, 01 Jul 2026 08:30:00 GMT</pubDate></item>"
)


def rss(*items: str) -> bytes:
    return f"<rss version='2.0'><channel><title>Board</title>{''.join(items)}</channel></rss>".encode()


@dataclass(slots=True)
class Board:
    """A server that says what its feed says now, and 304 to whoever names its etag."""

    body: bytes = rss(OLD)
    etag: str = '"1"'
    asked: list[str] = field(default_factory=list)

    def respond(self, request: Request, connection: socket) -> None:
        if request.path != "/feed":
            connection.sendall(answer(b"", 404))
            return
        named = request.headers.get("if-none-match", "")
        self.asked.append(named)
        if named == self.etag:
            connection.sendall(answer(b"", 304))
        else:
            connection.sendall(answer(self.body, content_type="application/rss+xml", ETag=self.etag))


@dataclass(slots=True)
class Installation:
    """A folder with a watchlist of one page and one feed, and a clock."""

    folder: Path
    board: Board
    clock: Clock

    @contextmanager
    def started(self) -> Iterator[World]:
        """Open the world as a process of its own would, an hour later than the last one."""
        self.clock.turn(timedelta(hours=1))
        with wiring.world(settings_from(environment(self.folder)), clock=self.clock.now) as world:
            yield world

    def read(self) -> tuple[Outcome, str]:
        with self.started() as world:
            (told,) = read_feeds(world.watchlist.feeds, world)
            return told.outcome, told.detail


@pytest.fixture
def installation(tmp_path: Path) -> Iterator[Installation]:
    """Return an installation whose feed was read once."""
    board = Board()
    with serving(board.respond) as server:
        pages = ENTRY.format(id="policy", url=server.url, publish="review")
        feeds = f"\n  - {{id: board, title: The Board, url: '{server.url}/feed'}}\n"
        text = f"services:\n  lumen:\n    name: Lumen\npages:{pages}feeds:{feeds}"
        (tmp_path / "watchlist.yaml").write_text(text, encoding="utf-8")
        made = Installation(tmp_path, board, Clock(datetime(2026, 7, 1, 8, tzinfo=UTC)))
        assert made.read() == (Outcome.FIRST, "read for the first time; entries: 1, none of them news")
        yield made


def test_what_a_feed_named_last_is_asked_with_after_a_restart(installation: Installation) -> None:
    assert installation.read() == (Outcome.UNCHANGED, "")
    assert installation.board.asked == ["", '"1"']


def test_a_new_entry_stands_on_the_site_and_in_its_feeds_as_text(installation: Installation) -> None:
    installation.board.body, installation.board.etag = rss(NEWS, OLD), '"2"'

    told = installation.read()

    assert told == (Outcome.NEWS, "The Board: an entry speaks of data used for AI")
    with installation.started() as world:
        publish(world)
        assert list(world.evidence.verify()) == []
    public = installation.folder / "public"
    (entry,) = feedparser.parse((public / "feeds" / "level" / "digest.atom").read_bytes()).entries
    assert entry.title == "The Board: an entry speaks of data used for AI"
    assert {tag.term for tag in entry.tags} >= {"signal", "digest", "board"}
    shown = (public / "changes" / entry.link.rstrip("/").rpartition("/")[2] / "index.html").read_text("utf-8")
    assert "Lumen will train its AI models on posts" in shown
    assert "An early signal from a news feed" in shown
    assert "What the feed says" in shown
    assert (
        "The feed was read without this entry 2026-07-01 09:00 UTC, and with it 2026-07-01 10:00 UTC." in entry.summary
    )
    assert "<script>alert" not in shown
    assert "The Board" in (public / "pages" / "board" / "index.html").read_text("utf-8")


def test_the_pack_of_a_signal_proves_that_its_quotes_stand_in_the_feed(installation: Installation) -> None:
    installation.board.body, installation.board.etag = rss(NEWS, OLD), '"2"'
    installation.read()
    with installation.started() as world:
        publish(world)
    (pack,) = (installation.folder / "public" / "changes").glob("*/evidence.zip")

    proven = list(proofs(files_of(pack)))

    assert [one.what for one in proven if one.proof is Proof.BROKEN] == []
    assert "the quotes stand in the capture after word for word (1 looked for)" in {one.what for one in proven}


def test_a_feed_that_turns_into_a_page_is_a_problem_of_the_problems_feed(installation: Installation) -> None:
    installation.board.body, installation.board.etag = b"<html><body>Please log in</body></html>", '"3"'
    for _ in range(3):
        assert installation.read() == (
            Outcome.REFUSED,
            "malformed feed: not a feed; entries read all the same: 0",
        )

    with installation.started() as world:
        publish(world)

    problems = feedparser.parse((installation.folder / "public" / "feeds" / "problems.atom").read_bytes())
    assert [entry.title for entry in problems.entries] == ["The Board: not read"]
    assert "malformed feed: not a feed" in problems.entries[0].summary
