"""How many alert cards have rung for whom, and the alerts that wait to be told together."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import BindParameter, Row, and_, bindparam, case, delete, exists, select, update

from storage import outbox as post_box
from storage.alerts import ALL, RAISED
from storage.bulk import Among
from storage.customers import OWNER
from storage.tables import alert, alert_volume, customer, gathered_alert, outbox
from storage.upsert import Upsert
from storage.work import Work

GATHERED: Final = "gathered"
"""The kind of the message that tells what was gathered."""
SPAN: Final = timedelta(hours=1)

_PERSON: BindParameter[int] = bindparam("person")
_OVER = alert_volume.c.since <= bindparam("over", type_=alert_volume.c.since.type)
_RING = (
    update(alert_volume)
    .where(alert_volume.c.person_id == _PERSON)
    .values(
        rung=case((_OVER, 1), else_=alert_volume.c.rung + 1),
        since=case((_OVER, bindparam("then")), else_=alert_volume.c.since),
    )
    .returning(alert_volume.c.rung)
)
_BEGIN = Upsert(alert_volume, keys=["person_id"])
_GATHER_AT = select(alert_volume.c.gather_at).where(alert_volume.c.person_id == _PERSON)
_SET_GATHER = Upsert(alert_volume, keys=["person_id"], update=["gather_at"])
_KEEP = Upsert(gathered_alert, keys=["person_id", "customer_id"], update=["at"])
_LEAVE = delete(gathered_alert).where(
    gathered_alert.c.person_id == _PERSON, gathered_alert.c.customer_id == bindparam("customer")
)
_TOLD = delete(gathered_alert).where(
    gathered_alert.c.person_id == _PERSON,
    gathered_alert.c.at <= bindparam("until", type_=gathered_alert.c.at.type),
    Among(gathered_alert.c.customer_id),
)
_STANDS = and_(
    alert.c.customer_id == gathered_alert.c.customer_id, alert.c.state == RAISED, alert.c.level > 0
)
_SWEEP = delete(gathered_alert).where(
    gathered_alert.c.person_id == _PERSON, ~exists().where(_STANDS)
)
_WAITING = (
    select(alert.c.customer_id, OWNER.label("rep_code"), customer.c.name)
    .select_from(gathered_alert.join(alert, _STANDS))
    .join(customer, customer.c.id == alert.c.customer_id)
    .where(gathered_alert.c.person_id == _PERSON)
    .order_by(alert.c.level.desc(), alert.c.points.desc(), alert.c.customer_id)
)
# of each person once, and what is on its way is read once for all: not for every alert
_ON_ITS_WAY = select(outbox.c.person_id).where(
    outbox.c.kind == GATHERED,
    outbox.c.state.in_([state.value for state in post_box.State if state not in post_box.OVER]),
    outbox.c.person_id.is_not(None),
)
_UNTOLD = (
    select(alert_volume.c.person_id)
    .where(
        alert_volume.c.gather_at <= bindparam("before", type_=alert_volume.c.gather_at.type),
        exists().where(gathered_alert.c.person_id == alert_volume.c.person_id),
        alert_volume.c.person_id.not_in(_ON_ITS_WAY),
    )
    .order_by(alert_volume.c.person_id)
    .limit(bindparam("most"))
)


def rings(work: Work, person_id: int, then: datetime, most: int) -> bool:
    """Count a card that is to ring at that moment; False when an hour has had its share.

    The row is locked until the end of the transaction: two processes count one after the other.
    """
    values = {"person": person_id, "then": then, "over": then - SPAN}
    rung = work.scalar(_RING, values)
    if rung is None:
        work.execute(_BEGIN, {"person_id": person_id, "since": then, "rung": 0})
        rung = work.scalar(_RING, values)
    return int(rung) <= most


def keep(work: Work, person_id: int, customer_id: int, at: datetime) -> None:
    """Remember an alert that a person is told of later, with others."""
    work.execute(_KEEP, {"person_id": person_id, "customer_id": customer_id, "at": at})


def leave(work: Work, person_id: int, customer_id: int) -> None:
    """Forget an alert that a person is told of by a card of its own."""
    work.execute(_LEAVE, {"person": person_id, "customer": customer_id})


def gather_at(work: Work, person_id: int) -> datetime | None:
    """Return when a person is, or was last, told what was gathered."""
    at: datetime | None = work.scalar(_GATHER_AT, {"person": person_id})
    return at


def set_gather_at(work: Work, person_id: int, at: datetime) -> None:
    """Remember when a person is told what is gathered."""
    row = {"person_id": person_id, "since": at - SPAN, "rung": 0, "gather_at": at}
    work.execute(_SET_GATHER, row)


def waiting(work: Work, person_id: int) -> list[Row[Any]]:
    """Read the alerts that wait for a person and still stand, the gravest first."""
    return list(work.all(_WAITING, {"person": person_id}))


def told(work: Work, person_id: int, customer_ids: Iterable[int], until: datetime) -> None:
    """Forget what a person was told; what was gathered after that moment stays."""
    work.execute(_TOLD, {"person": person_id, "ids": list(customer_ids), "until": until})


def untold(work: Work, before: datetime, most: int = ALL) -> list[int]:
    """Name the people who were to be told before that moment, and to whom nothing is on its way."""
    return work.scalars(_UNTOLD, {"before": before, "most": most})


def sweep(work: Work, person_id: int) -> int:
    """Forget a person's alerts that have been answered, or are over; return how many."""
    return work.execute(_SWEEP, {"person": person_id})
