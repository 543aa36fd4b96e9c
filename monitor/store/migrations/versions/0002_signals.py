"""Signals from feeds, and what maintainers were told about pages that stay unread."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "outages",
        sa.Column("page", sa.String(), nullable=False),
        sa.Column("since", sa.String(), nullable=False),
        sa.Column("warned", sa.String(), nullable=False),
        sa.Column("relieved", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("page", "since", name=op.f("pk_outages")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "feeds",
        sa.Column("feed", sa.String(), nullable=False),
        sa.Column("etag", sa.Text(), nullable=False),
        sa.Column("modified", sa.Text(), nullable=False),
        sa.Column("capture", sa.String(), nullable=False),
        sa.Column("at", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("feed", name=op.f("pk_feeds")),
    )
    op.create_table(
        "entries",
        sa.Column("feed", sa.String(), nullable=False),
        sa.Column("entry", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("feed", "entry", name=op.f("pk_entries")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "nudges",
        sa.Column("page", sa.String(), nullable=False),
        sa.Column("at", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("page", name=op.f("pk_nudges")),
    )
