"""The first schema."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

SERIAL = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

# A decision that was made stands: neither a mistake of ours nor a hand in the database changes it unseen.
FINAL = {
    "sqlite": (
        "CREATE TRIGGER reviews_stay BEFORE UPDATE ON reviews "
        "BEGIN SELECT RAISE(ABORT, 'reviews are never rewritten'); END",
        "CREATE TRIGGER reviews_last BEFORE DELETE ON reviews "
        "BEGIN SELECT RAISE(ABORT, 'reviews are never rewritten'); END",
    ),
    "postgresql": (
        "CREATE FUNCTION reviews_are_final() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'reviews are never rewritten'; END $$",
        "CREATE TRIGGER reviews_stay BEFORE UPDATE OR DELETE OR TRUNCATE ON reviews "
        "FOR EACH STATEMENT EXECUTE FUNCTION reviews_are_final()",
    ),
}


def upgrade() -> None:
    """Make every table."""
    op.create_table(
        "alerts",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("page", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("raised", sa.String(), nullable=False),
        sa.Column("data", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alerts")),
    )
    op.create_index("ix_alerts_state_raised_id", "alerts", ["state", "raised", "id"], unique=False)
    op.create_table(
        "captures",
        sa.Column("key", sa.LargeBinary(), nullable=False),
        sa.Column("file", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_captures")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "changes",
        sa.Column("page", sa.String(), nullable=False),
        sa.Column("at", sa.String(), nullable=False),
        sa.Column("capture", sa.String(), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("page", "at", "capture", name=op.f("pk_changes")),
    )
    op.create_table(
        "checks",
        sa.Column("page", sa.String(), nullable=False),
        sa.Column("first", sa.String(), nullable=False),
        sa.Column("last", sa.String(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("capture", sa.String(), nullable=True),
        sa.Column("packed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("page", "first", name=op.f("pk_checks")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "events",
        sa.Column("key", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_events")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "histories",
        sa.Column("page", sa.String(), nullable=False),
        sa.Column("rules", sa.String(), nullable=False),
        sa.Column("stamp", sa.Integer(), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("page", name=op.f("pk_histories")),
    )
    op.create_table(
        "notes",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_notes")),
    )
    op.create_table(
        "posts",
        sa.Column("id", SERIAL, nullable=False),
        sa.Column("alert", sa.String(), nullable=False),
        sa.Column("subscriber", sa.String(), nullable=False),
        sa.Column("edition", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("due", sa.String(), nullable=True),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_posts")),
        sa.UniqueConstraint("alert", "subscriber", "edition", name=op.f("uq_posts_alert_subscriber_edition")),
    )
    op.create_index("ix_posts_state_due", "posts", ["state", "due"], unique=False)
    op.create_index(op.f("ix_posts_subscriber"), "posts", ["subscriber"], unique=False)
    op.create_table(
        "reviews",
        sa.Column("id", SERIAL, nullable=False),
        sa.Column("alert", sa.String(), nullable=False),
        sa.Column("before", sa.String(), nullable=False),
        sa.Column("after", sa.String(), nullable=False),
        sa.Column("who", sa.String(), nullable=False),
        sa.Column("at", sa.String(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reviews")),
    )
    op.create_index(op.f("ix_reviews_alert"), "reviews", ["alert"], unique=False)
    op.create_table(
        "sightings",
        sa.Column("page", sa.String(), nullable=False),
        sa.Column("month", sa.String(), nullable=False),
        sa.Column("last", sa.String(), nullable=False),
        sa.Column("packed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("page", "month", name=op.f("pk_sightings")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "standings",
        sa.Column("page", sa.String(), nullable=False),
        sa.Column("changed", sa.String(), nullable=True),
        sa.Column("procedure", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("page", name=op.f("pk_standings")),
    )
    op.create_table(
        "subscribers",
        sa.Column("id", SERIAL, nullable=False),
        sa.Column("subscriber", sa.String(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("data", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_subscribers")),
        sa.UniqueConstraint("address", name=op.f("uq_subscribers_address")),
        sa.UniqueConstraint("subscriber", name=op.f("uq_subscribers_subscriber")),
    )
    op.create_table(
        "versions",
        sa.Column("id", SERIAL, nullable=False),
        sa.Column("page", sa.String(), nullable=False),
        sa.Column("at", sa.String(), nullable=False),
        sa.Column("capture", sa.String(), nullable=False),
        sa.Column("fingerprint", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("level", sa.String(), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("effort", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_versions")),
        sa.UniqueConstraint("page", "at", "capture", name=op.f("uq_versions_page_at_capture")),
    )
    for statement in FINAL[op.get_bind().dialect.name]:
        op.execute(statement)
