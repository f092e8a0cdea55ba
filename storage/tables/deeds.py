"""What people said and did: promises, disputes, contacts, conversations."""

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
    text,
)

from storage.tables.schema import Key, metadata
from storage.tables.seen import of_customer, of_item
from storage.types import JsonText, UtcDateTime

_OPEN = text("state = 'open'")
_SUPERSEDED = text("superseded_by is not null")
_LOOKS = text("promise_id is not null")

promise = Table(
    "promise",
    metadata,
    Column("id", Key, primary_key=True),
    Column("uid", String(36), nullable=False, unique=True),
    Column("customer_id", *of_customer(), nullable=False),
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
    Column("credited_minor", BigInteger, nullable=False, server_default="0"),  # by credit notes
    Column("judged_at", UtcDateTime),
    Column("closed_at", UtcDateTime),
    Column("confirmed_at", UtcDateTime),  # the written confirmation was handed to the rep
    Column("superseded_by", ForeignKey("promise.id")),
    Index("ix_promise_customer_state", "customer_id", "state"),
    Index("ix_promise_open", "customer_id", sqlite_where=_OPEN, postgresql_where=_OPEN),
    Index(
        "ix_promise_superseded_by",
        "superseded_by",
        sqlite_where=_SUPERSEDED,
        postgresql_where=_SUPERSEDED,
    ),
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
    Column("credited_minor", BigInteger, nullable=False, server_default="0"),
    Index("ix_promise_line_due_on", "due_on"),
)

promise_item = Table(
    "promise_item",
    metadata,
    Column("promise_id", ForeignKey("promise.id"), primary_key=True),
    Column("item_id", Key, of_item(), primary_key=True),
    Column("amount_minor", BigInteger, nullable=False),
    Index("ix_promise_item_item", "item_id"),
)

dispute = Table(
    "dispute",
    metadata,
    Column("id", Key, primary_key=True),
    Column("uid", String(36), nullable=False, unique=True),
    Column("customer_id", *of_customer(), nullable=False),
    Column("item_id", Key, of_item()),
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
    Column("resume_on", Date),  # once refused: from when it is claimed again
    Column("credit_note", String(120)),  # number of the credit note that closed it
    Index("ix_dispute_customer_state", "customer_id", "state"),
    Index("ix_dispute_item", "item_id"),
)

# What was asked, answered and decided about a dispute, in order; personal data: the text.
dispute_step = Table(
    "dispute_step",
    metadata,
    Column("id", Key, primary_key=True),
    Column("uid", String(36), nullable=False, unique=True),
    Column("dispute_id", ForeignKey("dispute.id"), nullable=False),
    Column("person_id", ForeignKey("person.id"), nullable=False),
    Column("kind", String(16), nullable=False),  # question, answer, or the state decided
    Column("former", String(16), nullable=False),  # the dispute's state before
    Column("amount_minor", BigInteger),  # what is accepted, in the dispute's currency
    Column("text", String(200)),
    Column("at", UtcDateTime, nullable=False),
    Column("withdrawn_at", UtcDateTime),
    Index("ix_dispute_step_dispute", "dispute_id"),
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
    Column("customer_id", *of_customer(), nullable=False),
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
    Column("customer_id", *of_customer(), nullable=False),
    Column("person_id", ForeignKey("person.id")),
    Column("kind", String(30), nullable=False),
    Column("due_on", Date, nullable=False),
    Column("note", String(400)),
    Column("promise_id", ForeignKey("promise.id")),
    Column("created_at", UtcDateTime, nullable=False),
    Column("done_at", UtcDateTime),
    Index("ix_task_person_due", "person_id", "due_on"),
    Index("ix_task_customer", "customer_id"),
    Index("ix_task_promise", "promise_id", sqlite_where=_LOOKS, postgresql_where=_LOOKS),
)

conversation = Table(
    "conversation",
    metadata,
    Column("id", Key, primary_key=True),
    Column("person_id", ForeignKey("person.id"), nullable=False),
    Column("customer_id", *of_customer()),
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
