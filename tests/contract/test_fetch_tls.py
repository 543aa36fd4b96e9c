"""Hostile connections: nothing is taken from whom no certificate proves, and a handshake holds nobody up."""

import socket
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import trustme

from monitor.model.capture import MissReason
from tests.contract.asking import answers, fetched_from, missed
from tests.contract.servers import always, answer, serving


def certified(authority: trustme.CA, tmp_path: Path, *names: str, until: datetime | None = None) -> ssl.SSLContext:
    authority.cert_pem.write_to_path(tmp_path / "ca.pem")
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    since = None if until is None else until - timedelta(days=30)
    authority.issue_cert(*names, not_before=since, not_after=until).configure_cert(context)
    return context


@pytest.mark.parametrize(
    ("name", "until", "trusted", "problem"),
    [
        ("other.example", None, True, "mismatch"),
        ("127.0.0.1", datetime(2020, 1, 1, tzinfo=UTC), True, "expired"),
        ("127.0.0.1", None, False, "unable to get local issuer certificate"),
    ],
)
def test_a_certificate_that_proves_nothing_ends_the_fetch(
    tmp_path: Path, name: str, until: datetime | None, trusted: bool, problem: str
) -> None:
    tls = certified(trustme.CA(), tmp_path, name, until=until)
    bundle = str(tmp_path / "ca.pem") if trusted else ""
    with serving(always(answer()), tls=tls) as server:
        miss = missed(fetched_from(server.url, ca_bundle=bundle))

    assert miss.why is MissReason.TLS
    assert problem in miss.detail
    assert server.requests == []


def test_a_name_is_proved_by_its_certificate_and_not_by_the_address_behind_it(tmp_path: Path) -> None:
    tls = certified(trustme.CA(), tmp_path, "127.0.0.1")
    with serving(always(answer()), tls=tls) as server:
        url = server.url.replace("127.0.0.1", "book.example")
        bundle = str(tmp_path / "ca.pem")
        miss = missed(fetched_from(url, "book.example", resolver=answers("127.0.0.1"), ca_bundle=bundle))

    assert miss.why is MissReason.TLS


def test_an_old_version_of_tls_is_refused(tmp_path: Path) -> None:
    tls = certified(trustme.CA(), tmp_path, "127.0.0.1")
    with pytest.warns(DeprecationWarning, match="TLSv1_1"):
        tls.maximum_version = ssl.TLSVersion.TLSv1_1
    with serving(always(answer()), tls=tls) as server:
        miss = missed(fetched_from(server.url, ca_bundle=str(tmp_path / "ca.pem")))

    assert miss.why is MissReason.TLS


def test_a_certificate_that_signed_itself_is_refused(tmp_path: Path) -> None:
    authority = trustme.CA()
    (tmp_path / "own.pem").write_bytes(authority.private_key_pem.bytes() + authority.cert_pem.bytes())
    tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    tls.load_cert_chain(tmp_path / "own.pem")
    with serving(always(answer()), tls=tls) as server:
        miss = missed(fetched_from(server.url))

    assert miss.why is MissReason.TLS
    assert "self-signed certificate" in miss.detail


@contextmanager
def greeting(first: bytes, then: bytes) -> Iterator[int]:
    """Send bytes to whoever connects, before they ask, then some more now and then; give the port."""

    def accept() -> None:
        connection, _ = listener.accept()
        with connection, suppress(OSError):
            connection.sendall(first)
            while not stop.wait(0.05):
                connection.sendall(then)

    stop = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=accept)
        thread.start()
        yield int(listener.getsockname()[1])
        stop.set()
        thread.join()


def test_a_handshake_that_drips_is_cut_off() -> None:
    with greeting(b"\x16\x03\x03\x40\x00", b"\x02") as port:
        begun = time.monotonic()
        miss = missed(fetched_from(f"https://127.0.0.1:{port}/"))
        took = time.monotonic() - begun

    assert miss.why is MissReason.TIMED_OUT
    assert took < 5


def test_plain_http_where_tls_was_promised_is_refused() -> None:
    with greeting(answer(), b"") as port:
        miss = missed(fetched_from(f"https://127.0.0.1:{port}/"))

    assert miss.why is MissReason.TLS
