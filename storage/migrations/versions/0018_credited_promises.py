"""Keep what credit notes took off promises and their instalments."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns; an older release writes rows without them."""
    for table in ("promise", "promise_line"):
        op.add_column(
            table,
            sa.Column("credited_minor", sa.BigInteger(), nullable=False, server_default="0"),
        )
