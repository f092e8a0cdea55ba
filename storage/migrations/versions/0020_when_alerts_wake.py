"""An index on when postponed alerts wake: they are looked for every twenty seconds."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the index; an older release reads what it read."""
    rows = sa.text("snoozed_until is not null")
    op.create_index(
        "ix_alert_snoozed", "alert", ["snoozed_until"], sqlite_where=rows, postgresql_where=rows
    )
