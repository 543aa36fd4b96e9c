"""The tables. Moments are UTC texts that sort (`2026-02-25T07:31:00.000000Z`); values are JSON made by `codec`."""

from sqlalchemy import Column, Index, Integer, LargeBinary, MetaData, String, Table, Text, UniqueConstraint

METADATA = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

# Checks; a run of checks that all found the page as it was is one row with its first and last moment and their number.
CHECKS = Table(
    "checks",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("page", String, nullable=False),
    Column("first", String, nullable=False),
    Column("last", String, nullable=False),
    Column("count", Integer, nullable=False),
    Column("outcome", String, nullable=False),
    Column("capture", String, nullable=True),
    Column("detail", Text, nullable=False),
    Index("ix_checks_page_id", "page", "id"),
)

STANDINGS = Table(
    "standings",
    METADATA,
    Column("page", String, primary_key=True),
    Column("checked", String, nullable=True),
    Column("read", String, nullable=True),
    Column("changed", String, nullable=True),
    Column("misses", Integer, nullable=False),
    Column("detail", Text, nullable=False),
    Column("procedure", Text, nullable=False),
    Column("run", Integer, nullable=True),
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

VERSIONS = Table(
    "versions",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("page", String, nullable=False),
    Column("at", String, nullable=False),
    Column("capture", String, nullable=False),
    Column("fingerprint", String, nullable=False),
    Column("kind", String, nullable=False),
    Column("level", String, nullable=False),
    Column("summary", Text, nullable=False),
    Column("change", LargeBinary, nullable=False),
    UniqueConstraint("page", "at", "capture"),
)

ALERTS = Table(
    "alerts",
    METADATA,
    Column("id", String, primary_key=True),
    Column("page", String, nullable=False),
    Column("state", String, nullable=False, index=True),
    Column("raised", String, nullable=False),
    Column("data", Text, nullable=False),
)

REVIEWS = Table(
    "reviews",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("alert", String, nullable=False, index=True),
    Column("before", String, nullable=False),
    Column("after", String, nullable=False),
    Column("who", String, nullable=False),
    Column("at", String, nullable=False),
    Column("reason", Text, nullable=False),
)

SUBSCRIBERS = Table(
    "subscribers",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("subscriber", String, nullable=False, unique=True),
    Column("address", String, nullable=False, unique=True),
    Column("data", Text, nullable=False),
)

POSTS = Table(
    "posts",
    METADATA,
    Column("id", Integer, primary_key=True),
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

# Single facts about the installation, such as why sending is stopped.
NOTES = Table("notes", METADATA, Column("key", String, primary_key=True), Column("value", Text, nullable=False))
