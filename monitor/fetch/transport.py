"""One GET over `requests`, to the address that was checked, cut off when its time is up.

No session is used: nothing is carried from one request to the next, no cookie, no credentials from the environment or
a `.netrc`, and no redirect is followed here.
"""

import io
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from functools import cached_property, lru_cache, partial
from http.client import HTTPResponse
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlsplit

import certifi
from requests import PreparedRequest, Response
from requests.adapters import HTTPAdapter
from ssrfguard import Policy, Resolver, Target, connect, resolve
from urllib3.connection import HTTPConnection, HTTPSConnection, port_by_scheme
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import ConnectTimeoutError, NameResolutionError, NewConnectionError

from monitor.fetch.alarms import ALARMS
from monitor.fetch.body import TooLarge
from monitor.fetch.lookup import Lookup
from monitor.fetch.terms import Terms, policy_of

Opened = Callable[[HTTPConnection, str], socket.socket]

HEAD_BYTES = 300_000  # for what comes before a body, and for the framing of chunks beside it
_ADDRESSES = 64  # that are remembered as allowed


class Cutoff:
    """Ends the connections it watches when the time is up, whatever they are at: handshake, headers or body.

    A time-out of a socket counts from byte to byte, so a server that drips holds it for ever. Time runs only inside
    `with`, and adds up over several of them, so that a polite pause between two redirects costs nothing.
    """

    def __init__(self, after: timedelta) -> None:
        self._left = after.total_seconds()
        self._started = 0.0
        self._lock = threading.Lock()
        self._watched: list[socket.socket] = []
        self.expired = False

    def __enter__(self) -> Self:
        self._started = time.monotonic()
        ALARMS.set(self, self._started + max(self._left, 0.0), self._end)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        ALARMS.clear(self)
        self._left -= time.monotonic() - self._started
        with self._lock:
            for twin in self._watched:
                twin.close()
            self._watched.clear()

    def watch(self, opened: socket.socket) -> socket.socket:
        """Return the socket; a twin of it is kept, since TLS takes the first one apart."""
        with self._lock:
            self._watched.append(opened.dup())
        if self.expired:
            self._end()
        return opened

    def _end(self) -> None:
        self.expired = True
        with self._lock:
            for twin in self._watched:
                try:
                    twin.shutdown(socket.SHUT_RDWR)
                except OSError:  # the other side was faster
                    continue


class Transport:
    """Sends one GET at a time and gives the answer before its body is read."""

    def __init__(self, terms: Terms, resolver: Resolver | None) -> None:
        self.policy: Policy = policy_of(terms)
        # What the policy says of an address asks nobody, and each is asked for several times in a fetch.
        self.checked: Callable[[str], Target] = lru_cache(_ADDRESSES)(self.policy.check_url)
        self._terms = terms
        self._resolver = Lookup(terms.timeouts[0], resolver)

    @cached_property
    def _tls(self) -> ssl.SSLContext:
        """Made once, and when it is first needed: loading the authorities takes as long as ten requests."""
        return ssl.create_default_context(cafile=self._terms.ca_bundle or certifi.where())

    @contextmanager
    def answer(
        self, url: str, headers: Mapping[str, str], cutoff: Cutoff, *, limit_bytes: int, proxy: str = ""
    ) -> Iterator[Response]:
        """Give the answer to a GET; it is closed at the end of the block. No more than the limit is read for it.

        Raises:
            RequestException: no answer, for any reason.
            TooLarge: more came than is taken, in headers, body or between.
            SSRFGuardError: the address, or one that the name stands for, is not allowed.
        """
        opened = self._through_proxy(cutoff) if proxy else self._pinned(cutoff)
        adapter = _Adapter(lambda: self._tls, opened, limit_bytes)
        request = _prepared(url, headers)
        proxies = {"http": proxy, "https": proxy} if proxy else {}
        try:
            response = adapter.send(request, stream=True, timeout=self._terms.timeouts, verify=True, proxies=proxies)
            try:
                yield response
            finally:
                response.close()
        finally:
            adapter.close()

    def _pinned(self, cutoff: Cutoff) -> Opened:
        """Return what opens a socket to an address that was checked, and to no other: names are looked up once."""

        def opened(connection: HTTPConnection, scheme: str) -> socket.socket:
            host = f"[{connection.host}]" if ":" in connection.host else connection.host
            target = self.checked(f"{scheme}://{host}:{connection.port}/")
            try:
                addresses = resolve(target, policy=self.policy, resolver=self._resolver)
                made = connect(addresses, policy=self.policy, timeout=self._terms.timeouts[0])
            except socket.gaierror as error:
                raise NameResolutionError(connection.host, connection, error) from error
            except TimeoutError as error:
                raise ConnectTimeoutError(connection, str(error) or "connecting took too long") from error
            except OSError as error:
                raise NewConnectionError(connection, str(error)) from error
            return cutoff.watch(made)

        return opened

    def _through_proxy(self, cutoff: Cutoff) -> Opened:
        """Return what opens a socket to the proxy, which looks names up by itself: its address is the maintainer's."""

        def opened(connection: HTTPConnection, _: str) -> socket.socket:
            made: socket.socket = HTTPConnection._new_conn(connection)
            return cutoff.watch(made)

        return opened


def _prepared(url: str, headers: Mapping[str, str]) -> PreparedRequest:
    """Return a GET without body, cookies or credentials, not even those that an address holds.

    Raises:
        RequestException: the address or a header is none.
    """
    request = PreparedRequest()
    request.prepare_method("GET")
    request.prepare_url(url, None)
    request.prepare_headers(headers)
    return request


class _Adapter(HTTPAdapter):
    """Requests' adapter with our sockets and our TLS context; lives for one request, and is closed after it."""

    def __init__(self, tls: Callable[[], ssl.SSLContext], opened: Opened, limit_bytes: int) -> None:
        self._tls = tls
        self._pools: dict[str, Callable[..., HTTPConnectionPool]] = {
            scheme: partial(pool, opened=opened, limit_bytes=limit_bytes) for scheme, pool in _POOLS.items()
        }
        self._pool: HTTPConnectionPool | None = None
        super().__init__(pool_connections=1, pool_maxsize=1, max_retries=0)

    def init_poolmanager(self, *_: Any, **__: Any) -> None:
        """Make none: there is one request, so its pool is the only one."""

    def get_connection_with_tls_context(
        self, request: PreparedRequest, verify: Any, proxies: Any = None, cert: Any = None
    ) -> Any:
        if proxies:
            return super().get_connection_with_tls_context(request, verify, proxies=proxies, cert=cert)
        host, tls = self.build_connection_pool_key_attributes(request, verify, cert)
        self._pool = self._pools[host["scheme"]](host["host"], host["port"], maxsize=1, **tls)
        return self._pool

    def proxy_manager_for(self, proxy: str, **proxy_kwargs: Any) -> Any:
        manager = super().proxy_manager_for(proxy, **proxy_kwargs)
        manager.pool_classes_by_scheme = self._pools
        return manager

    def build_connection_pool_key_attributes(
        self, request: PreparedRequest, verify: Any, cert: Any = None
    ) -> tuple[Any, Any]:
        _ = verify, cert  # the context decides
        parts = urlsplit(request.url or "")
        host = {"scheme": parts.scheme, "host": parts.hostname, "port": parts.port or port_by_scheme[parts.scheme]}
        return host, {"ssl_context": self._tls()} if parts.scheme == "https" else {}

    def cert_verify(self, conn: Any, url: Any, verify: Any, cert: Any) -> None:
        """Leave verification to the context: it has the authorities loaded, requires a certificate and checks names."""

    def close(self) -> None:
        if self._pool is not None:
            self._pool.close()
        for manager in self.proxy_manager.values():
            manager.clear()


class _Counted(io.RawIOBase):
    """Reads from a socket, up to a limit.

    The standard library reads a body of unknown length, a chunk whose size is negative, or interim answers without
    any bound; here they end.
    """

    def __init__(self, source: io.RawIOBase, limit_bytes: int) -> None:
        self._source = source
        self._limit = limit_bytes
        self._left = limit_bytes

    def allow(self, limit_bytes: int) -> None:
        """Take so many bytes in all, those that were read among them."""
        self._left += limit_bytes - self._limit
        self._limit = limit_bytes

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        count = self._source.readinto(buffer)
        self._left -= count or 0
        if self._left < 0:
            raise TooLarge(f"more than {self._limit} bytes on the line")
        return count

    def close(self) -> None:
        self._source.close()
        super().close()


# Urllib3's own classes with two things of theirs replaced: what makes a socket, and what reads from it. The rest, TLS
# above all, keeps to the host's name, so a certificate is checked against the name and not the address.


class _Bounded(HTTPResponse):
    def __init__(self, sock: socket.socket, *more: Any, limit_bytes: int, **named: Any) -> None:
        super().__init__(sock, *more, **named)
        self.fp.close()
        self._counted = _Counted(sock.makefile("rb", buffering=0), HEAD_BYTES)
        self.fp = io.BufferedReader(self._counted)
        self._limit_bytes = limit_bytes

    def begin(self) -> None:
        super().begin()  # reads interim answers for as long as they come
        self._counted.allow(self._limit_bytes)


class _Plain(HTTPConnection):
    scheme = "http"

    def __init__(self, *more: Any, opened: Opened, limit_bytes: int, **named: Any) -> None:
        super().__init__(*more, **named)
        self.response_class: Any = partial(_Bounded, limit_bytes=limit_bytes)
        self._opened = opened

    def _new_conn(self) -> socket.socket:
        return self._opened(self, self.scheme)


class _Secure(_Plain, HTTPSConnection):
    scheme = "https"


class _PlainPool(HTTPConnectionPool):
    ConnectionCls = _Plain


class _SecurePool(HTTPSConnectionPool):
    ConnectionCls = _Secure


_POOLS: Mapping[str, type[HTTPConnectionPool]] = {"http": _PlainPool, "https": _SecurePool}
