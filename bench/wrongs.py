"""What may be done to an evidence store on purpose: one function a kind, done to a copy at random places.

Some only break things; some are a forger's who computes every hash anew so that all fits again.
"""

import json
import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from monitor.codec import encode
from monitor.store.ledger import Head
from monitor.store.warc import opened, warc_bytes
from tools.authority import LocalAuthority


@dataclass(frozen=True, slots=True)
class Scene:
    """What a damage is done with: a copy of the store, chance, a stamp over a line of another ledger, and a forger."""

    folder: Path
    chance: random.Random
    stranger: bytes
    forger: LocalAuthority

    def files(self, pattern: str) -> list[Path]:
        return sorted(path for path in self.folder.glob(pattern) if path.is_file())

    def one(self, pattern: str) -> Path:
        return self.chance.choice(self.files(pattern))


CAPTURES, LEDGER, TEXTS = "*/captures/*/*/*.warc.gz", "ledger/*.jsonl", "*/text.md"
WAYS, STAMPS, HEAD = "*/procedure.yaml", "ledger/stamps/*.tsr", "ledger/head.json"
EVERY = {"capture": CAPTURES, "ledger": LEDGER, "text": TEXTS, "way out": WAYS, "stamp": STAMPS, "head": HEAD}


def written(path: Path, content: bytes) -> None:
    """Put bytes in a file's place without touching what other links lead to."""
    path.unlink()
    path.write_bytes(content)


# ---- what may happen to any file ----


def flipped(scene: Scene, path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[scene.chance.randrange(len(content))] ^= 1 << scene.chance.randrange(8)
    written(path, bytes(content))


def truncated(scene: Scene, path: Path) -> None:
    content = path.read_bytes()
    written(path, content[: scene.chance.randrange(len(content))])


def deleted(scene: Scene, path: Path) -> None:
    _ = scene
    path.unlink()


# ---- what may happen to lines ----


def lines_of(path: Path) -> list[bytes]:
    return path.read_bytes().splitlines(keepends=True)


def removed_line(scene: Scene) -> None:
    path = scene.one(LEDGER)
    lines = lines_of(path)
    lines.pop(scene.chance.randrange(len(lines)))
    written(path, b"".join(lines))


def removed_end(scene: Scene) -> None:
    path = scene.files(LEDGER)[-1]
    lines = lines_of(path)
    written(path, b"".join(lines[: scene.chance.randrange(len(lines))]))


def reordered_lines(scene: Scene) -> None:
    path = scene.one(LEDGER)
    lines = lines_of(path)
    one, two = scene.chance.sample(range(len(lines)), 2)
    lines[one], lines[two] = lines[two], lines[one]
    written(path, b"".join(lines))


def repeated_line(scene: Scene) -> None:
    path = scene.one(LEDGER)
    lines = lines_of(path)
    lines.insert(scene.chance.randrange(len(lines) + 1), scene.chance.choice(lines))
    written(path, b"".join(lines))


def added_line(scene: Scene) -> None:
    path = scene.one(LEDGER)
    lines = lines_of(path)
    place = scene.chance.randrange(len(lines) + 1)
    said = json.loads(scene.chance.choice(lines))
    prev = sha256(lines[place - 1].rstrip(b"\n")).hexdigest() if place else "0" * 64
    lines.insert(place, encode({**said, "time": "2026-03-05T11:00:00.000000Z", "prev": prev}) + b"\n")
    written(path, b"".join(lines))


# ---- captures replaced ----


def replaced_by_another(scene: Scene) -> None:
    one, two = scene.chance.sample(scene.files(CAPTURES), 2)
    written(one, two.read_bytes())


def replaced_by_a_forged_one(scene: Scene) -> None:
    written(*forged_capture(scene))


def forged_capture(scene: Scene) -> tuple[Path, bytes]:
    """Return a capture's file and what a forger would put there: the same capture with other words."""
    path = scene.chance.choice([each for each in scene.files(CAPTURES) if opened(each.read_bytes(), each.name).body])
    held = opened(path.read_bytes(), path.name)
    assert held.body is not None
    return path, warc_bytes(held.noted.capture(held.body + b"<p>You agreed to this.</p>"))


# ---- a forger who computes every hash anew ----

Line = dict[str, object]


def rechained(scene: Scene, change: Callable[[list[tuple[str, Line]]], None]) -> None:
    """Change the lines of the whole ledger and make chain, places of stamps and `head.json` fit again."""
    lines = [(path.name, json.loads(line)) for path in scene.files(LEDGER) for line in lines_of(path)]
    places = {sha256(line.rstrip(b"\n")).hexdigest(): n for n, line in enumerate(all_lines(scene))}
    targets = {id(said): lines[places[str(said["head"])]][1] for _, said in lines if said["kind"] == "anchor"}
    change(lines)
    written_lines: dict[str, bytes] = {path.name: b"" for path in scene.files(LEDGER)}
    digests: dict[int, tuple[str, str, int]] = {}
    prev = "0" * 64
    for name, said in lines:
        if id(said) in targets and id(targets[id(said)]) in digests:
            head, month, offset = digests[id(targets[id(said)])]
            said |= {"head": head, "month": month, "offset": offset}
        line = encode({**said, "prev": prev})
        prev = sha256(line).hexdigest()
        digests[id(said)] = (prev, name.removesuffix(".jsonl"), len(written_lines[name]))
        written_lines[name] += line + b"\n"
    for name, content in written_lines.items():
        written(scene.folder / "ledger" / name, content)
    newest = max(written_lines)
    newest_head = Head(newest.removesuffix(".jsonl"), len(written_lines[newest]), prev)
    written(scene.folder / HEAD, encode(newest_head) + b"\n")


def all_lines(scene: Scene) -> list[bytes]:
    return [line for path in scene.files(LEDGER) for line in lines_of(path)]


def last_stamped(lines: list[tuple[str, Line]]) -> int:
    """Return how many lines stand before the newest line about a stamp."""
    return max(number for number, (_, said) in enumerate(lines) if said["kind"] == "anchor")


def stamped_captures(lines: list[tuple[str, Line]]) -> list[Line]:
    return [said for _, said in lines[: last_stamped(lines)] if said["kind"] in ("capture", "again")]


def forged_line(scene: Scene) -> None:
    def change(lines: list[tuple[str, Line]]) -> None:
        said = scene.chance.choice(stamped_captures(lines))
        name, value = scene.chance.choice(
            (("status", 404), ("url", "https://elsewhere.example/"), ("headers", "0" * 64))
        )
        said[name] = value

    rechained(scene, change)


def forged_line_and_capture(scene: Scene) -> None:
    path, content = forged_capture(scene)
    file = path.relative_to(scene.folder).as_posix()

    def change(lines: list[tuple[str, Line]]) -> None:
        body = opened(content, file).noted.digest
        for said in [each for each in stamped_captures(lines) if each["file"] == file]:
            said.update({"body": body} | ({"warc": sha256(content).hexdigest()} if "warc" in said else {}))

    if any(file.encode() in line for line in all_lines(scene)[: stamped_number(scene)]):
        written(path, content)
        rechained(scene, change)
    else:  # one that was kept after the newest stamp: only its file is forged
        written(path, content)


def stamped_number(scene: Scene) -> int:
    return last_stamped([("", json.loads(line)) for line in all_lines(scene)])


def forged_extra_line(scene: Scene) -> None:
    def change(lines: list[tuple[str, Line]]) -> None:
        place = scene.chance.randrange(last_stamped(lines))
        name, said = lines[place]
        lines.insert(place, (name, {**scene.chance.choice(stamped_captures(lines)), "time": said["time"]}))

    rechained(scene, change)


def forged_without_a_line(scene: Scene) -> None:
    def change(lines: list[tuple[str, Line]]) -> None:
        gone = scene.chance.choice(stamped_captures(lines))
        lines[:] = [each for each in lines if each[1] is not gone]

    rechained(scene, change)


def forged_and_unstamped(scene: Scene) -> None:
    """Forge a line and take out the lines about stamps; the stamps themselves are left."""

    def change(lines: list[tuple[str, Line]]) -> None:
        scene.chance.choice(stamped_captures(lines))["status"] = 404
        lines[:] = [each for each in lines if each[1]["kind"] != "anchor"]

    rechained(scene, change)


def stamp_for_another_head(scene: Scene) -> None:
    """Put a true stamp over another line in a stamp's place, and make its line and all after it fit."""
    path = scene.one(STAMPS)
    restamped(scene, path, scene.stranger)


def stamp_of_another_authority(scene: Scene) -> None:
    """Have a forger's own authority sign the very line, and make everything fit."""
    path = scene.one(STAMPS)
    head = path.stem.partition("-")[2]
    [line] = [each for each in all_lines(scene) if sha256(each.rstrip(b"\n")).hexdigest() == head]
    restamped(scene, path, scene.forger(line.rstrip(b"\n")))


def restamped(scene: Scene, path: Path, reply: bytes) -> None:
    written(path, reply)

    def change(lines: list[tuple[str, Line]]) -> None:
        for _, said in lines:
            if said.get("file") == path.relative_to(scene.folder).as_posix():
                said["stamp"] = sha256(reply).hexdigest()

    rechained(scene, change)


def kinds() -> Mapping[str, Callable[[Scene], None]]:
    """Return every kind of damage by its name."""
    found: dict[str, Callable[[Scene], None]] = {}
    for act in (flipped, truncated, deleted):
        for what, pattern in EVERY.items():
            name = {"flipped": "bit flipped in", "truncated": "truncated", "deleted": "deleted"}[act.__name__]
            found[f"{name} {what}"] = lambda scene, act=act, pattern=pattern: act(scene, scene.one(pattern))  # type: ignore[misc]
    return found | {
        "line removed": removed_line,
        "lines removed at the end": removed_end,
        "lines reordered": reordered_lines,
        "line repeated": repeated_line,
        "line added": added_line,
        "capture replaced by another": replaced_by_another,
        "capture replaced by a forged one": replaced_by_a_forged_one,
        "line forged, chain anew": forged_line,
        "line and capture forged, chain anew": forged_line_and_capture,
        "line added, chain anew": forged_extra_line,
        "line removed, chain anew": forged_without_a_line,
        "line forged, chain anew, stamps unnamed": forged_and_unstamped,
        "stamp for another head, chain anew": stamp_for_another_head,
        "stamp of another authority, chain anew": stamp_of_another_authority,
    }


# ---- what cannot be found from the files alone ----


def tail_written_anew(scene: Scene) -> None:
    def change(lines: list[tuple[str, Line]]) -> None:
        scene.chance.choice([said for _, said in lines[last_stamped(lines) + 1 :]])["status"] = 404

    rechained(scene, change)


def all_written_anew(scene: Scene) -> None:
    forged_and_unstamped(scene)
    for path in scene.files(STAMPS):
        path.unlink()


def unnamed_file(scene: Scene) -> None:
    path, content = forged_capture(scene)
    path.with_name(f"20260301T000000Z-{'f' * 64}.warc.gz").write_bytes(content)


UNFINDABLE: Mapping[str, Callable[[Scene], None]] = {
    "lines after the newest stamp written anew": tail_written_anew,
    "everything written anew, stamps deleted": all_written_anew,
    "a file that no line names": unnamed_file,
}
