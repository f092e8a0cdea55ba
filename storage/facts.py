"""Small facts of the installation, and leases that only one process holds at a time."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import bindparam, delete, or_, select

from credit.moment import Moment
from storage.tables import fact, lease
from storage.upsert import Upsert
from storage.work import Work

_GET = select(fact.c.value).where(fact.c.name == bindparam("name"))
_PUT = Upsert(fact, keys=["name"], update=["value"])
_CHANGE = Upsert(
    fact,
    keys=["name"],
    update=["value"],
    where=lambda offered: fact.c.value != offered.value,
    returning=[fact.c.name],
)
_HOLDER = select(lease.c.owner).where(lease.c.name == bindparam("name"))
_ACQUIRE = Upsert(
    lease,
    keys=["name"],
    update=["owner", "until"],
    # a lease far in the future was taken under another clock offset: nobody renews it
    where=lambda offered: or_(
        lease.c.owner == offered.owner,
        lease.c.owner == bindparam("dead", type_=lease.c.owner.type),
        lease.c.until <= bindparam("now", type_=lease.c.until.type),
        lease.c.until > bindparam("absurd", type_=lease.c.until.type),
    ),
    returning=[lease.c.owner],
)
_RELEASE = delete(lease).where(
    lease.c.name == bindparam("name"), lease.c.owner == bindparam("owner")
)


def get(work: Work, name: str) -> Any:  # noqa: ANN401 - a JSON value
    """Return a fact's value, or None when it was never stated."""
    return work.scalar(_GET, {"name": name})


def put(work: Work, name: str, value: object) -> None:
    """State a fact: any JSON value but None."""
    work.execute(_PUT, {"name": name, "value": value})


def change(work: Work, name: str, value: object) -> bool:
    """State a fact; False when it was so already: of several who say the same one changes it."""
    return work.first(_CHANGE, {"name": name, "value": value}) is not None


def holder(work: Work, name: str) -> str | None:
    """Return who holds or last held a lease."""
    owner: str | None = work.scalar(_HOLDER, {"name": name})
    return owner


def acquire(
    work: Work, name: str, owner: str, now: Moment, span: timedelta, dead: str = ""
) -> bool:
    """Take or renew a lease; tell whether it is held now.

    It is taken from another owner once it has run out, or at once from `dead`, an owner
    known to be gone.
    """
    values = {
        "name": name,
        "owner": owner,
        "until": now.at + span,
        "now": now.at,
        "absurd": now.at + 2 * span,
        "dead": dead,
    }
    return work.first(_ACQUIRE, values) is not None


def release(work: Work, name: str, owner: str) -> None:
    """Give a lease back, if it is still this owner's."""
    work.execute(_RELEASE, {"name": name, "owner": owner})
