"""Feeds written into a folder, for the tests of what they say and of how they are written."""

from pathlib import Path

from monitor.model.alert import Alert
from monitor.publish.feeds import FeedPublisher
from monitor.render.place import Place
from tests.published import alert, published

BASE = "https://watch.example/optout/"
PLACE = Place(base_url=BASE)


def write(root: Path, *alerts: Alert, place: Place = PLACE) -> tuple[str, ...]:
    return FeedPublisher(root=root, place=place)(published(*alerts))


def many(count: int) -> tuple[Alert, ...]:
    return tuple(alert(number) for number in range(count))


def contents(root: Path) -> dict[str, bytes]:
    files = (path for path in sorted(root.rglob("*")) if path.is_file() and not path.name.startswith("."))
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in files}
