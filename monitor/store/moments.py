"""Moments as texts that sort in time (`2026-02-25T07:31:00.000000Z`), in tables and in the ledger."""

from datetime import UTC, datetime


def moment(at: datetime) -> str:
    """Return a moment as a text of 27 characters, in UTC."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def at_moment(written: str) -> datetime:
    """Return the moment that `moment` wrote."""
    return datetime.fromisoformat(written)


def month(at: datetime) -> str:
    """Return a moment's month in UTC, such as `2026-02`."""
    return at.astimezone(UTC).strftime("%Y-%m")
