"""What an entry of a feed signals: values in, a signal or nothing out."""

import pytest

from monitor.model.feed import Entry
from monitor.model.page import FeedSource, Page, PageId, PageKind, Service, ServiceId, Watchlist
from monitor.model.verdict import Aspect, Kind, Level, Quote
from monitor.optout import signal_of
from monitor.optout.reading import Reader
from monitor.optout.signals import Signal
from tests.fakes import lexicons

LUMEN, MURMEL = ServiceId("lumen"), ServiceId("murmel")


def page(name: str, service: ServiceId) -> Page:
    url = f"https://www.{service}.example/{name}/?lang=en"
    return Page(id=PageId(f"{service}-{name}"), url=url, kind=PageKind.POLICY, service=service, title=name.title())


WATCHED = Watchlist(
    services={
        LUMEN: Service(LUMEN, "Lumen", also=("Glow Inc.",)),
        MURMEL: Service(MURMEL, "Murmel"),
    },
    pages=(page("policy", LUMEN), page("help", LUMEN), page("policy", MURMEL)),
)
GENERAL = FeedSource(id="board", url="https://board.example/feed", title="The Board")
OWN = FeedSource(id="lumen-news", url="https://lumen.example/feed", title="Lumen news", service=LUMEN)


def signal(title: str, summary: str = "", feed: FeedSource = GENERAL, **more: str) -> Signal | None:
    entry = Entry(id="1", title=title, summary=summary, link=more.get("link", ""))
    return signal_of(entry, feed, WATCHED, Reader(lexicons(), feed.language))


def test_an_entry_about_a_watched_service_and_ai_training_is_a_signal_for_its_pages() -> None:
    found = signal("New rules", "Lumen will train its AI models on posts from May. The weather was fine.")

    assert found is not None
    assert found.pages == ("lumen-policy", "lumen-help")
    assert found.service == "lumen"
    assert (found.verdict.kind, found.verdict.level) == (Kind.SIGNAL, Level.DIGEST)
    assert found.verdict.aspects == (Aspect.AI_TRAINING_USE,)
    assert found.verdict.title == "The Board: an entry speaks of data used for AI"
    assert found.verdict.quotes == (Quote("", "Lumen will train its AI models on posts from May.", ("New rules",)),)
    assert ("cue:train-models", "train") in {(reason.rule, reason.cue) for reason in found.verdict.reasons}


def test_a_service_is_named_by_what_the_watchlist_also_calls_it() -> None:
    found = signal("You can object to AI training at Glow Inc. until May")

    assert found is not None
    assert found.service == "lumen"
    assert found.verdict.title == "The Board: an entry speaks of the right to object"


@pytest.mark.parametrize(
    "title",
    [
        "Another company trains its AI models on posts",
        "A murmel trains our AI models",
        "Lumen opens an office in Cork",
        "Lumenia trains AI models on posts",
        "",
    ],
)
def test_an_entry_about_nothing_that_is_watched_is_no_signal(title: str) -> None:
    assert signal(title) is None


def test_a_feed_of_a_service_need_not_name_it() -> None:
    found = signal("How you can object to the use of your posts for AI training", feed=OWN)

    assert found is not None
    assert (found.service, found.pages) == ("lumen", ("lumen-policy", "lumen-help"))


def test_an_entry_about_several_services_is_about_none_alone() -> None:
    found = signal("Lumen and Murmel train AI models on posts")

    assert found is not None
    assert (found.service, found.pages) == ("", ("lumen-policy", "lumen-help", "murmel-policy"))


@pytest.mark.parametrize(
    "address",
    [
        "https://www.lumen.example/policy/",
        "http://lumen.example/policy?utm_source=feed#objection",
        "HTTPS://LUMEN.EXAMPLE/policy",
    ],
)
def test_an_entry_that_links_to_a_watched_page_names_that_page_alone(address: str) -> None:
    found = signal("Read our new text", link=address)

    assert found is not None
    assert (found.service, found.pages) == ("lumen", ("lumen-policy",))
    assert found.verdict.title == "The Board: an entry links to Policy"
    assert found.verdict.quotes == (Quote("", "Read our new text"),)


def test_an_address_in_the_text_counts_as_a_link() -> None:
    found = signal("Update", "See https://murmel.example/policy.")

    assert found is not None
    assert found.pages == ("murmel-policy",)


def test_an_address_that_is_none_is_passed_over() -> None:
    assert signal("Update", "See https://[murmel/policy.", link="https://[::1") is None


def test_hostile_words_are_quoted_as_they_are_and_bounded() -> None:
    found = signal("Lumen <script>alert(1)</script>\u202e", "You can object to AI training " + "x" * 5000)

    assert found is not None
    assert "\u202e" not in "".join(str(quote) for quote in found.verdict.quotes)
    assert found.verdict.title == "The Board: an entry speaks of the right to object"
    assert all(len(quote.after) <= 402 for quote in found.verdict.quotes)
