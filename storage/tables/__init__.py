"""Every table of the product, as SQLAlchemy Core metadata shared by both databases."""

from storage.tables.alerts import alert, card, rule_feedback
from storage.tables.book import (
    OPEN_END,
    book,
    book_follow,
    book_later,
    book_touched,
    column_mapping,
    customer_row,
    import_run,
    item_row,
    payment_row,
    settlement_row,
    upload,
)
from storage.tables.broadcasts import broadcast, broadcast_recipient
from storage.tables.customer_contacts import customer_contact
from storage.tables.deeds import (
    attachment,
    contact_record,
    conversation,
    dispute,
    dispute_step,
    promise,
    promise_item,
    promise_line,
    task,
)
from storage.tables.openings import opening_answer, opening_file
from storage.tables.people import invitation, person, portfolio
from storage.tables.releases import release_request
from storage.tables.risk import credit_decision, credit_known, formal_notice, guarantee
from storage.tables.schema import metadata
from storage.tables.seen import customer, item, payment, settlement, views
from storage.tables.signs import freeze, notice, observation, registry_unit, sales_order, sign
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
    "OPEN_END",
    "alert",
    "attachment",
    "book",
    "book_follow",
    "book_later",
    "book_touched",
    "broadcast",
    "broadcast_recipient",
    "card",
    "column_mapping",
    "contact_record",
    "conversation",
    "credit_decision",
    "credit_known",
    "customer",
    "customer_contact",
    "customer_row",
    "dispute",
    "dispute_step",
    "event",
    "fact",
    "formal_notice",
    "freeze",
    "guarantee",
    "import_run",
    "inbox",
    "inbox_queue",
    "invitation",
    "item",
    "item_row",
    "job_slot",
    "lease",
    "metadata",
    "notice",
    "observation",
    "opening_answer",
    "opening_file",
    "outbox",
    "payment",
    "payment_row",
    "person",
    "portfolio",
    "promise",
    "promise_item",
    "promise_line",
    "rate_bucket",
    "registry_unit",
    "release_request",
    "rule_feedback",
    "sales_order",
    "settlement",
    "settlement_row",
    "sign",
    "task",
    "upload",
    "views",
    "worker",
]
