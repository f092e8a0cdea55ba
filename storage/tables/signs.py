"""What is known of customers outside the ledger: orders, public records, sightings, freezes."""

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
    UniqueConstraint,
)

from storage.tables.schema import Key, metadata
from storage.tables.seen import of_customer
from storage.types import JsonText, UtcDateTime

# What customers ordered, as the order desk exports it; an order stated again is updated.
sales_order = Table(
    "sales_order",
    metadata,
    Column("id", Key, primary_key=True),
    Column("customer_id", *of_customer(), nullable=False),
    Column("number", String(120), nullable=False),
    Column("ordered_on", Date, nullable=False),
    Column("currency", String(3), nullable=False),
    Column("amount_minor", BigInteger, nullable=False),
    Column("status", String(20)),  # open, delivered, cancelled, held
    Column("siret", String(14)),
    Column("address", String(300)),
    Column("buyer", String(120)),
    UniqueConstraint("customer_id", "number", name="uq_sales_order_number"),
    Index("ix_sales_order_customer_on", "customer_id", "ordered_on"),
)

# Published legal notices (BODACC) by their own id; `siren` is whom they speak of.
notice = Table(
    "notice",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("siren", String(9), nullable=False),
    Column("kind", String(12), nullable=False),
    Column("published_on", Date, nullable=False),
    Column("procedure", String(12)),
    Column("revision", String(12), nullable=False),
    Column("corrects", String(40), nullable=False, server_default=""),
    Column("closed_on", Date),
    Column("domiciliation", Boolean, nullable=False, server_default="0"),
    Column("said", String(300)),  # the notice's own words for what it publishes
    Index("ix_notice_siren", "siren", "published_on"),
)

# Companies (siret "") and their establishments, as the register of Sirene states them.
registry_unit = Table(
    "registry_unit",
    metadata,
    Column("siren", String(9), primary_key=True),
    Column("siret", String(14), primary_key=True),
    Column("active", Boolean, nullable=False),
    Column("changed_on", Date),  # since when it is so
    Column("naf", String(6)),
    Column("address", String(300)),
    Column("stated_on", Date, nullable=False),
)

# Dated facts of one company: an insurer's limit, an entry at the court, a rating, accounts,
# a returned payment, a new bank account. `key` tells the same fact stated twice.
sign = Table(
    "sign",
    metadata,
    Column("id", Key, primary_key=True),
    Column("kind", String(12), nullable=False),
    Column("key", String(120), nullable=False),
    Column("customer_id", *of_customer()),
    Column("siren", String(9)),
    Column("on", Date, nullable=False),
    Column("ended_on", Date),
    Column("code", String(40)),
    Column("currency", String(3)),
    Column("amount_minor", BigInteger),
    Column("data", JsonText, nullable=False),
    UniqueConstraint("kind", "key", name="uq_sign_key"),
    Index("ix_sign_customer", "customer_id", "on"),
    Index("ix_sign_siren", "siren", "on"),
)

# What reps saw and heard; corrected by taking back, never overwritten.
observation = Table(
    "observation",
    metadata,
    Column("id", Key, primary_key=True),
    Column("uid", String(36), nullable=False, unique=True),
    Column("customer_id", *of_customer(), nullable=False),
    Column("person_id", ForeignKey("person.id"), nullable=False),
    Column("conversation_id", Key),
    Column("code", String(8), nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("on", Date, nullable=False),
    Column("source", String(120)),
    Column("note", String(200)),
    Column("files", JsonText, nullable=False),  # photos and voice notes, by Telegram's ids
    Column("withdrawn_at", UtcDateTime),
    Index("ix_observation_customer_on", "customer_id", "on"),
)

# What remains of observations after their time: of no customer, by nobody.
observation_count = Table(
    "observation_count",
    metadata,
    Column("month", Date, primary_key=True),  # its first day
    Column("code", String(8), primary_key=True),
    Column("n", Integer, nullable=False),
)

# Accounts that a K signal froze; the credit manager alone lifts one, with a reason.
freeze = Table(
    "freeze",
    metadata,
    Column("id", Key, primary_key=True),
    Column("uid", String(36), nullable=False, unique=True),
    Column("customer_id", *of_customer(), nullable=False),
    Column("signal", String(8), nullable=False),
    Column("cause", String(60), nullable=False),
    Column("since", Date, nullable=False),  # publication of what froze it
    Column("at", UtcDateTime, nullable=False),
    Column("lifted_at", UtcDateTime),
    Column("lifted_by", ForeignKey("person.id")),
    Column("reason", String(200)),
    UniqueConstraint("customer_id", "cause", name="uq_freeze_cause"),
    Index("ix_freeze_customer", "customer_id", "lifted_at"),
)
