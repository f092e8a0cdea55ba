"""People, their portfolios and their invitations, as rows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, time, timedelta
from itertools import groupby
from operator import attrgetter
from sys import intern
from typing import Any, Final, NamedTuple

from sqlalchemy import Row, and_, bindparam, delete, exists, func, insert, null, or_, select, update

from credit.people import Pace, Person, Role
from storage.tables import invitation, person, portfolio
from storage.work import Work

SEEN_LATELY: Final = timedelta(minutes=5)
"""So exactly is it known when a person was last seen: most taps write nothing of it."""

_COLUMNS = (
    person.c.id,
    person.c.telegram_id,
    person.c.name,
    person.c.role,
    person.c.locale,
    person.c.active,
    person.c.digest_at,
    person.c.alert_pace,
)
_WITH_CODES = select(*_COLUMNS, portfolio.c.code).select_from(person.outerjoin(portfolio))
_BY_TELEGRAM = _WITH_CODES.where(person.c.telegram_id == bindparam("telegram_id"))
_BY_ID = _WITH_CODES.where(person.c.id == bindparam("id"))
_ACTIVE = select(*_COLUMNS).where(person.c.active.is_(True)).order_by(person.c.id)
_READERS = (
    select(person.c.telegram_id, person.c.role, person.c.locale)
    .where(person.c.active.is_(True))
    .order_by(person.c.id)
)
_ROLES = (
    select(person.c.role, func.count().label("n"))
    .where(person.c.active.is_(True))
    .group_by(person.c.role)
)
_WITH_PORTFOLIO = (
    select(func.count())
    .select_from(person)
    .where(person.c.active.is_(True), exists().where(portfolio.c.person_id == person.c.id))
)
_ALL_CODES = select(portfolio.c.person_id, portfolio.c.code)
_DESK = _WITH_CODES.where(
    person.c.role.in_([Role.CREDIT_MANAGER.value, Role.ADMIN.value]), person.c.active.is_(True)
).order_by(person.c.id)
_HOLDERS = _WITH_CODES.where(
    person.c.id.in_(select(portfolio.c.person_id).where(portfolio.c.code == bindparam("code"))),
    person.c.role.in_([Role.REP.value, Role.SALES_MANAGER.value]),
    person.c.active.is_(True),
).order_by(person.c.id)
_OVER_ALL = (
    select(*_COLUMNS, null().label("code"))
    .where(
        person.c.role == Role.SALES_MANAGER.value,
        person.c.active.is_(True),
        ~exists().where(portfolio.c.person_id == person.c.id),
    )
    .order_by(person.c.id)
)
_NAMED = (
    select(person.c.id, person.c.name)
    .where(person.c.role == bindparam("role"), person.c.active.is_(True))
    .order_by(person.c.id)
)
_NAMES = (
    select(portfolio.c.code, person.c.name)
    .select_from(portfolio.join(person))
    .where(person.c.role == Role.REP.value, person.c.active.is_(True))
    .order_by(person.c.id)
)
_REP_CODES = (
    select(portfolio.c.code)
    .distinct()
    .select_from(portfolio.join(person))
    .where(person.c.role == Role.REP.value, person.c.active.is_(True))
)
_OF_CODE = _REP_CODES.where(portfolio.c.code == bindparam("code"))
_NAMES_OF = _NAMES.where(portfolio.c.code.in_(bindparam("codes", expanding=True)))
_REACHABLE = (
    select(person.c.id)
    .where(
        person.c.active.is_(True),
        person.c.telegram_id.is_not(None),
        person.c.id != bindparam("but"),
    )
    .order_by(person.c.name, person.c.id)
)
_OF_ROLES = _REACHABLE.where(person.c.role.in_(bindparam("roles", expanding=True)))
_LED = _REACHABLE.where(
    or_(
        person.c.id == bindparam("leader"),
        and_(
            person.c.role == Role.REP.value,
            person.c.id.in_(
                select(portfolio.c.person_id).where(
                    portfolio.c.code.in_(bindparam("codes", expanding=True))
                )
            ),
        ),
    )
)
_LIST = select(person).order_by(person.c.id)
_ADD = insert(person)
_ADD_CODE = insert(portfolio)
_DROP_CODES = delete(portfolio).where(portfolio.c.person_id == bindparam("person"))
_SET_LOCALE = update(person).where(person.c.id == bindparam("p")).values(locale=bindparam("l"))
_SET_PACE = update(person).where(person.c.id == bindparam("p")).values(alert_pace=bindparam("pace"))
_SET_DIGEST = update(person).where(person.c.id == bindparam("p")).values(digest_at=bindparam("at"))
_SET_REVOKED = (
    update(person)
    .where(person.c.id == bindparam("p"))
    .values(active=False, revoked_at=bindparam("at"))
)
_RENEW = (
    update(person)
    .where(person.c.id == bindparam("p"))
    .values(
        name=bindparam("n"),
        role=bindparam("r"),
        active=True,
        revoked_at=None,
        unreachable_since=None,
        enrolled_at=bindparam("at"),
    )
)
_SET_REACH = (
    update(person)
    .where(person.c.telegram_id == bindparam("telegram"))
    .values(unreachable_since=bindparam("at"))
)
_SET_TELEGRAM = (
    update(person)
    .where(person.c.telegram_id == bindparam("old"))
    .values(telegram_id=bindparam("new"))
)
_UNREACHABLE = select(person.c.unreachable_since).where(person.c.id == bindparam("id"))
_MOMENT = person.c.last_seen_at.type
_UNSEEN = or_(
    person.c.unreachable_since.is_not(None),
    person.c.last_seen_at.is_(None),
    person.c.last_seen_at <= bindparam("before", type_=_MOMENT),
    person.c.last_seen_at > bindparam("at", type_=_MOMENT),  # noted by a clock that was wrong
)
_MET = _BY_TELEGRAM.add_columns(_UNSEEN.label("unseen"))
_SEEN = (
    update(person)
    .where(person.c.id == bindparam("p"))
    .values(last_seen_at=bindparam("at"), unreachable_since=None)
)
_ADD_INVITATION = insert(invitation)
_INVITATION = select(invitation).where(invitation.c.hash == bindparam("hash"))
_USE_INVITATION = (
    update(invitation)
    .where(
        invitation.c.hash == bindparam("hash_"),
        invitation.c.used_at.is_(None),
        invitation.c.expires_at > bindparam("at"),
    )
    .values(used_at=bindparam("at"))
)
_USED_BY = (
    update(invitation)
    .where(invitation.c.hash == bindparam("hash_"))
    .values(used_by=bindparam("by"))
)


class Reader(NamedTuple):
    """What decides which commands somebody sees; of ten thousand people a megabyte."""

    telegram_id: int | None
    role: Role
    locale: str


def _found(rows: Sequence[Row[Any]]) -> Person | None:
    """Make a person of rows that differ in the code of a portfolio only."""
    return _person(rows[0], (row.code for row in rows if row.code is not None)) if rows else None


def _person(row: Row[Any], codes: Iterable[str]) -> Person:
    return Person(
        id=row.id,
        telegram_id=row.telegram_id,
        name=row.name,
        role=Role(row.role),
        locale=row.locale,
        codes=frozenset(codes),
        active=row.active,
        digest_at=time.fromisoformat(row.digest_at),
        pace=Pace(row.alert_pace),
    )


def by_telegram(work: Work, telegram_id: int) -> Person | None:
    """Find the person behind a numeric Telegram id, revoked or not."""
    return _found(work.all(_BY_TELEGRAM, {"telegram_id": telegram_id}))


def met(work: Work, telegram_id: int, at: datetime) -> Person | None:
    """Find who writes or taps, if he may; note to the last few minutes that messages reach him."""
    lately = {"at": at, "before": at - SEEN_LATELY}
    rows = work.all(_MET, {"telegram_id": telegram_id, **lately})
    if not rows or not rows[0].active:
        return None
    if rows[0].unseen:
        work.execute(_SEEN, {"p": rows[0].id, "at": at})
    return _found(rows)


def by_id(work: Work, person_id: int) -> Person | None:
    """Find a person by id."""
    return _found(work.all(_BY_ID, {"id": person_id}))


def active(work: Work) -> list[Person]:
    """Read everybody whose access is open."""
    codes: dict[int, set[str]] = {}
    for row in work.all(_ALL_CODES):
        codes.setdefault(row.person_id, set()).add(row.code)
    return [_person(row, codes.get(row.id, ())) for row in work.all(_ACTIVE)]


def by_role(work: Work) -> dict[Role, int]:
    """Count everybody whose access is open."""
    return {Role(row.role): int(row.n) for row in work.all(_ROLES)}


def with_portfolios(work: Work) -> int:
    """Count those of them who have portfolios of their own."""
    return int(work.scalar(_WITH_PORTFOLIO))


def readers(work: Work) -> list[Reader]:
    """Read what everybody whose access is open sees, in the order of their ids."""
    return [
        Reader(row.telegram_id, Role(row.role), intern(row.locale)) for row in work.all(_READERS)
    ]


def desk(work: Work) -> list[Person]:
    """Read the credit managers and admins whose access is open: a few, whoever else there is."""
    return _each(work.all(_DESK))


def named(work: Work, role: Role) -> list[tuple[int, str]]:
    """Read (id, name) of everybody of a role whose access is open."""
    return [(row.id, row.name) for row in work.all(_NAMED, {"role": role.value})]


def around(work: Work, code: str | None) -> list[Person]:
    """Read who may see an account of that portfolio: its reps, their managers, and the desk."""
    holders = _each(work.all(_HOLDERS, {"code": code})) if code is not None else []
    return [*holders, *_each(work.all(_OVER_ALL)), *desk(work)]


def _each(rows: Sequence[Row[Any]]) -> list[Person]:
    """Make a person of each stretch of rows that differ in the code of a portfolio only."""
    stretches = (list(rows) for _, rows in groupby(rows, key=attrgetter("id")))
    return [found for rows in stretches if (found := _found(rows))]


def of_roles(work: Work, roles: Iterable[Role], but: int) -> list[int]:
    """Read the ids of whom messages may reach, by name; `but` is left out."""
    wanted = sorted(role.value for role in roles)
    return work.scalars(_OF_ROLES, {"roles": wanted, "but": but})


def led_by(work: Work, leader: int, codes: Iterable[str], but: int) -> list[int]:
    """Read the same of the reps who have one of the codes, and of who leads them."""
    return work.scalars(_LED, {"leader": leader, "codes": sorted(codes), "but": but})


def rep_codes(work: Work) -> list[str]:
    """Read every code that a rep has."""
    return work.scalars(_REP_CODES)


def is_rep_code(work: Work, code: str) -> bool:
    """Tell whether a rep has that code."""
    return work.first(_OF_CODE, {"code": code}) is not None


def rep_names(work: Work, codes: frozenset[str] | None) -> dict[str, list[str]]:
    """Name the reps behind each of these codes, all of them when None."""
    rows = work.all(_NAMES) if codes is None else work.all(_NAMES_OF, {"codes": sorted(codes)})
    names: dict[str, list[str]] = {}
    for row in rows:
        names.setdefault(row.code, []).append(row.name)
    return names


def listing(work: Work) -> list[dict[str, Any]]:
    """Read everybody for the list of users, codes included."""
    codes: dict[int, list[str]] = {}
    for row in work.all(_ALL_CODES):
        codes.setdefault(row.person_id, []).append(row.code)
    return [
        {**row._mapping, "codes": sorted(codes.get(row.id, ()))}  # noqa: SLF001 - the public name of a row's mapping
        for row in work.all(_LIST)
    ]


def add(
    work: Work,
    *,
    telegram_id: int,
    name: str,
    role: Role,
    locale: str,
    codes: Iterable[str],
    at: datetime,
) -> int:
    """Enrol a person, or re-open the access of one who was revoked; return the id."""
    known = work.first(_BY_TELEGRAM, {"telegram_id": telegram_id})
    if known:
        person_id = int(known.id)
        work.execute(_RENEW, {"p": person_id, "n": name, "r": role.value, "at": at})
        work.execute(_DROP_CODES, {"person": person_id})
    else:
        person_id = work.insert(
            _ADD,
            {
                "telegram_id": telegram_id,
                "name": name,
                "role": role.value,
                "locale": locale,
                "enrolled_at": at,
            },
        )
    work.execute_many(_ADD_CODE, [{"person_id": person_id, "code": code} for code in sorted(codes)])
    return person_id


def set_locale(work: Work, person_id: int, locale: str) -> None:
    """Remember the language a person reads."""
    work.execute(_SET_LOCALE, {"p": person_id, "l": locale})


def set_pace(work: Work, person_id: int, pace: Pace) -> None:
    """Remember how soon a person wants to hear of alerts."""
    work.execute(_SET_PACE, {"p": person_id, "pace": pace.value})


def set_digest(work: Work, person_id: int, at: time) -> None:
    """Remember at what time of day a person wants his digest."""
    work.execute(_SET_DIGEST, {"p": person_id, "at": at.isoformat("minutes")})


def revoke(work: Work, person_id: int, at: datetime) -> None:
    """Close a person's access: the next tap is a stranger's."""
    work.execute(_SET_REVOKED, {"p": person_id, "at": at})


def set_unreachable(work: Work, telegram_id: int, since: datetime | None) -> None:
    """Note that a person blocked the bot, or came back (None)."""
    work.execute(_SET_REACH, {"telegram": telegram_id, "at": since})


def set_telegram(work: Work, old: int, new: int) -> None:
    """Give the person behind a Telegram id another one."""
    work.execute(_SET_TELEGRAM, {"old": old, "new": new})


def is_reachable(work: Work, person_id: int) -> bool:
    """Tell whether messages reach the person, as far as is known."""
    return work.scalar(_UNREACHABLE, {"id": person_id}) is None


def add_invitation(work: Work, values: dict[str, Any]) -> int:
    """Keep an invitation; `values` are its columns, the secret only as a hash."""
    return work.insert(_ADD_INVITATION, values)


def invitation_of(work: Work, digest: str) -> Row[Any] | None:
    """Find an invitation by the hash of its secret."""
    return work.first(_INVITATION, {"hash": digest})


def use_invitation(work: Work, digest: str, at: datetime) -> bool:
    """Consume an invitation once; False when it is used or expired."""
    return work.execute(_USE_INVITATION, {"hash_": digest, "at": at}) == 1


def invitation_used_by(work: Work, digest: str, person_id: int) -> None:
    """Remember who came in with an invitation."""
    work.execute(_USED_BY, {"hash_": digest, "by": person_id})
