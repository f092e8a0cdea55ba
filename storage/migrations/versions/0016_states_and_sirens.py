"""Indexes on the states of a broadcast's recipients, and on the companies behind customers."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the indexes; an older release reads what it read."""
    op.create_index(
        "ix_broadcast_recipient_state", "broadcast_recipient", ["broadcast_id", "state"]
    )
    known = sa.text("siren is not null")
    op.create_index(
        "ix_customer_siren",
        "customer_row",
        ["siren"],
        sqlite_where=known,
        postgresql_where=known,
    )
