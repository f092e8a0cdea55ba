"""Rows that files state again and again: new ones are added, changed ones are written anew."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Table, and_, bindparam, insert, select, update

from storage.work import Work

AT_ONCE = 500
Values = Mapping[str, Any]


@dataclass(slots=True)
class Stated:
    """What the rows of a file did: how many are new, changed, as they were; which moved."""

    new: int = 0
    changed: int = 0
    unchanged: int = 0
    moved: list[Values] = field(default_factory=list)


class Statement:
    """How the rows of one table are taken from files: a module constant.

    `by` is the column whose values find the rows already known, `keys` tell one row.
    """

    __slots__ = ("_add", "_by", "_change", "_keys", "_known", "_rest")

    def __init__(self, table: Table, *, by: str, keys: Sequence[str], rest: Sequence[str]) -> None:
        self._by, self._keys, self._rest = by, tuple(keys), tuple(rest)
        columns = [table.c[name] for name in dict.fromkeys((by, *keys, *rest))]
        self._known = select(*columns).where(table.c[by].in_(bindparam("some", expanding=True)))
        self._add = insert(table)
        self._change = (
            update(table)
            .where(and_(*(table.c[name] == bindparam(f"of_{name}") for name in keys)))
            .values({name: bindparam(f"to_{name}") for name in rest})
        )

    def take(self, work: Work, rows: Iterable[Values]) -> Stated:
        """Write what is new or changed; of one row stated twice the last holds."""
        offered = {self._key(row): row for row in rows}
        known = self._read(work, sorted({row[self._by] for row in offered.values()}))
        done, added, changed = Stated(), [], []
        for key, row in offered.items():
            before = known.get(key)
            if before is None:
                added.append(dict(row))
            elif any(before[name] != row.get(name) for name in self._rest):
                changed.append(self._changing(row))
            else:
                done.unchanged += 1
                continue
            done.moved.append(row)
        work.execute_many(self._add, added)
        work.execute_many(self._change, changed)
        done.new, done.changed = len(added), len(changed)
        return done

    def _key(self, row: Values) -> tuple[Any, ...]:
        return tuple(row[name] for name in self._keys)

    def _read(self, work: Work, some: Sequence[Any]) -> dict[tuple[Any, ...], Values]:
        found: dict[tuple[Any, ...], Values] = {}
        for start in range(0, len(some), AT_ONCE):
            for row in work.all(self._known, {"some": list(some[start : start + AT_ONCE])}):
                values = row._asdict()
                found[self._key(values)] = values
        return found

    def _changing(self, row: Values) -> dict[str, Any]:
        keys = {f"of_{name}": row[name] for name in self._keys}
        return keys | {f"to_{name}": row.get(name) for name in self._rest}
