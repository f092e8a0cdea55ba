"""Many colleagues enrolled at once from a list: for a move from another bot, or a whole team."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from bot.use_cases.users_file import Entry, Wrong, read
from storage import people_import
from storage.people_import import Known

if TYPE_CHECKING:
    from credit.people import Role
    from storage.events import Origin
    from storage.work import Work


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody as the whole file states him."""

    role: Role
    name: str
    codes: frozenset[str]


@dataclass(frozen=True, slots=True)
class Enrolled:
    """What a list changed: people counted, lines left out with the reason."""

    new: int = 0
    changed: int = 0
    reopened: int = 0
    unchanged: int = 0
    wrong: tuple[Wrong, ...] = field(default=())


def import_list(work: Work, origin: Origin, data: bytes, locale: str) -> Enrolled:
    """Enrol or update everybody in a file at once; lines that are wrong are left out.

    Somebody's codes become those of all his lines; an empty name leaves the known one.
    Raise `UsersFileRefused` when the columns are not known.
    """
    wanted, wrong = gathered(read(data))
    known = people_import.known(work)
    new = {key: one for key, one in wanted.items() if key not in known}
    closed = [key for key in wanted if key in known and not known[key].active]
    changed = [key for key in wanted if key in known and _differs(wanted[key], known[key])]
    _add(work, origin, new, locale)
    _change(work, origin, {known[key].id: (wanted[key], known[key]) for key in changed})
    _reopen(work, origin, [(known[key].id, wanted[key].role) for key in closed])
    touched = {*changed, *closed}
    return Enrolled(
        new=len(new),
        changed=len(set(changed) - set(closed)),
        reopened=len(closed),
        unchanged=len(wanted) - len(new) - len(touched),
        wrong=tuple(wrong),
    )


def gathered(lines: Iterable[Entry | Wrong]) -> tuple[dict[int, Colleague], list[Wrong]]:
    """Join the lines of each person; one that gives him another role is wrong."""
    wanted: dict[int, Colleague] = {}
    wrong: list[Wrong] = []
    for one in lines:
        if isinstance(one, Wrong):
            wrong.append(one)
            continue
        before = wanted.get(one.telegram_id)
        if before is None:
            wanted[one.telegram_id] = Colleague(one.role, one.name, frozenset(one.codes))
        elif before.role is not one.role:
            wrong.append(one.clash)
        else:
            codes = before.codes | frozenset(one.codes)
            wanted[one.telegram_id] = Colleague(one.role, before.name or one.name, codes)
    return wanted, wrong


def _differs(wanted: Colleague, known: Known) -> bool:
    name = wanted.name or known.name
    return (wanted.role.value, name, wanted.codes) != (known.role, known.name, known.codes)


def _add(work: Work, origin: Origin, new: Mapping[int, Colleague], locale: str) -> None:
    if not new:
        return
    ids = people_import.enrol(work, [_row(origin, key, one, locale) for key, one in new.items()])
    people_import.set_codes(work, {ids[key]: one.codes for key, one in new.items() if one.codes})
    told = [{"person": ids[key], "role": one.role.value} for key, one in new.items()]
    people_import.record(work, origin, "person.enrolled", told)


def _row(origin: Origin, telegram_id: int, one: Colleague, locale: str) -> dict[str, Any]:
    return {
        "telegram_id": telegram_id,
        "name": one.name or ", ".join(sorted(one.codes))[:120] or str(telegram_id),
        "role": one.role.value,
        "locale": locale,
        "enrolled_at": origin.at.at,
    }


def _change(work: Work, origin: Origin, found: Mapping[int, tuple[Colleague, Known]]) -> None:
    rows = [(key, one.name or before.name, one.role.value) for key, (one, before) in found.items()]
    people_import.change(work, rows)
    people_import.set_codes(work, {key: one.codes for key, (one, _) in found.items()})
    told = [
        {"person": key, "role": one.role.value, "codes": sorted(one.codes)}
        for key, (one, _) in found.items()
    ]
    people_import.record(work, origin, "person.changed", told)


def _reopen(work: Work, origin: Origin, found: Iterable[tuple[int, Role]]) -> None:
    rows = list(found)
    people_import.reopen(work, [key for key, _ in rows], origin.at.at)
    told = [{"person": key, "role": role.value, "again": True} for key, role in rows]
    people_import.record(work, origin, "person.enrolled", told)
