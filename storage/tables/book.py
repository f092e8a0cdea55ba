"""The book: what the ledger says, read-only for people."""

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
from storage.types import JsonText, UtcDateTime

customer = Table(
    "customer",
    metadata,
    Column("id", Key, primary_key=True),
    Column("code", String(60), nullable=False, unique=True),
    Column("name", String(300), nullable=False),
    Column("search", String(400), nullable=False),  # folded code and name, for typed search
    Column("siren", String(9)),
    Column("rep_code", String(60)),
    Column("assigned_code", String(60)),  # given by the credit manager when the file names no rep
    Column("credit_limit_minor", BigInteger),
    Column("limit_currency", String(3)),
    Column("terms", String(120)),
    Column("risk_class", String(1)),
    Column("group_code", String(60)),
    Column("address", String(300)),
    Column("changed_at", UtcDateTime, nullable=False),
    Index("ix_customer_rep_code", "rep_code"),
    Index("ix_customer_search", "search"),
)

customer_contact = Table(
    "customer_contact",
    metadata,
    Column("id", Key, primary_key=True),
    Column("customer_id", ForeignKey("customer.id"), nullable=False),
    Column("name", String(120), nullable=False),
    Column("role", String(120)),
    Column("phone", String(60)),
    Column("email", String(200)),
    Column("source", String(10), nullable=False),  # "file" or "rep"
    UniqueConstraint("customer_id", "name"),
)

# One line per instalment: the same number with three due dates is three items.
item = Table(
    "item",
    metadata,
    Column("id", Key, primary_key=True),
    Column("customer_id", ForeignKey("customer.id"), nullable=False),
    Column("key", String(200), nullable=False),  # number and its n-th occurrence
    Column("kind", String(12), nullable=False),
    Column("number", String(120)),
    Column("issued_on", Date),
    Column("due_on", Date),
    Column("currency", String(3), nullable=False),
    Column("amount_minor", BigInteger, nullable=False),  # signed: credits are negative
    Column("open_minor", BigInteger, nullable=False),  # what is open now
    Column("total_known", Boolean, nullable=False, server_default="0"),
    Column("disputed_in_ledger", Boolean, nullable=False, server_default="0"),
    Column("order_number", String(120)),
    Column("stated_on", Date, nullable=False),  # as-of date of the last file that stated it
    Column("first_import", Key, nullable=False),
    Column("last_import", Key, nullable=False),
    Column("settled_on", Date),
    UniqueConstraint("customer_id", "key"),
    Index("ix_item_open", "customer_id", "due_on", "open_minor"),
    Index("ix_item_number", "number"),
)

payment = Table(
    "payment",
    metadata,
    Column("id", Key, primary_key=True),
    Column("customer_id", ForeignKey("customer.id"), nullable=False),
    Column("key", String(200), nullable=False),
    Column("received_on", Date, nullable=False),
    Column("currency", String(3), nullable=False),
    Column("amount_minor", BigInteger, nullable=False),
    Column("means", String(20)),
    Column("invoice_number", String(120)),
    Column("reference", String(200)),
    Column("item_id", ForeignKey("item.id")),
    Column("import_id", Key, nullable=False),
    UniqueConstraint("customer_id", "key"),
    Index("ix_payment_customer_on", "customer_id", "received_on"),
    Index("ix_payment_item", "item_id"),
)

# What reduced an item, dated: the source of every figure "as of" a past day.
settlement = Table(
    "settlement",
    metadata,
    Column("id", Key, primary_key=True),
    Column("item_id", ForeignKey("item.id"), nullable=False),
    Column("settled_on", Date),  # None: before the item was first seen
    Column("amount_minor", BigInteger, nullable=False),  # signed as the item; negative = reopened
    Column("payment_id", ForeignKey("payment.id")),
    Column("import_id", Key, nullable=False),
    Index("ix_settlement_item", "item_id", "settled_on"),
)

import_run = Table(
    "import_run",
    metadata,
    Column("id", Key, primary_key=True),
    Column("file", String(300), nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("fingerprint", String(64), nullable=False),
    Column("kind", String(12), nullable=False),
    Column("as_of", Date, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("person_id", ForeignKey("person.id")),
    Column("channel", String(10), nullable=False),  # cli, folder, chat
    Column("new", Integer, nullable=False),
    Column("changed", Integer, nullable=False),
    Column("settled", Integer, nullable=False),
    Column("unchanged", Integer, nullable=False),
    Column("rejected", Integer, nullable=False),
    Column("report", JsonText, nullable=False),
    Index("ix_import_run_sha256", "sha256"),
)

# A column mapping confirmed by a person, found again by the file's fingerprint.
column_mapping = Table(
    "column_mapping",
    metadata,
    Column("fingerprint", String(64), primary_key=True),
    Column("kind", String(12), nullable=False),
    Column("overrides", JsonText, nullable=False),
    Column("confirmed_by", ForeignKey("person.id")),
    Column("confirmed_at", UtcDateTime, nullable=False),
)

# A file sent to the bot, waiting for its person's decision.
upload = Table(
    "upload",
    metadata,
    Column("id", Key, primary_key=True),
    Column("person_id", ForeignKey("person.id"), nullable=False),
    Column("file_id", String(300), nullable=False),
    Column("unique_id", String(120), nullable=False),
    Column("name", String(300), nullable=False),
    Column("path", String(500)),
    Column("state", String(12), nullable=False),  # storage/uploads.py draws its life
    Column("overrides", JsonText, nullable=False),
    Column("report", JsonText),  # what the last reading found, to show it again
    Column("message_id", BigInteger),  # the message that shows it
    Column("at", UtcDateTime, nullable=False),
    Index("ix_upload_state", "state"),
)
