"""Keep why a card came for as long as nobody has answered it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; an older release leaves it empty."""
    op.add_column("card", sa.Column("because", sa.String(40), nullable=True))
