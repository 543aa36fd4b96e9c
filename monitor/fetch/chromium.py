"""A Chromium of our own: started, found, and ended whole, whatever it hangs in."""

import atexit
import os
import re
import shutil
import signal
import subprocess
import tempfile
import threading
from contextlib import suppress
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
START_SECONDS = 30.0
_LISTENING = re.compile(r"DevTools listening on (ws://\S+)")
_ARGUMENTS = (
    "--headless=new",
    "--remote-debugging-port=0",
    "--no-first-run",
    "--no-default-browser-check",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-extensions",
    "--disable-sync",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-quic",  # would go past the relay
    "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",  # so would this
    "--disk-cache-size=1",
    "--js-flags=--max-old-space-size=512",  # megabytes of scripts' memory, per page
    "--mute-audio",
    "about:blank",
)


class NoBrowser(RuntimeError):
    """No Chromium is installed, or it does not start."""


def chromium_path() -> str:
    """Return where an installed Chromium lies, or nothing."""
    return next(filter(None, map(shutil.which, NAMES)), "")


class Chromium:
    """One process with its children and a profile of its own, gone after `end`."""

    def __init__(self, executable: str, relay_port: int) -> None:
        self._ending = threading.Lock()
        self._profile = tempfile.TemporaryDirectory(prefix="optout-browser-", ignore_cleanup_errors=True)
        # Its own sandbox does not work for root; a container is the sandbox then.
        root = ("--no-sandbox",) if os.geteuid() == 0 else ()
        arguments = (
            f"--user-data-dir={self._profile.name}",
            f"--proxy-server=http://127.0.0.1:{relay_port}",
            "--proxy-bypass-list=<-loopback>",  # this machine is reached through the relay as well, or not at all
            *root,
            *_ARGUMENTS,
        )
        self._log = (Path(self._profile.name) / "stderr").open("w+b")
        self._process = subprocess.Popen(  # noqa: S603 - arguments are ours, the executable was found or set
            (executable, *arguments),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=self._log,
            start_new_session=True,
        )
        atexit.register(self.end)  # it runs in a session of its own, so nothing else would end it with us
        self.endpoint = self._endpoint()

    def _endpoint(self) -> str:
        """Return the address that the browser listens on.

        Raises:
            NoBrowser: it ended, or did not say so in time.
        """
        wait, log = threading.Event(), Path(self._profile.name) / "stderr"
        for _ in range(int(START_SECONDS / 0.05)):
            match = _LISTENING.search(log.read_text("utf-8", "replace"))
            if match:
                return match[1]
            if self._process.poll() is not None:
                break
            wait.wait(0.05)
        said = log.read_text("utf-8", "replace").strip()[-300:]
        self.end()
        raise NoBrowser(f"Chromium does not start: {said}")

    def end(self) -> None:
        """End the browser and all its children at once; doing it twice does no harm."""
        with self._ending:
            if not self._log.closed:
                with suppress(ProcessLookupError):
                    os.killpg(self._process.pid, signal.SIGKILL)
                self._process.wait()
                self._log.close()
                self._profile.cleanup()
                atexit.unregister(self.end)

    def memory_bytes(self) -> int:
        """Return the memory that the browser and its children hold, as far as the system tells."""
        total = 0
        for stat in Path("/proc").glob("[0-9]*/stat"):
            with suppress(OSError, ValueError, IndexError):
                if int(stat.read_text().rpartition(")")[2].split()[2]) == self._process.pid:
                    total += _proportional(stat.parent)
        return total


def _proportional(process: Path) -> int:
    """Return a process's share of memory: what it shares with others is divided among them."""
    match = re.search(r"^Pss:\s+(\d+) kB", (process / "smaps_rollup").read_text(), re.MULTILINE)
    return int(match[1]) * 1024 if match else 0
