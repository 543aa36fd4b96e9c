"""What each page showed last, so that a check that finds it again reads no history."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Make the table; pages are in it from their next check on."""
    op.create_table(
        "newest",
        sa.Column("page", sa.String(), nullable=False),
        sa.Column("rules", sa.String(), nullable=False),
        sa.Column("capture", sa.String(), nullable=False),
        sa.Column("data", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("page", name=op.f("pk_newest")),
    )
