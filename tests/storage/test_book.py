"""Whatever exports come, the book holds the last one, and the past stays what it was."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from credit.receivable import ItemKind
from storage import balance, book_versions, imports
from storage.balance import By
from storage.book_customers import Directory
from storage.book_lines import set_down
from storage.book_update import Outcome, take_items
from storage.book_writing import Run
from storage.sync.reading import ReceivableRow, RowColumns
from storage.tables import import_run, item, settlement
from storage.work import Work
from tests.storage.inline import inline

START = date(2026, 1, 5)


@dataclass(frozen=True)
class Doc:
    """A line of the ledger: one instalment of a document."""

    customer: str
    number: str | None
    issued: date
    due: date | None
    total: int
    opened: int
    currency: str

    def row(self, n: int, *, totals: bool) -> ReceivableRow:
        kind = ItemKind.INVOICE if self.opened >= 0 else ItemKind.CREDIT_NOTE
        total = self.total if totals else None
        place = (n, self.customer, None, self.number, kind, self.issued, self.due)
        return ReceivableRow(*place, total, self.opened, self.currency)


minor = st.integers(-50, 200).map(lambda n: n * 100 or 100)
docs = st.builds(
    lambda customer, number, term, amount, currency: Doc(
        customer,
        number,
        START,
        None if term is None else START + timedelta(days=term),
        amount,
        amount,
        currency,
    ),
    st.sampled_from(["C1", "C2"]),
    st.sampled_from(["F1", "F2", "F3", None]),
    st.sampled_from([None, 0, 30, 30, 60, 90]),
    minor,
    st.sampled_from(["EUR", "EUR", "USD"]),
)
deeds = st.lists(
    st.one_of(
        st.tuples(st.just("issue"), docs),
        st.tuples(st.just("pay"), st.integers(0, 9), st.integers(1, 100)),
        st.tuples(st.just("settle"), st.integers(0, 9)),
        st.tuples(st.just("postpone"), st.integers(0, 9)),
        st.tuples(st.just("correct"), st.integers(0, 9), minor),
    ),
    max_size=5,
)
stories = st.lists(deeds, min_size=1, max_size=5)


def after(ledger: list[Doc], deed: Any, today: date) -> list[Doc]:
    """Let one thing happen in the ledger."""
    if deed[0] == "issue":
        return [*ledger, replace(deed[1], issued=today)]
    if not ledger:
        return ledger
    place = deed[1] % len(ledger)
    one = ledger[place]
    others = [*ledger[:place], *ledger[place + 1 :]]
    if deed[0] == "pay":
        left = one.opened - one.opened * deed[2] // 100
        return [*others, replace(one, opened=left)] if left else others
    if deed[0] == "postpone":
        return [replace(one, due=(one.due or START) + timedelta(days=15)), *others]
    if deed[0] == "correct":
        new = deed[2] if (deed[2] > 0) == (one.opened > 0) else -deed[2]
        return [*others, replace(one, total=new, opened=new)]
    return others


def take(work: Work, ledger: list[Doc], day: date, *, totals: bool) -> Outcome:
    """Import a whole export of the ledger, as a use case does."""
    at = datetime(day.year, day.month, day.day, 9, tzinfo=UTC)
    rows = [one.row(n, totals=totals) for n, one in enumerate(ledger, 2)]
    run = Run(imports.next_id(work), day, at, whole=True)
    book_versions.begin(work, run.id)
    directory = Directory(work)
    with set_down(work) as lines:
        if rows:
            columns = RowColumns.of(rows)
            lines.add(columns, directory.meet(columns))
        lines.close()
        directory.write(at, run.id)
        outcome = take_items(work, lines, run)
    values = {"id": run.id, "file": "x", "sha256": "", "fingerprint": "", "kind": "receivables"}
    counts = dict.fromkeys(("new", "changed", "settled", "unchanged", "rejected"), 0)
    more = {"as_of": day, "at": at, "channel": "cli", "report": {}}
    work.execute(import_run.insert(), {**values, **counts, **more})
    return outcome


def sums(work: Work, day: date) -> dict[tuple[str, str], int]:
    """Read each customer's balance per currency; a sum of nothing is none."""
    rows = balance.as_of(work, day)
    return {(r.code, r.currency): sum(r.minor.values()) for r in rows if sum(r.minor.values())}


def owed(ledger: list[Doc]) -> dict[tuple[str, str], int]:
    found: Counter[tuple[str, str]] = Counter()
    for one in ledger:
        found[one.customer, one.currency] += one.opened
    return {key: total for key, total in found.items() if total}


def consistent(work: Work) -> bool:
    """Tell whether every item is what it was less what reduced it."""
    gone = (
        select(func.coalesce(func.sum(settlement.c.amount_minor), 0))
        .where(settlement.c.item_id == item.c.id)
        .scalar_subquery()
    )
    wrong = select(func.count()).where(item.c.amount_minor - gone != item.c.open_minor)
    return not work.scalar(wrong)


def play(work: Work, story: list[Any], *, totals: bool) -> None:
    """Import an export after each day's deeds, and look back after each."""
    ledger: list[Doc] = []
    past: dict[date, dict[tuple[str, str], int]] = {}
    for n, day_deeds in enumerate(story):
        day = START + timedelta(days=7 * n)
        for deed in day_deeds:
            ledger = after(ledger, deed, day)
        take(work, ledger, day, totals=totals)
        assert consistent(work)
        past[day] = owed(ledger)
        for then, known in past.items():
            assert sums(work, then) == known
        again = take(work, ledger, day, totals=totals)
        assert (again.new, again.changed, again.settled) == (0, 0, 0)


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_the_book_is_the_last_export_and_the_past_never_changes(
    kind: str, request: pytest.FixtureRequest
) -> None:
    url = request.getfixturevalue({"sqlite": "sqlite_url", "postgresql": "postgres_url"}[kind])
    with inline(url) as work:  # one connection for all examples: statements are compiled once

        @settings(deadline=None, max_examples=60 if kind == "sqlite" else 15)
        @given(story=stories, totals=st.booleans())
        def told(story: list[Any], totals: bool) -> None:
            with work.rehearsal() as stage:
                play(stage, story, totals=totals)

        told()


def test_a_rehearsal_leaves_nothing_behind(database_url: str) -> None:
    ledger = [Doc("C1", "F1", START, START, 10000, 10000, "EUR")]
    with inline(database_url) as work:
        with work.rehearsal() as stage:
            take(stage, ledger, START, totals=True)
            assert sums(stage, START) == {("C1", "EUR"): 10000}
        assert sums(work, START) == {}
        take(work, ledger, START, totals=True)
        assert sums(work, START) == {("C1", "EUR"): 10000}


def test_a_large_export_comes_in_by_the_thousand(database_url: str) -> None:
    many = [
        Doc(f"C{n % 300}", f"F{n}", START, START + timedelta(days=n % 90), 100 + n, 100 + n, "EUR")
        for n in range(5000)
    ]
    with inline(database_url) as work:
        first = take(work, many, START, totals=True)
        assert (first.new, len(first.touched)) == (5000, 300)
        later = START + timedelta(days=1)
        paid = [replace(one, opened=50) for one in many[:1500]]
        next_day = take(work, [*paid, *many[1600:]], later, totals=True)
        assert (next_day.new, next_day.changed, next_day.unchanged) == (0, 1500, 3400)
        assert next_day.settled == 100
        [company] = balance.as_of(work, later, By.COMPANY)
        assert sum(company.minor.values()) == sum(owed([*paid, *many[1600:]]).values())
        [before] = balance.as_of(work, START, By.COMPANY)
        assert sum(before.minor.values()) == sum(owed(many).values())
