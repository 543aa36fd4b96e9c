"""Signals from feeds, and what maintainers were told about pages that stay unread."""

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Change nothing yet."""
