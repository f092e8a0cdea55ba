"""Files of accounts to be opened, and what was answered in them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from storage import types

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the tables; an older release ignores them."""
    key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "opening_file",
        sa.Column("id", key, nullable=False),
        sa.Column("uid", sa.String(length=36), nullable=False),
        sa.Column("person_id", key, nullable=False),
        sa.Column("rep_code", sa.String(length=60), nullable=True),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("siren", sa.String(length=9), nullable=True),
        sa.Column("code", sa.String(length=60), nullable=True),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("scope", sa.String(length=24), nullable=False),
        sa.Column("point", sa.String(length=24), nullable=False),
        sa.Column("created_at", types.UtcDateTime(), nullable=False),
        sa.Column("changed_at", types.UtcDateTime(), nullable=False),
        sa.Column("sent_at", types.UtcDateTime(), nullable=True),
        sa.Column("decided_at", types.UtcDateTime(), nullable=True),
        sa.Column("decided_by", key, nullable=True),
        sa.Column("risk_class", sa.String(length=1), nullable=True),
        sa.Column("limit_minor", sa.BigInteger(), nullable=True),
        sa.Column("currency", sa.String(length=3), nullable=True),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("terms", sa.String(length=24), nullable=True),
        sa.Column("guarantees", types.JsonText(), nullable=False),
        sa.Column("first_order", sa.String(length=24), nullable=True),
        sa.Column("note", sa.String(length=200), nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_opening_file_person_id")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by"], ["person.id"], name=op.f("fk_opening_file_decided_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_opening_file")),
        sa.UniqueConstraint("uid", name=op.f("uq_opening_file_uid")),
    )
    op.create_index("ix_opening_file_state", "opening_file", ["state", "sent_at"])
    op.create_index("ix_opening_file_person", "opening_file", ["person_id", "changed_at"])
    op.create_index("ix_opening_file_siren", "opening_file", ["siren"])
    op.create_index("ix_opening_file_code", "opening_file", ["code"])
    op.create_table(
        "opening_answer",
        sa.Column("id", key, nullable=False),
        sa.Column("opening_id", key, nullable=False),
        sa.Column("point", sa.String(length=24), nullable=False),
        sa.Column("value", types.JsonText(), nullable=False),
        sa.Column("person_id", key, nullable=False),
        sa.Column("at", types.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["opening_id"], ["opening_file.id"], name=op.f("fk_opening_answer_opening_id")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_opening_answer_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_opening_answer")),
        sa.UniqueConstraint("opening_id", "point", name=op.f("uq_opening_answer_opening_id_point")),
    )
