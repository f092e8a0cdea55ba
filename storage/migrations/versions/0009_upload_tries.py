"""How often a defect met a file that was sent, so that it is given up in the end."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; an older release ignores it."""
    op.add_column("upload", sa.Column("tries", sa.Integer(), server_default="0", nullable=False))
