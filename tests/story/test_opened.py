"""What commands open leaves the process as it was, whether or not there is anything to open."""

import gc
from pathlib import Path

import pytest

from monitor.cli.opened import opened
from monitor.model.errors import MonitorError

WATCHLIST = """\
services:
  lumen: {name: Lumen}
pages:
  - {id: lumen-policy, service: lumen, title: Policy, url: 'https://lumen.example/', kind: policy, language: en}
"""


def test_garbage_is_collected_while_a_world_is_open(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPTOUT_DATA", str(tmp_path))
    (tmp_path / "watchlist.yaml").write_text(WATCHLIST)

    with opened() as (_, world):
        assert gc.isenabled()
        assert gc.get_freeze_count() > 0  # what was loaded is not gone through again
        assert [page.id for page in world.watchlist.pages] == ["lumen-policy"]


def test_garbage_is_collected_when_nothing_could_be_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPTOUT_DATA", str(tmp_path))

    with pytest.raises(MonitorError, match=r"watchlist\.yaml"), opened():
        pytest.fail("there is no watchlist")

    assert gc.isenabled()
