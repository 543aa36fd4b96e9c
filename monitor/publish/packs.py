"""Files in one zip file whose bytes depend on nothing but theirs: no clock, no order of a folder, no user."""

import io
import zipfile
from collections.abc import Mapping

_MOMENT = (1980, 1, 1, 0, 0, 0)  # the earliest that a zip file can hold
_MODE = 0o100644 << 16


def zipped(files: Mapping[str, bytes]) -> bytes:
    """Return files as a zip file, in the order of their names; what is packed already is stored as it is."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in sorted(files.items()):
            entry = zipfile.ZipInfo(name, _MOMENT)
            entry.external_attr = _MODE
            entry.create_system = 3  # Unix, on whatever system it is made
            entry.compress_type = zipfile.ZIP_STORED if name.endswith(".gz") else zipfile.ZIP_DEFLATED
            archive.writestr(entry, content)
    return out.getvalue()
