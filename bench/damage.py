"""Damages a real evidence store on purpose, at random, a thousand times, and holds `verify` to finding each one.

    python bench/damage.py [--count 1000] [--seed 1] [--keep FOLDER]

The store is that of the demo, with captures added in a later month and time stamps by an authority of this machine's
own openssl in between. Each damage is done to a copy of hard links; no process is started for it. Prints how many of
each kind were found, then what nothing on the disk can show and `docs/how-it-works/store.md` says so. Exits 1 when a
damage was not found, when a sound store is told to be damaged, or when something is found that we say cannot be.
"""

import argparse
import os
import random
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from wrongs import STAMPS, UNFINDABLE, Scene, all_written_anew, kinds

from monitor.demo import demo
from monitor.model.capture import Capture
from monitor.model.page import PageId
from monitor.settings import settings_from
from monitor.store import Store
from monitor.store.audit import Audit
from monitor.store.ledger import Ledger
from monitor.store.shelf import shelf_of
from monitor.store.stamps import prover
from monitor.wiring import store
from tools.authority import LocalAuthority

LATER = datetime(2026, 4, 2, 8, tzinfo=UTC)


def made(root: Path, authority: LocalAuthority) -> Path:
    """Return the folder of snapshots of a demo, stamped twice, with captures after each stamp."""
    ended = demo(root / "demo")
    settings = settings_from({"OPTOUT_DATA": str(root / "demo"), "OPTOUT_ALLOW_LOOPBACK": "yes"})
    with_more = store(settings)
    for turn in range(3):
        for number in range(6):
            with_more.evidence.keep(_more(turn * 6 + number))
        if turn < 2:
            _stamp(with_more, authority, LATER + timedelta(days=turn))
    with_more.close()
    return ended.snapshots


def _more(number: int) -> Capture:
    body = f"<h1>Rights</h1><p>Paragraph {number // 2}, said twice.</p>".encode()
    page = PageId("murmel-notice")
    return Capture(page=page, url="https://murmel.example/notice", at=LATER + timedelta(hours=number), body=body)


def _stamp(opened_store: Store, authority: LocalAuthority, at: datetime) -> None:
    head = opened_store.evidence.head()
    assert head is not None
    opened_store.evidence.anchor(head, authority(head.line), at)


def damages(folder: Path, roots: bytes, others: Mapping[str, bytes] | None = None) -> list[str]:
    """Return what `verify` says of a folder of snapshots."""
    ledger = Ledger(folder / "ledger", folder.parent / "lock")
    return list(Audit(folder, ledger, shelf_of(folder, ""), prover(roots), others).damages())


class Bench:
    """Copies of one sound store, damaged one after the other."""

    def __init__(self, root: Path, seed: int) -> None:
        self._root = root
        self._chance = random.Random(seed)
        self._forger = LocalAuthority(root / "forger", "Forged Time")
        self.authority = LocalAuthority(root / "authority")
        self.sound = made(root, self.authority)
        self._stranger = self.authority(b"a line of another ledger")

    def damaged(self, act: Callable[[Scene], None]) -> Path:
        """Return a copy to which this was done."""
        folder = self._root / "copy"
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(self.sound, folder, copy_function=os.link)
        act(Scene(folder, self._chance, self._stranger, self._forger))
        return folder

    def found(self, act: Callable[[Scene], None], others: Mapping[str, bytes] | None = None) -> bool:
        """Say whether a damage is found."""
        return bool(damages(self.damaged(act), self.authority.roots, others))


def ran(count: int, seed: int, root: Path) -> int:
    """Damage the store so often, say what was found, and return the exit status."""
    bench = Bench(root, seed)
    roots = bench.authority.roots
    if told := damages(bench.sound, roots):
        print("the sound store is told to be damaged:", *told, sep="\n  ")
        return 1
    started = time.perf_counter()
    every = kinds()
    tried, missed = Counter[str](), Counter[str]()
    for number in range(count):
        name = list(every)[number % len(every)]
        tried[name] += 1
        if not bench.found(every[name]):
            missed[name] += 1
    seconds = time.perf_counter() - started
    for name in every:
        print(f"{tried[name] - missed[name]:5} of {tried[name]:4}  {name}")
    print(f"{count - missed.total()} of {count} damages found, seed {seed}, {seconds:.1f} s")
    return 1 if missed or not _honest(bench) else 0


def _honest(bench: Bench) -> bool:
    """Say what is not found from the files alone, as documented, and what a stamp that was kept elsewhere changes."""
    kept = {path.name: path.read_bytes() for path in sorted(bench.sound.glob(STAMPS))}
    as_said = True
    for name, act in UNFINDABLE.items():
        alone, elsewhere = bench.found(act), bench.found(act, kept)
        print(f"not found, as documented: {name}" + ("; found by a stamp that was kept elsewhere" if elsewhere else ""))
        if alone or elsewhere != (act is all_written_anew):
            print(f"  not as documented: found {alone}, with a stamp kept elsewhere {elsewhere}")
            as_said = False
    return as_said


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=1000, help="how many damages")
    parser.add_argument("--seed", type=int, default=1, help="another one gives other damages")
    parser.add_argument("--keep", type=Path, help="a new folder that is left behind, to look at the last copy")
    told = parser.parse_args()
    if shutil.which("openssl") is None:
        print("openssl is not here: apt-get install openssl")
        return 1
    if told.keep is not None:
        return ran(told.count, told.seed, told.keep)
    with tempfile.TemporaryDirectory(prefix="optout-damage-") as folder:
        return ran(told.count, told.seed, Path(folder))


if __name__ == "__main__":
    sys.exit(main())
