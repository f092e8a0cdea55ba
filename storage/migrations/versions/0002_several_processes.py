"""What several processes on one database need to know of each other."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from storage import types

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add owners, queues, shared rates and job slots; an older release ignores them all."""
    op.add_column("outbox", sa.Column("owner", sa.String(length=80), nullable=True))
    op.create_table(
        "inbox_queue",
        sa.Column("sender", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("head", sa.BigInteger(), nullable=True),
        sa.Column("owner", sa.String(length=80), nullable=True),
        sa.Column("until", types.UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("sender", name=op.f("pk_inbox_queue")),
    )
    op.create_index("ix_inbox_queue_head", "inbox_queue", ["head"])
    op.create_table(
        "rate_bucket",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("level", sa.Float(), nullable=False),
        sa.Column("at", types.UtcDateTime(), nullable=False),
        sa.Column("closed_until", types.UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_rate_bucket")),
    )
    op.create_table(
        "worker",
        sa.Column("owner", sa.String(length=80), nullable=False),
        sa.Column("role", sa.String(length=10), nullable=False),
        sa.Column("started_at", types.UtcDateTime(), nullable=False),
        sa.Column("seen_at", types.UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("owner", name=op.f("pk_worker")),
    )
    op.create_table(
        "job_slot",
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("due_at", types.UtcDateTime(), nullable=False),
        sa.Column("owner", sa.String(length=80), nullable=True),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_job_slot")),
    )
    # what waits already is to be served in the order of its senders
    op.execute(
        "insert into inbox_queue (sender, head) "
        "select sender, min(update_id) from inbox "
        "where done_at is null and not parked group by sender"
    )
