"""How soon a person wants to hear of alerts, and those that wait to be told together."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from storage import types

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Add what an older release does without: it rings for every alert."""
    op.add_column(
        "person",
        sa.Column("alert_pace", sa.String(10), server_default="now", nullable=False),
    )
    op.create_table(
        "gathered_alert",
        sa.Column("person_id", KEY, nullable=False),
        sa.Column("customer_id", KEY, nullable=False),
        sa.Column("at", types.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customer_row.id"], name=op.f("fk_gathered_alert_customer_id")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_gathered_alert_person_id")
        ),
        sa.PrimaryKeyConstraint("person_id", "customer_id", name=op.f("pk_gathered_alert")),
    )
    op.create_table(
        "alert_volume",
        sa.Column("person_id", KEY, nullable=False),
        sa.Column("since", types.UtcDateTime(), nullable=False),
        sa.Column("rung", sa.Integer(), nullable=False),
        sa.Column("gather_at", types.UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_alert_volume_person_id")
        ),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_alert_volume")),
    )
