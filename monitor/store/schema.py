"""The tables. Moments are UTC texts that sort (`moments`); values are JSON made by `codec`, some of it packed by zlib.

A fresh database gets them from `fresh.sql` (SQLite) or from the migrations; tests hold all three to be equal.
"""

from sqlalchemy import (
    BigInteger,
    Column,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)

METADATA = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

# A number that rises with each row; SQLite wants its own word for it.
_SERIAL = BigInteger().with_variant(Integer(), "sqlite")

# Checks of a page that ended alike one after the other share a row: first and last moment, how many, and each one's
# moment and capture in `packed` (`packing`). `capture` is the newest one's.
CHECKS = Table(
    "checks",
    METADATA,
    Column("page", String, primary_key=True),
    Column("first", String, primary_key=True),
    Column("last", String, nullable=False),
    Column("count", Integer, nullable=False),
    Column("outcome", String, nullable=False),
    Column("detail", Text, nullable=False),
    Column("capture", String, nullable=True),
    Column("packed", LargeBinary, nullable=False),
    sqlite_with_rowid=False,
)

# What is known of a page and changes with its text only: when that last was, and the way out it describes.
STANDINGS = Table(
    "standings",
    METADATA,
    Column("page", String, primary_key=True),
    Column("changed", String, nullable=True),
    Column("procedure", Text, nullable=False),
)

# What is remembered of a page (`History`, zlib over JSON); `stamp` rises with every write.
HISTORIES = Table(
    "histories",
    METADATA,
    Column("page", String, primary_key=True),
    Column("rules", String, nullable=False),
    Column("stamp", Integer, nullable=False),
    Column("data", LargeBinary, nullable=False),
)

# What a page of which nothing is undecided showed last (`Newest`); `capture` is that of its validators.
NEWEST = Table(
    "newest",
    METADATA,
    Column("page", String, primary_key=True),
    Column("rules", String, nullable=False),
    Column("capture", String, nullable=False),
    Column("data", Text, nullable=False),
)

# What a reading says, block by block, folded for search (zlib); readings with one fingerprint share it.
TEXTS = Table(
    "texts",
    METADATA,
    Column("fingerprint", String, primary_key=True),
    Column("data", LargeBinary, nullable=False),
)

VERSIONS = Table(
    "versions",
    METADATA,
    Column("id", _SERIAL, primary_key=True),
    Column("page", String, nullable=False),
    Column("at", String, nullable=False),
    Column("capture", String, nullable=False),
    Column("fingerprint", String, nullable=False),
    Column("kind", String, nullable=False),
    Column("level", String, nullable=False),
    Column("summary", Text, nullable=False),
    Column("effort", Text, nullable=True),
    UniqueConstraint("page", "at", "capture"),
)

# What a version changed (`Change`, zlib over JSON); a version that changed nothing to read has no row.
CHANGES = Table(
    "changes",
    METADATA,
    Column("page", String, primary_key=True),
    Column("at", String, primary_key=True),
    Column("capture", String, primary_key=True),
    Column("data", LargeBinary, nullable=False),
)

ALERTS = Table(
    "alerts",
    METADATA,
    Column("id", String, primary_key=True),
    Column("page", String, nullable=False),
    Column("state", String, nullable=False),
    Column("raised", String, nullable=False),
    Column("data", Text, nullable=False),
    Index("ix_alerts_state_raised_id", "state", "raised", "id"),
)

# Decisions; a trigger keeps them from being changed or deleted.
REVIEWS = Table(
    "reviews",
    METADATA,
    Column("id", _SERIAL, primary_key=True),
    Column("alert", String, nullable=False, index=True),
    Column("before", String, nullable=False),
    Column("after", String, nullable=False),
    Column("who", String, nullable=False),
    Column("at", String, nullable=False),
    Column("reason", Text, nullable=False),
)

# Rules that dismiss by themselves, and quotes that must stay on a page; what ended is kept.
RULES = Table(
    "rules",
    METADATA,
    Column("id", String, primary_key=True),
    Column("at", String, nullable=False),
    Column("data", Text, nullable=False),
)
PINS = Table(
    "pins",
    METADATA,
    Column("id", String, primary_key=True),
    Column("at", String, nullable=False),
    Column("data", Text, nullable=False),
)

SUBSCRIBERS = Table(
    "subscribers",
    METADATA,
    Column("id", _SERIAL, primary_key=True),
    Column("subscriber", String, nullable=False, unique=True),
    Column("address", String, nullable=False, unique=True),
    Column("data", Text, nullable=False),
)

POSTS = Table(
    "posts",
    METADATA,
    Column("id", _SERIAL, primary_key=True),
    Column("alert", String, nullable=False),
    Column("subscriber", String, nullable=False, index=True),
    Column("edition", String, nullable=False),
    Column("state", String, nullable=False),
    Column("attempt", Integer, nullable=False),
    Column("due", String, nullable=True),
    Column("detail", Text, nullable=False),
    UniqueConstraint("alert", "subscriber", "edition"),
    Index("ix_posts_state_due", "state", "due"),
)

# Events of the mail service that were heard, so that none is taken for two.
EVENTS = Table("events", METADATA, Column("key", String, primary_key=True), sqlite_with_rowid=False)

# Where captures lie: which file under `snapshots/` holds some bytes, and which one the same bytes with all that came
# round them. Made from the ledger, and made anew from it when it is not this ledger's.
CAPTURES = Table(
    "captures",
    METADATA,
    Column("key", LargeBinary, primary_key=True),
    Column("file", Text, nullable=False),
    sqlite_with_rowid=False,
)

# Where the ledger's lines about a page stand, one row a month of the ledger; made from it as well.
SIGHTINGS = Table(
    "sightings",
    METADATA,
    Column("page", String, primary_key=True),
    Column("month", String, primary_key=True),
    Column("last", String, nullable=False),
    Column("packed", LargeBinary, nullable=False),
    sqlite_with_rowid=False,
)

# Problems of pages that maintainers had a mail about: when they were told that it lasts, and that it is over.
OUTAGES = Table(
    "outages",
    METADATA,
    Column("page", String, primary_key=True),
    Column("since", String, primary_key=True),
    Column("warned", String, nullable=False),
    Column("relieved", String, nullable=True),
    sqlite_with_rowid=False,
)

# Where the reading of each feed stands: what to ask with next, and the capture that was kept last.
FEEDS = Table(
    "feeds",
    METADATA,
    Column("feed", String, primary_key=True),
    Column("etag", Text, nullable=False),
    Column("modified", Text, nullable=False),
    Column("capture", String, nullable=False),
    Column("at", String, nullable=False),
)

# Entries of feeds that were seen, by a digest of their id.
ENTRIES = Table(
    "entries",
    METADATA,
    Column("feed", String, primary_key=True),
    Column("entry", String, primary_key=True),
    sqlite_with_rowid=False,
)

# Pages that an entry of a feed named, and when: they are checked before their turn.
NUDGES = Table("nudges", METADATA, Column("page", String, primary_key=True), Column("at", String, nullable=False))

# Single facts about the installation, such as why sending is stopped.
NOTES = Table("notes", METADATA, Column("key", String, primary_key=True), Column("value", Text, nullable=False))

# What is remembered of each host that is asked (`HostState`), shared by all workers.
HOSTS = Table("hosts", METADATA, Column("host", String, primary_key=True), Column("data", Text, nullable=False))

# Accounts of maintainers; `password` is an Argon2id hash in the PHC string format.
MAINTAINERS = Table(
    "maintainers",
    METADATA,
    Column("name", String, primary_key=True),
    Column("password", String, nullable=False),
    Column("data", Text, nullable=False),
)

# Sign-ins by the SHA-256 of their token.
SESSIONS = Table(
    "sessions",
    METADATA,
    Column("digest", String, primary_key=True),
    Column("name", String, nullable=False),
    Column("ends", String, nullable=False),
    Column("data", Text, nullable=False),
    Index("ix_sessions_name", "name"),
)
