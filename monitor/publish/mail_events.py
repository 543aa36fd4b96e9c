"""A request of SendGrid's event webhook in, events of our own messages out, or why it is not believed.

Nothing of the body is read before its signature is found good; other programs that send from the same account are
passed over.
"""

import binascii
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

import msgspec

from monitor.model.alert import AlertId
from monitor.model.errors import SettingsError
from monitor.model.subscriber import Edition, EventKind, MailEvent, SubscriberId

SIGNATURE_HEADER = "X-Twilio-Email-Event-Webhook-Signature"
TIMESTAMP_HEADER = "X-Twilio-Email-Event-Webhook-Timestamp"
LIMIT_BYTES = 1_000_000  # SendGrid sends batches below 768 KB
WINDOW = timedelta(minutes=10)  # how far the signed moment may be from ours, either way

_KINDS = frozenset(kind.value for kind in EventKind)
_EDITIONS = frozenset(edition.value for edition in Edition)


class Doubt(StrEnum):
    """Why a request is not believed."""

    TOO_LARGE = "the body is too large"
    NOT_SIGNED = "the signature does not fit"
    STALE = "the signed moment is too far from now"
    NOT_EVENTS = "the body is not a list of events"


@dataclass(frozen=True, slots=True)
class Signed:
    """A request as it came: the raw body, and the two headers."""

    body: bytes
    signature: str
    timestamp: str


class _Told(msgspec.Struct):
    """One event as SendGrid writes it, with our custom_args beside its own keys; other keys are left aside."""

    event: str
    email: str
    timestamp: int
    sg_message_id: str | None = None
    type: str | None = None
    reason: str | None = None
    alert: str = ""
    subscriber: str = ""
    edition: str = ""


class Webhook:
    """Believes requests that were signed with one key."""

    def __init__(self, public_key: str) -> None:
        """Take SendGrid's verification key: base64 of DER, as its settings page shows it.

        Raises:
            SettingsError: it is no such key.
        """
        from sendgrid.helpers.eventwebhook import EventWebhook  # 20 MB, which only an installation with a key holds

        try:
            self._verifier = EventWebhook(public_key or "none")
        except ValueError as error:
            raise SettingsError("OPTOUT_SENDGRID_WEBHOOK_KEY", "expected SendGrid's public key in base64") from error

    def __call__(self, request: Signed, now: datetime) -> tuple[MailEvent, ...] | Doubt:
        """Return the events of our messages in a request, or why it is not believed."""
        if len(request.body) > LIMIT_BYTES:
            return Doubt.TOO_LARGE
        if not self._signed(request):
            return Doubt.NOT_SIGNED
        if not _fresh(request.timestamp, now):
            return Doubt.STALE
        try:
            batch = msgspec.json.decode(request.body, type=list[msgspec.Raw])
        except (msgspec.DecodeError, RecursionError):
            return Doubt.NOT_EVENTS
        return tuple(event for raw in batch if (event := _event(raw)) is not None)

    def _signed(self, request: Signed) -> bool:
        try:
            return bool(
                self._verifier.verify_signature(request.body.decode("utf-8"), request.signature, request.timestamp)
            )
        except (UnicodeDecodeError, binascii.Error, ValueError):
            return False


def _fresh(timestamp: str, now: datetime) -> bool:
    signed = _moment(int(timestamp)) if re.fullmatch(r"\d{1,12}", timestamp) else None
    return signed is not None and abs(signed - now) <= WINDOW


def _event(raw: msgspec.Raw) -> MailEvent | None:
    """Return the event, or None when it is not of our messages or of a kind that changes nothing."""
    try:
        told = msgspec.json.decode(raw, type=_Told)
    except msgspec.DecodeError:
        return None  # of the account itself, or of another program
    kind = "blocked" if told.event == "bounce" and told.type == "blocked" else told.event
    at = _moment(told.timestamp)
    if kind not in _KINDS or told.edition not in _EDITIONS or not told.subscriber or not told.alert or at is None:
        return None
    return MailEvent(
        kind=EventKind(kind),
        message_id=(told.sg_message_id or "").partition(".")[0],
        address=told.email.lower(),
        at=at,
        subscriber=SubscriberId(told.subscriber),
        alerts=tuple(AlertId(alert) for alert in told.alert.split(",")),
        edition=Edition(told.edition),
        reason=" ".join((told.reason or "").split())[:300],
    )


def _moment(timestamp: int) -> datetime | None:
    """Return a Unix time as a moment, or None when no calendar has it."""
    try:
        return datetime.fromtimestamp(timestamp, UTC)
    except (ValueError, OverflowError, OSError):
        return None
