"""What the early-warning rules need of many customers at once, in a handful of statements.

`storage.past` reads the same of a book as it stood.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import Row, case, exists, func, select

from credit.dispute import SUSPENDING, DisputeRules
from storage import items, presence, reads
from storage.bulk import Tuples, picked
from storage.limits import LIMIT_MINOR
from storage.presence import Present
from storage.reads import BEHIND, CREDITS, DAY, IS_BEHIND, OVER, ZERO, Reads
from storage.tables import customer, dispute, item, item_row
from storage.work import Work

Rows = Mapping[int, Sequence[Sequence[Any]]]
"""Plain rows by the customer they begin with."""

# Whether each customer can be late, else whether he can be over his limit whatever its currency,
# from the index alone: it finds the first that is late, and sums up only who is not. It reads
# what the view of items reads, and rows of other versions of the book besides: so it may say too
# much, never too little.
_OPEN = item_row.c.customer_id == customer.c.id, item_row.c.open_minor > ZERO
_LATE = exists(select(BEHIND).where(*_OPEN, item_row.c.due_on < DAY).correlate(customer))
_SUM = select(func.sum(item_row.c.open_minor)).where(*_OPEN).correlate(customer).scalar_subquery()
_DOUBT = case(
    (_LATE, BEHIND),
    (LIMIT_MINOR.element < _SUM, OVER),
)


NOW = Reads(
    reads.of_customers(_DOUBT),
    reads.of_rest(item.c.open_minor),
    reads.of_rest_apart(item.c.open_minor),
    reads.of_late(item.c.open_minor),
    reads.of_settled(item.c.open_minor),
    reads.of_paid(item.c.open_minor),
    reads.of_invoices(item.c.open_minor),
    reads.of_payments(),
    reads.of_disputes(dispute.c.state),
    reads.of_contacts(),
    reads.of_broken(),
)


@dataclass(frozen=True, slots=True)
class Windows:
    """From when on events count."""

    settled: date
    received: date
    contact: date
    promised: date
    opened: date

    def values(self) -> dict[str, Any]:
        """Return them as the statements name them."""
        return {f"since_{name}": getattr(self, name) for name in self.__slots__}


@dataclass(frozen=True, slots=True)
class Accounts:
    """The accounts of some customers, by their ids; who has nothing of a kind is not in it.

    `rest` is read of those in `summed`: of whoever can be late or over his limit. What is open
    is the rest and what is late.
    """

    reads: Reads
    present: Present
    given: Mapping[str, Any]
    customers: Tuples  # id, rep code, credit limit and its currency, what is in question
    summed: AbstractSet[int]
    rest: Rows
    late: Rows
    paid: Rows
    invoices: Rows  # of those who sent money
    payments: Rows
    disputes: Mapping[int, Sequence[Row[Any]]]
    contacts: Mapping[int, Sequence[Row[Any]]]
    broken: Mapping[int, int]

    def summing(self, work: Work, customer_ids: AbstractSet[int]) -> Accounts:
        """Read the sums of these customers too."""
        more = customer_ids - self.summed
        if not more:
            return self
        rest = _rest(work, self.reads, self.given, more)
        return replace(self, summed=self.summed | more, rest={**self.rest, **rest})

    def settled(self, work: Work, customer_ids: Iterable[int]) -> dict[int, Any]:
        """Find when these customers' first settled invoice was issued, as the driver tells days."""
        rows = self.reads.settled.rows(work, {**self.given, "ids": sorted(customer_ids)})
        return {row[0]: row[1] for row in rows}

    def withheld(self, customer_id: int, rules: DisputeRules) -> dict[int, int]:
        """Return what disputes take from each of a customer's late lines, in minor units.

        Lines that are not late come after them when a dispute about no invoice is laid on.
        """
        known = self.disputes.get(customer_id, ())
        contested = [row for row in known if row.resting or row.state in SUSPENDING]
        if not contested:
            return {}
        return items.withheld(self.late.get(customer_id, ()), contested, rules)


def read(
    work: Work,
    customer_ids: Iterable[int],
    day: date,
    windows: Windows,
    reads: Reads = NOW,
    values: Mapping[str, Any] | None = None,
) -> Accounts:
    """Read the accounts of these customers; `values` are what `reads` needs besides."""
    given = {"ids": picked(customer_ids), "day": day, **windows.values(), **(values or {})}
    customers = reads.customers.rows(work, given)
    summed = {row[0] for row in customers if row[4]}
    behind = {row[0] for row in customers if row[4] == IS_BEHIND}
    rest = _rest(work, reads, given, summed)
    late = _late(work, reads, given, behind, rest)
    present = presence.read(work)
    payments = _sorted_out(reads.payments.rows(work, given) if present.payments else ())
    return Accounts(
        reads=reads,
        present=present,
        given=given,
        customers=customers,
        summed=summed,
        rest=rest,
        late=late,
        paid=_sorted_out(reads.paid.rows(work, given) if present.settlements else ()),
        invoices=_sorted_out(
            reads.invoices.rows(work, {**given, "ids": list(payments)}) if payments else ()
        ),
        payments=payments,
        disputes=_sorted_out(reads.disputes.rows(work, given) if present.disputes else (), 1),
        contacts=_sorted_out(reads.contacts.rows(work, given) if present.contacts else ()),
        broken=_counted(reads.broken.rows(work, given) if present.promises else ()),
    )


def _rest(
    work: Work, reads: Reads, given: Mapping[str, Any], customer_ids: AbstractSet[int]
) -> dict[int, list[Any]]:
    """Sum what is not late of these customers, of whom few owe in several currencies."""
    if not customer_ids:
        return {}
    rest = _sorted_out(reads.rest.rows(work, {**given, "ids": sorted(customer_ids)}))
    mixed = [customer for customer, ((_, currency, *_),) in rest.items() if currency is None]
    if mixed:
        rest.update(_sorted_out(reads.rest_apart.rows(work, {**given, "ids": mixed})))
    return rest


def _late(
    work: Work,
    reads: Reads,
    given: Mapping[str, Any],
    behind: AbstractSet[int],
    rest: dict[int, list[Any]],
) -> dict[int, list[Any]]:
    """Read the late lines of those who may be `behind`; money of theirs joins the rest."""
    late: defaultdict[int, list[Any]] = defaultdict(list)
    for line in reads.late.rows(work, {**given, "ids": sorted(behind)}) if behind else ():
        if line[2] in CREDITS:
            customer, _, _, currency, *_, left, _, _ = line
            rest.setdefault(customer, []).append((customer, currency, left, 0, None))
        else:
            late[line[0]].append(line)
    return late


def _counted(rows: Iterable[Sequence[Any]]) -> dict[int, int]:
    return {row[0]: row[1] for row in rows}


def _sorted_out(rows: Iterable[Any], place: int = 0) -> dict[int, list[Any]]:
    """Sort rows out by the customer whose id stands at a place."""
    found: defaultdict[int, list[Any]] = defaultdict(list)
    for row in rows:
        found[row[place]].append(row)
    return found
