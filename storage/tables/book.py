"""The book: what the ledger says, read-only for people, each import a version of it.

A row of `item_row`, `payment_row` or `settlement_row` holds from the version `since` up to
the version `until`, which is not its own any more; one of `customer_row` from `since` on.
`storage.tables.seen` shows the rows of the version that `book` names: nobody else reads
these tables. Ids that name such rows from elsewhere have no foreign key, for the row that
an id stands for changes: `relance check` looks after them.
"""

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
    text,
)

from storage.tables.schema import Key, metadata
from storage.types import JsonText, UtcDateTime

OPEN_END = 1_000_000_000
"""The version at which a row that still holds ends: none that ever comes."""

_KNOWN = text("siren is not null")
_STILL = text(f"until = {OPEN_END}")
_OVER = text(f"until <> {OPEN_END}")


def _versioned(name: str) -> tuple[Column[int], Column[int], Column[int]]:
    """Begin a table whose rows have versions; a row made alone gets the next id."""
    following = text(f"(select coalesce(max(id), 0) + 1 from {name})")  # noqa: S608 - our own name
    return (
        Column("id", Key, primary_key=True, autoincrement=False, default=following),
        Column("since", Key, primary_key=True, autoincrement=False, server_default="0"),
        Column("until", Key, nullable=False, server_default=str(OPEN_END)),
    )


def _once(name: str, *columns: str) -> Index:
    """Let a key stand once in each version."""
    return Index(name, *columns, unique=True, sqlite_where=_STILL, postgresql_where=_STILL)


def _ended(name: str) -> Index:
    """Find the few rows of former versions."""
    return Index(name, "until", sqlite_where=_OVER, postgresql_where=_OVER)


# The version that everybody reads, the one before it, and the one that is being written.
book = Table(
    "book",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),  # always 1
    Column("version", Key, nullable=False, server_default="0"),  # the id of the last import
    Column("previous", Key, nullable=False, server_default="0"),
    Column("pending", Key),
    Column("owner", String(80)),  # who writes the pending one
)

# Customers that an import touched: their promises are to be judged and, when `scan`, their
# alerts looked at whether a promise moves or not.
book_touched = Table(
    "book_touched",
    metadata,
    Column("version", Key, primary_key=True, autoincrement=False),
    Column("customer_id", ForeignKey("customer_row.id"), primary_key=True),
    Column("scan", Boolean, nullable=False),
)

# What an import says of customers known before: carried over as soon as its version is seen.
book_later = Table(
    "book_later",
    metadata,
    Column("version", Key, primary_key=True, autoincrement=False),
    Column("n", Integer, primary_key=True, autoincrement=False),
    Column("kind", String(10), nullable=False),  # customer, contact
    Column("data", JsonText, nullable=False),
)

# An import that is seen and not over: whom to tell of it, and what looking has found so far.
book_follow = Table(
    "book_follow",
    metadata,
    Column("version", Key, primary_key=True, autoincrement=False),
    Column("subject", JsonText, nullable=False),
    Column("report", JsonText, nullable=False),
    Column("found", JsonText, nullable=False),
)

customer_row = Table(
    "customer_row",
    metadata,
    Column("id", Key, primary_key=True),
    Column("code", String(60), nullable=False),
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
    Column("since", Key, nullable=False, server_default="0"),
    UniqueConstraint("code", name="uq_customer_code"),
    Index("ix_customer_rep_code", "rep_code"),
    Index("ix_customer_assigned_code", "assigned_code"),
    # whose he is, in the words of storage/customers.py: a portfolio is read, not the book
    Index("ix_customer_owner", text("coalesce(assigned_code, rep_code, '')")),
    Index("ix_customer_search", "search"),
    Index("ix_customer_siren", "siren", sqlite_where=_KNOWN, postgresql_where=_KNOWN),
)

# One line per instalment: the same number with three due dates is three items.
item_row = Table(
    "item_row",
    metadata,
    *_versioned("item_row"),
    Column("customer_id", ForeignKey("customer_row.id"), nullable=False),
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
    # the day of the last file that stated it, but for a later whole export that changed nothing
    Column("stated_on", Date, nullable=False),
    Column("first_import", Key, nullable=False),
    Column("settled_on", Date),
    _once("uq_item_row_key", "customer_id", "key"),
    _ended("ix_item_row_ended"),
    Index("ix_item_row_open", "customer_id", "due_on", "open_minor"),
    Index("ix_item_row_number", "number"),
    # credit notes are few: what came back lately is found without reading the invoices
    Index(
        "ix_item_row_credits",
        "customer_id",
        "issued_on",
        sqlite_where=text("kind = 'credit_note'"),
        postgresql_where=text("kind = 'credit_note'"),
    ),
)

payment_row = Table(
    "payment_row",
    metadata,
    *_versioned("payment_row"),
    Column("customer_id", ForeignKey("customer_row.id"), nullable=False),
    Column("key", String(200), nullable=False),
    Column("received_on", Date, nullable=False),
    Column("currency", String(3), nullable=False),
    Column("amount_minor", BigInteger, nullable=False),
    Column("means", String(20)),
    Column("invoice_number", String(120)),
    Column("reference", String(200)),
    Column("item_id", Key),
    Column("import_id", Key, nullable=False),
    _once("uq_payment_row_key", "customer_id", "key"),
    _ended("ix_payment_row_ended"),
    Index("ix_payment_row_customer_on", "customer_id", "received_on"),
    Index("ix_payment_row_item", "item_id"),
)

# What reduced an item, dated: the source of every figure "as of" a past day.
settlement_row = Table(
    "settlement_row",
    metadata,
    *_versioned("settlement_row"),
    Column("item_id", Key, nullable=False),
    Column("settled_on", Date),  # None: before the item was first seen
    Column("amount_minor", BigInteger, nullable=False),  # signed as the item; negative = reopened
    Column("payment_id", Key),
    Column("import_id", Key, nullable=False),
    _ended("ix_settlement_row_ended"),
    Index("ix_settlement_row_item", "item_id", "settled_on"),
    Index("ix_settlement_row_payment", "payment_id"),
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
    # True: what the file does not list stays as it is
    Column("partial", Boolean, nullable=False, server_default="0"),
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
    Column("tries", Integer, nullable=False, server_default="0"),  # steps begun, not ended
    Column("at", UtcDateTime, nullable=False),
    Index("ix_upload_state", "state"),
)
