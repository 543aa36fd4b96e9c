"""What the store promises over a killed process: nothing half done, and doing it again completes it once.

A child does one whole check (keep, read, record, decide with posts) and kills itself before its n-th step to the disk
or the database; n goes over all of them.
"""

import os
import shutil
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from types import FrameType

import pytest

from monitor.model.alert import AlertState
from monitor.store import Store, open_store
from tests.contract.stored import PAGE, alert, checked, told

# Calls that reach the disk or the database.
STEPS = frozenset(
    {
        "commit",
        "execute",
        "executemany",
        "fsync",
        "ftruncate",
        "flush",
        "mkdir",
        "mkstemp",
        "open",
        "rename",
        "replace",
        "unlink",
        "write",
    }
)

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="the system cannot fork a process")


def opened(folder: Path) -> Store:
    return open_store(
        snapshots=folder / "snapshots", database=f"sqlite:///{folder}/monitor.db", lock=folder / "state" / "lock"
    )


def whole_check(store: Store) -> None:
    with store.writing():
        checked(store, 1, alerts=(alert(),))
        told(store)


def killed_at(step: int) -> Callable[[FrameType, str, object], None]:
    """Return a profiler that kills the process before its n-th step."""
    left = step

    def watch(_frame: FrameType, event: str, called: object) -> None:
        nonlocal left
        if event == "c_call" and getattr(called, "__name__", "") in STEPS:
            left -= 1
            if left < 0:
                os.kill(os.getpid(), signal.SIGKILL)

    return watch


def killed(folder: Path, step: int) -> bool:
    """Do a check in a child that kills itself before a step; say whether it came so far."""
    child = os.fork()
    if child == 0:
        store = opened(folder)
        sys.setprofile(killed_at(step))
        whole_check(store)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    return os.WIFSIGNALED(status)


def test_a_check_killed_at_any_step_is_completed_once_by_the_next(tmp_path: Path) -> None:
    before = tmp_path / "before"
    store = opened(before)
    checked(store, 0)
    store.close()
    step, spoilt = 0, []

    while killed(shutil.copytree(before, tmp_path / f"step-{step}"), step):
        spoilt += [f"step {step}: {what}" for what in wrong_after(tmp_path / f"step-{step}")]
        shutil.rmtree(tmp_path / f"step-{step}")
        step += 1

    assert spoilt == []
    assert step > 60


def wrong_after(folder: Path) -> list[str]:
    """Return what is not as it must be when the check is done again after a crash."""
    store = opened(folder)
    half = [sentence for sentence in store.evidence.verify() if "text.md" not in sentence]
    whole_check(store)
    expected = {
        "damage right after": (half, []),
        "damage": (list(store.evidence.verify()), []),
        "captures": (len(list(store.evidence.captures(PAGE.id))), 2),
        "checks": (len(store.journal.checks(PAGE.id, newest=10)), 2),
        "versions": (len(store.journal.versions()), 2),
        "alerts": ([each.state for each in store.desk.alerts()], [AlertState.PUBLISHED]),
        "reviews": (len(store.desk.reviews()), 2),
        "posts": (len(store.outbox.posts()), 1),
    }
    store.close()
    return [f"{what} is {found}, not {wanted}" for what, (found, wanted) in expected.items() if found != wanted]
