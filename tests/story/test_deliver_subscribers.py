"""Subscribers come by hand and by lists, change, leave and are forgotten; nobody comes without a consent record."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from itertools import count

import pytest

from monitor.model.errors import AddressError, SubscribersError
from monitor.model.page import PageId, ServiceId
from monitor.model.subscriber import Consent, Post, PostState, Subscriber, SubscriberId, SubscriberState, Topics
from monitor.model.verdict import Level
from monitor.pipeline.deliver import deliver
from monitor.pipeline.keys import Errand, Keys
from monitor.pipeline.subscribe import Held, add, address_of, erase, find, held, leave, suppress
from monitor.pipeline.subscriber_list import BadRow, export_list, import_list
from monitor.publish.reader import ReaderOnSite
from monitor.render.mail import leave_headers
from monitor.render.place import Place
from tests.published import alert
from tests.story.test_deliver import CONSENT, NOW, House, reader

HEADER = b"address,services,level,consent_source,consent_wording,consent_confirmed\n"
GOOD = b"new@example.org,facebook,digest,paper form,3,2026-02-01T10:00:00+01:00\n"


def tokens() -> Callable[[], str]:
    """Return tokens that a test can foresee."""
    numbers = count(1)
    return lambda: f"token-{next(numbers)}"


@pytest.fixture
def house() -> House:
    """Return a house with one reader."""
    made = House()
    made.join(reader(1))
    return made


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("reader@example.org", "reader@example.org"),
        ("  Reader@Example.ORG ", "reader@example.org"),
        ("a+b@example.org", "a+b@example.org"),
        ('"plain"@example.org', "plain@example.org"),
        ("reader@bücher.example", "reader@xn--bcher-kva.example"),
    ],
)
def test_an_address_is_kept_in_one_form(given: str, kept: str) -> None:
    assert address_of(given) == kept


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        ("", "must have an @-sign"),
        ("reader", "must have an @-sign"),
        ("reader@localhost", "should have a period"),
        ("reader@[127.0.0.1]", "not allowed here"),
        ("rüdiger@example.org", "not supported"),
        ('"a b"@example.org', "quotes before the @ cannot be delivered to"),
        ("reader@example.org\r\nBcc: x@example.org", "invalid characters"),
        ("reader@example.org, other@example.org", "invalid characters"),
        ("x" * 65 + "@example.org", "too long"),
    ],
)
def test_an_address_that_cannot_be_written_to_is_refused(given: str, problem: str) -> None:
    with pytest.raises(AddressError, match=problem):
        address_of(given)


def test_a_new_subscriber_has_a_random_id_and_a_consent_record(house: House) -> None:
    new = add(house.world, "New@Example.org", CONSENT, tokens(), topics=Topics(level=Level.DIGEST), language="de")

    assert new == Subscriber(
        id=SubscriberId("token-1"),
        address="new@example.org",
        state=SubscriberState.CONFIRMED,
        consent=CONSENT,
        topics=Topics(level=Level.DIGEST),
        language="de",
    )
    assert find(house.world, "new@example.org") == new


def test_without_a_confirmation_nobody_is_written_to(house: House) -> None:
    add(house.world, "new@example.org", replace(CONSENT, confirmed=None), tokens())
    house.publish(alert(1))

    deliver(house.world)

    assert [subscriber for subscriber, _ in house.postman.sent] == ["reader-1"]


def test_adding_a_known_address_changes_its_topics_only(house: House) -> None:
    later = Consent(source="again", wording="9", asked=NOW, confirmed=NOW)

    changed = add(house.world, "READER-1@example.org", later, tokens(), topics=Topics(level=Level.DIGEST))

    assert changed == replace(reader(1), topics=Topics(level=Level.DIGEST))
    assert house.shelf.subscribers() == (changed,)


@pytest.mark.parametrize("state", [SubscriberState.LEFT, SubscriberState.SUPPRESSED])
def test_whoever_left_is_not_brought_back_by_hand(house: House, state: SubscriberState) -> None:
    house.join(reader(1, state))

    with pytest.raises(AddressError, match="only the person can come back"):
        add(house.world, "reader-1@example.org", CONSENT, tokens())


def test_whoever_leaves_gets_no_more(house: House) -> None:
    house.publish(alert(1))

    gone = leave(house.world, SubscriberId("reader-1"))
    again = leave(house.world, SubscriberId("reader-1"))
    deliver(house.world)

    assert gone == again == reader(1, SubscriberState.LEFT)
    assert house.postman.sent == []


def test_an_unknown_id_leaves_nothing(house: House) -> None:
    assert leave(house.world, SubscriberId("nobody")) is None


def test_a_suppressed_subscriber_gets_no_more(house: House) -> None:
    house.publish(alert(1))

    suppress(house.world, "reader-1@example.org")
    deliver(house.world)

    assert house.shelf.states() == [("reader-1", PostState.SUPPRESSED)]


def test_suppressing_somebody_unknown_is_said(house: House) -> None:
    with pytest.raises(AddressError, match="nobody with this address is subscribed"):
        suppress(house.world, "other@example.org")


def test_a_person_is_handed_everything_that_is_held(house: House) -> None:
    house.publish(alert(1))
    posts: tuple[Post, ...] = house.shelf.posts()

    assert held(house.world, "reader-1@example.org") == Held(subscriber=reader(1), posts=posts)


def test_erasing_leaves_nothing_and_says_whether_there_was_anything(house: House) -> None:
    first, second = (erase(house.world, "Reader-1@example.org") for _ in range(2))

    assert (first, second, house.shelf.subscribers()) == (True, False, ())


def test_a_list_brings_subscribers_with_their_consent(house: House) -> None:
    found = import_list(house.world, [b"\xef\xbb\xbf" + HEADER, GOOD], tokens())

    assert found.bad == ()
    assert found.added == (
        Subscriber(
            id=SubscriberId("token-1"),
            address="new@example.org",
            state=SubscriberState.CONFIRMED,
            consent=Consent(
                source="paper form",
                wording="3",
                asked=datetime(2026, 2, 1, 9, 0, tzinfo=UTC),
                confirmed=datetime(2026, 2, 1, 9, 0, tzinfo=UTC),
            ),
            topics=Topics(services=frozenset({ServiceId("facebook")}), level=Level.DIGEST),
        ),
    )


def test_who_came_by_a_list_leaves_in_one_click_over_https(house: House) -> None:
    place, keys = Place(base_url="https://watch.example/optout/"), Keys(b"0123456789abcdef")
    on_site = ReaderOnSite(
        place=place,
        leave=partial(keys.key, errand=Errand.LEAVE),
        preferences=partial(keys.key, errand=Errand.PREFERENCES),
    )
    import_list(house.world, [HEADER, GOOD], tokens())
    newcomer = house.world.readers.with_address("new@example.org")
    assert newcomer is not None

    headers = dict(leave_headers(on_site(newcomer).leave, place))

    key = keys.key(SubscriberId("token-1"), Errand.LEAVE)
    assert headers["List-Unsubscribe"] == f"<https://watch.example/optout/mail/leave/{key}>"
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_a_list_read_twice_does_no_harm(house: House) -> None:
    import_list(house.world, [HEADER, GOOD], tokens())

    second = import_list(house.world, [HEADER, GOOD], tokens())

    assert (second.added, second.known, second.bad) == ((), 1, ())


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        (b"nobody,,,form,1,2026-02-01", "'nobody': An email address must have an @-sign."),
        (b"a@example.org,,,form,1", "expected 6 cells, found 5"),
        (b'"a@example.org,,,form,1,2026-02-01', "not a row of CSV: unexpected end of data"),
        (b"a@example.org,,,form,1,", "consent_confirmed: expected a value"),
        (b"a@example.org,,,,1,2026-02-01", "consent_source: expected a value"),
        (
            b"a@example.org,,,form,1,last year",
            "consent_confirmed: expected a moment such as 2026-01-05T10:00:00Z, not 'last year'",
        ),
        (b"a@example.org,facebok,,form,1,2026-02-01", "services: 'facebok' is not watched (the nearest is facebook)"),
        (b"a@example.org,,daily,form,1,2026-02-01", "level: expected alert or digest, not 'daily'"),
        (b"a@example.org,,,fo\x00rm,1,2026-02-01", "consent_source: control characters"),
        (b"\xff\xfe@example.org,,,form,1,2026-02-01", "not UTF-8"),
        (b"a@example.org,,," + b"x" * 5000 + b",1,2026-02-01", "longer than 4096 bytes"),
        (b"new@example.org,,,form,1,2026-02-01", "new@example.org: stands in this list before"),
        (
            b"reader-2@example.org,,,form,1,2026-02-01",
            "reader-2@example.org: has left: only the person can come back, by subscribing again",
        ),
    ],
)
def test_a_bad_row_is_reported_and_the_others_go_in(house: House, row: bytes, problem: str) -> None:
    house.join(reader(2, SubscriberState.LEFT))
    last = b"last@example.org,,,form,1,2026-02-01"

    found = import_list(house.world, [HEADER, GOOD, row + b"\r\n", b"\r\n", last], tokens())

    assert found.bad == (BadRow(3, problem),)
    assert [subscriber.address for subscriber in found.added] == ["new@example.org", "last@example.org"]


@pytest.mark.parametrize(
    ("header", "problem"),
    [
        (b"adress,consent_source\n", "line 1: no such column 'adress' (the nearest is address)"),
        (b"address,consent_source,consent_wording\n", "line 1: expected one column consent_confirmed"),
        (b"", "line 1: expected one column address"),
        (b"\xff\xfe\n", "line 1: expected a header of columns in UTF-8"),
    ],
)
def test_a_wrong_header_stops_the_import(house: House, header: bytes, problem: str) -> None:
    with pytest.raises(SubscribersError) as caught:
        import_list(house.world, [header], tokens())

    assert str(caught.value).startswith(problem)


def test_an_exported_list_can_be_imported(house: House) -> None:
    topics = Topics(
        services=frozenset({ServiceId("facebook"), ServiceId("whatsapp")}),
        pages=frozenset({PageId("facebook-form")}),
        languages=frozenset({"en", "de"}),
        level=Level.DIGEST,
    )
    exported = add(
        house.world, "new@example.org", replace(CONSENT, source='a "form", on paper'), tokens(), topics=topics
    )
    lines = [line.encode() for line in export_list(house.shelf.subscribers())]
    empty = House()

    found = import_list(empty.world, lines, tokens())

    assert found.bad == ()
    assert [replace(each, id=exported.id) for each in found.added][1] == exported


def test_fifty_thousand_rows_with_one_in_a_hundred_malformed(house: House) -> None:
    rows = [
        b'broken "row %d\n' % number
        if number % 100 == 0
        else b"r%d@example.org,,,paper form,3,2026-02-01T10:00:00Z\n" % number
        for number in range(1, 50_001)
    ]

    found = import_list(house.world, [HEADER, *rows], tokens())

    assert (len(found.added), len(found.bad)) == (49_500, 500)
    assert found.bad[0] == BadRow(101, "expected 6 cells, found 1")
    assert len(house.shelf.subscribers()) == 49_501
