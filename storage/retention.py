"""How rows go after their time: found by rule, taken in small pieces that can be interrupted."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    BindParameter,
    Column,
    ColumnElement,
    Delete,
    FromClause,
    Row,
    Update,
    and_,
    case,
    delete,
    func,
    null,
    select,
)
from sqlalchemy import bindparam as bound
from sqlalchemy import update as change

from storage import facts
from storage.work import Work

PIECE: Final = 50
"""Rows looked at in one piece: a few milliseconds."""
CURSORS: Final = "retention"
LOWEST: Final = -(1 << 62)

Act = Callable[[Work, Sequence[int]], int]
_IDS: BindParameter[Any] = bound("ids", expanding=True)


@dataclass(frozen=True, slots=True)
class Due:
    """How many rows a rule would take now, and since when the oldest it keeps is of no use."""

    count: int
    oldest_kept: datetime | None


@dataclass(frozen=True, slots=True)
class Piece:
    """What one piece did; `last` is the key it came to, None at the end."""

    done: int
    last: int | None


class Rule:
    """Rows of one table that go once their age is past a span.

    `relevant` says which rows the rule is about, `age` since when they are of no use; both
    may use the parameters `before` and `day` (the same, as a date). `indexed`: the rows are
    found by an index and gone afterwards; else the table is walked along its key. `ordered`:
    keys rise with age and the rows stay, so that a walk goes on where the last one ended.
    `keep_last`: SQLite gives the number of a deleted last row away again, and a button in an
    old message still knows it. `foreseen` says in the place of `relevant` which rows will be
    relevant once the rules before this one are done; there `long_before` is another moment.
    """

    def __init__(  # noqa: PLR0913 - what tells one rule from another, all of it named
        self,
        name: str,
        span: str,
        key: Column[Any],
        age: ColumnElement[Any],
        act: Act,
        *,
        relevant: ColumnElement[bool] | None = None,
        foreseen: ColumnElement[bool] | None = None,
        source: FromClause | None = None,
        indexed: bool = False,
        ordered: bool = False,
        keep_last: bool = False,
    ) -> None:
        self.name, self.span, self.table = name, span, str(key.table)
        self._act, self._indexed, self._ordered = act, indexed, ordered
        self._keep_last = keep_last
        wanted = age.is_not(None) if relevant is None else and_(age.is_not(None), relevant)
        if keep_last:
            wanted = and_(wanted, key < select(func.max(key)).scalar_subquery())
        rows = select(key, age.label("age"), case((wanted, 1), else_=0).label("wanted"))
        rows = rows.select_from(key.table if source is None else source)
        before, after = bound("before", type_=age.type), bound("after", type_=BigInteger)
        self._next_due = rows.where(wanted, age < before).limit(bound("most"))
        self._dated = rows.where(key > after, age <= bound("now", type_=age.type))
        self._dated = self._dated.order_by(key).limit(1)
        self._window = rows.where(key > after).order_by(key).limit(bound("most"))
        counted = wanted if foreseen is None else foreseen
        self._count = rows.with_only_columns(func.count()).where(counted, age < before, key > after)
        self._oldest = rows.with_only_columns(func.min(age)).where(wanted, age >= before)

    def due(self, work: Work, before: datetime, long_before: datetime | None = None) -> Due:
        """Count what is due and find the oldest that is kept; nothing is changed.

        Rows dated ahead, which go with those after them, are not among the counted.
        """
        values = {**_values(before), "long_before": long_before or before}
        count = work.scalar(self._count, {**values, "after": self._start(work)})
        return Due(int(count), work.scalar(self._oldest, values))

    def piece(
        self, work: Work, before: datetime, after: int | None = None, *, now: datetime
    ) -> Piece:
        """Take what is due among the next rows after a key (None: where it begins)."""
        values = {**_values(before), "most": PIECE}
        if self._indexed:
            ids = [row[0] for row in work.all(self._next_due, values)]
            return Piece(self._carry_out(work, ids), 0 if len(ids) == PIECE else None)
        start = self._start(work) if after is None else after
        rows = work.all(self._window, {**values, "after": start})
        if self._ordered:
            old = self._begun(work, rows, before, now)
            self._pass(work, old)
        else:
            old = [row for row in rows if row.age is not None and row.age < before]
        done = self._carry_out(work, [row[0] for row in old if row.wanted])
        ended = not rows or (self._ordered and len(old) < len(rows))
        return Piece(done, None if ended else rows[-1][0])

    def _begun(
        self, work: Work, rows: Sequence[Row[Any]], before: datetime, now: datetime
    ) -> Sequence[Row[Any]]:
        """Return the rows from the first on that are due, in the order of their keys.

        A row dated ahead of now, by a clock that was wrong, is as old as the next that is not.
        """
        dated = [n for n, row in enumerate(rows) if row.age <= now]
        young = next((n for n in dated if rows[n].age >= before), None)
        if young is None and rows and rows[-1].age > now:
            later = work.first(self._dated, {"after": rows[-1][0], "now": now})
            if later is not None and later.age < before:
                return rows
        ended = [n for n in dated if young is None or n < young]
        return rows[: ended[-1] + 1] if ended else []

    def _carry_out(self, work: Work, ids: Sequence[int]) -> int:
        return self._act(work, ids) if ids else 0

    def _pass(self, work: Work, old: Sequence[Row[Any]]) -> None:
        """Begin after these the next time; a last row that stays for now is looked at again."""
        passed = old[:-1] if self._keep_last and old and not old[-1].wanted else old
        if passed:
            self._remember(work, passed[-1][0])

    def _start(self, work: Work) -> int:
        kept = facts.get(work, CURSORS) if self._ordered else None
        return int((kept or {}).get(self.name, LOWEST))

    def _remember(self, work: Work, last: int) -> None:
        kept = dict(facts.get(work, CURSORS) or {})
        if kept.get(self.name) != last:
            facts.put(work, CURSORS, {**kept, self.name: last})


def _values(before: datetime) -> dict[str, datetime | date]:
    return {"before": before, "day": before.date()}


def deleting(key: Column[Any], *children: Column[Any], loose: Sequence[Column[Any]] = ()) -> Act:
    """Delete rows with those that hang on them; `loose` references are set to nothing."""
    freed = [
        change(column.table).where(column.in_(_IDS)).values({column.name: null()})
        for column in loose
    ]
    return _acting((*freed, *_gone(children)), *_gone((key,)))


def blanking(key: Column[Any], *children: Column[Any], **values: Any) -> Act:  # noqa: ANN401
    """Empty columns of rows that stay; rows that hang on them go."""
    return _acting(_gone(children), change(key.table).where(key.in_(_IDS)).values(**values))


def _gone(columns: Iterable[Column[Any]]) -> tuple[Delete, ...]:
    return tuple(delete(column.table).where(column.in_(_IDS)) for column in columns)


def _acting(first: Sequence[Update | Delete], last: Update | Delete) -> Act:
    def act(work: Work, ids: Sequence[int]) -> int:
        for statement in first:
            work.execute(statement, {"ids": list(ids)})
        return work.execute(last, {"ids": list(ids)})

    return act
