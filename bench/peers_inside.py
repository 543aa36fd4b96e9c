"""What other programs make of a page before and after, measured by their own code in their own environment.

Run by `bench/peers.py` with five HTML files: the page unchanged, before and after one entry left, and before and after
a revision. Prints one line of JSON: CPU milliseconds. Every text is taken from the page anew, as at a check.
"""

import contextlib
import difflib
import hashlib
import io
import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

REPEATS = 5


def cpu_ms(act: Callable[[], object], repeats: int = REPEATS) -> float:
    spent = []
    for _ in range(repeats):
        started = time.process_time()
        act()
        spent.append((time.process_time() - started) * 1000)
    return median(spent)


def unified(before: str, after: str) -> str:
    return "\n".join(difflib.unified_diff(before.splitlines(), after.splitlines(), lineterm=""))


def changedetection() -> tuple[Callable[[str], str], Callable[[str, str], str]]:
    """Return its html-to-text with the checksum of a check, and the diff that its notifications and pages show."""
    from changedetectionio import diff, html_tools

    def text(html: str) -> str:
        found: str = html_tools.html_to_text(html_content=html)
        hashlib.md5(found.encode()).hexdigest()
        return found

    return text, diff.render_diff


def webchanges() -> tuple[Callable[[str], str], Callable[[str, str], str]]:
    """Return html2text as its filter calls it (no line breaks of its own, links left out), and its unified diff."""
    import html2text

    def text(html: str) -> str:
        parser = html2text.HTML2Text()
        parser.body_width, parser.unicode_snob, parser.ignore_links, parser.ignore_images = 0, True, True, True
        handled: str = parser.handle(html)
        return handled

    return text, unified


def trafilatura_difflib() -> tuple[Callable[[str], str], Callable[[str, str], str]]:
    """Return trafilatura's main text, and a unified diff."""
    import trafilatura

    return lambda html: trafilatura.extract(html) or "", unified


PEERS = {
    "changedetection.io": changedetection,
    "webchanges": webchanges,
    "trafilatura + difflib": trafilatura_difflib,
}


def measured(files: list[str]) -> dict[str, dict[str, float]]:
    unchanged, *changes = (Path(file).read_text("utf-8") for file in files)
    found = {}
    for name, peer in PEERS.items():
        text, diff = peer()
        found[name] = {"unchanged": cpu_ms(lambda: text(unchanged))}  # noqa: B023  called at once
        for change, before, after in zip(("entry", "revision"), changes[::2], changes[1::2], strict=True):
            old, new = text(before), text(after)
            diffing = cpu_ms(lambda: diff(old, new), 3)  # noqa: B023  called at once
            found[name][f"{change} diff"] = diffing
            found[name][change] = cpu_ms(lambda: text(after)) + diffing  # noqa: B023  called at once
    return found


if __name__ == "__main__":
    with contextlib.redirect_stdout(io.StringIO()):  # they talk
        told = measured(sys.argv[1:6])
    print(json.dumps(told))
