"""Every table of the product, as SQLAlchemy Core metadata shared by both databases."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from storage.types import JsonText, UtcDateTime

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
    }
)

# SQLite gives a rowid only to INTEGER PRIMARY KEY; PostgreSQL wants 64 bits.
Key = BigInteger().with_variant(Integer, "sqlite")

# --- people and access -------------------------------------------------------------------

person = Table(
    "person",
    metadata,
    Column("id", Key, primary_key=True),
    Column("telegram_id", BigInteger, nullable=True, unique=True),
    Column("name", String(120), nullable=False),
    Column("role", String(20), nullable=False),
    Column("locale", String(5), nullable=False, server_default="fr"),
    Column("active", Boolean, nullable=False, server_default="1"),
    Column("digest_at", String(5), nullable=False, server_default="07:45"),
    Column("phone", String(40)),
    Column("enrolled_at", UtcDateTime),
    Column("revoked_at", UtcDateTime),
    Column("unreachable_since", UtcDateTime),
    Column("last_seen_at", UtcDateTime),
)

# For a rep: the codes of his portfolios. For a sales manager: those of his team; none = all.
portfolio = Table(
    "portfolio",
    metadata,
    Column("person_id", ForeignKey("person.id"), primary_key=True),
    Column("code", String(60), primary_key=True),
    Index("ix_portfolio_code", "code"),
)

invitation = Table(
    "invitation",
    metadata,
    Column("id", Key, primary_key=True),
    Column("hash", String(64), nullable=False, unique=True),
    Column("role", String(20), nullable=False),
    Column("name", String(120)),
    Column("codes", JsonText, nullable=False),
    Column("created_by", ForeignKey("person.id")),
    Column("created_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),
    Column("used_at", UtcDateTime),
    Column("used_by", ForeignKey("person.id")),
)

# --- the book: what the ledger says (read-only for people) -------------------------------

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
    Column("state", String(12), nullable=False),  # waiting, ready, imported, cancelled, refused
    Column("overrides", JsonText, nullable=False),
    Column("at", UtcDateTime, nullable=False),
)

# --- what people said and did ------------------------------------------------------------

promise = Table(
    "promise",
    metadata,
    Column("id", Key, primary_key=True),
    Column("uid", String(36), nullable=False, unique=True),
    Column("customer_id", ForeignKey("customer.id"), nullable=False),
    Column("person_id", ForeignKey("person.id"), nullable=False),
    Column("contact", String(120)),
    Column("means", String(20), nullable=False),
    Column("scope", String(10), nullable=False),  # all, oldest, other
    Column("currency", String(3), nullable=False),
    Column("amount_minor", BigInteger, nullable=False),
    Column("state", String(12), nullable=False),
    Column("engaged", Boolean, nullable=False, server_default="1"),  # False: "sans engagement"
    Column("warnings", JsonText, nullable=False),
    Column("made_at", UtcDateTime, nullable=False),
    Column("made_on", Date, nullable=False),
    Column("paid_minor", BigInteger, nullable=False, server_default="0"),
    Column("judged_at", UtcDateTime),
    Column("closed_at", UtcDateTime),
    Column("confirmed_at", UtcDateTime),  # the written confirmation was handed to the rep
    Column("superseded_by", ForeignKey("promise.id")),
    Index("ix_promise_customer_state", "customer_id", "state"),
    Index("ix_promise_state", "state"),
)

promise_line = Table(
    "promise_line",
    metadata,
    Column("promise_id", ForeignKey("promise.id"), primary_key=True),
    Column("n", Integer, primary_key=True),
    Column("due_on", Date, nullable=False),
    Column("amount_minor", BigInteger, nullable=False),
    Column("state", String(12), nullable=False),
    Column("paid_minor", BigInteger, nullable=False, server_default="0"),
    Index("ix_promise_line_due_on", "due_on"),
)

promise_item = Table(
    "promise_item",
    metadata,
    Column("promise_id", ForeignKey("promise.id"), primary_key=True),
    Column("item_id", ForeignKey("item.id"), primary_key=True),
    Column("amount_minor", BigInteger, nullable=False),
    Index("ix_promise_item_item", "item_id"),
)

dispute = Table(
    "dispute",
    metadata,
    Column("id", Key, primary_key=True),
    Column("uid", String(36), nullable=False, unique=True),
    Column("customer_id", ForeignKey("customer.id"), nullable=False),
    Column("item_id", ForeignKey("item.id")),
    Column("person_id", ForeignKey("person.id"), nullable=False),
    Column("reason", String(3), nullable=False),
    Column("currency", String(3), nullable=False),
    Column("amount_minor", BigInteger, nullable=False),
    Column("founded_minor", BigInteger),
    Column("text", String(400)),
    Column("state", String(16), nullable=False),
    Column("late", Boolean, nullable=False, server_default="0"),  # opened after the due date
    Column("opened_at", UtcDateTime, nullable=False),
    Column("opened_on", Date, nullable=False),
    Column("target_on", Date),
    Column("owner", String(40)),
    Column("closed_at", UtcDateTime),
    Index("ix_dispute_customer_state", "customer_id", "state"),
    Index("ix_dispute_item", "item_id"),
)

attachment = Table(
    "attachment",
    metadata,
    Column("id", Key, primary_key=True),
    Column("dispute_id", ForeignKey("dispute.id"), nullable=False),
    Column("file_id", String(300), nullable=False),
    Column("unique_id", String(120), nullable=False),
    Column("mime", String(60)),
    Column("at", UtcDateTime, nullable=False),
    Index("ix_attachment_dispute", "dispute_id"),
)

contact_record = Table(
    "contact_record",
    metadata,
    Column("id", Key, primary_key=True),
    Column("uid", String(36), nullable=False, unique=True),
    Column("customer_id", ForeignKey("customer.id"), nullable=False),
    Column("person_id", ForeignKey("person.id"), nullable=False),
    Column("conversation_id", Key),
    Column("at", UtcDateTime, nullable=False),
    Column("on", Date, nullable=False),
    Column("channel", String(12), nullable=False),  # call, visit, message
    Column("outcome", String(30), nullable=False),
    Column("answered", Boolean, nullable=False),
    Column("reason", String(3)),  # M01–M26
    Column("faith", String(8)),
    Column("contact", String(120)),
    Column("note", String(400)),
    Column("withdrawn_at", UtcDateTime),
    Index("ix_contact_record_customer_on", "customer_id", "on"),
)

task = Table(
    "task",
    metadata,
    Column("id", Key, primary_key=True),
    Column("uid", String(36), nullable=False, unique=True),
    Column("customer_id", ForeignKey("customer.id"), nullable=False),
    Column("person_id", ForeignKey("person.id")),
    Column("kind", String(30), nullable=False),
    Column("due_on", Date, nullable=False),
    Column("note", String(400)),
    Column("promise_id", ForeignKey("promise.id")),
    Column("created_at", UtcDateTime, nullable=False),
    Column("done_at", UtcDateTime),
    Index("ix_task_person_due", "person_id", "due_on"),
    Index("ix_task_customer", "customer_id"),
)

conversation = Table(
    "conversation",
    metadata,
    Column("id", Key, primary_key=True),
    Column("person_id", ForeignKey("person.id"), nullable=False),
    Column("customer_id", ForeignKey("customer.id")),
    Column("subject_id", Key),  # the alert, upload… the form is about
    Column("script", String(40), nullable=False),
    Column("digest", String(64), nullable=False),
    Column("step", String(80), nullable=False),
    Column("call", JsonText, nullable=False),
    Column("version", Integer, nullable=False),
    Column("state", String(10), nullable=False),  # active, left, done
    Column("outcome", String(30)),
    Column("message_id", BigInteger),  # the message that shows the present step
    Column("started_at", UtcDateTime, nullable=False),
    Column("changed_at", UtcDateTime, nullable=False),
    Index("ix_conversation_person_state", "person_id", "state"),
    Index("ix_conversation_customer", "customer_id"),
)

# --- alerts ------------------------------------------------------------------------------

alert = Table(
    "alert",
    metadata,
    Column("customer_id", ForeignKey("customer.id"), primary_key=True),
    Column("level", Integer, nullable=False),
    Column(
        "state", String(12), nullable=False
    ),  # raised, acknowledged, snoozed, dismissed, cleared
    Column("lights", JsonText, nullable=False),
    Column("signals", JsonText, nullable=False),
    Column("action", String(40)),
    Column("points", Integer, nullable=False),
    Column("version", Integer, nullable=False),
    Column("raised_at", UtcDateTime, nullable=False),
    Column("changed_at", UtcDateTime, nullable=False),
    Column("pushed_level", Integer, nullable=False, server_default="0"),
    Column("pushed_at", UtcDateTime),
    Column("answer_by", UtcDateTime),  # no answer by then: the manager hears of it
    Column("escalated_at", UtcDateTime),
    Column("snoozed_until", UtcDateTime),
    Column("answered_by", ForeignKey("person.id")),
    Column("dismissal", String(30)),
    Index("ix_alert_level", "level"),
    Index("ix_alert_answer_by", "answer_by"),
)

# Which message shows the card of which account to whom, so that it is edited, not repeated.
card = Table(
    "card",
    metadata,
    Column("customer_id", ForeignKey("customer.id"), primary_key=True),
    Column("person_id", ForeignKey("person.id"), primary_key=True),
    Column("message_id", BigInteger, nullable=False),
    Column("version", Integer, nullable=False),
    Column("at", UtcDateTime, nullable=False),
)

rule_feedback = Table(
    "rule_feedback",
    metadata,
    Column("id", Key, primary_key=True),
    Column("signal", String(8), nullable=False),
    Column("customer_id", ForeignKey("customer.id"), nullable=False),
    Column("person_id", ForeignKey("person.id"), nullable=False),
    Column("reason", String(30), nullable=False),
    Column("at", UtcDateTime, nullable=False),
)

# --- broadcast and digest ----------------------------------------------------------------

broadcast = Table(
    "broadcast",
    metadata,
    Column("id", Key, primary_key=True),
    Column("person_id", ForeignKey("person.id"), nullable=False),
    Column("text", Text, nullable=False),
    Column("audience", String(80), nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("report_message_id", BigInteger),
    Column("report_version", Integer, nullable=False, server_default="0"),
)

broadcast_recipient = Table(
    "broadcast_recipient",
    metadata,
    Column("broadcast_id", ForeignKey("broadcast.id"), primary_key=True),
    Column("person_id", ForeignKey("person.id"), primary_key=True),
    Column("state", String(10), nullable=False),  # waiting, sent, seen, blocked, failed
    Column("at", UtcDateTime, nullable=False),
)

# --- the audit trail and the wires -------------------------------------------------------

# Append-only: who, what, when, from which update. Never updated, never deleted by code.
event = Table(
    "event",
    metadata,
    Column("id", Key, primary_key=True),
    Column("uid", String(36), nullable=False, unique=True),
    Column("at", UtcDateTime, nullable=False),
    Column("person_id", ForeignKey("person.id")),
    Column("kind", String(40), nullable=False),
    Column("customer_id", ForeignKey("customer.id")),
    Column("update_id", BigInteger),
    Column("data", JsonText, nullable=False),
    Index("ix_event_customer", "customer_id", "id"),
    Index("ix_event_kind", "kind", "at"),
)

inbox = Table(
    "inbox",
    metadata,
    Column("update_id", BigInteger, primary_key=True, autoincrement=False),
    Column("sender", BigInteger, nullable=False),  # whose order it keeps; 0 when nobody's
    Column("body", Text, nullable=False),
    Column("received_at", UtcDateTime, nullable=False),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("done_at", UtcDateTime),
    Column("error", String(400)),
    Column("parked", Boolean, nullable=False, server_default="0"),
    Index("ix_inbox_waiting", "done_at", "update_id"),
)

outbox = Table(
    "outbox",
    metadata,
    Column("id", Key, primary_key=True),
    Column("priority", Integer, nullable=False),  # 0 answer, 1 alert, 2 digest, 3 broadcast
    Column("kind", String(30), nullable=False),
    Column("person_id", ForeignKey("person.id")),
    Column("chat_id", BigInteger, nullable=False),
    Column("dedupe", String(120), unique=True),
    Column("ready", Boolean, nullable=False),  # True: body is posted as stored; False: facts
    Column("body", JsonText, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("not_before", UtcDateTime, nullable=False),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("state", String(10), nullable=False),  # waiting, sending, sent, dropped, failed, parked
    Column("message_id", BigInteger),
    Column("sent_at", UtcDateTime),
    Column("error", String(400)),
    CheckConstraint("priority between 0 and 3", name="priority"),
    Index("ix_outbox_waiting", "state", "not_before", "priority", "id"),
)

# Small facts of the installation itself: polling offset, cursors, last data date.
fact = Table(
    "fact",
    metadata,
    Column("name", String(60), primary_key=True),
    Column("value", JsonText, nullable=False),
)

lease = Table(
    "lease",
    metadata,
    Column("name", String(60), primary_key=True),
    Column("owner", String(80), nullable=False),
    Column("until", UtcDateTime, nullable=False),
)
