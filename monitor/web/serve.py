"""The app in a running server, in a thread of its own, so that the rest of the program goes on beside it.

with served(web_app(world, front), host="127.0.0.1", port=8000) as address:
    ...
"""

import asyncio
import logging
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn
from starlette.types import ASGIApp

from monitor.model.errors import SettingsError

LOG = logging.getLogger(__name__)
TRUSTED = "127.0.0.1,::1"  # proxies whose word about a client's address is taken: those of this machine
STOP_SECONDS = 3  # that running answers have to end
MOST_AT_ONCE = 200  # connections beyond which the server answers 503
BACKLOG = 128


@contextmanager
def served(app: ASGIApp, *, host: str, port: int) -> Iterator[str]:
    """Serve until the end of the block, and give the address; port 0 takes any that is free.

    Raises:
        SettingsError: nothing can listen there.
    """
    listening = _listening(host, port)
    logging.getLogger("uvicorn.error").addFilter(_is_no_cancelling)
    server = uvicorn.Server(
        uvicorn.Config(
            app,
            # By name, so that nothing is loaded to find out what else is installed.
            loop="asyncio",
            http="h11",
            ws="none",
            log_config=None,
            access_log=False,  # paths hold readers' keys, and who reads what is nobody's business
            server_header=False,
            proxy_headers=True,
            forwarded_allow_ips=TRUSTED,
            limit_concurrency=MOST_AT_ONCE,
            timeout_graceful_shutdown=STOP_SECONDS,
        )
    )
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, name="web", daemon=True)
    thread.start()
    shown = f"[{host}]" if ":" in host else host
    try:
        yield f"http://{shown}:{listening.getsockname()[1]}/"
    finally:
        server.should_exit = True
        thread.join(STOP_SECONDS + 2)
        listening.close()
        if thread.is_alive():
            LOG.warning("the web server did not end in time")


def _is_no_cancelling(record: logging.LogRecord) -> bool:
    """Say whether a record tells of anything but an answer that was cancelled at a stop, for which there is a line."""
    return not (record.exc_info and isinstance(record.exc_info[1], asyncio.CancelledError))


def _listening(host: str, port: int) -> socket.socket:
    """Return a socket that takes connections from now on, so that the address works at once."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        listening = socket.socket(family, kind, protocol)
    except OSError as error:
        raise SettingsError("OPTOUT_HOST", f"no address to listen on: {error}") from error
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(address)
        listening.listen(BACKLOG)
    except OSError as error:
        listening.close()
        raise SettingsError("OPTOUT_PORT", f"nothing can listen on {host} port {port}: {error.strerror}") from error
    return listening
