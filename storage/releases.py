"""Requests to let a held order go.

```mermaid
stateDiagram-v2
  [*] --> draft: add (the form is open)
  draft --> asked: submit, with the reason
  asked --> granted: decide
  asked --> deposit: decide (against a part paid now)
  asked --> refused: decide (with an alternative)
  asked --> replaced: submit (the same person asks again for the same customer)
```
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, bindparam, func, insert, select, update

from storage.tables import customer, item, person, promise, release_request
from storage.work import Work

DRAFT, ASKED, GRANTED, DEPOSIT = "draft", "asked", "granted", "deposit"
REFUSED, REPLACED = "refused", "replaced"

_ADD = insert(release_request)
_REPLACE = (
    update(release_request)
    .where(
        release_request.c.customer_id == bindparam("customer"),
        release_request.c.person_id == bindparam("asker"),
        release_request.c.state == ASKED,
    )
    .values(state=REPLACED)
)
_SUBMIT = (
    update(release_request)
    .where(release_request.c.id == bindparam("request"), release_request.c.state == DRAFT)
    .values(
        state=ASKED, rules=bindparam("codes"), reason=bindparam("why"), asked_at=bindparam("at")
    )
)
_BY_ID = (
    select(
        release_request,
        customer.c.code,
        customer.c.name.label("customer"),
        person.c.name.label("asker"),
    )
    .select_from(
        release_request.join(customer).join(person, person.c.id == release_request.c.person_id)
    )
    .where(release_request.c.id == bindparam("id"))
)
_DECIDE = (
    update(release_request)
    .where(release_request.c.id == bindparam("request"), release_request.c.state == ASKED)
    .values(
        state=bindparam("decision"),
        decided_by=bindparam("decider"),
        decided_at=bindparam("at"),
        deposit_minor=bindparam("part"),
        alternative=bindparam("instead"),
        note=bindparam("said"),
    )
)
_LAST_BROKEN = select(func.max(promise.c.judged_at)).where(
    promise.c.customer_id == bindparam("customer"), promise.c.state == "broken"
)
_USUAL = select(
    func.count().label("n"),
    func.coalesce(func.sum(item.c.amount_minor), 0).label("minor"),
    func.min(item.c.issued_on).label("first"),
).where(
    item.c.customer_id == bindparam("customer"),
    item.c.kind == "invoice",
    item.c.currency == bindparam("currency"),
    item.c.issued_on > bindparam("since", type_=item.c.issued_on.type),
)


def add(work: Work, values: Mapping[str, Any]) -> int:
    """Keep a draft and return its id."""
    return work.insert(_ADD, {**values, "state": DRAFT, "reason": ""})


def submit(work: Work, row: Row[Any], rules: list[str], reason: str, at: datetime) -> bool:
    """Ask: the person's former request about the customer gives way; False when done before."""
    work.execute(_REPLACE, {"customer": row.customer_id, "asker": row.person_id})
    values = {"request": row.id, "codes": rules, "why": reason, "at": at}
    return work.execute(_SUBMIT, values) == 1


def by_id(work: Work, request_id: int) -> Row[Any] | None:
    """Read a request with its customer's name and its asker's."""
    return work.first(_BY_ID, {"id": request_id})


def decide(
    work: Work,
    request_id: int,
    decision: str,
    decider: int,
    at: datetime,
    *,
    deposit_minor: int | None = None,
    alternative: str | None = None,
    note: str | None = None,
) -> bool:
    """Decide a request; False when it was decided, or replaced, before."""
    values = {"request": request_id, "decision": decision, "decider": decider, "at": at}
    more = {"part": deposit_minor, "instead": alternative, "said": note}
    return work.execute(_DECIDE, {**values, **more}) == 1


def last_broken(work: Work, customer_id: int) -> datetime | None:
    """Return when a promise of the customer was last found broken."""
    found: datetime | None = work.scalar(_LAST_BROKEN, {"customer": customer_id})
    return found


def usual(work: Work, customer_id: int, currency: str, since: date) -> Row[Any] | None:
    """Return how many invoices since a day, their sum in minor units, and the first one's day."""
    return work.first(_USUAL, {"customer": customer_id, "currency": currency, "since": since})
