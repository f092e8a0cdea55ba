"""What is told of a file's lines in sets is what comparing them one by one would have told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select, text

from credit.receivable import ItemKind
from storage import book_versions, imports
from storage.book_customers import Directory
from storage.book_doubled import NAMED, Doubled
from storage.book_first import MANY
from storage.book_lines import Lines, set_down
from storage.book_update import Outcome, take_items
from storage.book_writing import Run
from storage.sync.reading import HistoryRow, ReceivableRow, RowColumns
from storage.tables import customer, customer_row, import_run, item, settlement
from storage.work import Work
from tests.storage.inline import inline

MONDAY = date(2026, 3, 2)


class OneByOne(Lines):
    """Lines of which nothing is told in sets."""

    def sort_out(self, run: Run, doubtful: Any) -> int:  # noqa: ARG002
        self.compare_all()
        return 0

    def add_fresh(self, run: Run) -> tuple[int, list[int]]:  # noqa: ARG002
        return 0, []


class AtOnce(Lines):
    """Lines of a file as long as those that are written as they come into a first book."""

    def begin(self, run: Run, count: int) -> bool:  # noqa: ARG002
        return super().begin(run, MANY)


days = st.sampled_from([None, MONDAY, MONDAY, MONDAY + timedelta(days=30)])
rows = st.builds(
    ReceivableRow,
    line=st.just(0),
    customer_code=st.sampled_from(["C1", "C2", "C3"]),
    customer_name=st.none(),
    number=st.sampled_from(["F1", "F2", "F3", "F4", None]),
    kind=st.sampled_from([ItemKind.INVOICE, ItemKind.INVOICE, ItemKind.CREDIT_NOTE]),
    issued_on=st.just(MONDAY),
    due_on=days,
    amount_minor=st.sampled_from([None, 10_000, 20_000, -5_000]),
    open_minor=st.sampled_from([10_000, 10_000, 20_000, 5_000, -5_000]),
    currency=st.sampled_from(["EUR", "EUR", "USD"]),
    rep_code=st.sampled_from([None, "R1", "R2"]),
    disputed=st.sampled_from([False, False, True]),
    reference=st.sampled_from([None, None, "Chantier"]),
    order_number=st.sampled_from([None, "B1"]),
)


@st.composite
def weeks(draw: st.DrawFn) -> list[tuple[bool, set[str], list[ReceivableRow]]]:
    """Draw exports of which most lines stay what they were, some partial, some unread."""
    known = draw(st.lists(rows, max_size=8))
    if known:
        known += draw(st.lists(st.sampled_from(known), max_size=4))
    files = []
    for _ in range(draw(st.integers(1, 4))):
        unread = draw(st.sets(st.sampled_from(["F1", "F2", "F9"]), max_size=1))
        files.append((draw(st.integers(0, 3)) > 0, unread, known))
        gone = draw(st.sets(st.integers(0, 7), max_size=2))
        known = [row for n, row in enumerate(known) if n not in gone]
        known = known + draw(st.lists(rows, max_size=2))
        if known:
            known[0] = draw(changes(known[0]))
    return files


def changes(row: ReceivableRow) -> st.SearchStrategy[ReceivableRow]:
    """Change one thing about a line, or nothing."""
    news: dict[str, list[Any]] = {
        "kind": [ItemKind.INVOICE, ItemKind.CREDIT_NOTE],
        "due_on": [None, MONDAY + timedelta(days=60)],
        "amount_minor": [None, 20_000, 30_000],
        "currency": ["EUR", "USD"],
        "disputed": [True, False],
        "order_number": [None, "B2"],
    }
    changed = [row._replace(**{name: value}) for name, values in news.items() for value in values]
    partly = [replaced(row, minor) for minor in (1, 5_000, 10_000)]
    return st.sampled_from([row, *changed, *partly])


def replaced(row: ReceivableRow, opened: int) -> ReceivableRow:
    return row._replace(open_minor=opened if row.open_minor > 0 else -opened)


def taken(
    work: Work,
    shape: type[Lines],
    day: date,
    whole: bool,
    unread: set[str],
    rows: Sequence[Any],
    stretch: int = 1000,
) -> Outcome:
    at = datetime(day.year, day.month, day.day, 9, tzinfo=UTC)
    run = Run(imports.next_id(work), day, at, whole)
    book_versions.begin(work, run.id)
    directory = Directory(work)
    numbered = [row._replace(line=n) for n, row in enumerate(rows, 2)]
    with set_down(work) as plain:
        lines = plain if shape is Lines else shape(work)
        at_once = lines.begin(run, len(numbered))
        for start in range(0, len(numbered), stretch):
            columns = RowColumns.of(numbered[start : start + stretch])
            customers = directory.meet(columns)
            if at_once:
                directory.write_new(at, run.id)
            lines.add(columns, customers)
        lines.close()
        directory.write(at, run.id)
        outcome = take_items(work, lines, run, unread)
        assert lines.doubled == repeats(work, numbered)
    values = {"id": run.id, "file": "x", "sha256": "", "fingerprint": "", "kind": "receivables"}
    counts = dict.fromkeys(("new", "changed", "settled", "unchanged", "rejected"), 0)
    more = {"as_of": day, "at": at, "channel": "cli", "report": {}, "partial": not whole}
    work.execute(import_run.insert(), {**values, **counts, **more})
    return outcome


def repeats(work: Work, rows: Sequence[Any]) -> Doubled:
    """Find the lines that say what one before them says, by what is kept of a line."""
    known, again = set(), []
    for row in rows:
        said = row._replace(line=0, customer_name=None, rep_code=None, siren=None, terms=None)
        if said in known:
            again.append(row)
        known.add(said)
    codes = work.all(select(customer_row.c.code, customer_row.c.id))
    ids = {row.code: row.id for row in codes}
    lines = tuple(row.line for row in again[:NAMED])
    return Doubled(len(again), lines, frozenset(ids[row.customer_code] for row in again))


def seen(work: Work) -> list[Any]:
    """Read the book without its ids, which are given in another order."""
    paid = (
        select(settlement.c.item_id, settlement.c.settled_on, func.sum(settlement.c.amount_minor))
        .group_by(settlement.c.item_id, settlement.c.settled_on)
        .order_by(settlement.c.item_id, settlement.c.settled_on)
    )
    parts: dict[int, list[Any]] = {}
    found: Any = work.all(paid)
    for owner, on, minor in found:
        parts.setdefault(owner, []).append((on, minor))
    facts = [one for one in item.c if one.name not in {"id", "customer_id"}]
    items = select(item.c.id, customer.c.code, *facts).join(
        customer, customer.c.id == item.c.customer_id
    )
    return sorted(
        (str((*row[1:], parts.get(row[0], []))) for row in work.all(items)),
    )


_CUSTOMERS = select(customer.c.code, customer.c.name, customer.c.rep_code, customer.c.siren)


def told(work: Work, shape: type[Lines], files: list[Any], stretch: int = 1000) -> list[Any]:
    story: list[Any] = []
    for n, (whole, unread, rows) in enumerate(files):
        day = MONDAY + timedelta(days=n)
        outcome = taken(work, shape, day, whole, unread, rows, stretch)
        facts = sorted(map(str, work.all(_CUSTOMERS)))
        story.append((replace(outcome, touched=set()), len(outcome.touched), seen(work), facts))
    return story


def test_sets_leave_the_book_that_comparing_one_by_one_leaves(sqlite_url: str) -> None:
    with inline(sqlite_url) as work:

        @settings(deadline=None, max_examples=50)
        @given(files=weeks())
        def both(files: list[Any]) -> None:
            with work.rehearsal() as stage:
                in_sets = told(stage, Lines, files)
            with work.rehearsal() as stage:
                assert told(stage, OneByOne, files) == in_sets

        both()


def settled(row: ReceivableRow, day: date | None) -> HistoryRow:
    total = row.open_minor if row.amount_minor is None else row.amount_minor
    return HistoryRow(*row)._replace(
        amount_minor=total, open_minor=0 if day else total, settled_on=day
    )


histories = st.lists(
    st.builds(settled, rows, st.sampled_from([None, None, MONDAY - timedelta(days=1)])), max_size=8
)


def test_lines_written_as_they_come_leave_the_book_that_comparing_one_by_one_leaves(
    sqlite_url: str,
) -> None:
    with inline(sqlite_url) as work:
        before = work.all(_INDEXES)

        @settings(deadline=None, max_examples=100)
        @given(files=weeks(), history=histories, stretch=st.integers(1, 4))
        def both(files: list[Any], history: list[Any], stretch: int) -> None:
            files = [(False, set(), history), *files] if history else files
            with work.rehearsal() as stage:
                at_once = told(stage, AtOnce, files, stretch)
                assert stage.all(_INDEXES) == before
            with work.rehearsal() as stage:
                assert told(stage, OneByOne, files) == at_once

        both()


_INDEXES = text("select name, tbl_name, sql from sqlite_master where type = 'index' order by name")


def test_only_the_first_lines_of_a_long_file_are_written_as_they_come(database_url: str) -> None:
    def begun(work: Work, day: date, lines: int) -> bool:
        with work.rehearsal() as stage, set_down(stage) as some:
            at = datetime(day.year, day.month, day.day, 9, tzinfo=UTC)
            return some.begin(Run(imports.next_id(stage), day, at, whole=True), lines)

    with inline(database_url) as work:
        sqlite = work.dialect == "sqlite"
        assert [begun(work, MONDAY, lines) for lines in (MANY - 1, MANY)] == [False, sqlite]
        taken(work, Lines, MONDAY, True, set(), [])
        assert begun(work, MONDAY, MANY) is sqlite
        assert not begun(work, MONDAY - timedelta(days=1), MANY)
        taken(work, AtOnce, MONDAY, True, set(), [row("C1", "F1", 10_000)])
        assert not begun(work, MONDAY, MANY)


def test_a_first_book_that_is_not_finished_leaves_everything_as_it_was(sqlite_url: str) -> None:
    with inline(sqlite_url) as work:
        before = work.all(_INDEXES)

    def fail() -> None:
        with inline(sqlite_url) as work:
            taken(work, AtOnce, MONDAY, True, set(), [row("C1", "F1", 10_000)] * 3)
            assert work.scalar(select(func.count()).select_from(item)) == 3
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    with inline(sqlite_url) as work:
        assert work.all(_INDEXES) == before
        assert not work.scalar(select(func.count()).select_from(item))
        assert not work.scalar(select(func.count()).select_from(customer))


@pytest.mark.parametrize("shape", [Lines, OneByOne, AtOnce])
def test_lines_of_one_number_are_counted_as_they_come(database_url: str, shape: Any) -> None:
    lines = [row("C1", "F1", opened) for opened in (10_000, 15_000, 20_000)]
    file = [lines[0], lines[1]._replace(currency="USD"), lines[2]]
    with inline(database_url) as work:
        taken(work, shape, MONDAY, True, set(), file)
        keys = select(item.c.key).order_by(item.c.open_minor)
        assert work.scalars(keys) == ["F1#1", "F1#2", "F1#3"]


@pytest.mark.parametrize("shape", [Lines, AtOnce])
def test_lines_of_one_number_are_told_apart_by_what_they_refer_to(
    sqlite_url: str, shape: Any
) -> None:
    said = ["Chantier A", None, "Chantier A", "Chantier B", None]
    one = row("C1", "VT", 10_000)
    with inline(sqlite_url) as work:
        # `taken` compares what is told with the lines themselves
        taken(work, shape, MONDAY, True, set(), [one._replace(reference=text) for text in said])
        bare = [one._replace(customer_code="C2", number=None, reference=text) for text in said]
        taken(work, shape, MONDAY + timedelta(days=1), True, set(), bare)


def test_what_stands_as_it_stood_is_not_written_again(database_url: str) -> None:
    file = [row("C1", "F1", 10_000), row("C1", "F2", 20_000), row("C2", "F3", 5_000)]
    with inline(database_url) as work:
        first = taken(work, Lines, MONDAY, True, set(), file)
        assert (first.new, first.unchanged, len(first.touched)) == (3, 0, 2)
        paid = [file[0], replaced(file[1], 1), file[2]]
        second = taken(work, Lines, MONDAY + timedelta(days=1), True, set(), paid)
        assert (second.changed, second.unchanged, len(second.touched)) == (1, 2, 1)
        written = select(item.c.number).where(item.c.last_import == 2)
        assert work.scalars(written) == ["F2"]


def test_new_accounts_far_apart_in_a_file_leave_no_gap_in_the_numbers(database_url: str) -> None:
    known = [row("C1", f"F{n}", 10_000) for n in range(20)]
    with inline(database_url) as work:
        taken(work, Lines, MONDAY, True, set(), known)
        scattered = [row("C2", "N1", 5_000), *known, row("C3", "N2", 5_000)]
        outcome = taken(work, Lines, MONDAY + timedelta(days=1), True, set(), scattered)
        assert (outcome.new, outcome.unchanged) == (2, 20)
        assert sorted(work.scalars(select(item.c.id))) == list(range(1, 23))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("due_on", MONDAY + timedelta(days=30)),
        ("issued_on", MONDAY - timedelta(days=1)),
        ("amount_minor", 30_000),
        ("open_minor", 1),
        ("kind", ItemKind.BILL),
        ("disputed", True),
        ("order_number", "B7"),
    ],
)
def test_each_thing_that_a_line_says_anew_is_taken(sqlite_url: str, name: str, value: Any) -> None:
    before = row("C1", "F1", 10_000)
    with inline(sqlite_url) as work:
        taken(work, Lines, MONDAY, True, set(), [before])
        news = before._replace(**{name: value})
        outcome = taken(work, Lines, MONDAY + timedelta(days=1), True, set(), [news])
        assert (outcome.changed, outcome.unchanged) == (1, 0)
        column = {"disputed": "disputed_in_ledger"}.get(name, name)
        assert work.scalars(select(item.c[column])) == [value]


def row(code: str, number: str, opened: int) -> ReceivableRow:
    place = (2, code, None, number, ItemKind.INVOICE, MONDAY, MONDAY)
    return ReceivableRow(*place, 20_000, opened, "EUR")
