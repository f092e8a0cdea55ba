"""Every table of the product, as SQLAlchemy Core metadata shared by both databases."""

from storage.tables.alerts import alert, card, rule_feedback
from storage.tables.book import (
    column_mapping,
    customer,
    customer_contact,
    import_run,
    item,
    payment,
    settlement,
    upload,
)
from storage.tables.broadcasts import broadcast, broadcast_recipient
from storage.tables.deeds import (
    attachment,
    contact_record,
    conversation,
    dispute,
    promise,
    promise_item,
    promise_line,
    task,
)
from storage.tables.people import invitation, person, portfolio
from storage.tables.schema import metadata
from storage.tables.wires import (
    event,
    fact,
    inbox,
    inbox_queue,
    job_slot,
    lease,
    outbox,
    rate_bucket,
    worker,
)

__all__ = [
    "alert",
    "attachment",
    "broadcast",
    "broadcast_recipient",
    "card",
    "column_mapping",
    "contact_record",
    "conversation",
    "customer",
    "customer_contact",
    "dispute",
    "event",
    "fact",
    "import_run",
    "inbox",
    "inbox_queue",
    "invitation",
    "item",
    "job_slot",
    "lease",
    "metadata",
    "outbox",
    "payment",
    "person",
    "portfolio",
    "promise",
    "promise_item",
    "promise_line",
    "rate_bucket",
    "rule_feedback",
    "settlement",
    "task",
    "upload",
    "worker",
]
