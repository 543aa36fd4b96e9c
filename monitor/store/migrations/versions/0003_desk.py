"""What the review desk holds beside alerts: corrections, pinned quotes, rules."""

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Change nothing yet."""
