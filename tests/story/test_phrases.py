"""Since when a page says something: words held against every version, whatever their typography."""

from pathlib import Path

import pytest

from monitor.model.errors import PhraseError
from monitor.pipeline.check import check
from monitor.pipeline.phrases import since
from tests.contract.web import web
from tests.fakes import House, fake_world, page
from tests.story.lumen import DEADLINE, LOGIN, policy


@pytest.fixture
def house() -> House:
    """Return a page whose deadline came with the second version, went with the fourth and came back with the fifth."""
    made = fake_world()
    for body in (policy(), policy(DEADLINE), policy(DEADLINE, LOGIN), policy(LOGIN), policy(DEADLINE, LOGIN)):
        made.serve(body)
        check(page(), made.world)
    return made


def test_every_stretch_is_told_with_the_versions_before_and_after(house: House) -> None:
    first, second = since(page(), DEADLINE, house.world)

    at = [version.at for version in house.store.versions(page().id)]
    assert (first.before, first.first.at, first.last.at, first.after) == (
        house.store.known_versions[0],
        at[1],
        at[2],
        house.store.known_versions[3],
    )
    assert (first.versions, second.versions) == (2, 1)
    assert second.first.at == at[4]
    assert second.after is None


def test_what_stood_there_from_the_first_is_told_so(house: House) -> None:
    (only,) = since(page(), "private messages", house.world)

    assert (only.before, only.after, only.versions) == (None, None, 5)


@pytest.mark.parametrize(
    "words", ["send YOUR objection", "your  objection to ai", "before 2026-09-30", "before September 30, 2026"]
)
def test_case_quotes_spaces_and_dates_do_not_matter(house: House, words: str) -> None:
    assert len(since(page(), words, house.world)) == 2


def test_words_that_were_never_said_have_no_stretch(house: House) -> None:
    assert since(page(), "we sell lamps to the moon", house.world) == ()


@pytest.mark.parametrize("words", ["", "ai", " . ", "x" * 2_000])
def test_too_few_and_too_many_words_are_refused(house: House, words: str) -> None:
    with pytest.raises(PhraseError, match="3 to 1000 characters"):
        since(page(), words, house.world)


def test_versions_from_before_texts_were_kept_are_read_in_their_captures(house: House) -> None:
    before = since(page(), DEADLINE, house.world)

    house.store.texts.clear()

    assert since(page(), DEADLINE, house.world) == before
    house.evidence.kept.clear()
    assert since(page(), DEADLINE, house.world) == ()


def test_the_site_answers_without_script(house: House, tmp_path: Path) -> None:
    with web(tmp_path) as site:
        site.house.store.known_versions = house.store.known_versions
        site.house.store.texts = house.store.texts
        found = site.client.get("/optout/said/", params={"page": "lumen-policy", "words": DEADLINE})
        none = site.client.get("/optout/said/", params={"page": "lumen-policy", "words": "<script>alert(1)</script>"})
        few = site.client.get("/optout/said/", params={"page": "lumen-policy", "words": "a"})

    assert found.text.count("<dt>Said since</dt>") == 2
    assert "<script>alert" not in none.text
    assert "No version that we read says that." in none.text
    assert "at least three letters" in few.text
