"""Requests to let a held order go."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from storage import types

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table; an older release ignores it."""
    op.create_table(
        "release_request",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("uid", sa.String(length=36), nullable=False),
        sa.Column(
            "customer_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("rules", types.JsonText(), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("asked_at", types.UtcDateTime(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column(
            "decided_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("decided_at", types.UtcDateTime(), nullable=True),
        sa.Column("deposit_minor", sa.BigInteger(), nullable=True),
        sa.Column("alternative", sa.String(length=20), nullable=True),
        sa.Column("note", sa.String(length=200), nullable=True),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customer_row.id"], name=op.f("fk_release_request_customer_id")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_release_request_person_id")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by"], ["person.id"], name=op.f("fk_release_request_decided_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_release_request")),
        sa.UniqueConstraint("uid", name=op.f("uq_release_request_uid")),
    )
    op.create_index("ix_release_request_state", "release_request", ["state", "asked_at"])
    op.create_index("ix_release_request_customer", "release_request", ["customer_id", "asked_at"])
