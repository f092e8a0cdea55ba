"""Many people at once: those known and new, in a handful of statements whatever their number."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete, insert, select, update

from storage.events import Origin
from storage.tables import event, person, portfolio
from storage.work import Work

_KNOWN = select(
    person.c.id, person.c.telegram_id, person.c.name, person.c.role, person.c.active
).where(person.c.telegram_id.is_not(None))
_CODES = select(portfolio.c.person_id, portfolio.c.code)
_ADD = insert(person)
_CHANGE = (
    update(person)
    .where(person.c.id == bindparam("p"))
    .values(name=bindparam("n"), role=bindparam("r"))
)
_REOPEN = (
    update(person)
    .where(person.c.id == bindparam("p"))
    .values(active=True, revoked_at=None, unreachable_since=None, enrolled_at=bindparam("at"))
)
_ADD_CODE = insert(portfolio)
_DROP_CODES = delete(portfolio).where(portfolio.c.person_id == bindparam("p"))
_RECORD = insert(event)


@dataclass(frozen=True, slots=True)
class Known:
    """Somebody with a Telegram id, as he stands."""

    id: int
    name: str
    role: str
    active: bool
    codes: frozenset[str]


def known(work: Work) -> dict[int, Known]:
    """Read everybody who has a Telegram id, by that id."""
    codes: dict[int, set[str]] = {}
    for row in work.all(_CODES):
        codes.setdefault(row.person_id, set()).add(row.code)
    return {
        row.telegram_id: Known(
            row.id, row.name, row.role, bool(row.active), frozenset(codes.get(row.id, ()))
        )
        for row in work.all(_KNOWN)
    }


def enrol(work: Work, rows: Sequence[Mapping[str, Any]]) -> dict[int, int]:
    """Add people; `rows` are their columns. Return the ids of all by Telegram id."""
    work.execute_many(_ADD, rows)
    return {row.telegram_id: row.id for row in work.all(_KNOWN)}


def change(work: Work, rows: Sequence[tuple[int, str, str]]) -> None:
    """Give people (their ids) a name and a role."""
    work.execute_many(_CHANGE, [{"p": key, "n": name, "r": role} for key, name, role in rows])


def reopen(work: Work, people: Sequence[int], at: datetime) -> None:
    """Give people their access back."""
    work.execute_many(_REOPEN, [{"p": key, "at": at} for key in people])


def set_codes(work: Work, codes: Mapping[int, frozenset[str]]) -> None:
    """Replace the portfolios of people, by their ids."""
    work.execute_many(_DROP_CODES, [{"p": key} for key in codes])
    rows = [
        {"person_id": key, "code": code} for key, held in codes.items() for code in sorted(held)
    ]
    work.execute_many(_ADD_CODE, rows)


def record(work: Work, origin: Origin, kind: str, data: Sequence[Mapping[str, Any]]) -> None:
    """Append an event of one kind for each person; `data` names him by `person`."""
    rows = [
        {
            "uid": origin.uid(f"{kind}:{one['person']}"),
            "at": origin.at.at,
            "person_id": origin.person_id,
            "kind": kind,
            "data": dict(one),
        }
        for one in data
    ]
    work.execute_many(_RECORD, rows)
