"""Files of accounts to be opened, with what was answered so far.

```mermaid
stateDiagram-v2
  [*] --> draft: add
  draft --> sent: send (complete or not)
  sent --> draft: decide (more is asked for)
  sent --> accepted: decide (class, limit, validity, terms, guarantees, first order)
  sent --> refused: decide (with the reason)
  draft --> dropped: move
```
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, and_, bindparam, func, insert, or_, select, update

from storage.tables import customer, item, opening_answer, opening_file, payment, person
from storage.upsert import Upsert
from storage.work import Work

DRAFT, SENT, ACCEPTED, REFUSED, DROPPED = "draft", "sent", "accepted", "refused", "dropped"
OPEN = (DRAFT, SENT)

_decider = person.alias("decider")
_ADD = insert(opening_file)
_READ = select(
    opening_file, person.c.name.label("author"), _decider.c.name.label("decider")
).select_from(
    opening_file.join(person, person.c.id == opening_file.c.person_id).outerjoin(
        _decider, _decider.c.id == opening_file.c.decided_by
    )
)
_BY_ID = _READ.where(opening_file.c.id == bindparam("id"))
_ALL = (
    _READ.where(opening_file.c.state != DROPPED)
    .order_by(opening_file.c.changed_at.desc(), opening_file.c.id.desc())
    .limit(bindparam("most"))
)
_VISIBLE = or_(
    opening_file.c.person_id == bindparam("reader"),
    opening_file.c.rep_code.in_(bindparam("codes", expanding=True)),
)
_SEEN = _ALL.where(_VISIBLE)
_WAITING = (
    _READ.where(opening_file.c.state == SENT)
    .order_by(opening_file.c.sent_at, opening_file.c.id)
    .limit(bindparam("most"))
)
_EMPTY = select(opening_file.c.id).where(
    opening_file.c.person_id == bindparam("reader"),
    opening_file.c.state == DRAFT,
    opening_file.c.name == "",
    opening_file.c.siren.is_(None),
)
_ANSWERS = (
    select(opening_answer.c.point, opening_answer.c.value)
    .where(opening_answer.c.opening_id == bindparam("opening"))
    .order_by(opening_answer.c.id)
)
_ANSWER = Upsert(opening_answer, keys=("opening_id", "point"), update=("value", "person_id", "at"))
_TOUCH = (
    update(opening_file)
    .where(opening_file.c.id == bindparam("opening"))
    .values(
        name=bindparam("new_name"), siren=bindparam("new_siren"), changed_at=bindparam("moment")
    )
)
_AIM = (
    update(opening_file)
    .where(opening_file.c.id == bindparam("opening"))
    .values(scope=bindparam("new_scope"), point=bindparam("new_point"))
)
_MOVE = (
    update(opening_file)
    .where(opening_file.c.id == bindparam("opening"), opening_file.c.state == bindparam("former"))
    .values(state=bindparam("next"), changed_at=bindparam("moment"))
)
_SEND = _MOVE.values(sent_at=bindparam("sent"), note=None, decided_at=None, decided_by=None)
_DECIDE = _MOVE.values(
    decided_at=bindparam("decided"),
    decided_by=bindparam("by"),
    risk_class=bindparam("letter"),
    limit_minor=bindparam("limit"),
    currency=bindparam("money"),
    valid_until=bindparam("until"),
    terms=bindparam("new_terms"),
    guarantees=bindparam("wanted", type_=opening_file.c.guarantees.type),
    first_order=bindparam("first"),
    note=bindparam("said"),
)
_CODE = (
    update(opening_file)
    .where(opening_file.c.id == bindparam("opening"))
    .values(code=bindparam("new_code"), changed_at=bindparam("moment"))
)
_SAME_SIREN = select(
    opening_file.c.id, opening_file.c.name, opening_file.c.person_id, opening_file.c.rep_code
).where(
    opening_file.c.siren == bindparam("siren"),
    opening_file.c.id != bindparam("but"),
    opening_file.c.state.in_([DRAFT, SENT, ACCEPTED]),
)
_CUSTOMER_OF = (
    select(customer.c.id, customer.c.name, customer.c.code)
    .where(
        or_(
            and_(customer.c.siren.is_not(None), customer.c.siren == bindparam("siren")),
            customer.c.code == bindparam("code"),
        )
    )
    .order_by(customer.c.id)
)
# The latest file of an account; an accepted one speaks before one that still runs.
_OF_CUSTOMER = (
    _READ.where(
        or_(
            and_(opening_file.c.siren.is_not(None), opening_file.c.siren == bindparam("siren")),
            opening_file.c.code == bindparam("code"),
        ),
        opening_file.c.state.in_([DRAFT, SENT, ACCEPTED, REFUSED]),
    )
    .order_by((opening_file.c.state == ACCEPTED).desc(), opening_file.c.changed_at.desc())
    .limit(1)
)
_PAYMENTS = (
    select(func.count()).select_from(payment).where(payment.c.customer_id == bindparam("customer"))
)

_INVOICES = (
    select(func.count())
    .select_from(item)
    .where(item.c.customer_id == bindparam("customer"), item.c.kind == "invoice")
)


def add(work: Work, values: Mapping[str, Any]) -> int:
    """Keep an empty draft and return its id."""
    empty = {"name": "", "state": DRAFT, "scope": "", "point": "", "guarantees": []}
    return work.insert(_ADD, {**empty, **values})


def by_id(work: Work, opening_id: int) -> Row[Any] | None:
    """Read a file with the names of its author and of who decided it."""
    return work.first(_BY_ID, {"id": opening_id})


def seen(work: Work, person_id: int, codes: frozenset[str] | None, most: int) -> Sequence[Row[Any]]:
    """Read the files of a person and of portfolios (None: of all), the latest first."""
    if codes is None:
        return work.all(_ALL, {"most": most})
    return work.all(_SEEN, {"reader": person_id, "codes": sorted(codes), "most": most})


def waiting(work: Work, most: int) -> Sequence[Row[Any]]:
    """Read so many files that nobody has decided yet, the oldest first."""
    return work.all(_WAITING, {"most": most})


def empty_of(work: Work, person_id: int) -> int | None:
    """Find a draft of the person in which nothing was written yet."""
    found: int | None = work.scalar(_EMPTY, {"reader": person_id})
    return found


def answers(work: Work, opening_id: int) -> dict[str, dict[str, Any]]:
    """Read what was answered, by point."""
    return {row.point: row.value for row in work.all(_ANSWERS, {"opening": opening_id})}


def answer(
    work: Work, opening_id: int, point: str, value: Mapping[str, Any], by: int, at: datetime
) -> None:
    """Keep the answer to a point in the place of the former one."""
    row = {"opening_id": opening_id, "point": point, "value": dict(value)}
    work.execute(_ANSWER, {**row, "person_id": by, "at": at})


def touch(work: Work, opening_id: int, name: str, siren: str | None, at: datetime) -> None:
    """Keep the name and the SIREN by which the file is found, and when it last changed."""
    values = {"opening": opening_id, "new_name": name[:120], "new_siren": siren, "moment": at}
    work.execute(_TOUCH, values)


def aim(work: Work, opening_id: int, scope: str, point: str) -> None:
    """Remember which point is asked for, in which block."""
    work.execute(_AIM, {"opening": opening_id, "new_scope": scope, "new_point": point})


def send(work: Work, opening_id: int, at: datetime) -> bool:
    """Send a draft; False when it was sent, or dropped, before."""
    moved = {"opening": opening_id, "former": DRAFT, "next": SENT, "moment": at}
    return work.execute(_SEND, {**moved, "sent": at}) == 1


def move(work: Work, opening_id: int, former: str, to: str, at: datetime) -> bool:
    """Move a file from a state to another; False when it was not in that state."""
    values = {"opening": opening_id, "former": former, "next": to, "moment": at}
    return work.execute(_MOVE, values) == 1


def decide(  # noqa: PLR0913 - all of one decision
    work: Work,
    opening_id: int,
    to: str,
    by: int,
    at: datetime,
    *,
    risk_class: str | None = None,
    limit_minor: int | None = None,
    currency: str | None = None,
    valid_until: date | None = None,
    terms: str | None = None,
    guarantees: Sequence[str] = (),
    first_order: str | None = None,
    note: str | None = None,
) -> bool:
    """Decide a file that was sent; False when it was decided before."""
    values = {
        "opening": opening_id,
        "former": SENT,
        "next": to,
        "moment": at,
        "decided": at,
        "by": by,
        "letter": risk_class,
        "limit": limit_minor,
        "money": currency,
        "until": valid_until,
        "new_terms": terms,
        "wanted": list(guarantees),
        "first": first_order,
        "said": note,
    }
    return work.execute(_DECIDE, values) == 1


def name_account(work: Work, opening_id: int, code: str, at: datetime) -> None:
    """Keep the code that the account has in the ledger."""
    work.execute(_CODE, {"opening": opening_id, "new_code": code[:60], "moment": at})


def same_siren(work: Work, siren: str, but: int) -> Row[Any] | None:
    """Find another file of the same company that is open or accepted."""
    return work.first(_SAME_SIREN, {"siren": siren, "but": but})


def account_of(work: Work, siren: str | None, code: str | None) -> Row[Any] | None:
    """Find the customer of the ledger that has this SIREN, or this code."""
    if siren is None and code is None:
        return None
    return work.first(_CUSTOMER_OF, {"siren": siren or "", "code": code or ""})


def of_customer(work: Work, siren: str | None, code: str) -> Row[Any] | None:
    """Find the file of an account of the ledger, by its SIREN or its code."""
    return work.first(_OF_CUSTOMER, {"siren": siren or "", "code": code})


def payments(work: Work, customer_id: int) -> int:
    """Count the payments received from a customer."""
    return int(work.scalar(_PAYMENTS, {"customer": customer_id}))


def invoices(work: Work, customer_id: int) -> int:
    """Count the invoices of a customer that the ledger ever named."""
    return int(work.scalar(_INVOICES, {"customer": customer_id}))
