"""What an import did, line by line and in figures: a value that is shown and kept."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from credit.money import Money
from storage.sync.reading import (
    PaymentRow,
    ReceivableRow,
    Rejection,
    RowColumns,
    Rows,
)

COUNTS = ("new", "changed", "settled", "unchanged", "rejected")


@dataclass(frozen=True, slots=True)
class Fault:
    """A line that was rejected, or a cell that was changed: where, what, and the reason's code."""

    line: int
    column: str | None
    letter: str | None
    value: str
    reason: str

    def as_json(self) -> dict[str, Any]:
        """Write it as plain values."""
        return {
            "line": self.line,
            "column": self.column,
            "letter": self.letter,
            "value": self.value,
            "reason": self.reason,
        }


@dataclass(frozen=True, slots=True)
class Notice:
    """Something about the file as a whole that a person should look at."""

    code: str
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import changed; `totals` are the file's own sums in minor units per currency.

    `new`, `changed` and `unchanged` count lines; `settled` counts the items that the file
    settled, by stating it or by listing them no more; `unread` those left as they were
    because a rejected line names them (no other line of theirs is counted).
    """

    file: str
    kind: str
    as_of: date
    new: int = 0
    changed: int = 0
    settled: int = 0
    unchanged: int = 0
    unread: int = 0
    rejected: int = 0
    rejections: tuple[Fault, ...] = ()
    remarks: tuple[Fault, ...] = ()
    notices: tuple[Notice, ...] = ()
    totals: Mapping[str, int] = field(default_factory=dict)
    touched: tuple[int, ...] = ()
    judged: tuple[Mapping[str, Any], ...] = ()
    disputes_closed: int = 0
    alerts: Mapping[str, int] = field(default_factory=dict)
    dry_run: bool = False

    def counts(self) -> dict[str, int]:
        """Return the five figures of every import."""
        return {name: getattr(self, name) for name in COUNTS}

    def as_json(self, most: int | None = None) -> dict[str, Any]:
        """Write everything as plain values, `most` rejections and remarks at most."""
        return {
            "file": self.file,
            "kind": self.kind,
            "as_of": self.as_of.isoformat(),
            "dry_run": self.dry_run,
            **self.counts(),
            "unread": self.unread,
            "totals": {
                currency: Money.from_minor(minor, currency).as_text()
                for currency, minor in sorted(self.totals.items())
            },
            "customers": len(self.touched),
            "promises_judged": [dict(one) for one in self.judged],
            "disputes_closed": self.disputes_closed,
            "alerts": dict(self.alerts),
            "notices": [{"code": one.code, **one.data} for one in self.notices],
            "rejections": [one.as_json() for one in self.rejections[:most]],
            "warnings": [one.as_json() for one in self.remarks[:most]],
        }


def faults(rejections: Iterable[Rejection]) -> tuple[Fault, ...]:
    """Keep what the reader says of lines and cells."""
    return tuple(
        Fault(one.line, one.column, one.letter, one.value, one.reason.value) for one in rejections
    )


@dataclass(slots=True)
class Sums:
    """What a file states per currency: open amounts, invoiced ones of a history, payments."""

    rows: int = 0
    minor: dict[str, int] = field(default_factory=dict)

    def add(self, rows: Rows) -> None:
        """Add some rows, all of one kind."""
        self.rows += len(rows)
        if isinstance(rows, RowColumns):
            self._add(rows.column("currency") or (), _worth(rows))
            return
        paid = [row for row in rows if isinstance(row, PaymentRow)]
        self._add([row.currency for row in paid], [row.amount_minor for row in paid])

    def _add(self, currencies: Sequence[str], minor: Sequence[int]) -> None:
        stated = set(currencies)
        if len(stated) == 1:
            (currency,) = stated
            self.minor[currency] = self.minor.get(currency, 0) + sum(minor)
            return
        for currency in stated:
            mine = (m for m, c in zip(minor, currencies, strict=True) if c == currency)
            self.minor[currency] = self.minor.get(currency, 0) + sum(mine)


def _worth(items: RowColumns) -> Sequence[int]:
    """Return what is open, in a history what was invoiced."""
    opened, totals = items.column("open_minor") or (), items.column("amount_minor")
    if items.shape is ReceivableRow or totals is None:
        return opened
    return [o if t is None else t for t, o in zip(totals, opened, strict=True)]
