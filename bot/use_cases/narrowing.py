"""Tomorrow's export is nearly today's: only customers of whom it says anything new are compared.

An export says of most customers, line by line, what the one before it said. As long as nothing
else has changed them, comparing them again changes nothing. Whatever is not plain is left to
the long way: a file with rejected lines, remarks or totals, read in another way, or before
which anything was imported for a later day.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Final

from bot.use_cases.import_report import Sums
from storage import book, former_export
from storage.former_export import FormerExport
from storage.sync.reading.differing import Difference, NoPlainLinesError, difference
from storage.sync.reading.narrowed import is_simple, narrowed, read_lines
from storage.sync.reading.repeated import Repeated

if TYPE_CHECKING:
    from storage.book_writing import Run
    from storage.sync.reading import Reading
    from storage.sync.reading.row_columns import RowColumns
    from storage.work import Work

LEAST: Final = 1_000
"""Lines of an export that is worth it."""
ONE_IN: Final = 4
"""Of so many lines one may differ: of more, everybody is compared."""
MOST_DOUBLED: Final = 200
"""How many customers with lines that repeat others are read again each day."""


@dataclass(frozen=True, slots=True)
class Narrowed:
    """An export, read for the customers with these `codes` alone; `sums` are of all its lines."""

    reading: Reading
    codes: frozenset[str]
    sums: Sums


def repeated(work: Work, text: Path, former: Path, day: date) -> Repeated | None:
    """Set a file for a day beside the export before it; None when it does not repeat that.

    `former` is where the text of that export is kept.
    """
    last = former_export.last(work)
    if last is None or last.as_of > day or not former_export.lies_at(former, last.sha256):
        return None
    if any(one > day for one in book.full_exports(work)):
        return None
    found = _difference(former, text, last.rows // ONE_IN)
    if found is None:
        return None
    return Repeated(found, last.rows - len(found.gone) + len(found.new))


def narrow(work: Work, reading: Reading, repeated: Repeated) -> Narrowed | None:
    """Find whom an export says anything new about; None when all its lines are to be studied."""
    last = former_export.last(work)
    if last is None or not _is_read_as(reading, last) or _starts_anew(reading, repeated.found):
        return None
    gone = read_lines(reading, repeated.found.gone)
    new = read_lines(reading, [line for _, line in repeated.found.new])
    if gone is None or new is None:
        return None
    return _narrowed(work, reading, last, gone, new)


def described(
    reading: Reading, run: Run, sums: Sums, doubled: Sequence[str] = ()
) -> FormerExport | None:
    """Describe an export that was taken, for the one that comes next; None when it is not plain.

    `doubled` are the codes of customers of whom lines repeat others: they are told of each time.
    """
    if not is_simple(reading) or sums.rows < LEAST or len(doubled) > MOST_DOUBLED:
        return None
    how, totals = _read_by(reading), dict(sums.minor)
    text, rows = reading.sha256, sums.rows
    return FormerExport(run.id, run.as_of, run.at, text, how, rows, totals, tuple(doubled))


def _is_read_as(reading: Reading, last: FormerExport) -> bool:
    """Tell whether a file is read line by line, as the last one was."""
    if not is_simple(reading) or reading.line_count < LEAST:
        return False
    return last.read_by == _read_by(reading)


def _read_by(reading: Reading) -> str:
    """Sum up how the lines of a file are read."""
    plan = reading.plan
    if plan is None:
        return ""
    how = plan.conventions
    told = (
        *(plan.kind, plan.source.layout, plan.header, plan.habits, plan.default_currency),
        *(sorted(reading.columns.columns.items()), sorted(reading.answers.items())),
        *(sorted(how.marks.items()), sorted(how.orders.items())),
    )
    return hashlib.sha256(repr(told).encode()).hexdigest()


def _difference(former: Path, text: Path, most: int) -> Difference | None:
    try:
        with former.open("rb") as old, text.open("rb") as new:
            return difference(old, new, most)
    except (NoPlainLinesError, OSError):  # whoever reads the whole file says what is wrong with it
        return None


def _starts_anew(reading: Reading, found: Difference) -> bool:
    """Tell whether anything above the first line of the table differs."""
    header = reading.plan.header.line if reading.plan else 0
    return any(number <= header for number, _ in found.new)


def _narrowed(
    work: Work,
    reading: Reading,
    last: FormerExport,
    gone: Sequence[RowColumns],
    new: Sequence[RowColumns],
) -> Narrowed | None:
    codes = former_export.changed_since(work, last) | set(last.doubled)
    for some in (*gone, *new):
        codes.update(some.column("customer_code") or ())
    less, more = _sums(gone), _sums(new)
    totals = dict(last.totals)
    for sums, sign in ((less, -1), (more, 1)):
        for currency, minor in sums.minor.items():
            totals[currency] = totals.get(currency, 0) + sign * minor
    if not all(totals.values()):
        return None  # a currency that is stated no more, or sums up to nothing
    rows = last.rows - less.rows + more.rows
    return Narrowed(narrowed(reading, codes), frozenset(codes), Sums(rows, totals))


def _sums(stretches: Sequence[RowColumns]) -> Sums:
    sums = Sums()
    for some in stretches:
        sums.add(some)
    return sums
