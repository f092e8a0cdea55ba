"""What tells a message that has left from one that has not, and an update that kills."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from storage import types

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns; an older release ignores them."""
    op.add_column("outbox", sa.Column("posted_at", types.UtcDateTime(), nullable=True))
    for table, name in (("outbox", "doubts"), ("outbox", "deaths"), ("inbox", "begun")):
        op.add_column(table, sa.Column(name, sa.Integer(), server_default="0", nullable=False))
