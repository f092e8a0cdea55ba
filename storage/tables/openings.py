"""Files of accounts to be opened: what the rep gathers, and what the credit manager decides."""

from sqlalchemy import (
    BigInteger,
    Column,
    Date,
    ForeignKey,
    Index,
    String,
    Table,
    UniqueConstraint,
)

from storage.tables.schema import Key, metadata
from storage.types import JsonText, UtcDateTime

# One request to open an account; storage/openings.py draws its life.
opening_file = Table(
    "opening_file",
    metadata,
    Column("id", Key, primary_key=True),
    Column("uid", String(36), nullable=False, unique=True),
    Column("person_id", ForeignKey("person.id"), nullable=False),
    Column("rep_code", String(60)),  # the portfolio that the account will belong to
    Column("name", String(120), nullable=False),
    Column("siren", String(9)),
    Column("code", String(60)),  # the account's code in the ledger, once the credit manager says it
    Column("state", String(10), nullable=False),
    Column("scope", String(24), nullable=False),  # the block that is being filled in...
    Column("point", String(24), nullable=False),  # ...and the point that is asked for
    Column("created_at", UtcDateTime, nullable=False),
    Column("changed_at", UtcDateTime, nullable=False),
    Column("sent_at", UtcDateTime),
    Column("decided_at", UtcDateTime),
    Column("decided_by", ForeignKey("person.id")),
    Column("risk_class", String(1)),
    Column("limit_minor", BigInteger),
    Column("currency", String(3)),
    Column("valid_until", Date),
    Column("terms", String(24)),
    Column("guarantees", JsonText, nullable=False),
    Column("first_order", String(24)),
    Column("note", String(200)),
    Index("ix_opening_file_state", "state", "sent_at"),
    Index("ix_opening_file_person", "person_id", "changed_at"),
    Index("ix_opening_file_siren", "siren"),
    Index("ix_opening_file_code", "code"),
)

# What is known of one point of the checklist: a text, an option, an amount, a day or photos.
opening_answer = Table(
    "opening_answer",
    metadata,
    Column("id", Key, primary_key=True),
    Column("opening_id", ForeignKey("opening_file.id"), nullable=False),
    Column("point", String(24), nullable=False),
    Column("value", JsonText, nullable=False),
    Column("person_id", ForeignKey("person.id"), nullable=False),
    Column("at", UtcDateTime, nullable=False),
    UniqueConstraint("opening_id", "point"),
)
