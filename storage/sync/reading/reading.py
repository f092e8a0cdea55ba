"""A reading: what a file is, what it asks, and its rows, rejections and totals."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from storage.sync.reading.customers import Customers
from storage.sync.reading.fields import Field, Kind
from storage.sync.reading.headers import Header
from storage.sync.reading.items import Habits, Items
from storage.sync.reading.lines import TOTALS, Classifier, LineKind
from storage.sync.reading.payments import Payments
from storage.sync.reading.questions import ColumnMap, Question, Remembered
from storage.sync.reading.reasons import FileReason, Reason, Refused, Rejection
from storage.sync.reading.requirements import Measure, measure_of, readable
from storage.sync.reading.rows import CustomerRow, HistoryRow, ReceivableRow, Row
from storage.sync.reading.sources import Layout, Line, Source
from storage.sync.reading.study import Conventions
from storage.sync.reading.texts import Cell, cell_text, clean, fold
from storage.sync.reading.totals import TotalCheck, Totals
from storage.sync.reading.values import Reporter, Values


@dataclass(slots=True)
class Counts:
    """Lines below the header by what became of them; blank lines are skipped ones."""

    lines: int = 0
    rows: int = 0
    rejected: int = 0
    skipped: int = 0
    closed: int = 0


@dataclass(slots=True)
class Unread:
    """The documents that rejected lines name, and how many of these lines surely name none."""

    numbers: set[str] = field(default_factory=set)
    nameless: int = 0

    def note(self, number: Cell, cells: Iterable[Cell], *, shifted: bool) -> None:
        """Note a rejected line; in one whose cells have shifted, any may be the number."""
        texts = cells if shifted else (number,)
        named = {text for cell in texts if (text := clean(cell_text(cell))[0])}
        self.numbers |= named
        self.nameless += shifted or not named


@dataclass(frozen=True, slots=True)
class Plan:
    """How the lines of a recognised file are read."""

    source: Source
    header: Header
    kind: Kind
    conventions: Conventions
    habits: Habits
    default_currency: str
    totals: bool


@dataclass(slots=True)
class Reading:
    """A file that was looked at; `rows()` reads it, and fills rejections, counts and totals.

    Import only what is `certain` and not `refused`; ask the `questions` otherwise.
    `refused` may still become `TOTAL_MISMATCH` when the last row was read.
    """

    file: str
    sha256: str = ""
    fingerprint: str = ""
    kind: Kind | None = None
    layout: Layout = field(default_factory=Layout)
    columns: ColumnMap = field(default_factory=lambda: ColumnMap({}))
    questions: tuple[Question, ...] = ()
    samples: tuple[tuple[str, ...], ...] = ()
    headers: tuple[str, ...] = ()
    refused: FileReason | None = None
    line_count: int = 0
    counts: Counts = field(default_factory=Counts)
    unread: Unread = field(default_factory=Unread)
    total_check: TotalCheck | None = None
    reporter: Reporter = field(default_factory=lambda: Reporter("", (), ColumnMap({})))
    answers: Mapping[str, str] = field(default_factory=dict)
    plan: Plan | None = None

    @property
    def certain(self) -> bool:
        """Tell whether the file may be imported without asking anybody."""
        return self.kind is not None and not self.questions and self.refused is None

    @property
    def rejections(self) -> list[Rejection]:
        """Return the first thousand lines that were not taken; `counts.rejected` counts all."""
        return self.reporter.rejections.kept

    @property
    def warnings(self) -> list[Rejection]:
        """Return the first thousand cells that were changed or dropped on lines taken."""
        return self.reporter.warnings.kept

    def remember(self) -> Remembered | None:
        """Return the mapping in place, to be stored once a person confirmed it."""
        if self.kind is None:
            return None
        columns = {f.value: f"#{c[0].index + 1}" for f, c in self.columns.columns.items()}
        return Remembered(self.fingerprint, self.kind, columns | dict(self.answers))

    def rows(self) -> Iterator[Row]:
        """Yield the typed rows of the file, from the first, as often as it is asked.

        A file that is refused, or has questions open, yields none: nobody imports a running
        balance by mistake.
        """
        if self.plan is None or self.questions or not readable(self.plan.kind, self.columns):
            return
        if self.refused not in {None, FileReason.TOTAL_MISMATCH}:
            return
        self.refused, self.total_check = None, None
        self.counts, self.unread = Counts(), Unread()
        self.reporter = Reporter(self.file, self.headers, self.columns)
        run = _Run(self.plan, self.columns, self.reporter, self.counts, self.unread)
        yield from run.rows()
        self.total_check = run.totals.check()
        if self.total_check and self.total_check.mismatches:
            self.refused = FileReason.TOTAL_MISMATCH


class _Run:
    """One walk over the lines of a file."""

    def __init__(
        self,
        plan: Plan,
        columns: ColumnMap,
        reporter: Reporter,
        counts: Counts,
        unread: Unread,
    ) -> None:
        self._plan, self._columns, self._reporter = plan, columns, reporter
        self._counts, self._unread = counts, unread
        self._number = columns.index(Field.NUMBER)
        values = Values(columns, plan.conventions, reporter, plan.default_currency)
        self.totals = Totals(values)
        self._classifier = Classifier(plan.header, columns)
        self._width = len(plan.header.names)
        self._items: Items | Payments | None = None
        self._read: Callable[[int, list[Cell]], Row] = self._reader(values)

    def _reader(self, values: Values) -> Callable[[int, list[Cell]], Row]:
        if self._plan.kind is Kind.CUSTOMERS:
            return Customers(values).customer
        if self._plan.kind is Kind.PAYMENTS:
            payments = self._items = Payments(values, self._plan.habits)
            return payments.payment
        items = self._items = Items(values, self._plan.habits)
        return items.settled if self._plan.kind is Kind.HISTORY else items.item

    def rows(self) -> Iterator[Row]:
        """Yield the rows; count and report the lines that are none."""
        closed = self._closed_groups()
        lettrage = self._columns.index(Field.LETTRAGE)
        counts, width, read = self._counts, self._width, self._read
        sum_up = self._plan.totals and self._items is not None
        for number, cells, fault in self._below():
            counts.lines += 1
            try:
                line = cells if len(cells) == width and not fault else self._fit(cells, fault)
                row = read(number, line)
                if self._suspect(row) and self._classifier.kind(line) is not LineKind.ITEM:
                    raise Refused(Reason.MISSING_AMOUNT)  # noqa: TRY301 - sorted just below
            except Refused as refused:
                self._set_aside(number, cells, refused)
                continue
            if sum_up:
                self.totals.add(line, -1 if self._items and self._items.turned else 1)
            if closed and _group(row, line, lettrage) in closed:
                counts.closed += 1
                continue
            counts.rows += 1
            yield row

    def _below(self) -> Iterator[Line]:
        top = self._plan.header.line
        return (line for line in self._plan.source.lines() if line[0] > top)

    def _fit(self, cells: list[Cell], fault: Reason | None) -> list[Cell]:
        """Return exactly as many cells as the header names; refuse what would be lost."""
        if fault is not None:
            raise Refused(fault, cells[0] if cells else "", 0)
        missing = self._width - len(cells)
        if missing >= 0:
            return [*cells, *[""] * missing]
        beyond = next((c for c in cells[self._width :] if cell_text(c).strip()), None)
        # Beside a spreadsheet's table people write notes; in a text a cell too many means
        # that a separator stands inside a value and that the rest has shifted.
        if beyond is not None and self._plan.source.layout.sheet is None:
            raise Refused(Reason.TOO_MANY_CELLS, beyond, self._width)
        return cells[: self._width]

    def _suspect(self, row: Row) -> bool:
        """Tell whether a row that reads well may yet be a total or a header."""
        if isinstance(row, (ReceivableRow, HistoryRow)):
            return row.issued_on is None and row.due_on is None
        if isinstance(row, CustomerRow):
            words = f"{fold(row.code)} {fold(row.name)}"
            return (
                any(w in words for w in ("total", "report")) or row.code in self._plan.header.names
            )
        return False

    def _set_aside(self, number: int, cells: list[Cell], refused: Refused) -> None:
        kind = self._classifier.kind(cells) if refused.reason not in _FAULTS else LineKind.ITEM
        if kind in TOTALS:
            self.totals.see(number, kind, cells)
        elif kind is LineKind.HEADER and isinstance(self._items, (Items, Payments)):
            self._items.parties.resume()
        elif kind is LineKind.HEAD and self._heads(cells):
            self._begin(number, cells)
        elif kind is LineKind.ITEM or kind is LineKind.HEAD:
            self._reject(number, cells, refused)
            return
        self._counts.skipped += 1

    def _heads(self, cells: list[Cell]) -> bool:
        """Tell whether a line with a customer alone is in its place in this file."""
        alone = sum(bool(cell_text(cell).strip()) for cell in cells) == 1
        return alone or self._plan.habits.blocks

    def _begin(self, number: int, cells: list[Cell]) -> None:
        if self._items is not None and self._plan.habits.blocks:
            self._items.parties.begin(number, [*cells, *[""] * self._width])

    def _reject(self, number: int, cells: list[Cell], refused: Refused) -> None:
        if refused.reason in _ABSENT and len(cells) < self._width:
            refused = Refused(Reason.TOO_FEW_CELLS, len(cells), refused.column)
        self._counts.rejected += 1
        self._reporter.reject(number, refused)
        name = cells[self._number] if 0 <= self._number < len(cells) else ""
        self._unread.note(name, cells, shifted=refused.reason in _SHIFTED)
        if self._plan.totals and self._items is not None:
            self.totals.add([*cells, *[""] * self._width], 1)

    def _closed_groups(self) -> set[tuple[str, str]]:
        """Return the lettered groups of a ledger that sum to zero.

        A group that does not is still open for its sum (part lettrage): its lines are kept.
        """
        at = self._columns.index(Field.LETTRAGE)
        measure = measure_of(self._columns)
        ledger = measure is Measure.LEDGER or (
            measure is Measure.TOTAL and Field.SIGN in self._columns
        )
        if at < 0 or not ledger or self._plan.kind is not Kind.RECEIVABLES:
            return set()
        sums: dict[tuple[str, str], int] = {}
        quiet = Reporter(self._reporter.file, self._reporter.headers, self._columns)
        plan = replace(self._plan, totals=False)
        reader = _Run(plan, self._columns, quiet, Counts(), Unread())
        for row, line in reader.rows_with_cells():
            group = _group(row, line, at)
            if group and isinstance(row, ReceivableRow):
                sums[group] = sums.get(group, 0) + row.open_minor
        return {group for group, total in sums.items() if total == 0}

    def rows_with_cells(self) -> Iterator[tuple[Row, list[Cell]]]:
        """Yield the rows beside their cells, for the groups of lettrage."""
        for number, cells, fault in self._below():
            try:
                line = self._fit(cells, fault)
                yield self._read(number, line), line
            except Refused:
                continue


_FAULTS = frozenset({Reason.BROKEN_QUOTES, Reason.CELL_TOO_LONG})
_SHIFTED = frozenset({Reason.BROKEN_QUOTES, Reason.TOO_MANY_CELLS, Reason.TOO_FEW_CELLS})
_ABSENT = frozenset(
    {Reason.MISSING_AMOUNT, Reason.MISSING_CUSTOMER, Reason.MISSING_DATE, Reason.MISSING_NAME}
)


def _group(row: Row, cells: list[Cell], lettrage: int) -> tuple[str, str] | None:
    code = cell_text(cells[lettrage]).strip() if lettrage >= 0 else ""
    return (row.customer_code, code) if code and isinstance(row, ReceivableRow) else None
