"""One capture after another: what is told, what waits, what is remembered. Pages of an invented service."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from importlib.resources import files

from monitor.assess import alerts_of, assess, rules
from monitor.model.alert import AlertState
from monitor.model.capture import Capture, RefusalReason
from monitor.model.finding import Finding, History
from monitor.model.page import Page, PageId, PageKind, Publication, PublicationRule, Recipe
from monitor.model.verdict import Kind, Level
from monitor.optout import parse_lexicon

ENGLISH = (files("monitor.optout") / "lexicons" / "en.toml").read_text(encoding="utf-8")
LEXICONS = {"en": parse_lexicon("en.toml", ENGLISH)}
PAGE = Page(
    id=PageId("murmel-policy"),
    url="https://murmel.example/policy",
    kind=PageKind.POLICY,
    title="Murmel policy",
    language="en",
    recipe=Recipe(select=("main",)),
)
START = datetime(2026, 2, 25, 8, tzinfo=UTC)

CHAPTERS = [
    ("What we collect", ["We collect what you write.", "We collect when you wrote it.", "We keep it for a year."]),
    ("How we answer", ["Letters are answered in a week.", "Parcels take two.", "Calls are answered at once."]),
    ("Who we are", ["Murmel is a small company.", "It sits by the river.", "It was founded by two sisters."]),
    ("Where we are", [f"House number {i} of the long street by the river is one of ours." for i in range(1, 21)]),
]
TRAINING = ["Public posts of yours", "Interactions with the assistant", "Ratings of answers"]
NOTES = [f"Note {i} explains a word of chapter {i} in a long and patient sentence." for i in range(1, 9)]


def html(*, training: Sequence[str] = TRAINING, notes: Sequence[str] = (), extra: str = "", head: str = "") -> str:
    chapters = "".join(f"<h2>{name}</h2>" + "".join(f"<p>{text}</p>" for text in texts) for name, texts in CHAPTERS)
    items = "".join(f"<li>{item}</li>" for item in training)
    section = f"<h2>Developing and improving our AI models</h2><p>We use the following:</p><ul>{items}</ul>"
    more = "".join(f"<h2>Background {i}</h2><p>{note}</p>" for i, note in enumerate(notes))
    return (
        f'<html lang="en"><head><title>Murmel policy</title>{head}</head>'
        f"<body><main><h1>Policy</h1>{chapters}{section}{extra}{more}</main></body></html>"
    )


def capture(body: str, hour: int) -> Capture:
    at = START + timedelta(hours=hour)
    headers = (("Content-Type", "text/html; charset=utf-8"),)
    return Capture(page=PAGE.id, url=PAGE.url, final_url=PAGE.url, at=at, body=body.encode(), headers=headers)


def told(*bodies: str, page: Page = PAGE) -> list[Finding]:
    """Return the finding on each of some captures, one hour apart."""
    history = History(rules=rules(page, LEXICONS))
    findings: list[Finding] = []
    for hour, body in enumerate(bodies):
        findings.append(assess(page, history, capture(body, hour), LEXICONS))
        history = findings[-1].history
    return findings


def test_first_sight_of_a_page_is_never_news() -> None:
    [first] = told(html())

    assert (first.verdict.kind, first.verdict.level) == (Kind.FIRST, Level.NONE)
    assert alerts_of(PAGE, first) == ()


def test_the_same_bytes_are_the_same_and_change_no_memory() -> None:
    first, second = told(html(), html())

    assert second.verdict.kind is Kind.SAME
    assert second.history is first.history


def test_another_token_in_the_markup_is_noise_and_changes_no_memory() -> None:
    first, second = told(html(), html(head='<script nonce="8a7f">t=1</script>'))

    assert second.verdict.kind is Kind.NOISE
    assert second.history is first.history


def test_a_capture_that_reads_as_the_suspect_one_is_not_read_anew() -> None:
    _, without, again = told(html(notes=NOTES), html(), html(head='<script nonce="8a7f">t=1</script>'))

    assert again.document is without.document


def test_an_item_that_goes_waits_and_is_told_when_the_next_fetch_confirms_it() -> None:
    shorter = html(training=TRAINING[1:])

    _, gone, confirmed = told(html(), shorter, shorter + " ")

    assert (gone.verdict.level, gone.verdict.held) == (Level.ALERT, True)
    [settled] = confirmed.settled
    assert (settled.confirmed, settled.verdict.held, settled.sight) == (True, False, gone.sight)
    assert settled.verdict.quotes[0].before == "Public posts of yours"
    assert confirmed.history.waiting == ()


def test_an_item_that_is_back_at_the_next_fetch_was_never_news() -> None:
    _, _, back = told(html(), html(training=TRAINING[1:]), html())

    [settled] = back.settled
    assert (settled.confirmed, settled.verdict.level) == (False, Level.NONE)
    assert back.verdict.kind is Kind.FLAP


def test_a_text_that_was_seen_before_is_no_news_when_it_returns() -> None:
    longer = html(extra="<p>You have the right to object to this use.</p>")

    findings = told(html(), longer, html(), longer)

    assert [finding.verdict.kind for finding in findings] == [Kind.FIRST, Kind.OPTOUT, Kind.FLAP, Kind.FLAP]


def test_a_group_of_sections_that_goes_is_the_captures_doing() -> None:
    _, without, back = told(html(notes=NOTES), html(), html(notes=NOTES))

    assert (without.verdict.kind, without.verdict.level) == (Kind.CAPTURE, Level.NONE)
    assert back.verdict.kind is Kind.FLAP


def test_a_real_change_is_found_under_a_group_that_went() -> None:
    _, without = told(html(notes=NOTES), html(extra="<p>You have the right to object to this use.</p>"))

    assert (without.verdict.kind, without.verdict.level) == (Kind.OPTOUT, Level.ALERT)
    assert without.verdict.quotes[0].after == "You have the right to object to this use."


def test_a_group_that_comes_back_without_one_of_its_own_has_lost_it() -> None:
    notes = [*NOTES, "You can object to this use by writing to the office by the river."]

    findings = told(html(notes=notes), html(), html(notes=NOTES), html(notes=NOTES) + " ")

    assert [(f.verdict.kind, f.verdict.held) for f in findings[1:]] == [
        (Kind.CAPTURE, True),
        (Kind.OPTOUT, True),
        (Kind.NOISE, False),
    ]
    assert [one.verdict.quotes[0].before for one in findings[3].settled if one.confirmed] == [notes[-1]]


def test_the_way_out_gone_with_a_group_is_held_for_a_maintainer_and_never_confirmed_by_fetches() -> None:
    notes = [*NOTES, "You can object to this use by writing to the office by the river."]

    findings = told(html(notes=notes), html(), html() + " ", html() + "  ")

    assert findings[1].verdict.waits_for.startswith("a maintainer: 18 blocks went together")
    assert [len(finding.settled) for finding in findings] == [0, 0, 0, 0]
    assert len(findings[3].history.waiting) == 1


def test_a_wall_is_refused_and_leaves_no_trace_in_memory() -> None:
    wall = '<html lang="en"><body><form action="/login"><input type="password" name="p"></form>Log in</body></html>'

    first, second, third = told(html(), wall, html())

    assert second.refusal is not None
    assert second.refusal.why in {RefusalReason.LOGIN_WALL, RefusalReason.MISSING_CONTENT}
    assert second.verdict.kind is Kind.CAPTURE
    assert second.history is first.history
    assert third.verdict.kind is Kind.SAME


def test_an_alert_is_the_same_one_however_often_it_is_made() -> None:
    longer = html(extra="<p>You have the right to object to this use.</p>")

    [once] = alerts_of(PAGE, told(html(), longer)[1])
    [again] = alerts_of(PAGE, told(html(), longer)[1])

    assert once == again


def test_the_watchlist_says_which_alerts_go_out_by_themselves() -> None:
    page = replace(PAGE, publish=PublicationRule(alert=Publication.AUTOMATIC))
    longer = html(extra="<p>You have the right to object to this use.</p>")

    [alert] = alerts_of(page, told(html(), longer, longer, page=page)[2])

    assert alert.state is AlertState.APPROVED


def test_new_words_are_told_when_a_second_fetch_shows_them_too() -> None:
    longer = html(extra="<p>You have the right to object to this use.</p>")

    _, new, confirmed = told(html(), longer, longer)

    assert (new.verdict.held, new.verdict.waits_for) == (True, "the next fetch, to confirm it")
    assert [(one.confirmed, one.verdict.held) for one in confirmed.settled] == [(True, False)]


def test_new_words_that_only_one_fetch_showed_stay_held() -> None:
    longer = html(extra="<p>You have the right to object to this use.</p>")

    _, _, back, later = told(html(), longer, html(), html())

    [settled] = back.settled
    assert (settled.confirmed, settled.verdict.held) == (False, True)
    assert settled.verdict.waits_for == "a maintainer: what had come was gone again at the next fetch"
    assert (later.settled, len(later.history.waiting)) == ((), 1)


def test_new_words_that_come_once_more_are_shown_by_two_fetches_and_left_to_a_maintainer() -> None:
    longer = html(extra="<p>You have the right to object to this use.</p>")

    *_, again, later = told(html(), longer, html(), longer, longer)

    [settled] = again.settled
    assert (settled.confirmed, settled.verdict.held) == (False, True)
    assert settled.verdict.waits_for == "a maintainer: it came, was gone, and came again"
    assert later.settled == ()


def test_a_held_alert_keeps_its_id_when_it_is_settled() -> None:
    shorter = html(training=TRAINING[1:])
    _, gone, confirmed = told(html(), shorter, shorter + " ")

    [held], [settled] = alerts_of(PAGE, gone), alerts_of(PAGE, confirmed)

    assert (held.state, settled.state) == (AlertState.HELD, AlertState.PENDING)
    assert held.id == settled.id
    assert settled.evidence.confirmed_at == START + timedelta(hours=2)


def test_another_document_at_the_same_address_is_for_a_maintainer() -> None:
    other = "".join(f"<h2>Part {i}</h2><p>You may object to part {i} of this unrelated paper.</p>" for i in range(30))
    body = f'<html lang="en"><head><title>Murmel policy</title></head><body><main>{other}</main></body></html>'

    _, replaced, back = told(html(), body, html(extra="<p>You have the right to object to this use.</p>"))

    assert replaced.verdict.held
    assert replaced.verdict.waits_for == "a maintainer: hardly any of this was seen before"
    assert back.verdict.quotes[0].after == "You have the right to object to this use."
    assert back.before == told(html())[0].sight


def test_a_recipe_whose_drop_takes_more_than_before_is_reported() -> None:
    page = replace(PAGE, recipe=Recipe(select=("main",), drop=("#aside",)))
    small, large = "<div id=aside>short</div>", f"<div id=aside>{'long words in the aside ' * 60}</div>"

    _, second = told(html(extra=small), html(extra=large + "<p>We moved.</p>"), page=page)

    assert second.remarks == ("recipe.drop takes 1,434 characters more than before (5)",)


def test_rules_change_with_the_recipe_and_the_lexicons() -> None:
    other = replace(PAGE, recipe=Recipe(select=("body",)))

    assert rules(PAGE, LEXICONS) == rules(PAGE, LEXICONS)
    assert len({rules(PAGE, LEXICONS), rules(other, LEXICONS), rules(PAGE, {})}) == 3
