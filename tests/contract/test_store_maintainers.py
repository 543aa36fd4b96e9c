"""What `ports.Maintainers` promises, over SQLite and PostgreSQL."""

from collections.abc import Callable
from datetime import timedelta

from monitor.model.maintainer import Maintainer, Role, Session
from monitor.store import Store
from tests.contract.stored import HOUR, NOON

ADA = Maintainer(name="ada", role=Role.ADMIN, since=NOON)
BOB = Maintainer(name="bob", role=Role.REVIEWER, since=NOON)
WORDS = "correct horse battery"


def session(number: int, name: str = "ada", ends: timedelta = 12 * HOUR) -> Session:
    return Session(token_digest=f"{number:064x}", name=name, began=NOON, ends=NOON + ends)


def test_accounts_outlive_the_process_and_their_passwords_are_not_kept(
    store: Store, another: Callable[[], Store]
) -> None:
    assert store.maintainers.add(BOB, WORDS)
    assert store.maintainers.add(ADA, WORDS)

    opened = another().maintainers
    assert opened.accounts() == (ADA, BOB)
    assert opened.account("ada") == ADA
    assert opened.account("eve") is None
    with store.database.reading() as connection:
        rows = connection.exec_driver_sql("SELECT password FROM maintainers").scalars().all()
    assert len(set(rows)) == 2
    assert all(row.startswith("$argon2id$v=19$m=19456,t=2,p=1$") and WORDS not in row for row in rows)


def test_a_name_that_is_taken_keeps_its_account_and_password(store: Store) -> None:
    store.maintainers.add(ADA, WORDS)

    assert not store.maintainers.add(Maintainer(name="ada", role=Role.REVIEWER, since=NOON), "another password")
    assert store.maintainers.account("ada") == ADA
    assert store.maintainers.knows("ada", WORDS)


def test_only_the_right_password_of_a_known_name_is_known(store: Store) -> None:
    store.maintainers.add(ADA, WORDS)

    assert store.maintainers.knows("ada", WORDS)
    assert not store.maintainers.knows("ada", WORDS + " ")
    assert not store.maintainers.knows("eve", WORDS)
    assert not store.maintainers.knows("eve", "")


def test_another_password_and_removal_end_every_session(store: Store) -> None:
    store.maintainers.add(ADA, WORDS)
    store.maintainers.add(BOB, WORDS)
    for number, name in enumerate(("ada", "ada", "bob")):
        store.maintainers.begin(session(number, name))

    store.maintainers.set_password("ada", "another password")
    assert [store.maintainers.session(f"{n:064x}") for n in range(3)] == [None, None, session(2, "bob")]
    assert not store.maintainers.knows("ada", WORDS)

    assert store.maintainers.remove("bob")
    assert store.maintainers.session(f"{2:064x}") is None
    assert not store.maintainers.remove("bob")


def test_a_session_ends_alone_or_with_all_others(store: Store) -> None:
    for number in range(3):
        store.maintainers.begin(session(number))

    store.maintainers.end(f"{0:064x}")
    assert store.maintainers.session(f"{1:064x}") == session(1)

    store.maintainers.end_all("ada")
    assert store.maintainers.session(f"{1:064x}") is None


def test_a_new_session_forgets_those_that_ended(store: Store) -> None:
    store.maintainers.begin(session(0, ends=-HOUR))

    store.maintainers.begin(session(1))

    assert store.maintainers.session(f"{0:064x}") is None
    assert store.maintainers.session(f"{1:064x}") == session(1)


def test_a_role_can_change(store: Store) -> None:
    store.maintainers.add(BOB, WORDS)

    store.maintainers.replace(Maintainer(name="bob", role=Role.ADMIN, since=NOON))

    account = store.maintainers.account("bob")
    assert account is not None
    assert account.may(Role.ADMIN)
