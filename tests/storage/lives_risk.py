"""What the credit manager leaves behind about one customer, for the tests of retention."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import insert

from storage import tables
from storage.work import Work


def decided(work: Work, at: datetime, n: int, said: str) -> None:
    """A decision, a guarantee and a notice about the customer of that number."""
    day = at.date()
    mine = {"customer_id": n, "person_id": n}
    _put(
        work,
        "credit_decision",
        **mine,
        id=n,
        uid=f"cd{n}",
        decided_at=at,
        cause="review",
        risk_class="C",
        proposed_class="C",
        applies=True,
        valid_until=day,
        reason=said,
        data={},
        ended_at=at,
    )
    _put(work, "credit_known", **mine, data={"score": "6"}, at=at)
    _put(
        work,
        "guarantee",
        **mine,
        id=n,
        uid=f"g{n}",
        kind="personal_surety",
        giver=said,
        reference=said,
        files=[{"file_id": said}],
        added_at=at,
        ended_at=at,
    )
    _put(
        work,
        "formal_notice",
        **mine,
        id=n,
        uid=f"fn{n}",
        kind="formal",
        amount_minor=100,
        currency="EUR",
        items=[1],
        days=8,
        body=said,
        drawn_at=at,
    )


def _put(work: Work, table: str, **values: Any) -> None:
    work.execute(insert(tables.metadata.tables[table]), values)
