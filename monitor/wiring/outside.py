"""What no setting decides: this moment, chance, and who runs the process. The only reader of the clock."""

import secrets
from datetime import UTC, datetime


def now() -> datetime:
    """Return this moment (UTC)."""
    return datetime.now(UTC)


def token() -> str:
    """Return 128 random bits as 32 hexadecimal digits."""
    return secrets.token_hex(16)


def user() -> str:
    """Return the name that whoever runs this process has on this machine, or an empty text."""
    import getpass  # asked for by few commands

    try:
        return getpass.getuser()
    except (OSError, KeyError):  # no name for this number, and no variable that says one
        return ""
