"""What the review desk holds beside alerts: rules that dismiss by themselves, and quotes that must stay."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Make the tables."""
    for name in ("rules", "pins"):
        op.create_table(
            name,
            sa.Column("id", sa.String(), nullable=False),
            sa.Column("at", sa.String(), nullable=False),
            sa.Column("data", sa.Text(), nullable=False),
            sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{name}")),
        )
