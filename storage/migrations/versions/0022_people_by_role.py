"""People are found by their role: the desk hears of every alert, and is a few among thousands."""

from __future__ import annotations

from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the index; an older release serves with it as without."""
    op.create_index("ix_person_role", "person", ["role"])
