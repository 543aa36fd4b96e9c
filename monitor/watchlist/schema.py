"""The JSON Schema of `watchlist.yaml`, for editors."""

import msgspec

from monitor.watchlist.entries import WatchlistEntry


def schema_text() -> str:
    """Return the JSON Schema of the watchlist as it lies in `docs/reference/watchlist.schema.json`."""
    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Optout Monitor watchlist",
        **msgspec.json.schema(WatchlistEntry),
    }
    return msgspec.json.format(msgspec.json.encode(schema), indent=2).decode() + "\n"
