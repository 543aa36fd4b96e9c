"""One mail to one subscriber through SendGrid's v3 API; what comes back is a message id or a `DeliveryError`.

`sendgrid` has no way to send a message twice safely, so this edge says exactly what is known. An error before the whole
request was written is "try again"; once it was written, only an answer of 2xx or a refusal is certain, and everything
else (a time-out, a dropped connection, an answer cut short) is `unknown`.
"""

import json
import logging
import re
import urllib.error
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.utils import parsedate_to_datetime
from http.client import HTTPException, HTTPMessage
from typing import IO, Any, NoReturn
from urllib.error import URLError
from urllib.parse import quote
from urllib.request import HTTPRedirectHandler, OpenerDirector, Request

from python_http_client.client import Client
from python_http_client.exceptions import HTTPError

from monitor.model.alert import Alert, AlertState, Review
from monitor.model.errors import DeliveryError
from monitor.model.page import PageId, Watchlist
from monitor.model.procedure import Procedure
from monitor.model.subscriber import Edition, Post, Subscriber
from monitor.render.mail import Letterhead, MailText, Reader, alert_mail, digest_mail
from monitor.render.mail_story import News
from monitor.render.safe import header_text
from monitor.render.tongue import Tongue

TIMEOUT = 20.0  # seconds to connect, and to wait for each piece of the answer; sendgrid 6.12.5 sets none by itself
RATE_PAUSE = 60.0  # seconds to wait after a 429 that names no moment
MOST_CATEGORIES = 10  # Source: SendGrid's OpenAPI description, mail/send, categories
NOBODY = "monitor@localhost.invalid"  # sender of messages that are only written to a folder (RFC 6761, section 6.4)
_SAID_CHARS = 300  # of SendGrid's own words in an error

# What a maintainer can do about a refusal, by HTTP status.
_ADVICE: Mapping[int, str] = {
    400: "the message breaks a rule of SendGrid: this is a fault of ours, please report it with these words",
    401: "the API key is wrong or revoked: set OPTOUT_SENDGRID_KEY to a key with the right Mail Send",
    403: "the key may not send, or the sender of OPTOUT_MAIL_FROM is not verified at SendGrid",
    404: "no such service there: check OPTOUT_SENDGRID_URL and OPTOUT_SENDGRID_REGION",
    413: "the message is too large",
}
_ACCOUNT = frozenset({401, 403, 404})  # refusals of everything that we send, not of one message
# SendGrid's own words for "not taken". Any other 5xx is of a gateway before it, which does not know whether it was.
_NOT_TAKEN = frozenset({500, 503})


@dataclass(frozen=True, slots=True, kw_only=True)
class Sender:
    """Who sends: address, name (fit for a header) and where answers go (empty is to the sender)."""

    address: str
    name: str = ""
    reply_to: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "name", header_text(self.name))

    def written(self) -> Address:
        """Return the sender as a `From` header takes it."""
        return Address(display_name=self.name, addr_spec=self.address or NOBODY)


@dataclass(frozen=True, slots=True, kw_only=True)
class Letters:
    """Writes the words of a message: knows the site, the watchlist, today's way out and each reader's addresses.

    `reader` says how a subscriber leaves and changes topics, `reviewed` when a maintainer approved an alert (None:
    no one did), `tongue` which catalogue a language has.
    """

    head: Letterhead
    watchlist: Watchlist
    reader: Callable[[Subscriber], Reader]
    way_out: Callable[[PageId], Procedure]
    reviewed: Callable[[Alert], datetime | None]
    tongue: Callable[[str], Tongue]

    def alert(self, alert: Alert, subscriber: Subscriber) -> MailText:
        """Return the mail that tells a subscriber of one alert."""
        return alert_mail(self._news(alert), self.head, self.reader(subscriber), self.tongue(subscriber.language))

    def digest(self, alerts: Sequence[Alert], subscriber: Subscriber) -> MailText:
        """Return the mail that tells a subscriber of several alerts."""
        every = tuple(self._news(alert) for alert in alerts)
        return digest_mail(every, self.head, self.reader(subscriber), self.tongue(subscriber.language))

    def _news(self, alert: Alert) -> News:
        page, service = self.watchlist.page(alert.page), self.watchlist.services.get(alert.service)
        title = (page.title if page else "") or alert.page
        return News(
            alert=alert,
            service=service.name if service else alert.service or title,
            page=title,
            page_url=page.url if page else alert.evidence.url,
            way_out=self.way_out(alert.page),
            reviewed=self.reviewed(alert),
        )


def leaving_by_mail(sender: Sender, subscriber: Subscriber) -> Reader:
    """Return a reader who leaves by writing to us: what can be promised while the site takes no requests."""
    address = quote(sender.reply_to or sender.address or NOBODY, safe="@")
    return Reader(
        subscriber=subscriber, leave=f"mailto:{address}?subject=unsubscribe%20{quote(subscriber.id, safe='')}"
    )


def approved_by_person(reviews: Iterable[Review], machine: str) -> datetime | None:
    """Return when a person last approved an alert, or None when only `machine` (the program's own name) decided."""
    moments = (review.at for review in reviews if review.after is AlertState.APPROVED and review.who != machine)
    return max(moments, default=None)


class Service:
    """SendGrid's mail/send; `api` is the region's address, or a loopback server's in tests."""

    def __init__(self, key: str, api: str, timeout: float = TIMEOUT) -> None:
        from sendgrid import SendGridAPIClient  # 20 MB, which an installation without a key need not hold

        # The HTTP client writes headers with the key and payloads with addresses to its log at level DEBUG.
        logging.getLogger("python_http_client").setLevel(logging.WARNING)
        service = SendGridAPIClient(api_key=key, host=api)
        service.client = _OneHost(host=api, request_headers=service.client.request_headers, version=3, timeout=timeout)
        self._service = service

    def __call__(self, body: Mapping[str, object]) -> str:
        """Send the body of a request, and return the message id.

        Raises:
            DeliveryError: as `Mailer` says.
        """
        try:
            answer = self._service.send(body)
        except HTTPError as refusal:
            raise _refused(refusal.status_code, refusal.body, refusal.headers) from refusal
        except URLError as trouble:
            # Raised while connecting or writing: SendGrid never had the whole request (urllib.request.do_open).
            raise DeliveryError(f"SendGrid cannot be reached ({trouble.reason}): it is tried again") from trouble
        except (OSError, HTTPException) as trouble:
            raise DeliveryError(
                f"the request was sent, but its answer was lost ({str(trouble) or type(trouble).__name__}): "
                "wait for a webhook event, or look the message up at SendGrid, before sending it again",
                unknown=True,
            ) from trouble
        return _message_id(answer.status_code, answer.headers)


class SendGrid:
    """A `Mailer` over SendGrid."""

    def __init__(self, key: str, api: str, sender: Sender, letters: Letters, timeout: float = TIMEOUT) -> None:
        self._service = Service(key, api, timeout)
        self._sender = sender
        self._letters = letters

    def __call__(self, alert: Alert, subscriber: Subscriber, post: Post) -> str:
        """Send one alert; see `Mailer`."""
        return self._send(self._letters.alert(alert, subscriber), (alert,), subscriber, post)

    def digest(self, alerts: Sequence[Alert], subscriber: Subscriber, post: Post) -> str:
        """Send several alerts in one message; see `Mailer`."""
        return self._send(self._letters.digest(alerts, subscriber), alerts, subscriber, post)

    def _send(self, mail: MailText, alerts: Sequence[Alert], subscriber: Subscriber, post: Post) -> str:
        return self._service(request_body(mail, alerts, subscriber, post, self._sender))


def request_body(
    mail: MailText, alerts: Sequence[Alert], subscriber: Subscriber, post: Post, sender: Sender
) -> dict[str, object]:
    """Return the body of a mail/send request: one subscriber in one personalization, tracking off.

    Source: SendGrid's OpenAPI description; the contract tests hold every request to it.
    """
    envelope = {
        "to": [{"email": subscriber.address}],
        "headers": dict(mail.headers),
        "custom_args": {
            "alert": ",".join(alert.id for alert in alerts),
            "edition": str(post.edition),
            "subscriber": str(subscriber.id),
            "attempt": str(post.attempt),
        },
    }
    return {
        "personalizations": [envelope],
        "from": _named(sender.address, sender.name),
        "reply_to": _named(sender.reply_to or sender.address, "" if sender.reply_to else sender.name),
        "subject": mail.subject,
        "content": [{"type": "text/plain", "value": mail.text}, {"type": "text/html", "value": mail.html}],
        "categories": _categories(alerts, post.edition),
        "tracking_settings": {
            "click_tracking": {"enable": False, "enable_text": False},
            "open_tracking": {"enable": False},
            "subscription_tracking": {"enable": False},
            "ganalytics": {"enable": False},
        },
    }


def _named(address: str, name: str) -> dict[str, str]:
    return {"email": address, "name": name} if name else {"email": address}


def _categories(alerts: Sequence[Alert], edition: Edition) -> list[str]:
    names = dict.fromkeys((str(edition), *(f"service-{alert.service}" for alert in alerts if alert.service)))
    return [name[:255] for name in names][:MOST_CATEGORIES]


def _message_id(status: int, headers: Mapping[str, str]) -> str:
    """Return the id of a queued message; 202 means queued, not delivered."""
    if status != 202:
        raise DeliveryError(
            f"SendGrid answered {status} where 202 was due: look the message up there before sending it again",
            unknown=True,
        )
    return headers.get("X-Message-Id") or "accepted without an id"


def _refused(status: int, body: bytes, headers: Mapping[str, str]) -> DeliveryError:
    if status == 429:
        return DeliveryError(
            "SendGrid takes no more messages for now (429): sending goes on later",
            account=True,
            retry_after=_pause(headers),
        )
    if status in _NOT_TAKEN:
        return DeliveryError(f"SendGrid is out of order ({status}: {_said(body)}): it is tried again")
    if status >= 500:
        return DeliveryError(
            f"something between us and SendGrid answered {status}: {_said(body)}; the message may have been taken, "
            "look it up there before sending it again",
            unknown=True,
        )
    advice = _ADVICE.get(status, "it is not tried again")
    if status < 400:
        advice = _ADVICE[404]
    return DeliveryError(
        f"SendGrid refused ({status}: {_said(body)}): {advice}",
        final=True,
        account=status in _ACCOUNT or status < 400,
    )


def _pause(headers: Mapping[str, str]) -> float:
    """Return the seconds until the moment that X-RateLimit-Reset names (Unix time), by SendGrid's own clock."""
    reset, date = headers.get("X-RateLimit-Reset") or "", headers.get("Date") or ""
    if not re.fullmatch(r"\d{1,12}", reset):
        return RATE_PAUSE
    try:
        now = parsedate_to_datetime(date).timestamp()
    except ValueError:
        return RATE_PAUSE
    return min(max(int(reset) - now, 1.0), 3600.0)


def _said(body: bytes) -> str:
    """Return what SendGrid said, on one line; its errors are `{"errors": [{"message": ..., "field": ...}]}`."""
    try:
        answer = json.loads(body)
        words = "; ".join(_complaint(error) for error in answer["errors"])
    except (ValueError, LookupError, TypeError, AttributeError):
        words = body.decode("utf-8", "replace")
    return " ".join(words.split())[:_SAID_CHARS] or "no reason given"


def _complaint(error: Mapping[str, object]) -> str:
    return f"{error['message']} (field {error['field']})" if error.get("field") else str(error["message"])


class _Staying(HTTPRedirectHandler):
    """Follows no redirect: the next host would be given the key."""

    handler_order = HTTPRedirectHandler.handler_order - 1  # before the one that urllib puts in by itself

    def redirect_request(
        self, req: Request, fp: IO[bytes], code: int, msg: str, headers: HTTPMessage, newurl: str
    ) -> NoReturn:
        """Make the answer an error; returning nothing would leave it to the next handler, which follows."""
        raise urllib.error.HTTPError(req.full_url, code, f"{msg} to {newurl}", headers, fp)


class _OneHost(Client):  # type: ignore[misc]  # python-http-client has no types
    """The HTTP client of `sendgrid`, with a time-out and without redirects."""

    def _build_client(self, name: str | None = None) -> "_OneHost":
        return _OneHost(
            host=self.host,
            request_headers=self.request_headers,
            version=self._version,
            url_path=[*self._url_path, name] if name else self._url_path,
            timeout=self.timeout,
        )

    def _make_request(self, opener: OpenerDirector, request: Request, timeout: float | None = None) -> Any:
        opener.add_handler(_Staying())
        return super()._make_request(opener, request, timeout=timeout)
