"""The wholesaler's ledger as values, and the book-keeper who writes two years of it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from random import Random

from bot.demo.debtors import Debtor

MONTHS = 24
TERM = 30
SATURDAY = 5


@dataclass(frozen=True, slots=True)
class Entry:
    """One document: what it was for, when it was due, what is open of it, when it was paid."""

    customer: str
    kind: str  # FA invoice, AV credit note, RG payment not matched
    issued: date
    due: date | None
    cents: int
    open_cents: int
    currency: str
    paid_on: date | None = None
    number: str = ""
    shares: str = ""  # entries with the same mark are instalments of one invoice


@dataclass(frozen=True, slots=True)
class Receipt:
    """Money received; `number` is the invoice it names, if any."""

    customer: str
    on: date
    cents: int
    currency: str
    means: str
    number: str = ""
    reference: str = ""


@dataclass(frozen=True, slots=True)
class Ledger:
    """The whole book on one day."""

    day: date
    debtors: tuple[Debtor, ...]
    paid: tuple[Entry, ...]
    open: tuple[Entry, ...]
    receipts: tuple[Receipt, ...] = ()

    def open_of(self, customer: str) -> list[Entry]:
        """Return what is open of a customer, oldest due first."""
        mine = [one for one in self.open if one.customer == customer]
        return sorted(mine, key=lambda one: (one.due or self.day, one.number))


@dataclass(slots=True)
class BookKeeper:
    """Write entries day by day; the same seed and day give the same book."""

    day: date
    random: Random
    entries: list[Entry] = field(default_factory=list)
    receipts: list[Receipt] = field(default_factory=list)

    def ago(self, days: int) -> date:
        """Return the day so many days before today."""
        return self.day - timedelta(days=days)

    def usual(
        self,
        debtor: Debtor,
        lateness: tuple[int, int] = (-7, 4),
        *,
        until: int = 0,
        months: int = MONTHS,
        euros: tuple[int, int] = (350, 2600),
    ) -> None:
        """Write the ordinary life of a customer who pays within these days of the due date.

        Nothing is due later than `until` days ago when it is given: the rest is written by hand.
        """
        for month in range(months, -1, -1):
            issued = self._weekday(self.ago(30 * month + self.random.randrange(28)))
            due = issued + timedelta(days=TERM)
            cents = self.random.randrange(euros[0] * 100, euros[1] * 100)
            paid_on = due + timedelta(days=self.random.randint(*lateness))
            if issued > self.day or (until and due > self.ago(until)):
                continue
            paid = paid_on < self.day
            entry = Entry(debtor.code, "FA", issued, due, cents, cents, debtor.currency)
            self.entries.append(replace(entry, open_cents=0, paid_on=paid_on) if paid else entry)

    def owes(
        self,
        debtor: Debtor,
        late: int,
        euros: int,
        *,
        paid_euros: int = 0,
        due: bool = True,
        shares: str = "",
        kind: str = "FA",
    ) -> None:
        """Write an open invoice, so many days late today (negative: not due yet)."""
        due_on = self.ago(late)
        cents = euros * 100 + self.random.randrange(100)
        issued = min(due_on - timedelta(days=TERM), self.day)
        self.entries.append(
            Entry(
                debtor.code,
                kind,
                issued,
                due_on if due else None,
                cents,
                cents - paid_euros * 100,
                debtor.currency,
                shares=shares,
            )
        )

    def credits(self, debtor: Debtor, kind: str, days_ago: int, cents: int) -> None:
        """Write an open credit note (AV) or a payment nobody has matched yet (RG)."""
        on = self.ago(days_ago)
        due = on if kind == "AV" else None
        self.entries.append(Entry(debtor.code, kind, on, due, -cents, -cents, debtor.currency))

    def paid_late(self, debtor: Debtor, paid_ago: int, late: int, euros: int) -> None:
        """Write an invoice that was paid so many days ago, so many days late."""
        paid_on = self.ago(paid_ago)
        due = paid_on - timedelta(days=late)
        cents = euros * 100 + self.random.randrange(100)
        issued = due - timedelta(days=TERM)
        entry = Entry(debtor.code, "FA", issued, due, cents, 0, debtor.currency, paid_on)
        self.entries.append(entry)

    def close(self, debtors: list[Debtor]) -> Ledger:
        """Give the documents their numbers in the order of their days and return the book."""
        self.entries.sort(key=lambda one: (one.issued, one.customer, one.due or one.issued))
        counters: dict[tuple[str, int], int] = {}
        marks: dict[str, str] = {}
        numbered = [self._numbered(one, counters, marks) for one in self.entries]
        return Ledger(
            self.day,
            tuple(debtors),
            tuple(one for one in numbered if one.paid_on),
            tuple(one for one in numbered if not one.paid_on),
            tuple(self.receipts),
        )

    def _numbered(
        self, entry: Entry, counters: dict[tuple[str, int], int], marks: dict[str, str]
    ) -> Entry:
        if entry.shares in marks:
            return replace(entry, number=marks[entry.shares])
        key = (entry.kind, entry.issued.year)
        counters[key] = counters.get(key, 0) + 1
        number = f"{entry.kind}{entry.issued.year % 100:02d}-{counters[key]:05d}"
        if entry.shares:
            marks[entry.shares] = number
        return replace(entry, number=number)

    def _weekday(self, day: date) -> date:
        return day - timedelta(days=max(0, day.weekday() - SATURDAY + 1))
