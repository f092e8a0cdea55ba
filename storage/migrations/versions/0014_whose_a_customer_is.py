"""Indexes on whose a customer is, what runs and what is yet to be heard: not all is read."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Change the indexes; an older release reads what it read, and a little more slowly."""
    owned = sa.text("coalesce(assigned_code, rep_code, '')")
    op.create_index("ix_customer_owner", "customer_row", [owned])
    _partial("ix_outbox_news", "outbox", "person_id", "state = 'waiting' and kind = 'alert'")
    _partial("ix_promise_open", "promise", "customer_id", "state = 'open'")
    _partial("ix_promise_superseded_by", "promise", "superseded_by", "superseded_by is not null")
    _partial("ix_task_promise", "task", "promise_id", "promise_id is not null")
    # SQLite took it for as good as the customer's: a portfolio read everybody's promises
    op.drop_index("ix_promise_state", "promise")


def _partial(name: str, table: str, column: str, where: str) -> None:
    rows = sa.text(where)
    op.create_index(name, table, [column], sqlite_where=rows, postgresql_where=rows)
