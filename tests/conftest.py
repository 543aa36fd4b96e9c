"""What tests may need from outside: the shared recordings, a browser. Absent means skipped, unless CI requires it."""

import hashlib
import os
import shutil
import tarfile
import tempfile
from collections import Counter
from pathlib import Path

import pytest

from tests.checking import Checker

ROOT = Path(__file__).resolve().parent.parent


def _absent(what: str, how: str, required: str) -> None:
    """Skip with the reason, or fail where the environment says that it must be there."""
    reason = f"{what} is not here: {how}"
    if os.environ.get(required) == "1":
        pytest.fail(f"{reason} ({required}=1)")
    pytest.skip(reason)


@pytest.fixture(scope="session")
def shared() -> Path:
    """Return the folder of shared development material beside the checkout (or where SHARED says)."""
    folder = Path(os.environ.get("SHARED", ROOT.parent / "shared"))
    if not (folder / "corpus").is_dir():
        _absent("the shared material", "put it beside the checkout, or name it in SHARED", "REQUIRE_SHARED")
    return folder


@pytest.fixture(scope="session")
def corpus(shared: Path) -> Path:
    """Return a folder with every recording of the development corpus unpacked; unpacked once per content."""
    packed = sorted((shared / "corpus").glob("*.tar.xz"))
    key = hashlib.sha256(b"".join(path.name.encode() + path.read_bytes() for path in packed))
    folder = Path(tempfile.gettempdir()) / f"optout-corpus-{key.hexdigest()[:12]}"
    if not folder.exists():
        making = Path(tempfile.mkdtemp(prefix="optout-corpus-"))
        for path in packed:
            with tarfile.open(path) as archive:
                archive.extractall(making, filter="data")
        making.chmod(0o755)
        try:
            making.rename(folder)
        except OSError:  # another test run was quicker
            shutil.rmtree(making)
    return folder


@pytest.fixture(scope="session")
def chromium() -> str:
    """Return the path of Chromium for browser tests."""
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    if found is None:
        _absent("Chromium", "apt-get install chromium", "REQUIRE_BROWSER")
    return str(found)


@pytest.fixture(scope="session")
def checker() -> Checker:
    """Return the Nu HTML Checker, which runs on Java."""
    java = shutil.which("java")
    if java is None:
        _absent("Java", "apt-get install default-jre-headless", "REQUIRE_JAVA")
    return Checker(str(java))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say once for each reason how many tests were skipped; the reason says how to get what they need."""
    skipped = terminalreporter.stats.get("skipped", [])
    for reason, count in sorted(Counter(report.longrepr[2] for report in skipped).items()):
        terminalreporter.write_line(f"{count} skipped: {reason.removeprefix('Skipped: ')}")
