"""Writing the site and reading it back, for its contract tests."""

from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

from monitor.model.alert import Alert, AlertState, Review
from monitor.ports import Published
from monitor.publish.feeds import FeedPublisher
from monitor.publish.site import SitePublisher
from monitor.render.place import Place
from tests.published import START, alert, hostile_alert, published

BASE = "https://watch.example/optout/"
PLACE = Place(base_url=BASE, contact="desk@example.org", imprint="The Watch, Example Street 1")


def write(root: Path, record: Published, place: Place = PLACE) -> tuple[str, ...]:
    return SitePublisher(root=root, place=place)(record)


def contents(root: Path) -> dict[str, bytes]:
    files = (path for path in sorted(root.rglob("*")) if path.is_file() and not path.name.startswith("."))
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in files}


def many(count: int) -> tuple[Alert, ...]:
    return tuple(alert(number) for number in range(count))


class Seen(HTMLParser):
    """What a test wants to know of a page: elements in order, and where its links lead."""

    def __init__(self, html: bytes) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.feed(html.decode())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))

    def all(self, *tags: str) -> list[dict[str, str]]:
        return [attributes for tag, attributes in self.elements if tag in tags]

    def links(self) -> Iterator[str]:
        for attributes in self.all("a", "link"):
            if "href" in attributes:
                yield attributes["href"]


def pages(root: Path) -> dict[str, Seen]:
    return {path: Seen(content) for path, content in contents(root).items() if path.endswith(".html")}


def page(root: Path, path: str) -> str:
    return (root / path / "index.html").read_text(encoding="utf-8")


def sample(root: Path) -> Path:
    """Write site and feeds of 60 changes, one corrected, one hostile, one page not read; return the folder."""
    reviews = (
        Review(
            alert=alert(2).id,
            before=AlertState.PENDING,
            after=AlertState.APPROVED,
            who="Ada",
            at=START,
            reason="read it",
        ),
    )
    record = published(*many(60), alert(300, corrects=alert(1).id), hostile_alert(), reviews=reviews)
    write(root, record)
    FeedPublisher(root=root, place=PLACE)(record)
    return root
