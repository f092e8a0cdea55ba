"""What the credit manager decided of customers: class and limit, guarantees, written notices."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    text,
)

from storage.tables.schema import Key, metadata
from storage.tables.seen import of_customer
from storage.types import JsonText, UtcDateTime

_IN_FORCE = text("ended_at IS NULL")

# A risk class and a limit; the row without an end is in force. Nobody decided a downgrade at
# once (handbook 5.4): its `person_id` is empty.
credit_decision = Table(
    "credit_decision",
    metadata,
    Column("id", Key, primary_key=True),
    Column("uid", String(36), nullable=False, unique=True),
    Column("customer_id", *of_customer(), nullable=False),
    Column("person_id", ForeignKey("person.id")),
    Column("decided_at", UtcDateTime, nullable=False),
    Column("cause", String(10), nullable=False),
    Column("risk_class", String(1), nullable=False),
    Column("former_class", String(1)),
    Column("proposed_class", String(1), nullable=False),
    Column("limit_minor", BigInteger),
    Column("limit_currency", String(3)),
    Column("proposed_minor", BigInteger),
    Column("applies", Boolean, nullable=False),  # its limit takes the place of the ledger's
    Column("valid_until", Date, nullable=False),
    Column("reason", String(200)),
    Column("data", JsonText, nullable=False),  # the points and the figures they came from
    Column("ended_at", UtcDateTime),
    Index(
        "uq_credit_decision_in_force",
        "customer_id",
        unique=True,
        sqlite_where=_IN_FORCE,
        postgresql_where=_IN_FORCE,
    ),
    Index("ix_credit_decision_customer", "customer_id", "decided_at"),
    Index("ix_credit_decision_until", "valid_until"),
)

# What the credit manager knows of a company that no file tells: its age, a score, its equity.
credit_known = Table(
    "credit_known",
    metadata,
    Column("customer_id", *of_customer(), primary_key=True, autoincrement=False),
    Column("data", JsonText, nullable=False),
    Column("person_id", ForeignKey("person.id"), nullable=False),
    Column("at", UtcDateTime, nullable=False),
)

# Guarantees, by the kinds of the catalogue; ended when released, called or entered by mistake.
guarantee = Table(
    "guarantee",
    metadata,
    Column("id", Key, primary_key=True),
    Column("uid", String(36), nullable=False, unique=True),
    Column("customer_id", *of_customer(), nullable=False),
    Column("person_id", ForeignKey("person.id"), nullable=False),
    Column("kind", String(30), nullable=False),
    Column("amount_minor", BigInteger),
    Column("currency", String(3)),
    Column("valid_until", Date),
    Column("reference", String(60)),
    Column("giver", String(80)),  # who stands surety
    Column("mentions", String(10)),  # art. 2297 C. civ., when a natural person signs
    Column("files", JsonText, nullable=False),  # photos, by Telegram's ids
    Column("overdue_minor", BigInteger, nullable=False, server_default="0"),  # that day
    Column("added_at", UtcDateTime, nullable=False),
    Column("ended_at", UtcDateTime),
    Column("ended_by", ForeignKey("person.id")),
    Column("ended_why", String(10)),
    Index("ix_guarantee_customer", "customer_id", "ended_at"),
    Index("ix_guarantee_until", "valid_until"),
)

# Formal notices and notices that deliveries stop, as they were drawn up; sent when told so.
formal_notice = Table(
    "formal_notice",
    metadata,
    Column("id", Key, primary_key=True),
    Column("uid", String(36), nullable=False, unique=True),
    Column("customer_id", *of_customer(), nullable=False),
    Column("person_id", ForeignKey("person.id"), nullable=False),
    Column("kind", String(12), nullable=False),  # formal, suspension
    Column("amount_minor", BigInteger, nullable=False),
    Column("currency", String(3), nullable=False),  # of several, the one most is claimed in
    Column("others", JsonText),  # what it claims in further currencies: minor units by code
    Column("items", JsonText, nullable=False),  # the ids of the lines it claims
    Column("days", Integer, nullable=False),  # the time it gives, from receipt
    Column("body", Text, nullable=False),  # the words as they were drawn up
    Column("drawn_at", UtcDateTime, nullable=False),
    Column("sent_on", Date),
    Column("means", String(10)),
    Column("reference", String(60)),
    Column("sent_by", ForeignKey("person.id")),
    Column("ended_at", UtcDateTime),  # taken back: sent by mistake, or settled otherwise
    Index("ix_formal_notice_customer", "customer_id", "sent_on"),
)
