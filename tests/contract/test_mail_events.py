"""What is believed of SendGrid's event webhook: signed with its key, fresh, small, and about messages of ours."""

import base64
import json
from datetime import UTC, datetime, timedelta

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from monitor.model.alert import AlertId
from monitor.model.errors import SettingsError
from monitor.model.subscriber import Edition, EventKind, MailEvent, SubscriberId
from monitor.publish.mail_events import Doubt, Signed, Webhook

KEY = ec.generate_private_key(ec.SECP256R1())
PUBLIC = base64.b64encode(KEY.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).decode()
NOW = datetime(2026, 7, 24, 12, 0, tzinfo=UTC)
EVENT = {
    "event": "bounce",
    "email": "Reader@example.org",
    "timestamp": 1784894000,
    "sg_message_id": "msg-1.filter-147.22649.0",
    "sg_event_id": "changes-on-every-retry",
    "reason": "550 no such\r\nmailbox",
    "type": "bounce",
    "category": ["alert", "service-facebook"],
    "alert": "aa,bb",
    "subscriber": "5f2c",
    "edition": "alert",
    "attempt": "1",
}


def signed(body: bytes, at: datetime = NOW, key: ec.EllipticCurvePrivateKey = KEY) -> Signed:
    """Return a request as SendGrid signs it: ECDSA with SHA-256 over the timestamp and the raw body."""
    timestamp = str(int(at.timestamp()))
    signature = key.sign(timestamp.encode() + body, ec.ECDSA(hashes.SHA256()))
    return Signed(body=body, signature=base64.b64encode(signature).decode(), timestamp=timestamp)


def batch(*events: object) -> bytes:
    return json.dumps(events).encode()


def test_a_signed_event_is_read() -> None:
    assert Webhook(PUBLIC)(signed(batch(EVENT)), NOW) == (
        MailEvent(
            kind=EventKind.BOUNCE,
            message_id="msg-1",
            address="reader@example.org",
            at=datetime(2026, 7, 24, 11, 53, 20, tzinfo=UTC),
            subscriber=SubscriberId("5f2c"),
            alerts=(AlertId("aa"), AlertId("bb")),
            edition=Edition.ALERT,
            reason="550 no such mailbox",
        ),
    )


def test_the_same_event_sent_again_has_the_same_key() -> None:
    again = {**EVENT, "sg_event_id": "another", "reason": "said otherwise"}

    events = Webhook(PUBLIC)(signed(batch(EVENT, again, {**EVENT, "timestamp": 1784894001})), NOW)

    assert not isinstance(events, Doubt)
    assert events[0].key == events[1].key != events[2].key


def test_a_bounce_that_is_a_block_is_no_bounce() -> None:
    events = Webhook(PUBLIC)(signed(batch({**EVENT, "type": "blocked"})), NOW)

    assert not isinstance(events, Doubt)
    assert [event.kind for event in events] == [EventKind.BLOCKED]


@pytest.mark.parametrize(
    "event",
    [
        {"event": "bounce", "email": "a@example.org", "timestamp": 1},  # of another program on the same account
        {**EVENT, "event": "open"},
        {**EVENT, "edition": "leaflet"},
        {**EVENT, "alert": ""},
        {**EVENT, "subscriber": 7},
        {"event": "account_status_change", "type": "compliance_suspend", "timestamp": 1},
    ],
)
def test_events_that_are_not_ours_are_passed_over(event: object) -> None:
    assert Webhook(PUBLIC)(signed(batch(event)), NOW) == ()


def test_an_event_of_another_program_spoils_none_of_ours() -> None:
    events = Webhook(PUBLIC)(signed(batch({"event": 5}, EVENT, 1)), NOW)

    assert not isinstance(events, Doubt)
    assert [event.subscriber for event in events] == ["5f2c"]


def test_a_forged_request_is_not_believed() -> None:
    stranger = ec.generate_private_key(ec.SECP256R1())

    assert Webhook(PUBLIC)(signed(batch(EVENT), key=stranger), NOW) is Doubt.NOT_SIGNED


def test_a_changed_body_is_not_believed() -> None:
    request = signed(batch(EVENT))

    changed = Signed(request.body.replace(b"5f2c", b"5f2d"), request.signature, request.timestamp)

    assert Webhook(PUBLIC)(changed, NOW) is Doubt.NOT_SIGNED


def test_a_changed_timestamp_is_not_believed() -> None:
    request = signed(batch(EVENT), at=NOW - timedelta(days=1))

    assert Webhook(PUBLIC)(Signed(request.body, request.signature, "1784894400"), NOW) is Doubt.NOT_SIGNED


@pytest.mark.parametrize("signature", ["", "%%%", "AAAA", "ä", "A" * 10_000])
def test_a_signature_that_is_none_is_not_believed(signature: str) -> None:
    request = signed(batch(EVENT))

    assert Webhook(PUBLIC)(Signed(request.body, signature, request.timestamp), NOW) is Doubt.NOT_SIGNED


@pytest.mark.parametrize("age", [timedelta(minutes=11), timedelta(minutes=-11), timedelta(days=300)])
def test_a_replayed_request_is_stale(age: timedelta) -> None:
    assert Webhook(PUBLIC)(signed(batch(EVENT), at=NOW - age), NOW) is Doubt.STALE


def test_a_request_is_fresh_for_ten_minutes() -> None:
    events = Webhook(PUBLIC)(signed(batch(EVENT), at=NOW - timedelta(minutes=10)), NOW)

    assert not isinstance(events, Doubt)


def test_a_large_body_is_refused_before_its_signature_is_looked_at() -> None:
    assert Webhook(PUBLIC)(Signed(b" " * 1_000_001, "", ""), NOW) is Doubt.TOO_LARGE


@pytest.mark.parametrize("body", [b"", b"{}", b"[" * 5000, b"[}", b"\xff\xfe"])
def test_a_signed_body_that_is_no_list_of_events_is_doubted(body: bytes) -> None:
    assert Webhook(PUBLIC)(signed(body), NOW) in (Doubt.NOT_EVENTS, Doubt.NOT_SIGNED)


@pytest.mark.parametrize("timestamp", [10**18, -(10**18)])
def test_a_moment_beyond_all_calendars_is_passed_over(timestamp: int) -> None:
    assert Webhook(PUBLIC)(signed(batch({**EVENT, "timestamp": timestamp})), NOW) == ()


@pytest.mark.parametrize("key", ["no key", "AAAA", "", "-----BEGIN PUBLIC KEY-----"])
def test_a_wrong_key_is_an_error_of_the_settings(key: str) -> None:
    with pytest.raises(SettingsError, match="OPTOUT_SENDGRID_WEBHOOK_KEY"):
        Webhook(key)
