"""One customer's account, read whole: what a card, a gate or a call needs to know."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any

from bot.use_cases.refusals import NotYours
from credit.ageing import AgedBalance, age
from credit.dispute import GRANTED
from credit.gate import GateFacts, GateVerdict, PastContact, gate, positions
from credit.moment import Moment
from credit.money import Money
from credit.receivable import OpenItem
from storage import contacts, customers, disputes, events, facts, items, promises

if TYPE_CHECKING:
    from bot.use_cases.rules import Rules
    from credit.people import Person
    from credit.policy import FloorPolicy
    from storage.customers import Contact, Customer
    from storage.promises import Kept
    from storage.work import Work

DATA_AS_OF = "data_as_of"
STOPPED, RESUMED = "dunning.stopped", "dunning.resumed"
CALL_BACK, CALL_AGAIN = "call_back", "call_again"


@dataclass(frozen=True)
class Standing:
    """What one customer owes now; amounts per currency, never mixed."""

    customer: Customer
    today: date
    items: tuple[OpenItem, ...]
    balances: Mapping[str, AgedBalance]
    disputes: tuple[Any, ...]
    granted: tuple[Any, ...]  # disputes that were accepted: a credit note is to come
    refused: tuple[Any, ...]  # disputes refused, even in part: dunning has not resumed yet
    data_as_of: datetime | None
    floor: FloorPolicy

    @cached_property
    def overdue(self) -> tuple[OpenItem, ...]:
        """Return the overdue items, oldest due first."""
        return tuple(item for item in self.items if item.is_overdue(self.today))

    @cached_property
    def claimable(self) -> tuple[OpenItem, ...]:
        """Return the overdue items that have a part nobody disputes, oldest due first."""
        return tuple(item for item in self.overdue if item.undisputed_minor > 0)

    @cached_property
    def main_currency(self) -> str:
        """Return the currency most is claimed in (else most is open, else EUR)."""
        for pick in (self.claimable, self.items):
            sums: dict[str, int] = {}
            for item in pick:
                sums[item.currency] = sums.get(item.currency, 0) + abs(item.open_minor)
            if sums:
                return heaviest(sums, self.floor)
        return self.customer.limit_currency or "EUR"

    def claim(self, currency: str) -> Money:
        """Return what may be claimed today in a currency: overdue and undisputed."""
        parts = (i.undisputed_minor for i in self.claimable if i.currency == currency)
        return Money.from_minor(sum(parts), currency)

    @property
    def worst_days(self) -> int:
        """Return the lateness of the oldest claimable item, in days."""
        late = self.claimable or self.overdue
        return max((item.days_past_due(self.today) for item in late), default=0)

    @property
    def limit(self) -> Money | None:
        """Return the credit limit, None when none is set."""
        if self.customer.limit_minor is None:
            return None
        return Money.from_minor(self.customer.limit_minor, self.customer.limit_currency or "EUR")

    def exposure(self, currency: str) -> Money:
        """Return the balance in a currency, credits deducted."""
        balance = self.balances.get(currency)
        return balance.total if balance else Money.from_minor(0, currency)


def heaviest(sums: Mapping[str, int], floor: FloorPolicy) -> str:
    """Return the currency of the sum that makes most floors; sums are in minor units."""
    return max(sorted(sums), key=lambda code: floor.weigh(Money.from_minor(sums[code], code)))


@dataclass(frozen=True)
class Account(Standing):
    """Everything known of one customer now: besides, what he promised and whom to call."""

    promises: tuple[Kept, ...]
    people: tuple[Contact, ...]


def data_as_of(work: Work) -> datetime | None:
    """Tell how fresh the book is: the moment of the last receivables import."""
    stamp = facts.get(work, DATA_AS_OF)
    return datetime.fromisoformat(stamp) if stamp else None


def standing(work: Work, customer_id: int, now: Moment, rules: Rules) -> Standing:
    """Read what a customer owes, all that an alert card says; refuse as `load`."""
    return Standing(**_owed(work, customer_id, now, rules))


def load(work: Work, customer_id: int, now: Moment, rules: Rules) -> Account:
    """Read an account; a customer that does not exist is refused as somebody else's."""
    return Account(
        **_owed(work, customer_id, now, rules),
        promises=tuple(promises.of_customer(work, customer_id)),
        people=tuple(customers.contacts(work, customer_id)),
    )


def _owed(work: Work, customer_id: int, now: Moment, rules: Rules) -> dict[str, Any]:
    """Read the fields of a `Standing`."""
    customer = customers.by_id(work, customer_id)
    if customer is None:
        raise NotYours
    contested = disputes.of_customer(work, customer_id, now.today)
    open_items = items.open_of(work, customer_id, rules.policy.dispute.rules, contested)
    return {
        "customer": customer,
        "today": now.today,
        "items": tuple(open_items),
        "balances": age(open_items, now.today),
        "disputes": tuple(row for row in contested if row.state in disputes.WAITING),
        "granted": tuple(row for row in contested if row.state in GRANTED),
        "refused": tuple(row for row in contested if row.resting and _owes(row)),
        "data_as_of": data_as_of(work),
        "floor": rules.policy.floor,
    }


def _owes(row: Any) -> bool:  # noqa: ANN401 - a row of the database
    """Tell whether anything is open of what a dispute is about, but for what is to be credited."""
    waits = (row.founded_minor or 0) if row.state in GRANTED else 0
    return row.item_id is None or row.open_minor > waits


def check_gate(
    work: Work, account: Account, person: Person, now: Moment, rules: Rules
) -> GateVerdict:
    """Say every reason not to call this customer now."""
    week_ago = now.today - timedelta(days=7)
    customer_id = account.customer.id
    tried = contacts.since(work, customer_id, week_ago)
    frozen = frozen_since(work, customer_id)
    seen = GateFacts(
        now=now,
        reader_id=person.id,
        positions=positions(account.items, now.today),
        data_as_of=account.data_as_of,
        contacts=tuple(PastContact(r.at, r.person_id, r.author, r.answered) for r in tried),
        insolvent_since=frozen and Moment(frozen, now.zone).today,
        asked_to_be_called=_asked_to_be_called(work, customer_id, now.today),
        resumes_on=max((row.resume_on for row in account.refused), default=None),
    )
    return gate(seen, rules.calendar, rules.policy.gate)


def frozen_since(work: Work, customer_id: int) -> datetime | None:
    """Return since when the account's reminders are stopped; None when they are not."""
    last = events.last_of(work, customer_id, (STOPPED, RESUMED))
    return last.at if last is not None and last.kind == STOPPED else None


def _asked_to_be_called(work: Work, customer_id: int, today: date) -> bool:
    """Tell whether the customer named today, or a day gone by, for the next call."""
    last = contacts.last(work, customer_id, 1)
    if not last or last[0].outcome != CALL_BACK:
        return False
    planned = contacts.tasks_of(work, customer_id)
    return any(task.kind == CALL_AGAIN and task.due_on <= today for task in planned)
