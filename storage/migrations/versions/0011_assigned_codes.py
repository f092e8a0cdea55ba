"""An index on the portfolio that the credit manager gave, so that one is read and not the book."""

from __future__ import annotations

from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the index; an older release does without."""
    op.create_index("ix_customer_assigned_code", "customer_row", ["assigned_code"])
