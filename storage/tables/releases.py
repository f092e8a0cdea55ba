"""Orders that were asked about, and what the credit manager decided."""

from sqlalchemy import BigInteger, Column, ForeignKey, Index, String, Table

from storage.tables.schema import Key, metadata
from storage.tables.seen import of_customer
from storage.types import JsonText, UtcDateTime

# A rep's request to let a held order go; storage/releases.py draws its life.
release_request = Table(
    "release_request",
    metadata,
    Column("id", Key, primary_key=True),
    Column("uid", String(36), nullable=False, unique=True),
    Column("customer_id", *of_customer(), nullable=False),
    Column("person_id", ForeignKey("person.id"), nullable=False),
    Column("amount_minor", BigInteger, nullable=False),
    Column("currency", String(3), nullable=False),
    Column("rules", JsonText, nullable=False),  # the codes that held it when it was asked
    Column("reason", String(200), nullable=False),
    Column("asked_at", UtcDateTime, nullable=False),
    Column("state", String(10), nullable=False),
    Column("decided_by", ForeignKey("person.id")),
    Column("decided_at", UtcDateTime),
    Column("deposit_minor", BigInteger),
    Column("alternative", String(20)),
    Column("note", String(200)),
    Index("ix_release_request_state", "state", "asked_at"),
    Index("ix_release_request_customer", "customer_id", "asked_at"),
)
