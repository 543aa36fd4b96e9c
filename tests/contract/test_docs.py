"""The documentation is whole: what can be typed or set is written down, and what is written down is there."""

import json
import re
import subprocess
import tomllib
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from monitor.cli import app
from monitor.ports import World
from monitor.settings import SETTINGS, settings_from
from monitor.wiring import lexicons, world

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
PINS = ROOT / "constraints.txt"
REFERENCE = "\n".join(path.read_text("utf-8") for path in sorted((DOCS / "reference").glob("*.md")))
PAGES = sorted([*ROOT.glob("*.md"), *DOCS.rglob("*.md")])
NOT_OURS: set[str] = set()  # variables of that form which are no settings


def _commands(command: click.Command, name: str = "") -> Iterator[tuple[str, click.Command]]:
    """Yield every command that can be typed with its full name, such as `review show`."""
    if isinstance(command, click.Group):
        for word, inner in sorted(command.commands.items()):
            yield from _commands(inner, f"{name} {word}".strip())
    else:
        yield name, command


COMMANDS = dict(_commands(app))
GROUPS = {name.rsplit(" ", depth)[0] for name in COMMANDS for depth in range(1, name.count(" ") + 1)}
OPTIONS = sorted(
    {
        (name, option)
        for name, command in COMMANDS.items()
        for parameter in command.params
        for option in parameter.opts
        if option.startswith("--")
    }
)


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """Return the world of an installation with the watchlist of the package."""
    told = {
        "OPTOUT_DATA": str(tmp_path_factory.mktemp("installed")),
        "OPTOUT_WATCHLIST": str(ROOT / "watchlist.yaml"),
    }
    with world(settings_from(told)) as opened:
        yield opened


def _tracked() -> list[Path]:
    """Return the files that git keeps and that are here, or skip outside a checkout."""
    if not (ROOT / ".git").exists():
        pytest.skip("not a git checkout")
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return [ROOT / name for name in listed.split("\0") if name and (ROOT / name).is_file()]


def _section(command: str) -> str:
    """Return what the reference says from a command's heading on to the next heading."""
    found = re.search(rf"^#+ `optout-monitor {re.escape(command)}\b[\s\S]*?(?=^#|\Z)", REFERENCE, re.MULTILINE)
    return found.group(0) if found else ""


# ---- what is there is written down ----


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_a_heading_in_the_reference(command: str) -> None:
    assert _section(command), f"no heading `optout-monitor {command}` in docs/reference/*.md"


@pytest.mark.parametrize(("command", "option"), OPTIONS)
def test_every_option_is_written_down_under_its_command(command: str, option: str) -> None:
    assert re.search(rf"`[^`\n]*{re.escape(option)}\b", _section(command)), f"{option} of `{command}`"


@pytest.mark.parametrize("setting", SETTINGS)
def test_every_setting_is_a_row_of_the_reference(setting: str) -> None:
    assert f"| `{setting}` |" in REFERENCE


def test_every_key_of_the_watchlist_is_a_row_of_the_reference() -> None:
    schema = json.loads((DOCS / "reference" / "watchlist.schema.json").read_text("utf-8"))
    keys = {key for entry in schema["$defs"].values() for key in entry.get("properties", {})}
    said = (DOCS / "reference" / "watchlist.md").read_text("utf-8")

    missing = {key for key in keys if f"| `{key}` |" not in said}

    assert len(keys) > 20
    assert missing == set()


def test_every_fetcher_is_a_row_of_the_reference(installed: World) -> None:
    missing = {name for name in installed.fetchers if f"| `{name}` |" not in REFERENCE}

    assert missing == set()


def test_every_publisher_is_a_row_of_the_reference(installed: World) -> None:
    missing = {name for name in installed.publishers if f"| `{name}` |" not in REFERENCE}

    assert missing == set()


def test_every_lexicon_is_a_row_of_the_reference() -> None:
    files = {path.name for path in (ROOT / "monitor" / "optout" / "lexicons").glob("*.toml")}

    missing = {name for name in files if f"| `{name}` |" not in REFERENCE}

    assert files
    assert missing == set()


def test_every_cue_is_a_row_of_the_reference() -> None:
    cues = {cue.id for lexicon in lexicons().values() for cue in lexicon.cues}

    missing = {cue for cue in cues if f"| `{cue}` |" not in REFERENCE}

    assert missing == set()


def test_every_package_that_the_core_asks_for_has_its_reason() -> None:
    asked = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["dependencies"]
    said = (DOCS / "decisions" / "0001-dependencies.md").read_text("utf-8")
    names = [re.split(r"[<>=\[]", line)[0] for line in asked]

    assert names
    assert [name for name in names if f"| `{name}` |" not in said] == []


def test_every_package_is_pinned_with_hashes() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    asked = [line for lines in (project["dependencies"], *project["optional-dependencies"].values()) for line in lines]
    pinned = set(re.findall(r"^([\w.-]+)(?:\[\w+\])?==[^\n]*\n +--hash=sha256:", PINS.read_text("utf-8"), re.MULTILINE))

    missing = {name for line in asked if (name := re.split(r"[<>=\[]", line)[0].replace(".", "-")) not in pinned}

    assert missing == set()


def test_every_page_of_the_documentation_is_linked_from_its_index() -> None:
    listed = {DOCS / "index.md", DOCS / "decisions" / "README.md"}
    linked = {place for index in listed for place, _ in _links(index)}

    assert {path for path in DOCS.rglob("*.md") if path not in linked | listed} == set()


# ---- what is written down is there ----


def _links(page: Path) -> Iterator[tuple[Path, str]]:
    """Yield the file and the anchor of every relative link of a page."""
    text = re.sub(r"^(?: {4}|```)[^\n]*$|`[^`\n]*`", "", page.read_text("utf-8"), flags=re.MULTILINE)
    for target in re.findall(r"\]\(<?([^)>\s]+)>?\)", text):
        if not re.match(r"[a-z][a-z+.-]*:", target):
            file, _, anchor = target.partition("#")
            yield ((page.parent / file).resolve() if file else page), anchor


def _anchors(page: Path) -> set[str]:
    headings = re.findall(r"^#+ (.+)$", page.read_text("utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_relative_link_leads_somewhere(page: Path) -> None:
    dead = [
        f"{place.relative_to(ROOT)}#{anchor}"
        for place, anchor in _links(page)
        if not place.exists() or (anchor and place.suffix == ".md" and anchor not in _anchors(place))
    ]

    assert dead == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_command_that_a_page_shows_can_be_typed(page: Path) -> None:
    shown = re.findall(
        r"(?:`|^ {4}.*?)optout-monitor ([a-z][a-z-]*)(?: ([a-z][a-z-]*))?", page.read_text("utf-8"), re.MULTILINE
    )
    names = {f"{first} {second}" if first in GROUPS and second else first for first, second in shown}

    assert names - set(COMMANDS) - GROUPS == set()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_setting_that_a_page_names_can_be_set(page: Path) -> None:
    named = set(re.findall(r"\bOPTOUT_[A-Z_]*[A-Z]\b(?!_)", page.read_text("utf-8")))

    assert named - set(SETTINGS) - NOT_OURS == set()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_make_target_that_a_page_names_is_there(page: Path) -> None:
    named = set(re.findall(r"(?:`|^ {4})make ([a-z]+)", page.read_text("utf-8"), re.MULTILINE))
    there = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))

    assert named <= there


def test_the_readme_opens_with_what_to_type() -> None:
    opening = "\n".join((ROOT / "README.md").read_text("utf-8").splitlines()[:12])

    assert re.findall(r"^ {4}(make \w+)", opening, re.MULTILINE) == ["make demo", "make run", "make test"]


# ---- what must not be written down ----

# Where packages come from, and where somebody's files lie; spelt so that these lines do not find themselves.
FOREIGN = re.compile(r"/simple[/]|(?<!emit-)index[-]url|/root[/]|/home/[\w.-]+[/]|/work[/]|/tmp[/]venv")


def test_no_file_names_a_package_index_or_a_place_on_somebodys_machine() -> None:
    found = []
    for path in _tracked():
        try:
            text = path.read_text("utf-8")
        except UnicodeDecodeError:  # a picture, or a page in another encoding
            continue
        found += [f"{path.relative_to(ROOT)}: {hit.group()}" for hit in FOREIGN.finditer(text)]

    assert found == []
