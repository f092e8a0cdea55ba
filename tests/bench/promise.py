"""One tap's worth of work through the product's own storage: eleven statements."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from credit.moment import Moment
from credit.promise import Means, PromiseLine
from storage import customers, disputes, inbox, items, outbox, people, promises
from storage.events import Origin, record
from storage.work import Work
from tests.bench.ledger import rules
from tests.bench.updates import FIRST_READER, KEYBOARD, TEXT

RULES = rules().policy.dispute.rules


@dataclass(frozen=True, slots=True)
class Wanted:
    """A promise that somebody is about to note."""

    update_id: int
    reader: int
    customer_id: int
    now: Moment

    @property
    def telegram_id(self) -> int:
        """Return the reader's Telegram id."""
        return FIRST_READER + self.reader

    @property
    def origin(self) -> Origin:
        """Return who is behind it."""
        return Origin(self.reader, self.update_id, self.now, f"u{self.update_id}")

    @property
    def event(self) -> dict[str, Any]:
        """Return what the audit trail keeps of it."""
        return {"amount": "100.00", "currency": "EUR", "lines": 1}

    def promise(self, minor: int) -> dict[str, Any]:
        """Return the columns of the promise."""
        return {
            "uid": self.origin.uid("promise"),
            "customer_id": self.customer_id,
            "person_id": self.reader,
            "means": Means.TRANSFER.value,
            "scope": "oldest",
            "currency": "EUR",
            "amount_minor": minor,
            "state": "open",
            "engaged": True,
            "warnings": [],
            "made_at": self.now.at,
            "made_on": self.now.today,
        }

    def line(self, minor: int) -> PromiseLine:
        """Return its only instalment."""
        return PromiseLine(self.now.today + timedelta(days=5), minor)

    def message(self) -> dict[str, Any]:
        """Return the columns of the answer, ready to post."""
        params = {"chat_id": self.telegram_id, "message_id": 4711, "text": TEXT}
        params |= {"parse_mode": "HTML", "reply_markup": KEYBOARD}
        return {
            "kind": "answer",
            "person_id": self.reader,
            "chat_id": self.telegram_id,
            "body": {"method": "editMessageText", "params": params, "fallback": True},
            "priority": int(outbox.Priority.ANSWER),
            "dedupe": f"u{self.update_id}:0",
        }


def keep_promise(work: Work, wanted: Wanted) -> int:
    """Mark the update, read reader and account, keep promise, event and answer."""
    inbox.finish(work, wanted.update_id, wanted.now)
    person = people.by_telegram(work, wanted.telegram_id)
    customer = customers.by_id(work, wanted.customer_id)
    assert person is not None
    assert customer is not None
    contested = disputes.of_customer(work, customer.id, wanted.now.today)
    oldest = items.open_of(work, customer.id, RULES, contested)[0]
    promise_id = promises.add(
        work,
        wanted.promise(oldest.open_minor),
        [wanted.line(oldest.open_minor)],
        [(oldest.id, oldest.open_minor)],
    )
    record(work, wanted.origin, "promise.made", wanted.event, customer.id)
    outbox.post(work, at=wanted.now, **wanted.message())
    return promise_id
