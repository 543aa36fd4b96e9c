"""The evidence under `snapshots/`: exact bytes once, a ledger line for every capture, the newest text beside them."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

from monitor.codec import encode
from monitor.model.capture import Capture, Digest
from monitor.model.errors import StoreDamaged
from monitor.model.finding import Finding
from monitor.model.page import Page, PageId
from monitor.store.faults import told
from monitor.store.files import write_whole
from monitor.store.ledger import Ledger
from monitor.store.moments import moment
from monitor.store.readable import procedure_yaml, text_markdown
from monitor.store.warc import capture_of, warc_bytes

_SUFFIX = ".warc.gz"


class StoredEvidence:
    """Captures on disk; it keeps the promises of `ports.Evidence`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.ledger = Ledger(folder / "ledger")

    def keep(self, capture: Capture) -> None:
        """Keep the capture and a line in the ledger before anything is made of it; keeping it twice does no harm.

        Raises:
            StoreFull: there is no room; what was kept before is untouched.
        """
        if self._file(capture.page, capture.digest) is None:
            write_whole(self._path(capture), warc_bytes(capture))
        self.ledger.append(capture.at.astimezone(UTC).strftime("%Y-%m"), _facts(capture))

    def _path(self, capture: Capture) -> Path:
        at = capture.at.astimezone(UTC)
        name = f"{at.strftime('%Y%m%dT%H%M%SZ')}-{capture.digest}{_SUFFIX}"
        return self._captures(capture.page) / at.strftime("%Y") / at.strftime("%m") / name

    def _captures(self, page: PageId) -> Path:
        return self._folder / page / "captures"

    def _file(self, page: str, digest: str) -> Path | None:
        """Return the file that holds these bytes of a page; `page` may be `*`."""
        return next(iter(sorted(self._folder.glob(f"{page}/captures/*/*/*-{digest}{_SUFFIX}"))), None)

    def capture(self, digest: Digest) -> Capture | None:
        """Return the first capture with these bytes, or None.

        Raises:
            StoreDamaged: the file is not what was written.
        """
        path = self._file("*", digest)
        return self._read(path) if path else None

    def _read(self, path: Path) -> Capture:
        where = str(path.relative_to(self._folder))
        with told(path):
            return capture_of(path.read_bytes(), where)

    def captures(self, page: PageId, *, after: datetime | None = None) -> Iterator[Capture]:
        """Yield every capture of a page in time order, one at a time; equal bytes in a row only once."""
        before = ""
        for _, said in self.ledger.facts():
            digest = str(said.get("body", ""))
            if said.get("page") != page or digest == before:
                continue
            path = self._file(page, digest)
            if path is None:
                raise StoreDamaged(f"{page}/captures", f"the capture {digest} of the ledger is missing")
            before = digest
            if after is not None and datetime.fromisoformat(str(said["time"])) <= after:
                continue
            yield replace(self._read(path), at=datetime.fromisoformat(str(said["time"])))

    def write_reading(self, page: Page, finding: Finding) -> None:
        """Write the newest text (Markdown) and way out (YAML) of a page, replacing the files whole."""
        if finding.document is None:
            return
        write_whole(self._folder / page.id / "text.md", text_markdown(page, finding.document).encode())
        write_whole(self._folder / page.id / "procedure.yaml", procedure_yaml(finding.procedure).encode())

    def verify(self) -> Iterator[str]:
        """Yield one sentence for each damage found: digests, the ledger's chain; nothing when all is well."""
        yield from self.ledger.broken()
        told_of: set[tuple[str, str]] = set()
        for where, said in self.ledger.facts():
            told_of.add((str(said.get("page")), str(said.get("body"))))
            if self._file(str(said.get("page")), str(said.get("body"))) is None:
                yield f"ledger {where}: its capture {said.get('body')} is missing"
        for path in sorted(self._folder.glob(f"*/captures/*/*/*{_SUFFIX}")):
            yield from self._damage(path, told_of)

    def _damage(self, path: Path, told_of: set[tuple[str, str]]) -> Iterator[str]:
        named = path.name.removesuffix(_SUFFIX).rpartition("-")[2]
        try:
            capture = self._read(path)
        except StoreDamaged as error:
            yield str(error)
            return
        where = path.relative_to(self._folder)
        if capture.digest != named:
            yield f"{where}: holds other bytes than its name says"
        elif (str(where.parts[0]), named) not in told_of:
            yield f"{where}: the ledger does not know this capture"


def _facts(capture: Capture) -> dict[str, object]:
    return {
        "time": moment(capture.at),
        "page": capture.page,
        "url": capture.url,
        "final_url": capture.final_url or capture.url,
        "status": capture.status,
        "body": capture.digest,
        "headers": sha256(encode(capture.headers)).hexdigest(),
    }
