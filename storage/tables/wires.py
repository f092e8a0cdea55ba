"""The audit trail, the inbox, the outbox, and small facts of the installation."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Float,
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

_NEWS = text("state = 'waiting' and kind = 'alert'")

# Append-only: who, what, when, from which update. Never updated, never deleted by code.
event = Table(
    "event",
    metadata,
    Column("id", Key, primary_key=True),
    Column("uid", String(36), nullable=False, unique=True),
    Column("at", UtcDateTime, nullable=False),
    Column("person_id", ForeignKey("person.id")),
    Column("kind", String(40), nullable=False),
    Column("customer_id", *of_customer()),
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
    Column("begun", Integer, nullable=False, server_default="0"),  # since a process died over it
    Column("done_at", UtcDateTime),
    Column("error", String(400)),
    Column("parked", Boolean, nullable=False, server_default="0"),
    Index("ix_inbox_waiting", "done_at", "update_id"),
)

# Who is served next, and by which process: one row per sender, so that the updates of one
# person stay in order whatever process stored them. `head` is the first one not handled.
inbox_queue = Table(
    "inbox_queue",
    metadata,
    Column("sender", BigInteger, primary_key=True, autoincrement=False),
    Column("head", BigInteger),
    Column("owner", String(80)),
    Column("until", UtcDateTime),
    Index("ix_inbox_queue_head", "head"),
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
    Column("owner", String(80)),  # the process that holds it; None: anybody's
    Column("posted_at", UtcDateTime),  # its request leaves: only then may it have arrived
    Column("doubts", Integer, nullable=False, server_default="0"),  # times it may have arrived
    Column("deaths", Integer, nullable=False, server_default="0"),  # while it was made ready
    Column("message_id", BigInteger),
    Column("sent_at", UtcDateTime),
    Column("error", String(400)),
    CheckConstraint("priority between 0 and 3", name="priority"),
    Index("ix_outbox_waiting", "state", "not_before", "priority", "id"),
    # what one reader has yet to hear of accounts, however much waits for the others
    Index("ix_outbox_news", "person_id", sqlite_where=_NEWS, postgresql_where=_NEWS),
)

# How fast messages may leave, shared by every process: "overall" and one row per busy chat.
rate_bucket = Table(
    "rate_bucket",
    metadata,
    Column("name", String(40), primary_key=True),
    Column("level", Float, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("closed_until", UtcDateTime),
)

# The processes that run now: one that has not been seen lately is dead, and what it held is
# anybody's.
worker = Table(
    "worker",
    metadata,
    Column("owner", String(80), primary_key=True),
    Column("role", String(10), nullable=False),
    Column("started_at", UtcDateTime, nullable=False),
    Column("seen_at", UtcDateTime, nullable=False),
)

# When each job is due next: whoever moves it on runs it, so that it runs once.
job_slot = Table(
    "job_slot",
    metadata,
    Column("name", String(60), primary_key=True),
    Column("due_at", UtcDateTime, nullable=False),
    Column("owner", String(80)),
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
