"""Accounts of maintainers and their sessions, in the database alone."""

from functools import cache

from sqlalchemy import delete, select, update

from monitor.codec import decode, encode
from monitor.model.maintainer import Maintainer, Session
from monitor.store.database import Database
from monitor.store.moments import moment
from monitor.store.passwords import hashed, matches
from monitor.store.rows import insert_new, insert_one
from monitor.store.schema import MAINTAINERS, SESSIONS


class StoredMaintainers:
    """Accounts in a database; it keeps the promises of `ports.Maintainers`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def accounts(self) -> tuple[Maintainer, ...]:
        """Return all accounts, by name."""
        query = select(MAINTAINERS.c.data).order_by(MAINTAINERS.c.name)
        with self._database.reading() as connection:
            return tuple(decode(Maintainer, data) for data in connection.execute(query).scalars())

    def account(self, name: str) -> Maintainer | None:
        """Return the account of this name, or None."""
        query = select(MAINTAINERS.c.data).where(MAINTAINERS.c.name == name)
        with self._database.reading() as connection:
            data = connection.execute(query).scalar()
        return decode(Maintainer, data) if data is not None else None

    def add(self, account: Maintainer, password: str) -> bool:
        """Keep a new account; say whether its name was free."""
        row = {"name": account.name, "data": encode(account).decode(), "password": hashed(password)}
        with self._database.writing() as connection:
            return insert_one(connection, MAINTAINERS, row)

    def replace(self, account: Maintainer) -> None:
        """Write an account as it is now."""
        row = {"data": encode(account).decode()}
        with self._database.writing() as connection:
            connection.execute(update(MAINTAINERS).where(MAINTAINERS.c.name == account.name).values(row))

    def set_password(self, name: str, password: str) -> None:
        """Give an account another password, and end all its sessions."""
        row = {"password": hashed(password)}
        with self._database.writing() as connection:
            connection.execute(update(MAINTAINERS).where(MAINTAINERS.c.name == name).values(row))
            connection.execute(delete(SESSIONS).where(SESSIONS.c.name == name))

    def remove(self, name: str) -> bool:
        """Remove an account and its sessions; say whether there was one. Its decisions stay."""
        with self._database.writing() as connection:
            connection.execute(delete(SESSIONS).where(SESSIONS.c.name == name))
            return bool(connection.execute(delete(MAINTAINERS).where(MAINTAINERS.c.name == name)).rowcount)

    def knows(self, name: str, password: str) -> bool:
        """Say whether this is the password of an account; for a name that nobody has it takes as long."""
        query = select(MAINTAINERS.c.password).where(MAINTAINERS.c.name == name)
        with self._database.reading() as connection:
            known = connection.execute(query).scalar()
        right = matches(password, known or _nobody())
        return right and known is not None

    def begin(self, session: Session) -> None:
        """Keep a session; those that had ended when it began are forgotten."""
        row = {
            "digest": session.token_digest,
            "name": session.name,
            "ends": moment(session.ends),
            "data": encode(session).decode(),
        }
        with self._database.writing() as connection:
            connection.execute(delete(SESSIONS).where(SESSIONS.c.ends < moment(session.began)))
            insert_new(connection, SESSIONS, [row])

    def session(self, token_digest: str) -> Session | None:
        """Return the session of a token, or None."""
        query = select(SESSIONS.c.data).where(SESSIONS.c.digest == token_digest)
        with self._database.reading() as connection:
            data = connection.execute(query).scalar()
        return decode(Session, data) if data is not None else None

    def end(self, token_digest: str) -> None:
        """Forget a session."""
        with self._database.writing() as connection:
            connection.execute(delete(SESSIONS).where(SESSIONS.c.digest == token_digest))

    def end_all(self, name: str) -> None:
        """Forget all sessions of an account."""
        with self._database.writing() as connection:
            connection.execute(delete(SESSIONS).where(SESSIONS.c.name == name))


@cache
def _nobody() -> str:
    """Return a hash that is nobody's, to be held against passwords for names that are not there."""
    return hashed("")
