"""An installation in a folder and a site on loopback, driven by the command line as a person would."""

import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from socket import socket
from typing import Any

import pytest

from monitor.cli import main
from tests.contract.servers import Request, serving

ENTRY = """
  - id: {id}
    service: lumen
    title: Lumen privacy policy
    url: {url}/{id}
    kind: policy
    language: en
    every: 12h
    present: {{least_chars: 20}}
    publish: {{alert: {publish}, digest: automatic}}
"""


@dataclass(slots=True)
class Pages:
    """What stands under each path of the site now: bytes, or nothing."""

    bodies: dict[str, bytes] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def respond(self, request: Request, connection: socket) -> None:
        self.asked.append(request.path)
        body = self.bodies.get(request.path)
        status = "200 OK" if body is not None else "404 Not Found"
        head = f"HTTP/1.1 {status}\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: {len(body or b'')}\r\n"
        connection.sendall(f"{head}Connection: close\r\n\r\n".encode() + (body or b""))


@dataclass(frozen=True, slots=True)
class Said:
    """How a command ended, and what it said."""

    code: int
    out: str
    err: str

    @property
    def objects(self) -> list[Any]:
        return [json.loads(line) for line in self.out.splitlines()]


@dataclass(frozen=True, slots=True)
class Installed:
    """One installation: its folder, its site, and a way to run commands."""

    folder: Path
    site: Pages
    url: str
    capsys: pytest.CaptureFixture[str]

    def ran(self, *arguments: str) -> Said:
        """Run a command in this process."""
        code: int | str | None = 0
        try:
            main(arguments)
        except SystemExit as end:
            code = end.code
        heard = self.capsys.readouterr()
        return Said(int(code or 0), heard.out, heard.err)

    def serve(self, body: bytes | None, page: str = "policy") -> None:
        """Put a body under a page's address, or take it away."""
        if body is None:
            self.site.bodies.pop(f"/{page}", None)
        else:
            self.site.bodies[f"/{page}"] = body

    def watch(self, *pages: str, publish: str = "review") -> None:
        """Write a watchlist of these pages."""
        entries = "".join(ENTRY.format(id=page, url=self.url, publish=publish) for page in pages)
        text = f"services:\n  lumen:\n    name: Lumen\npages:{entries}"
        (self.folder / "watchlist.yaml").write_text(text, encoding="utf-8")


def environment(folder: Path) -> Mapping[str, str]:
    """Return the variables of an installation in a folder that may ask this machine."""
    return {"OPTOUT_DATA": str(folder), "OPTOUT_ALLOW_LOOPBACK": "yes", "OPTOUT_PAUSE": "0s", "OPTOUT_PORT": "0"}


@contextmanager
def installed(folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Iterator[Installed]:
    """Give an installation that watches one page of a site that has none."""
    for name in [name for name in os.environ if name.startswith("OPTOUT_")]:
        monkeypatch.delenv(name)
    for name, value in environment(folder).items():
        monkeypatch.setenv(name, value)
    site = Pages()
    folder.mkdir()
    with serving(site.respond) as server:
        house = Installed(folder, site, server.url, capsys)
        house.watch("policy")
        yield house
