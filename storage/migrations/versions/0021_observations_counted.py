"""How often each thing was seen in a month: what remains of observations after their time."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table; an older release empties observations and keeps them, as it did."""
    op.create_table(
        "observation_count",
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("code", sa.String(8), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("month", "code", name=op.f("pk_observation_count")),
    )
