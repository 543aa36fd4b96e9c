"""A time stamp authority asked over HTTP (RFC 3161, section 3.4); what it answers is verified before it is believed."""

import time
from dataclasses import dataclass
from typing import Any

import requests
from rfc3161_client import HashAlgorithm, TimestampRequestBuilder

from monitor.model.errors import AuthorityError
from monitor.timestamp import StampError, proven, roots_of

TIMEOUT = (10.0, 20.0)  # seconds to connect, to wait for the next byte
DEADLINE = 60.0  # seconds for the whole body
LIMIT_BYTES = 100_000  # replies seen have 1 to 7 KB
_HEADERS = {"Content-Type": "application/timestamp-query", "Accept": "application/timestamp-reply"}


@dataclass(frozen=True, slots=True, kw_only=True)
class TimestampAuthority:
    """One authority: its address, its root certificates (PEM), and the name we go by."""

    url: str
    roots: bytes
    user_agent: str

    def __call__(self, line: bytes) -> bytes:
        """Return the reply over the SHA-256 of a line, once its signature was held against the authority's root.

        Raises:
            AuthorityError: it did not answer, refused, or answered what proves nothing.
        """
        question = TimestampRequestBuilder(data=line, hash_algorithm=HashAlgorithm.SHA256).build()
        reply = self._asked(question.as_bytes())
        try:
            proven(reply, roots_of(self.roots), nonce=question.nonce, of=line)
        except StampError as error:
            raise AuthorityError(self.url, f"{error}; see OPTOUT_TIMESTAMP_URL and OPTOUT_TIMESTAMP_CA") from error
        return reply

    def _asked(self, question: bytes) -> bytes:
        try:
            with requests.Session() as session:
                session.trust_env = False  # only settings read the environment
                headers = {**_HEADERS, "User-Agent": self.user_agent}
                told: dict[str, Any] = {"timeout": TIMEOUT, "allow_redirects": False, "stream": True}
                with session.post(self.url, data=question, headers=headers, **told) as answer:
                    if answer.status_code != 200:
                        raise AuthorityError(self.url, f"answered with HTTP {answer.status_code}")
                    return _read(answer, self.url)
        except requests.RequestException as error:
            raise AuthorityError(self.url, f"did not answer ({error})") from error


def _read(answer: requests.Response, url: str) -> bytes:
    """Return a body that is neither too long nor too slow."""
    body, until = b"", time.monotonic() + DEADLINE
    for chunk in answer.iter_content(4096):
        body += chunk
        if len(body) > LIMIT_BYTES or time.monotonic() > until:
            raise AuthorityError(url, f"answered with more than {LIMIT_BYTES} bytes, or over {DEADLINE:.0f} seconds")
    return body
