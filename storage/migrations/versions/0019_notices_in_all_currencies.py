"""Keep what a written notice claims in further currencies."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; the notices before claimed one currency only."""
    op.add_column("formal_notice", sa.Column("others", sa.Text(), nullable=True))
