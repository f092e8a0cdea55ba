"""What of a broadcast is not in the outbox yet."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from storage import types

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Add the table; an older release puts all of a broadcast in the outbox at once."""
    op.create_table(
        "broadcast_wave",
        sa.Column("broadcast_id", KEY, nullable=False),
        sa.Column("again", sa.String(40), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("not_before", types.UtcDateTime(), nullable=False),
        sa.Column("after", KEY, nullable=False),
        sa.ForeignKeyConstraint(
            ["broadcast_id"], ["broadcast.id"], name=op.f("fk_broadcast_wave_broadcast_id")
        ),
        sa.PrimaryKeyConstraint("broadcast_id", "again", name=op.f("pk_broadcast_wave")),
    )
