"""`import recording|open-terms-archive|wayback|notice`: captures from elsewhere become a page's past."""

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from monitor.cli import say
from monitor.cli.command import Group, command

if TYPE_CHECKING:
    from monitor.model.page import Page
    from monitor.model.procedure import Procedure
    from monitor.ports import World

a_page = click.option("--page", required=True, help="Id of the page in the watchlist.")
DAY = click.DateTime(formats=("%Y-%m-%d",))
for_review = click.option(
    "--review", is_flag=True, help="Put what changed in it before the maintainers; nothing goes out by itself."
)


@command("optout-monitor import recording policy.tar.xz --page lumen-policy")
@click.argument(
    "recording",
    type=click.Path(exists=True, path_type=Path),
    help="A folder with recording.json, or a .tar.xz of one.",
)
@click.option("--page", default="", help="Id of the page in the watchlist; the recording's own id by default.")
@for_review
def recording(recording: Path, page: str, review: bool) -> None:
    """Keep the captures of a recording as a page's past: evidence and history, never news."""
    from monitor.cli.opened import declared, opened
    from monitor.fetch.recorded import read_recording
    from monitor.pipeline.past import import_captures

    with opened() as (_, world), world.writing():
        read = read_recording(recording)
        own = declared(world.watchlist, page or read.page.id)
        done = import_captures(own, say.progress(read.captures, "importing"), world, for_review=review)
    say.line(
        f"{say.counted(done.captures, 'capture')} of {own.id} kept; "
        f"{done.refused} of all its captures are not the page."
    )


@command(
    'optout-monitor import open-terms-archive pga-versions --document "Instagram/Privacy Policy" --page instagram-ota',
    name="open-terms-archive",
)
@click.argument(
    "repository",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="A local clone of a versions or snapshots repository.",
)
@click.option("--document", required=True, help='Service and terms as the repository names them: "Service/Terms Type".')
@a_page
@for_review
def open_terms_archive(repository: Path, document: str, page: str, review: bool) -> None:
    """Keep every version that an Open Terms Archive repository has of a document as the past of an archive page."""
    from monitor.cli.opened import opened
    from monitor.fetch.terms_archive import TermsArchive
    from monitor.pipeline.past import import_captures, unknown_of

    with opened() as (_, world), world.writing():
        own = _archive(world, page)
        archive = TermsArchive(repository)
        versions = archive.committed(document)
        missing = unknown_of(own, "commit", versions, lambda one: one.commit, world)
        if not missing:
            say.line(f"All {len(versions)} versions of {document} are captures of {own.id} already.")
            return
        captures = archive.captures(own, missing, document)
        done = import_captures(own, say.progress(captures, "importing", len(missing)), world, for_review=review)
    say.line(
        f"{len(versions)} versions of {document}, {done.captures} of them new; "
        f"{done.refused} of all captures of {own.id} are not the page."
    )


@command("optout-monitor import wayback https://www.example.org/privacy --page lumen-policy --from 2024-01-01")
@click.argument("url", help="Address that the archive knows the page by.")
@a_page
@click.option("--from", "first", type=DAY, default="1996-01-01", help="First day (YYYY-MM-DD); all by default.")
@click.option("--to", "last", type=DAY, default=None, help="Last day (YYYY-MM-DD); today by default.")
@click.option("--archive", default="https://web.archive.org", show_default=True, help="An archive that speaks CDX.")
@for_review
def wayback(url: str, page: str, first: datetime, last: datetime | None, archive: str, review: bool) -> None:
    """Keep what the Wayback Machine has of an address as a page's past; politely, one capture after the other."""
    from monitor import wiring
    from monitor.cli.opened import declared, opened
    from monitor.pipeline.past import import_captures, unknown_of

    with opened() as (settings, world), world.writing():
        own = declared(world.watchlist, page)
        machine = wiring.wayback(settings, archive)
        held = machine.held(url, first.date(), (last or world.now()).date())
        missing = unknown_of(own, "timestamp", held, lambda one: one.timestamp, world)
        if not missing:
            say.line(f"All {len(held)} captures that {archive} has are captures of {own.id} already.")
            return
        captures = machine.captures(own, missing)
        done = import_captures(own, say.progress(captures, "importing", len(missing)), world, for_review=review)
    say.line(
        f"{len(held)} captures in {archive}, {done.captures} of them new; "
        f"{done.refused} of all captures of {own.id} are not the page."
    )


@command("optout-monitor import notice objection-notice.eml --page facebook-notices")
@click.argument(
    "file", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="The message, saved with its headers."
)
@a_page
def notice(file: Path, page: str) -> None:
    """Keep a mail that a service sent to its users as evidence, without whom it was sent to, and say what it asks."""
    from monitor.cli.opened import opened
    from monitor.fetch.notice import read_notice
    from monitor.pipeline.past import import_captures, way_out_of

    with opened() as (_, world), world.writing():
        own = _archive(world, page)
        capture = read_notice(file, own)
        import_captures(own, (capture,), world)
        way = way_out_of(own, capture, world)
    say.line(f"Kept as {capture.digest} of {own.id}, sent {capture.at:%Y-%m-%d}; names and addresses are taken out.")
    _say_way(way)


def _archive(world: "World", id: str) -> "Page":
    """Return a page that is never asked for: what others took of it is not compared with what we fetch."""
    from monitor.cli.opened import declared
    from monitor.model.errors import WatchlistError

    own = declared(world.watchlist, id)
    if own.asked_for:
        raise WatchlistError(
            f"page {own.id}",
            f"is asked for by {own.fetcher}, and what comes from elsewhere is read otherwise than what we fetch: "
            "declare a page of its own with `fetcher: archive`",
        )
    return own


def _say_way(way: "Procedure") -> None:
    facts = (
        ("Starts at", [" > ".join(one.path) + (f" ({one.target})" if one.target else "") for one in way.entries]),
        ("Step", [one.value for one in way.steps]),
        ("Form", [one.value for one in way.forms]),
        ("Until", [way.deadline.value] if way.deadline else []),
        ("Who may", [one.value for one in way.eligibility]),
        ("Covers", [one.value for one in way.covered]),
        ("Not", [one.value for one in way.excluded]),
        ("Confirmed by", [one.value for one in way.confirmation]),
    )
    said = [(name, value) for name, values in facts for value in values]
    for name, value in said:
        say.line(f"{name}: {value}", indent=2)
    if not said:
        say.line("It describes no way out.", indent=2)


COMMANDS = (
    Group(
        "import",
        help="Take in captures from elsewhere as history.",
        commands=(recording, open_terms_archive, wayback, notice),
    ),
)
