"""Which program wrote a file: a digest of everything that shapes what is published.

A file that is made only when its key changes carries this in its key, so that an upgrade makes every file once more
and nobody has to remember to raise a number.
"""

from collections.abc import Iterator
from functools import cache
from hashlib import sha256
from importlib.resources import files
from importlib.resources.abc import Traversable

_SHAPING = ("monitor.render", "monitor.publish", "monitor/locales")
_ENDINGS = (".py", ".html", ".css", ".js", ".json", ".svg", ".png", ".po")


@cache
def edition() -> str:
    """Return the SHA-256 of the sources and templates of the rooms that shape what is published."""
    digest = sha256()
    for package, *folders in (shaping.split("/") for shaping in _SHAPING):
        for name, content in _sources(files(package).joinpath(*folders)):
            digest.update(f"{package}/{name}\n{len(content)}\n".encode() + content)
    return digest.hexdigest()


def _sources(folder: Traversable, path: str = "") -> Iterator[tuple[str, bytes]]:
    """Yield the files one after the other: together they have 4 MB."""
    for child in sorted(folder.iterdir(), key=lambda child: child.name):
        name = f"{path}{child.name}"
        if child.is_dir():
            yield from _sources(child, f"{name}/")
        elif name.endswith(_ENDINGS):
            yield name, child.read_bytes()
