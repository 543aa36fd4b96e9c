"""Accounts on the command line: the password is never an argument and never said, and errors say what to do."""

import io
from collections.abc import Iterator
from pathlib import Path

import pytest

from monitor.model.maintainer import Role
from monitor.settings import settings_from
from monitor.wiring import world
from tests.story.installed import Installed, Said, environment, installed

PASSWORD = "a lamp over every door"


@pytest.fixture
def house(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Iterator[Installed]:
    with installed(tmp_path / "lumen", capsys, monkeypatch) as made:
        yield made


class Typed:
    """Runs a command with a line on its standard input."""

    def __init__(self, house: Installed, monkeypatch: pytest.MonkeyPatch) -> None:
        self._house = house
        self._monkeypatch = monkeypatch

    def __call__(self, line: str, *arguments: str) -> Said:
        self._monkeypatch.setattr("sys.stdin", io.StringIO(f"{line}\n"))
        return self._house.ran("maintainers", *arguments)


@pytest.fixture
def typed(house: Installed, monkeypatch: pytest.MonkeyPatch) -> Typed:
    return Typed(house, monkeypatch)


def knows(house: Installed, password: str, name: str = "ada") -> bool:
    with world(settings_from(environment(house.folder))) as opened:
        return opened.maintainers.knows(name, password)


def accounts(house: Installed) -> list[tuple[str, Role]]:
    with world(settings_from(environment(house.folder))) as opened:
        return [(one.name, one.role) for one in opened.maintainers.accounts()]


def test_an_account_is_made_listed_changed_and_removed(house: Installed, typed: Typed) -> None:
    said = typed(PASSWORD, "add", "ada")
    assert said.out == "ada may sign in at http://127.0.0.1:8000/desk/ as reviewer.\n"
    assert accounts(house) == [("ada", Role.REVIEWER)]

    house.ran("maintainers", "role", "ada", "--role", "admin")
    assert accounts(house) == [("ada", Role.ADMIN)]
    (listed,) = house.ran("maintainers", "list", "--json").objects
    assert (listed["name"], listed["role"]) == ("ada", "admin")

    assert house.ran("maintainers", "remove", "ada").out == "ada may not sign in any more.\n"
    assert house.ran("maintainers", "list").out.startswith("Nobody may sign in")


def test_another_password_takes_the_place_of_the_first(house: Installed, typed: Typed) -> None:
    typed(PASSWORD, "add", "ada")

    said = typed("another lamp, another door", "password", "ada")

    assert said.out == "ada has a new password and is signed out everywhere.\n"
    assert (knows(house, PASSWORD), knows(house, "another lamp, another door")) == (False, True)


def test_a_password_is_said_nowhere(house: Installed, typed: Typed) -> None:
    said = typed(PASSWORD, "add", "ada")

    assert PASSWORD not in said.out + said.err
    assert house.ran("maintainers", "add", "bob", "--password", PASSWORD).code == 2  # there is no such option
    assert PASSWORD not in house.ran("maintainers", "list", "--json").out


@pytest.mark.parametrize(
    ("line", "arguments", "problem"),
    [
        ("short", ("add", "ada"), "account ada: a password has 12 to 200 characters"),
        ("", ("add", "ada"), "account ada: a password has 12 to 200 characters"),
        ("x" * 201, ("add", "ada"), "account ada: a password has 12 to 200 characters"),
        ("Ada and her lamps", ("add", "ada"), "account ada: a password must not hold the account's name"),
        (PASSWORD, ("add", "Ada Lovelace"), "a name has up to 40 small letters, digits, dots, dashes"),
        (PASSWORD, ("add", "bob"), "account bob: there is one of this name already"),
        (PASSWORD, ("password", "eve"), "account eve: there is none: `optout-monitor maintainers list` shows them"),
        (PASSWORD, ("remove", "eve"), "account eve: there is none"),
        (PASSWORD, ("role", "eve", "--role", "admin"), "account eve: there is none"),
    ],
)
def test_what_cannot_be_is_refused_with_what_to_do(
    house: Installed, typed: Typed, line: str, arguments: tuple[str, ...], problem: str
) -> None:
    typed(PASSWORD, "add", "bob")

    said = typed(line, *arguments)

    assert said.code == 1
    assert problem in said.err
    assert accounts(house) == [("bob", Role.REVIEWER)]


def test_a_role_that_is_none_is_refused_before_a_password_is_asked_for(house: Installed, typed: Typed) -> None:
    said = typed(PASSWORD, "add", "eve", "--role", "owner")

    assert said.code == 2
    assert "'owner' is not one of 'reviewer', 'admin'" in said.err
    assert accounts(house) == []
