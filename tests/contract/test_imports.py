"""The import rules bite: each contract of `.importlinter` is broken once, by one import, and by nothing else."""

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

# Contract -> the module that offends and its one import too many, chosen to break no other contract.
BREACHES = {
    "Arrows point down": ("publish/feeds.py", "import monitor.pipeline.review"),
    "Rooms have no circles inside": ("compare/marks.py", "import monitor.compare.blocks"),
    "Quiet rooms touch nothing outside": ("assess/decide.py", "import logging"),
    "Pages are parsed in extract": ("pipeline/check.py", "import selectolax.lexbor"),
    "Words are compared in compare": ("pipeline/check.py", "import diff_match_patch"),
    "The web is asked by fetch": ("publish/feeds.py", "import requests"),
    "Time stamps are read in timestamp": ("pipeline/check.py", "import rfc3161_client"),
    "Feeds are read in fetch.feed": ("fetch/http.py", "import feedparser"),
    "Mail leaves through publish": ("pipeline/deliver.py", "import sendgrid"),
    "State is kept by store": ("pipeline/check.py", "import sqlalchemy.orm"),
    "Time is kept by schedule": ("pipeline/check.py", "import apscheduler"),
    "The queue is kept by workers": ("pipeline/check.py", "import procrastinate"),
    "People are spoken to by cli": ("settings.py", "import tabulate"),
    "YAML is read by watchlist and written by store": ("settings.py", "import ruamel.yaml"),
    "Files from outside become values in named places": ("settings.py", "import msgspec"),
    "Templates are filled by render and publish": ("pipeline/check.py", "import jinja2"),
    "Mail addresses are judged where readers subscribe": ("settings.py", "import email_validator"),
    "Browsers are answered by web": ("pipeline/check.py", "import starlette.responses"),
}


@pytest.fixture(scope="module")
def copied(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the import rules and the package's Python files, and nothing else."""
    folder = tmp_path_factory.mktemp("house")
    shutil.copy(ROOT / ".importlinter", folder)
    for source in (ROOT / "monitor").rglob("*.py"):
        place = folder / source.relative_to(ROOT)
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(source, place)
    return folder


@pytest.fixture
def house(copied: Path) -> Iterator[Path]:
    """Return the copied folder, and put back afterwards what a test wrote there."""
    yield copied
    for module, _ in BREACHES.values():
        shutil.copy(ROOT / "monitor" / module, copied / "monitor" / module)


def _outcomes(house: Path) -> dict[str, str]:
    """Return what lint-imports says of each contract, KEPT or BROKEN, run inside a folder without a cache."""
    command = "from importlinter.cli import lint_imports_command; lint_imports_command()"
    ran = subprocess.run(
        [sys.executable, "-c", command, "--no-cache"],
        cwd=house,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    found = dict(re.findall(r"^(.+?) (KEPT|BROKEN)\b", ran.stdout, re.MULTILINE))
    assert found, ran.stdout + ran.stderr
    return found


def test_the_house_as_it_stands_keeps_every_contract(house: Path) -> None:
    outcomes = _outcomes(house)

    assert outcomes == dict.fromkeys(BREACHES, "KEPT")


@pytest.mark.parametrize("contract", BREACHES)
def test_one_import_too_many_breaks_its_contract_and_no_other(contract: str, house: Path) -> None:
    module, offence = BREACHES[contract]
    with (house / "monitor" / module).open("a", encoding="utf-8") as source:
        source.write(f"\n{offence}\n")

    outcomes = _outcomes(house)

    assert [name for name, outcome in outcomes.items() if outcome == "BROKEN"] == [contract]


def test_a_module_on_no_floor_is_refused(house: Path) -> None:
    stray = house / "monitor" / "strays.py"
    stray.write_text('"""Belongs nowhere."""\n', encoding="utf-8")

    outcomes = _outcomes(house)
    stray.unlink()

    assert outcomes["Arrows point down"] == "BROKEN"
