"""How a dossier and a comparison of two captures are said in a terminal; a part that is empty is left out."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from monitor.cli import say
from monitor.model.change import EditKind

if TYPE_CHECKING:
    from monitor.compare import Row
    from monitor.model.alert import Alert
    from monitor.model.change import Edit
    from monitor.pipeline.comparison import Comparison, Shot
    from monitor.pipeline.dossier import Dossier
    from monitor.pipeline.queue import Case

MARKS = {EditKind.KEPT: "{}", EditKind.GONE: "[-{}-]", EditKind.COME: "{{+{}+}}"}
CONTEXT_CHARS = 160  # of a block that only stands round a change


def say_dossier(read: "Dossier", *, whole: bool) -> None:
    """Say all that is known of an alert, what matters first; what it does not quote only when the whole is wanted."""
    _say_alert(read.alert)
    _say_case(read.case)
    if read.comparison is not None:
        _say_captures(read.comparison)
        _say_passages(read.quoted, read.comparison)
        if whole:
            _say_passages(read.others, read.comparison)
        elif read.others:
            say.line(f"More passages that changed in the same revision: {len(read.others)} (--all shows them)")
        _say_way(read.comparison, whole=whole)
    else:
        say.line(f"Its captures cannot be compared: {read.missing}")
    say.line(f"The page was checked {read.checks_between} times from the capture before to the one after.")
    for each in read.suspects:
        what = f"{each.outcome}: {each.detail}" if each.detail else str(each.outcome)
        say.line(f"{each.at:%Y-%m-%d %H:%M} UTC {what}  {each.capture or '(no bytes)'}", indent=2)
    _say_headed("Pinned on this page:", (f"{pin.id}  {pin.words}" for pin in read.pins))
    _say_headed(
        "Decided so far:",
        (f"{one.at:%Y-%m-%d %H:%M} UTC {one.who}: {one.before} -> {one.after} ({one.reason})" for one in read.reviews),
    )
    if read.corrected_by is not None:
        say.line(f"Corrected by {read.corrected_by.id}: {read.corrected_by.title}")


def say_comparison(compared: "Comparison") -> None:
    """Say two captures and what differs between them: passages in their place, then the way out."""
    _say_captures(compared)
    _say_passages(compared.passages, compared)
    _say_way(compared, whole=True)


def _say_captures(compared: "Comparison") -> None:
    say.line("Captures:")
    for name, shot in (("before", compared.before), ("after", compared.after)):
        _say_shot(name, shot)
    if compared.archive:
        say.line(f"Compare at the Wayback Machine: {compared.archive}", indent=2)


def _say_alert(alert: "Alert") -> None:
    own = alert.significance or "not given"
    say.line(f"{alert.id}  {alert.state}, {alert.kind}, {alert.level}, priority {alert.priority}, significance {own}")
    say.line(f"{alert.title}")
    say.line(f"What it means: {alert.meaning}")
    if alert.corrects:
        say.line(f"It corrects {alert.corrects}.")
    if alert.waits_for:
        say.line(f"Waits for {alert.waits_for}.")
    say.quotes(alert.quotes)
    if alert.other_lines:
        say.line(f"{alert.other_lines} other lines changed in the same revision.")
    proof = alert.evidence
    say.line(f"Last seen unchanged {proof.before_at:%Y-%m-%d %H:%M} UTC  sha256 {proof.before}")
    say.line(f"First seen changed  {proof.after_at:%Y-%m-%d %H:%M} UTC  sha256 {proof.after}")
    if proof.confirmed_at:
        say.line(f"Confirmed           {proof.confirmed_at:%Y-%m-%d %H:%M} UTC")
    say.line(f"Page {alert.page}: {proof.url}")


def _say_case(case: "Case") -> None:
    """Say why the alert has its rank, and which others are decided with it."""
    say.line(f"It touches: {case.touched}. Why it has its rank:")
    for ground in case.grounds:
        say.line(f"{ground.weight:4g}  {ground.rule}: {ground.cue}", indent=2)
        if ground.block:
            say.line(f"in: {ground.block}", indent=8)
        if ground.trail:
            say.line(f"under: {say.trail(ground.trail)}", indent=8)
    _say_headed(
        "The same decision is about:",
        (f"{one.id}  {one.page} ({one.state}): {one.title}" for one in case.alerts[1:]),
    )


def _say_shot(name: str, shot: "Shot") -> None:
    where = " ".join(filter(None, (shot.vantage.region, shot.vantage.language)))
    say.line(f"{name:6} {shot.at:%Y-%m-%d %H:%M} UTC  HTTP {shot.status}  {shot.size_bytes:,} bytes  {where}", indent=2)
    say.line(f"sha256 {shot.digest}", indent=9)
    say.line(shot.final_url or shot.url, indent=9)


def _say_passages(passages: "Sequence[Sequence[Row]]", compared: "Comparison") -> None:
    if passages:
        changed = sum(row.changed for passage in passages for row in passage)
        say.line(f"What changed, with the blocks round it ({changed} of {len(compared.rows)} blocks):")
    for passage in passages:
        _say_passage(passage, compared)


def _say_passage(passage: "Sequence[Row]", compared: "Comparison") -> None:
    first = next(row for row in passage if row.changed)
    say.line(f"{say.trail(first.block.trail) or '(no heading)'}:", indent=2)
    for row in passage:
        for line in _lines(row):
            say.line(line, indent=4)
        since = compared.first_seen(row) if row.changed else None
        if since is not None:
            say.line(f"(on the page since {since:%Y-%m-%d})", indent=6)


def _lines(row: "Row") -> Iterable[str]:
    """Return a row as lines: `=` stayed, `~` reworded, `-` gone, `+` come, `>` moved or leads elsewhere."""
    if not row.changed:
        text = row.block.text
        return (f"= {text if len(text) <= CONTEXT_CHARS else text[:CONTEXT_CHARS] + '…'}",)
    if row.edits:
        return (f"~ {_edits(row.edits)}",)
    if row.before is not None and row.after is not None:
        links = [f"{link.text}: {link.target}" for link in row.before.links if link not in row.after.links]
        news = [f"{link.text}: {link.target}" for link in row.after.links if link not in row.before.links]
        return (f"> {row.after.text}", *(f"> was {link}" for link in links), *(f"> is {link}" for link in news))
    return (f"{'-' if row.after is None else '+'} {row.block.text}",)


def _edits(edits: "Iterable[Edit]") -> str:
    return "".join(MARKS[edit.kind].format(edit.text) for edit in edits)


def _say_way(compared: "Comparison", *, whole: bool) -> None:
    if not compared.way:
        say.line("Neither capture describes a way out.")
        return
    shown = [each for each in compared.way if whole or each.kinds]
    same = len(compared.way) - len(shown)
    alike = say.counted(same, "fact")
    if not shown:
        say.line(f"The way out is the same before and after ({alike}).")
        return
    say.line(f"The way out, before and after{f' ({alike} the same)' if same else ''}:")
    rows = [(each.what, each.before, each.after, ", ".join(each.kinds)) for each in shown]
    if rows:
        say.table(("what", "before", "after", "differs"), rows)


def _say_headed(heading: str, lines: Iterable[str]) -> None:
    said = tuple(lines)
    if said:
        say.line(heading)
    for line in said:
        say.line(line, indent=2)
