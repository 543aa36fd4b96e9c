"""Who reviews: the accounts of maintainers and the sessions they opened. No password stands in any of them."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Role(StrEnum):
    """What an account may do: a reviewer decides about alerts, an admin also ends rules and pins."""

    REVIEWER = "reviewer"
    ADMIN = "admin"


@dataclass(frozen=True, slots=True, kw_only=True)
class Maintainer:
    """An account: its name stands beside every decision it makes. `since` is when it was made (UTC)."""

    name: str
    role: Role
    since: datetime

    def may(self, role: Role) -> bool:
        """Say whether what asks for this role is open to the account."""
        return self.role is Role.ADMIN or role is Role.REVIEWER


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """One sign-in: the SHA-256 of its token (the browser alone has it), whose it is, from and until when (UTC)."""

    token_digest: str
    name: str
    began: datetime
    ends: datetime
