"""What lies in deploy/: each file can be read, and the recipe without a server works step by step."""

import os
import re
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from monitor.cli import app
from monitor.settings import SETTINGS, settings_from
from tests.contract.servers import serving
from tests.story.installed import ENTRY, Pages
from tests.story.lumen import DEADLINE, policy

DEPLOY = Path(__file__).resolve().parents[2] / "deploy"
NOT_RUN_HERE = {"Install"}  # it would fetch the program from the network


def read(name: str) -> Any:
    return YAML(typ="safe").load((DEPLOY / name).read_text("utf-8"))


@pytest.mark.parametrize("name", ["compose.yaml", "compose.postgresql.yaml"])
def test_a_compose_file_starts_commands_that_there_are_as_a_user_without_rights(name: str) -> None:
    services = {key: each for key, each in read(name)["services"].items() if key != "database"}

    assert services
    for service in services.values():
        command, *options = service["command"].split()
        known = {option for each in app.commands[command].params for option in each.opts}
        assert {option for option in options if option.startswith("--")} <= known
        assert service["cap_drop"] == ["ALL"]
        assert service["read_only"] is True
        assert service["init"] is True
        assert service["build"]["dockerfile"] == "deploy/Dockerfile"
    assert "\nUSER optout\n" in (DEPLOY / "Dockerfile").read_text("utf-8")


def test_the_example_of_settings_is_one_that_the_program_takes() -> None:
    lines = (DEPLOY / "optout-monitor.env.example").read_text("utf-8").splitlines()
    told = dict(line.split("=", 1) for line in lines if not line.startswith("#"))

    assert settings_from(told).site.url == "https://monitor.example.org/"


def test_the_unit_is_one_that_systemd_takes(tmp_path: Path) -> None:
    analyze = shutil.which("systemd-analyze")
    if analyze is None:
        pytest.skip("systemd-analyze is not here: install systemd")
    text = (DEPLOY / "optout-monitor.service").read_text("utf-8")
    unit = tmp_path / "optout-monitor.service"
    unit.write_text(text.replace("/opt/optout-monitor/bin/optout-monitor", sys.executable), encoding="utf-8")

    ran = subprocess.run([analyze, "verify", str(unit)], capture_output=True, text=True, check=False)

    assert [line for line in ran.stderr.splitlines() if "optout-monitor" in line] == []


def test_a_command_on_a_server_has_the_settings_of_the_unit_and_those_of_its_caller(tmp_path: Path) -> None:
    settings, script = tmp_path / "env", tmp_path / "optout-monitor"
    settings.write_text('OPTOUT_DATA=/var/lib/lumen\nOPTOUT_IMPRINT="Ada, and where"\n', encoding="utf-8")
    text = (DEPLOY / "optout-monitor.sh").read_text("utf-8")
    assert "runuser -u optout -- /opt/optout-monitor/bin/optout-monitor" in text
    text = text.replace("/etc/optout-monitor.env", str(settings)).replace("runuser -u optout -- ", "")
    script.write_text(text.replace("/opt/optout-monitor/bin/optout-monitor", "printenv"), encoding="utf-8")

    as_set, as_called = (
        subprocess.run(
            ["sh", str(script), "OPTOUT_DATA", "OPTOUT_IMPRINT"], env=env, capture_output=True, text=True, check=True
        ).stdout
        for env in ({"PATH": os.environ["PATH"]}, {"PATH": os.environ["PATH"], "OPTOUT_DATA": "/srv/it's mine"})
    )

    assert as_set == "/var/lib/lumen\nAda, and where\n"
    assert as_called == "/srv/it's mine\nAda, and where\n"


def test_what_lies_here_names_only_settings_that_there_are() -> None:
    named = {name for file in DEPLOY.iterdir() for name in re.findall(r"OPTOUT_[A-Z_]+", file.read_text("utf-8"))}

    assert {"OPTOUT_DATA", "OPTOUT_HOST", "OPTOUT_DATABASE"} <= named
    assert named <= set(SETTINGS)


def test_the_image_takes_every_version_that_is_pinned() -> None:
    (command,) = re.findall(r"(grep -oE .+) > pins.txt", (DEPLOY / "Dockerfile").read_text("utf-8"))

    ran = subprocess.run(["bash", "-c", command], cwd=DEPLOY.parent, capture_output=True, text=True, check=True)

    constraints = (DEPLOY.parent / "constraints.txt").read_text("utf-8").splitlines()
    pinned = [line.removesuffix(" \\") for line in constraints if re.match(r"\w", line)]
    assert [line.rstrip() for line in ran.stdout.splitlines()] == pinned


def test_the_builder_is_sent_what_the_image_copies_and_nothing_else() -> None:
    copied = re.findall(r"(?m)^COPY (?!--from)(.+) \S+$", (DEPLOY / "Dockerfile").read_text("utf-8"))
    ignored = (DEPLOY.parent / ".dockerignore").read_text("utf-8").splitlines()

    assert {line[1:] for line in ignored if line.startswith("!")} == set(" ".join(copied).split())
    assert ignored[1] == "*"


@dataclass(frozen=True, slots=True)
class Repository:
    """A repository that watches by the workflow: its origin, and what the runner sets."""

    folder: Path
    environment: Mapping[str, str]
    site: Pages

    def run(self, **inputs: str) -> Path:
        """Walk the workflow's steps in a fresh checkout, as a runner does, and return that checkout."""
        number = len(list(self.folder.glob("run*")))
        checkout = self.folder / f"run{number}"
        self._git("clone", "--quiet", str(self.folder / "origin.git"), str(checkout), at=self.folder)
        for step in _steps():
            if "run" in step and step["name"] not in NOT_RUN_HERE:
                told = {name: _filled(value, inputs) for name, value in step.get("env", {}).items()}
                ran = self._sh(step["run"], checkout, told)
                assert ran.returncode == 0, f"{step['name']}: {ran.stdout}{ran.stderr}"
        return checkout

    def step(self, name: str, at: Path) -> subprocess.CompletedProcess[str]:
        """Walk one step alone."""
        (script,) = (step["run"] for step in _steps() if step.get("name") == name)
        return self._sh(script, at, {})

    def watch(self, url: str) -> None:
        """Commit a watchlist of one page under an address."""
        entry = ENTRY.format(id="policy", url=url, publish="review")
        text = f"services:\n  lumen:\n    name: Lumen\npages:{entry}"
        first = self.folder / "first"
        (first / "watchlist.yaml").write_text(text, encoding="utf-8")
        self._git("add", "watchlist.yaml", at=first)
        self._git("commit", "--quiet", "--message", "Watch a page", at=first)
        self._git("push", "--quiet", "origin", "HEAD:main", at=first)

    def log(self, branch: str, *options: str) -> str:
        return self._git("log", *options, branch, at=self.folder / "origin.git")

    def _sh(self, script: str, at: Path, more: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["bash", "-e", "-c", script],  # what GitHub runs when a step names no shell
            cwd=at,
            env={**self.environment, **more},
            capture_output=True,
            text=True,
            check=False,
        )

    def _git(self, *arguments: str, at: Path) -> str:
        return subprocess.run(
            ["git", *arguments], cwd=at, env=dict(self.environment), capture_output=True, text=True, check=True
        ).stdout


def _steps() -> Any:
    return read("scheduled-workflow.yml")["jobs"]["watch"]["steps"]


def _filled(value: str, inputs: Mapping[str, str]) -> str:
    """Return `${{ inputs.name }}` as what was filled in."""
    return inputs.get(value.removeprefix("${{ inputs.").removesuffix(" }}"), "")


@pytest.fixture
def repository(tmp_path: Path) -> Iterator[Repository]:
    if shutil.which("git") is None:
        pytest.skip("git is not here: install git")
    program = tmp_path / "bin" / "optout-monitor"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m monitor "$@"\n', encoding="utf-8")
    program.chmod(0o755)
    (program.parent / "python").symlink_to(sys.executable)
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("OPTOUT_", "GIT_"))}
    environment = {
        **kept,
        "PATH": f"{program.parent}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": str(DEPLOY.parent),
        "GITHUB_ACTOR": "ada",
        "HOME": str(tmp_path),
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_AUTHOR_NAME": "ada",
        "GIT_AUTHOR_EMAIL": "ada@lumen.example",
        "GIT_COMMITTER_NAME": "ada",
        "GIT_COMMITTER_EMAIL": "ada@lumen.example",
        "OPTOUT_ALLOW_LOOPBACK": "yes",
        "OPTOUT_PAUSE": "0s",
        "OPTOUT_WEB": "no",
    }
    site = Pages({"/policy": policy()})
    with serving(site.respond) as server:
        made = Repository(tmp_path, environment, site)
        made._git("init", "--quiet", "--bare", "--initial-branch", "main", "origin.git", at=tmp_path)
        made._git("clone", "--quiet", "origin.git", "first", at=tmp_path)
        made.watch(server.url)
        yield made


def test_the_recipe_without_a_server_watches_keeps_and_publishes(repository: Repository) -> None:
    repository.run()
    repository.site.bodies["/policy"] = policy(DEADLINE)
    repository.run()
    third = repository.run()

    diff = repository.log("main", "--patch", "--", "snapshots/policy/text.md")
    assert f"+{DEADLINE}" in diff
    with sqlite3.connect(third / "state" / "kept.db") as database:
        alerts = database.execute("SELECT id, state FROM alerts").fetchall()
        assert database.execute("SELECT count(*) FROM subscribers").fetchall() == [(0,)]
    assert [state for _, state in alerts] == ["pending"]

    last = repository.run(publish=alerts[0][0], reason="read both captures")

    assert DEADLINE in (last / "public" / "feeds" / "all.atom").read_text("utf-8")
    assert len(repository.log("state", "--format=%H").split()) == 1


def test_the_recipe_goes_on_when_a_page_cannot_be_read(repository: Repository) -> None:
    repository.site.bodies.clear()

    checkout = repository.run()

    assert (checkout / "public" / "index.html").exists()


def test_the_recipe_goes_on_when_no_page_ever_answered(repository: Repository) -> None:
    repository.watch("http://127.0.0.1:1")

    checkout = repository.run()

    assert (checkout / "public" / "index.html").exists()
    assert len(repository.log("state", "--format=%H").split()) == 1


def test_the_recipe_keeps_what_came_although_the_watchlist_was_changed_meanwhile(repository: Repository) -> None:
    checkout = repository.run()
    first = repository.folder / "first"
    repository._git("pull", "--quiet", "--rebase", "origin", "main", at=first)
    repository.watch("http://127.0.0.1:1")
    (checkout / "snapshots" / "policy" / "text.md").write_text("came meanwhile", encoding="utf-8")

    kept = repository.step("Keep what came", checkout)

    assert kept.returncode == 0, kept.stderr
    last_two = repository.log("main", "-2", "--format=%s").splitlines()
    assert last_two[0].startswith("Keep what came on ")
    assert last_two[1] == "Watch a page"


def test_the_recipe_ends_when_the_state_cannot_be_asked_for_instead_of_forgetting_it(repository: Repository) -> None:
    checkout = repository.run()
    repository._git("remote", "set-url", "origin", str(repository.folder / "away.git"), at=checkout)

    assert repository.step("Fetch the state of the run before", checkout).returncode != 0
