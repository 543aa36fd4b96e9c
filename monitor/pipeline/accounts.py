"""Accounts of maintainers: who may sign in, and for how long.

Comes in: names, passwords and tokens as they were typed or sent. Goes out: accounts, or errors that say what to do. A
token is 128 random bits that only the browser holds; what is kept of it is its SHA-256.
"""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256

from monitor.model.errors import AccountError
from monitor.model.maintainer import Maintainer, Role, Session
from monitor.ports import World

SESSION = timedelta(hours=12)  # a working day; a browser that is left open is signed out by the next
LEAST_CHARS, MOST_CHARS = 12, 200  # of a password. Source: NIST SP 800-63B, section 5.1.1.2, and a margin
_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,39}")


def add(name: str, role: Role, password: str, world: World) -> Maintainer:
    """Make an account.

    Raises:
        AccountError: the name or password cannot be one, or the name is taken.
    """
    if not _NAME.fullmatch(name):
        raise AccountError(f"account {name!r}", "a name has up to 40 small letters, digits, dots, dashes")
    account = Maintainer(name=name, role=role, since=world.now())
    if not world.maintainers.add(account, _fit(name, password)):
        raise AccountError(f"account {name}", "there is one of this name already")
    return account


def found(name: str, world: World) -> Maintainer:
    """Return the account of this name.

    Raises:
        AccountError: there is none.
    """
    account = world.maintainers.account(name)
    if account is None:
        raise AccountError(f"account {name}", "there is none: `optout-monitor maintainers list` shows them")
    return account


def change_password(name: str, password: str, world: World) -> None:
    """Give an account another password; every browser that is signed in with it must sign in again.

    Raises:
        AccountError: there is no such account, or the password cannot be one.
    """
    world.maintainers.set_password(found(name, world).name, _fit(name, password))


def change_role(name: str, role: Role, world: World) -> Maintainer:
    """Give an account another role.

    Raises:
        AccountError: there is none.
    """
    account = replace(found(name, world), role=role)
    world.maintainers.replace(account)
    return account


def remove(name: str, world: World) -> None:
    """Remove an account and sign it out everywhere; what it decided stays, with its name.

    Raises:
        AccountError: there is none.
    """
    world.maintainers.remove(found(name, world).name)


def sign_in(name: str, password: str, token: Callable[[], str], world: World) -> str:
    """Return the token of a new session, or an empty text when name and password do not fit.

    Every sign-in has a token of its own, so that none that was there before can be anybody's.
    """
    if len(password) > MOST_CHARS or not world.maintainers.knows(name, password):
        return ""
    made, now = token(), world.now()
    world.maintainers.begin(Session(token_digest=_digest(made), name=name, began=now, ends=now + SESSION))
    return made


def signed_in(token: str, world: World) -> Maintainer | None:
    """Return whose token this is, or None when it is nobody's (any more)."""
    session = world.maintainers.session(_digest(token)) if token else None
    if session is None or session.ends <= world.now():
        return None
    return world.maintainers.account(session.name)


def sign_out(token: str, world: World, *, everywhere: bool = False) -> None:
    """End the session of a token, or all sessions of its account."""
    session = world.maintainers.session(_digest(token))
    if session is None:
        return
    if everywhere:
        world.maintainers.end_all(session.name)
    else:
        world.maintainers.end(session.token_digest)


def form_mark(token: str) -> str:
    """Return what our own forms carry in one session, and nobody else can know."""
    return sha256(f"form {token}".encode()).hexdigest()[:32]


def _digest(token: str) -> str:
    return sha256(token.encode()).hexdigest()


def _fit(name: str, password: str) -> str:
    if not LEAST_CHARS <= len(password) <= MOST_CHARS:
        raise AccountError(f"account {name}", f"a password has {LEAST_CHARS} to {MOST_CHARS} characters")
    if name in password.casefold():
        raise AccountError(f"account {name}", "a password must not hold the account's name")
    return password
