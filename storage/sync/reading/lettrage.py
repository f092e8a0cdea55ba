"""Lettrage: the groups of a ledger's lines that pay each other off."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias

from storage.sync.reading.fields import Field, Kind
from storage.sync.reading.line_reader import LineReader, PlainPart
from storage.sync.reading.plan import Plan
from storage.sync.reading.questions import ColumnMap
from storage.sync.reading.reasons import Refused
from storage.sync.reading.requirements import Measure, measure_of
from storage.sync.reading.rows import ReceivableRow, Row
from storage.sync.reading.sources import below
from storage.sync.reading.texts import Cell, cell_text
from storage.sync.reading.values import Reporter

Group: TypeAlias = tuple[str, str]
"""A customer's code and the letters of some of his lines."""


def closed_groups(plan: Plan, columns: ColumnMap) -> set[Group]:
    """Return the lettered groups of a ledger that sum to zero.

    A group that does not is still open for its sum (part lettrage): its lines are kept.
    """
    measure = measure_of(columns)
    ledger = measure is Measure.LEDGER or (measure is Measure.TOTAL and Field.SIGN in columns)
    if Field.LETTRAGE not in columns or not ledger or plan.kind is not Kind.RECEIVABLES:
        return set()
    sums: dict[Group, int] = {}
    for group, minor in _grouped(plan, columns):
        sums[group] = sums.get(group, 0) + minor
    return {group for group, total in sums.items() if total == 0}


def _grouped(plan: Plan, columns: ColumnMap) -> Iterator[tuple[Group, int]]:
    lines = LineReader(plan, columns, Reporter("", (), columns))
    at = columns.index(Field.LETTRAGE)
    for stretch in below(plan.source, plan.header.line):
        for part in lines.parts(stretch):
            if isinstance(part, PlainPart):
                pairs = zip(part.groups(), part.rows, strict=True)
                yield from ((group, row.open_minor) for group, row in pairs if group)
                continue
            number, cells, fault = part
            try:
                line = lines.fit(cells, fault)
                row = lines.read(number, line)
            except Refused:
                continue
            group = group_of(row, line, at)
            if group and isinstance(row, ReceivableRow):
                yield group, row.open_minor


def group_of(row: Row, cells: list[Cell], lettrage: int) -> Group | None:
    """Return the group that a line belongs to, nothing when it is not lettered."""
    code = cell_text(cells[lettrage]).strip() if lettrage >= 0 else ""
    return (row.customer_code, code) if code and isinstance(row, ReceivableRow) else None
