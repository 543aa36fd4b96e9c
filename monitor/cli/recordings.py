"""Commands about captures that are held already: `replay`, `export`, `diff`."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from monitor.cli import say
from monitor.cli.command import as_json, command
from monitor.model.page import PageKind

if TYPE_CHECKING:
    from monitor.model.capture import Capture
    from monitor.model.finding import Finding
    from monitor.model.page import Page
    from monitor.model.verdict import Verdict
    from monitor.optout.lexicon import Lexicons
    from monitor.pipeline.replay import Line

a_recording = click.argument(
    "recording",
    type=click.Path(exists=True, path_type=Path),
    help="A folder with recording.json, or a .tar.xz of one.",
)
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
KINDS = {".md": "text/markdown", ".markdown": "text/markdown", ".txt": "text/plain"}


@command("optout-monitor replay recordings/policy.tar.xz --json")
@a_recording
@as_json
def replay(recording: Path, json: bool) -> None:
    """Assess a recording as if it were fetched now, one capture after the other; nothing is touched."""
    from monitor.fetch.recorded import read_recording
    from monitor.pipeline.replay import replay as replayed
    from monitor.wiring import lexicons

    page, captures = read_recording(recording)
    lines = replayed(page, say.progress(captures, "replaying"), lexicons())
    if json:
        for line in lines:
            say.machine(_line(line))
        return
    shown = [line for line in lines if line.verdict.relevant or line.verdict.kind not in ("same", "noise")]
    say.table(
        ("index", "at", "kind", "level", "what"),
        [(str(each.index), each.at[:16], each.verdict.kind, _level(each.verdict), _what(each)) for each in shown],
    )
    quiet = len(lines) - len(shown)
    say.line(f"{say.counted(len(lines), 'capture')}; {quiet} of them said nothing new and are not shown.")


@command("optout-monitor export facebook-privacy-policy --to policy.tar.xz")
@click.argument("page", help="Id of a page.")
@click.option(
    "--to",
    type=click.Path(path_type=Path),
    help="New folder, or new file that ends in .tar.xz; PAGE.tar.xz by default.",
)
def export(page: str, to: Path | None) -> None:
    """Write this installation's own captures of a page as a recording, to attach to a bug report."""
    from monitor.cli.opened import declared, opened
    from monitor.fetch.recorded import write_recording
    from monitor.model.errors import RecordingError

    with opened() as (_, world):
        own = declared(world.watchlist, page)
        path = to or Path(f"{own.id}.tar.xz")
        if next(world.evidence.captures(own.id), None) is None:
            raise RecordingError(own.id, f"nothing was captured so far; `optout-monitor check {own.id}` does that")
        count = write_recording(path, own, say.progress(world.evidence.captures(own.id), "exporting"))
    say.line(f"{say.counted(count, 'capture')} written to {path}")


@command("optout-monitor diff before.html after.html --explain")
@click.argument("old", type=FILE, help="A file of HTML or Markdown.")
@click.argument("new", type=FILE, help="A file of HTML or Markdown.")
@as_json
@click.option("--explain", is_flag=True, help="Say every block that differs and every rule.")
@click.option(
    "--kind",
    type=click.Choice(tuple(map(str, PageKind))),
    default=str(PageKind.POLICY),
    show_default=True,
    help="What the files are.",
)
@click.option("--language", default="", help="Language of the files; recognised by default.")
def diff(old: Path, new: Path, json: bool, explain: bool, kind: str, language: str) -> None:
    """Compare two files and say what the change means for someone who wants out."""
    from monitor.model.page import Page, PageId, Presence
    from monitor.pipeline.pair import pair
    from monitor.wiring import lexicons

    page = Page(
        id=PageId("diff"),
        url="https://diff.invalid/",
        kind=PageKind(kind),
        title="The document",
        language=language,
        present=Presence(least_chars=0),
    )
    known = lexicons()
    found = pair(page, _capture(page, old, "2000-01-01"), _capture(page, new, "2000-01-02"), known).new
    if json:
        say.machine(_found(found))
        return
    _say_verdict(found.verdict)
    if explain:
        _say_why(page, found, known)


def _capture(page: "Page", path: Path, day: str) -> "Capture":
    from datetime import datetime

    from monitor.model.capture import Capture

    content = KINDS.get(path.suffix.lower(), "text/html")
    return Capture(
        page=page.id,
        url=page.url,
        at=datetime.fromisoformat(f"{day}T00:00:00+00:00"),
        body=path.read_bytes(),
        headers=(("Content-Type", content),),
        final_url=page.url,
    )


def _line(line: "Line") -> Mapping[str, object]:
    """Return a line in the shape that the contract of `replay --json` fixes."""
    told = line.verdict
    return {
        "index": line.index,
        "file": line.file,
        "at": line.at,
        "kind": told.kind,
        "level": told.level,
        "aspects": told.aspects,
        "held": told.held,
        "decided_at_index": line.decided_at,
        "summary": told.title,
        "quotes": told.quotes,
        "reasons": [f"{why.rule}: {why.cue}" if why.cue else why.rule for why in told.reasons],
    }


def _found(found: "Finding") -> Mapping[str, object]:
    """Return what `diff --json` says."""
    told = found.verdict
    return {
        "kind": told.kind,
        "level": told.level,
        "aspects": told.aspects,
        "directions": told.directions,
        "held": told.held,
        "waits_for": told.waits_for,
        "summary": told.title,
        "meaning": told.meaning,
        "quotes": told.quotes,
        "reasons": told.reasons,
        "differences": found.differences,
        "change": found.change,
        "refusal": found.refusal,
    }


def _level(verdict: "Verdict") -> str:
    return f"{verdict.level} (held)" if verdict.held else verdict.level


def _what(line: "Line") -> str:
    confirmed = f" (decided at {line.decided_at})" if line.decided_at != line.index else ""
    return (line.verdict.title or line.verdict.kind) + confirmed


def _say_verdict(verdict: "Verdict") -> None:
    say.line(f"{verdict.kind}, {_level(verdict)}: {verdict.title or 'nothing to tell'}")
    if verdict.meaning:
        say.line(f"What it means: {verdict.meaning}")
    if verdict.held:
        say.line(f"Waits for {verdict.waits_for}.")
    say.quotes(verdict.quotes)


def _say_why(page: "Page", found: "Finding", lexicons: "Lexicons") -> None:
    """Say every piece that differs with the cues found in it, the rules that spoke and their weight."""
    from monitor.optout.explain import explain
    from monitor.optout.reading import Reader

    for each in found.differences:
        say.line(f"The way out: {each.kind}: {each.before or '(none)'} -> {each.after or '(none)'}")
    if found.document is None:
        return
    reader = Reader(lexicons, page.language or found.document.language)
    lines = explain(page, found.change, found.document, reader)
    say.line(f"All that differs ({say.counted(len(lines), 'piece')}, the weightiest first):")
    for line in lines:
        under = " > ".join(line.trail) or "(no heading)"
        say.line(f"{line.what} {line.block} under {under}: {line.level}, weight {line.weight:g}", indent=2)
        for name, words in (("Before", line.before), ("After", line.after)):
            if words:
                say.line(f"{name + ':':8}{words}", indent=4)
        for cue in line.cues:
            say.line(f"Cue {cue.id} ({cue.strength}) in {cue.where}: {cue.words}", indent=4)
        for rule in line.rules:
            say.line(f"Rule {rule.rule}: {rule.weight:g}", indent=4)


COMMANDS = (replay, export, diff)
