"""The evidence beside each published change: `evidence.json`, and a pack of all that it names as a zip file.

A change happens a few times a month and its pack has a few hundred kilobytes, so both are files of the site: any host
can carry them, and they are there when this program is not.
"""

import logging
from datetime import datetime, timedelta
from functools import cache
from hashlib import sha256
from importlib.metadata import version

from monitor.codec import encode
from monitor.model.alert import Alert, AlertId
from monitor.model.errors import StoreDamaged
from monitor.model.proof import Exhibits
from monitor.ports import Published
from monitor.publish.edition import edition
from monitor.publish.files import Shelf
from monitor.publish.packs import zipped
from monitor.render.evidence import SHEET, pack, pack_path, sheet_path
from monitor.render.feeds import told
from monitor.render.place import Place

LOG = logging.getLogger(__name__)
MARGIN = timedelta(hours=1)  # a capture has its line in the ledger well within this after its moment


@cache
def made_by() -> str:
    """Return the name of this program with its version."""
    return f"optout-monitor {version('optout-monitor')}"


def pack_bytes(alert: Alert, exhibits: Exhibits, place: Place) -> bytes:
    """Return the pack of an alert as a zip file."""
    return zipped(pack(alert, exhibits, place, made_by()))


def put_evidence(record: Published, place: Place, shelf: Shelf) -> frozenset[AlertId]:
    """Put the sheet and the pack of every change whose captures are kept here; return which changes these are.

    Where a capture turns out to be damaged, what was published of it stays, and a maintainer is told.
    """
    return frozenset(alert.id for alert in told(record.alerts) if _put(alert, record, place, shelf))


def _put(alert: Alert, record: Published, place: Place, shelf: Shelf) -> bool:
    paths, key = (sheet_path(alert), pack_path(alert)), _key(alert, record.stamped, place)
    if sum(shelf.kept(path, key=key) for path in paths) == len(paths):
        return True
    try:
        exhibits = record.exhibits(alert)
    except StoreDamaged as damage:
        LOG.error("evidence of alert %s: %s", alert.id, damage)  # noqa: TRY400 - the sentence says which file it is
        return sum(shelf.kept(path) for path in paths) == len(paths)
    if exhibits is None:
        return False
    files = pack(alert, exhibits, place, made_by())
    shelf.put(paths[0], lambda: files[SHEET], key=key)
    shelf.put(paths[1], lambda: zipped(files), key=key)
    return True


def _key(alert: Alert, stamped: tuple[datetime, ...], place: Place) -> str:
    """Return what names the content: the alert, the first time stamp after its captures, and this program."""
    stamp = next((at for at in stamped if at >= alert.evidence.after_at + MARGIN), None)
    return sha256(encode((alert, stamp, place, edition(), made_by()))).hexdigest()
