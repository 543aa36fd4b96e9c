"""The turns of hosts, where many machines share them."""

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Change nothing yet."""
