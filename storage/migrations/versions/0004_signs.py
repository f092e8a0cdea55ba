"""What is known of customers outside the ledger: orders, public records, sightings, freezes."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from storage import types

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Add the tables of orders, public records and visits; an older release ignores them."""
    _make_orders()
    _make_notices()
    _make_registry()
    _make_signs()
    _make_observations()
    _make_freezes()
    op.create_index(
        "ix_item_row_credits",
        "item_row",
        ["customer_id", "issued_on"],
        sqlite_where=sa.text("kind = 'credit_note'"),
        postgresql_where=sa.text("kind = 'credit_note'"),
    )


def _make_orders() -> None:
    op.create_table(
        "sales_order",
        sa.Column("id", KEY, nullable=False),
        sa.Column("customer_id", KEY, nullable=False),
        sa.Column("number", sa.String(length=120), nullable=False),
        sa.Column("ordered_on", sa.Date(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=True),
        sa.Column("siret", sa.String(length=14), nullable=True),
        sa.Column("address", sa.String(length=300), nullable=True),
        sa.Column("buyer", sa.String(length=120), nullable=True),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customer_row.id"], name=op.f("fk_sales_order_customer_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sales_order")),
        sa.UniqueConstraint("customer_id", "number", name="uq_sales_order_number"),
    )
    op.create_index("ix_sales_order_customer_on", "sales_order", ["customer_id", "ordered_on"])


def _make_notices() -> None:
    op.create_table(
        "notice",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("siren", sa.String(length=9), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("published_on", sa.Date(), nullable=False),
        sa.Column("procedure", sa.String(length=12), nullable=True),
        sa.Column("revision", sa.String(length=12), nullable=False),
        sa.Column("corrects", sa.String(length=40), server_default="", nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("domiciliation", sa.Boolean(), server_default="0", nullable=False),
        sa.Column("said", sa.String(length=300), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice")),
    )
    op.create_index("ix_notice_siren", "notice", ["siren", "published_on"])


def _make_registry() -> None:
    op.create_table(
        "registry_unit",
        sa.Column("siren", sa.String(length=9), nullable=False),
        sa.Column("siret", sa.String(length=14), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("changed_on", sa.Date(), nullable=True),
        sa.Column("naf", sa.String(length=6), nullable=True),
        sa.Column("address", sa.String(length=300), nullable=True),
        sa.Column("stated_on", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("siren", "siret", name=op.f("pk_registry_unit")),
    )


def _make_signs() -> None:
    op.create_table(
        "sign",
        sa.Column("id", KEY, nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("customer_id", KEY, nullable=True),
        sa.Column("siren", sa.String(length=9), nullable=True),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("code", sa.String(length=40), nullable=True),
        sa.Column("currency", sa.String(length=3), nullable=True),
        sa.Column("amount_minor", sa.BigInteger(), nullable=True),
        sa.Column("data", types.JsonText(), nullable=False),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customer_row.id"], name=op.f("fk_sign_customer_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign")),
        sa.UniqueConstraint("kind", "key", name="uq_sign_key"),
    )
    op.create_index("ix_sign_customer", "sign", ["customer_id", "on"])
    op.create_index("ix_sign_siren", "sign", ["siren", "on"])


def _make_observations() -> None:
    op.create_table(
        "observation",
        sa.Column("id", KEY, nullable=False),
        sa.Column("uid", sa.String(length=36), nullable=False),
        sa.Column("customer_id", KEY, nullable=False),
        sa.Column("person_id", KEY, nullable=False),
        sa.Column("conversation_id", KEY, nullable=True),
        sa.Column("code", sa.String(length=8), nullable=False),
        sa.Column("at", types.UtcDateTime(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("source", sa.String(length=120), nullable=True),
        sa.Column("note", sa.String(length=200), nullable=True),
        sa.Column("files", types.JsonText(), nullable=False),
        sa.Column("withdrawn_at", types.UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customer_row.id"], name=op.f("fk_observation_customer_id")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_observation_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_observation")),
        sa.UniqueConstraint("uid", name=op.f("uq_observation_uid")),
    )
    op.create_index("ix_observation_customer_on", "observation", ["customer_id", "on"])


def _make_freezes() -> None:
    op.create_table(
        "freeze",
        sa.Column("id", KEY, nullable=False),
        sa.Column("uid", sa.String(length=36), nullable=False),
        sa.Column("customer_id", KEY, nullable=False),
        sa.Column("signal", sa.String(length=8), nullable=False),
        sa.Column("cause", sa.String(length=60), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("at", types.UtcDateTime(), nullable=False),
        sa.Column("lifted_at", types.UtcDateTime(), nullable=True),
        sa.Column("lifted_by", KEY, nullable=True),
        sa.Column("reason", sa.String(length=200), nullable=True),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customer_row.id"], name=op.f("fk_freeze_customer_id")
        ),
        sa.ForeignKeyConstraint(["lifted_by"], ["person.id"], name=op.f("fk_freeze_lifted_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_freeze")),
        sa.UniqueConstraint("customer_id", "cause", name="uq_freeze_cause"),
        sa.UniqueConstraint("uid", name=op.f("uq_freeze_uid")),
    )
    op.create_index("ix_freeze_customer", "freeze", ["customer_id", "lifted_at"])
