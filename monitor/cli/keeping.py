"""Commands about what is kept: `verify`, `evidence pack`, `anchor`, `prune`."""

from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import click

from monitor.cli import say
from monitor.cli.command import Group, as_json, command
from monitor.model.proof import Proof

if TYPE_CHECKING:
    from monitor.store.audit import Tally

MEND = 1
SHOWN = {Proof.HOLDS: "holds:", Proof.BROKEN: "BROKEN:", Proof.OPEN: "open:"}


@command("optout-monitor verify evidence.zip --authority authority.pem")
@click.argument(
    "pack",
    required=False,
    type=click.Path(path_type=Path),
    help="An evidence pack (zip file, folder, or evidence.json); this installation's own evidence by default.",
)
@click.option(
    "--authority",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Root certificates (PEM) of the time stamp authority; OPTOUT_TIMESTAMP_CA by default.",
)
@click.option(
    "--stamp",
    multiple=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A time stamp of this ledger that was kept elsewhere; can be given again.",
)
def verify(pack: Path | None, authority: Path | None, stamp: tuple[Path, ...]) -> None:
    """Check every capture, the chain of the ledger and its time stamps, or one evidence pack. Exits 1 at any damage."""
    from monitor.settings import settings
    from monitor.wiring import stamp_roots

    roots = authority.read_bytes() if authority else stamp_roots(settings())
    if pack is not None:
        _verify_pack(pack, roots)
    else:
        _verify_installation(roots, {str(path): path.read_bytes() for path in stamp})


def _verify_installation(roots: bytes, others: dict[str, bytes]) -> None:
    from monitor.settings import settings
    from monitor.store.stamps import prover
    from monitor.wiring import store

    read = settings()
    with closing(store(read)) as opened:
        audit = opened.evidence.audit(prover(roots), others)
        damages = 0
        for damage in say.progress(audit.damages(), "verifying"):
            damages += 1
            say.error(damage)
    if damages:
        say.error(
            f"{damages} damages found; put these files back from a copy: captures and ledger cannot be made again, "
            "text.md and procedure.yaml of a page are with its next version"
        )
        raise click.exceptions.Exit(MEND)
    say.line(f"{read.places.snapshots}: every capture is what was kept, and the ledger's chain is whole")
    _say_tally(audit.tally, trusted=bool(roots))


def _say_tally(tally: "Tally", *, trusted: bool) -> None:
    counted = {"lines": tally.lines, "captures": tally.captures, "time stamps": tally.stamps}
    counted |= {"files removed by the retention rule": tally.pruned} if tally.pruned else {}
    say.line(", ".join(f"{what}: {count}" for what, count in counted.items()))
    if tally.newest is not None:
        known = "" if trusted else "; its signature was not checked: name its root certificate by --authority"
        say.line(f"newest time stamp: {tally.newest.at:%Y-%m-%d %H:%M} UTC by {tally.newest.authority}{known}")


def _verify_pack(pack: Path, roots: bytes) -> None:
    from monitor.store.packs import files_of, proofs
    from monitor.store.stamps import prover

    found = list(proofs(files_of(pack), prover(roots), trusted=bool(roots)))
    for each in found:
        say.line(f"{SHOWN[each.proof]} {each.what}")
    broken = sum(each.proof is Proof.BROKEN for each in found)
    if broken:
        say.error(f"{pack}: {broken} of {len(found)} checks failed: this is not what was published")
        raise click.exceptions.Exit(MEND)
    say.line(f"{pack}: nothing is wrong with what could be checked")


@command("optout-monitor evidence pack 4f2a -o evidence.zip", name="pack")
@click.argument("alert", help="Id of an alert, or its beginning.")
@click.option(
    "--output",
    "-o",
    type=click.Path(dir_okay=False, path_type=Path),
    help="The zip file to write; evidence-ALERT.zip by default.",
)
def pack(alert: str, output: Path | None) -> None:
    """Write the evidence of an alert as one file: captures, texts, ledger lines, time stamp, and how to verify it."""
    from monitor.cli.opened import opened
    from monitor.model.errors import PackError
    from monitor.pipeline.exhibits import exhibits
    from monitor.pipeline.review import found
    from monitor.publish.evidence import pack_bytes
    from monitor.publish.files import replaced
    from monitor.wiring import place

    with opened() as (settings, world):
        one = found(alert, world)
        kept = exhibits(one, world)
        if kept is None:
            say.error(f"alert {one.id}: its captures are not kept here")
            raise click.exceptions.Exit(MEND)
        path = output or Path(f"evidence-{one.id}.zip")
        content = pack_bytes(one, kept, place(settings))
        try:
            replaced(path, content)
        except OSError as error:
            raise PackError(str(path), f"cannot be written ({error.strerror or error})") from error
    stamped = f"time-stamped {kept.token.at:%Y-%m-%d %H:%M} UTC" if kept.token else "not time-stamped yet"
    say.line(f"{path}: {len(content):,} bytes, {stamped}")


@command("optout-monitor anchor")
def anchor() -> None:
    """Have the ledger's newest line signed now by the time stamp authority of the settings, as `run` does daily."""
    from monitor.cli.opened import opened
    from monitor.pipeline.anchor import anchor as anchored

    with opened() as (_, world):
        if world.authority is None:
            say.error("OPTOUT_TIMESTAMP_URL is not set: there is no authority to ask")
            raise click.exceptions.Exit(MEND)
        made = anchored(world)
    if made is None:
        say.line("Nothing was kept since the newest time stamp.")
    else:
        say.line(f"{made.file}: the ledger's line {made.head} is time-stamped")


@command("optout-monitor prune --dry-run")
@click.option("--dry-run", is_flag=True, help="Say what would be removed, and remove nothing.")
@as_json
def prune(dry_run: bool, json: bool) -> None:
    """Remove captures older than OPTOUT_RETENTION that nothing refers to, as `run` does by itself."""
    from contextlib import nullcontext

    from monitor.cli.opened import opened
    from monitor.model.span import span_text
    from monitor.pipeline.prune import prune as pruned

    with opened() as (_, world):
        if world.retention is None:
            say.error("OPTOUT_RETENTION is not set: captures are kept for ever")
            raise click.exceptions.Exit(MEND)
        with nullcontext() if dry_run else world.writing():
            gone = pruned(world, world.retention, dry_run=dry_run)
    if json:
        say.machine(gone)
        return
    for file in gone.files:
        say.line(file)
    done = "would be removed" if dry_run else "removed"
    rule = f"older than {span_text(world.retention)}"
    say.line(f"{len(gone.files)} files, {gone.size_bytes:,} bytes, of {gone.captures} captures {done}: {rule}")


COMMANDS = (
    verify,
    anchor,
    prune,
    Group("evidence", help="What proves an alert to somebody who does not believe us.", commands=(pack,)),
)
