"""Decided classes and limits, what is known of companies, guarantees, written notices."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from storage import types

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
IN_FORCE = sa.text("ended_at IS NULL")


def upgrade() -> None:
    """Add the tables; an older release ignores them."""
    _decisions()
    _known()
    _guarantees()
    _notices()


def _decisions() -> None:
    op.create_table(
        "credit_decision",
        sa.Column("id", KEY, nullable=False),
        sa.Column("uid", sa.String(length=36), nullable=False),
        sa.Column("customer_id", KEY, nullable=False),
        sa.Column("person_id", KEY, nullable=True),
        sa.Column("decided_at", types.UtcDateTime(), nullable=False),
        sa.Column("cause", sa.String(length=10), nullable=False),
        sa.Column("risk_class", sa.String(length=1), nullable=False),
        sa.Column("former_class", sa.String(length=1), nullable=True),
        sa.Column("proposed_class", sa.String(length=1), nullable=False),
        sa.Column("limit_minor", sa.BigInteger(), nullable=True),
        sa.Column("limit_currency", sa.String(length=3), nullable=True),
        sa.Column("proposed_minor", sa.BigInteger(), nullable=True),
        sa.Column("applies", sa.Boolean(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=True),
        sa.Column("data", types.JsonText(), nullable=False),
        sa.Column("ended_at", types.UtcDateTime(), nullable=True),
        *_of("credit_decision", "customer_id", "person_id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_credit_decision")),
        sa.UniqueConstraint("uid", name=op.f("uq_credit_decision_uid")),
    )
    op.create_index(
        "uq_credit_decision_in_force",
        "credit_decision",
        ["customer_id"],
        unique=True,
        sqlite_where=IN_FORCE,
        postgresql_where=IN_FORCE,
    )
    op.create_index("ix_credit_decision_customer", "credit_decision", ["customer_id", "decided_at"])
    op.create_index("ix_credit_decision_until", "credit_decision", ["valid_until"])


def _known() -> None:
    op.create_table(
        "credit_known",
        sa.Column("customer_id", KEY, autoincrement=False, nullable=False),
        sa.Column("data", types.JsonText(), nullable=False),
        sa.Column("person_id", KEY, nullable=False),
        sa.Column("at", types.UtcDateTime(), nullable=False),
        *_of("credit_known", "customer_id", "person_id"),
        sa.PrimaryKeyConstraint("customer_id", name=op.f("pk_credit_known")),
    )


def _guarantees() -> None:
    op.create_table(
        "guarantee",
        sa.Column("id", KEY, nullable=False),
        sa.Column("uid", sa.String(length=36), nullable=False),
        sa.Column("customer_id", KEY, nullable=False),
        sa.Column("person_id", KEY, nullable=False),
        sa.Column("kind", sa.String(length=30), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=True),
        sa.Column("currency", sa.String(length=3), nullable=True),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("reference", sa.String(length=60), nullable=True),
        sa.Column("giver", sa.String(length=80), nullable=True),
        sa.Column("mentions", sa.String(length=10), nullable=True),
        sa.Column("files", types.JsonText(), nullable=False),
        sa.Column("overdue_minor", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("added_at", types.UtcDateTime(), nullable=False),
        sa.Column("ended_at", types.UtcDateTime(), nullable=True),
        sa.Column("ended_by", KEY, nullable=True),
        sa.Column("ended_why", sa.String(length=10), nullable=True),
        *_of("guarantee", "customer_id", "person_id", "ended_by"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_guarantee")),
        sa.UniqueConstraint("uid", name=op.f("uq_guarantee_uid")),
    )
    op.create_index("ix_guarantee_customer", "guarantee", ["customer_id", "ended_at"])
    op.create_index("ix_guarantee_until", "guarantee", ["valid_until"])


def _notices() -> None:
    op.create_table(
        "formal_notice",
        sa.Column("id", KEY, nullable=False),
        sa.Column("uid", sa.String(length=36), nullable=False),
        sa.Column("customer_id", KEY, nullable=False),
        sa.Column("person_id", KEY, nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("items", types.JsonText(), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("drawn_at", types.UtcDateTime(), nullable=False),
        sa.Column("sent_on", sa.Date(), nullable=True),
        sa.Column("means", sa.String(length=10), nullable=True),
        sa.Column("reference", sa.String(length=60), nullable=True),
        sa.Column("sent_by", KEY, nullable=True),
        sa.Column("ended_at", types.UtcDateTime(), nullable=True),
        *_of("formal_notice", "customer_id", "person_id", "sent_by"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_formal_notice")),
        sa.UniqueConstraint("uid", name=op.f("uq_formal_notice_uid")),
    )
    op.create_index("ix_formal_notice_customer", "formal_notice", ["customer_id", "sent_on"])


def _of(table: str, *columns: str) -> list[sa.ForeignKeyConstraint]:
    """Point at the customer, and at the people who did it."""
    return [
        sa.ForeignKeyConstraint(
            [name],
            ["customer_row.id" if name == "customer_id" else "person.id"],
            name=op.f(f"fk_{table}_{name}"),
        )
        for name in columns
    ]
