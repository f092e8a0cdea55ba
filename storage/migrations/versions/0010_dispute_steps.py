"""What was asked, answered and decided about a dispute, and the credit note that closed it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from storage import types

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table and the column; an older release ignores them."""
    key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.add_column("dispute", sa.Column("credit_note", sa.String(length=120), nullable=True))
    op.create_table(
        "dispute_step",
        sa.Column("id", key, nullable=False),
        sa.Column("uid", sa.String(length=36), nullable=False),
        sa.Column("dispute_id", key, nullable=False),
        sa.Column("person_id", key, nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("former", sa.String(length=16), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=True),
        sa.Column("text", sa.String(length=200), nullable=True),
        sa.Column("at", types.UtcDateTime(), nullable=False),
        sa.Column("withdrawn_at", types.UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["dispute_id"], ["dispute.id"], name=op.f("fk_dispute_step_dispute_id")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_dispute_step_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dispute_step")),
        sa.UniqueConstraint("uid", name=op.f("uq_dispute_step_uid")),
    )
    op.create_index("ix_dispute_step_dispute", "dispute_step", ["dispute_id"])
