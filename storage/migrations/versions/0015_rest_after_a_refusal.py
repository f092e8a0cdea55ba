"""Keep from when what a refused dispute held is claimed again."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; what was refused before is claimed already."""
    op.add_column("dispute", sa.Column("resume_on", sa.Date(), nullable=True))
