"""Everything that people leave behind in the database, made in one stroke."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import insert

from storage import tables
from storage.work import Work
from tests.storage.lives_openings import openings
from tests.storage.lives_risk import decided


def typed(n: int) -> str:
    """What a person of that life typed, or was called."""
    return f"Zoe Martin said {n}"


def put(work: Work, table: str, **values: Any) -> None:
    work.execute(insert(tables.metadata.tables[table]), values)


def a_life(work: Work, at: datetime, n: int) -> None:
    """Everything that people leave behind, `n` telling the rows of one life from another's."""
    _a_person(work, at, n)
    _a_customer(work, at, n)
    _wires(work, at, n)
    _a_place(work, n)
    _a_call(work, at, n)
    _seen_in_the_field(work, at, n)
    _asked_for_a_release(work, at, n)
    openings(work, at, n, typed(n))
    _a_promise(work, at, n)
    _a_task(work, at, n)
    _a_dispute(work, at, n)
    _an_alert(work, at, n)
    _a_broadcast(work, at, n)
    decided(work, at, n, typed(n))
    _files(work, at, n)
    _events(work, at, n)


def _a_person(work: Work, at: datetime, n: int) -> None:
    said = typed(n)
    put(
        work,
        "person",
        id=n,
        telegram_id=7_000_000 + n,
        name=said,
        role="rep",
        active=False,
        revoked_at=at,
        phone=said,
    )
    put(work, "portfolio", person_id=n, code="R1")
    put(
        work,
        "invitation",
        id=n,
        hash=f"h{n}",
        role="rep",
        name=said,
        codes=[],
        created_at=at,
        expires_at=at,
    )


def _a_customer(work: Work, at: datetime, n: int) -> None:
    said = typed(n)
    put(work, "customer_row", id=n, code=f"C{n}", name="ACME", search="acme", changed_at=at)
    put(work, "customer_contact", id=n, customer_id=n, name=said, phone=said, source="rep")


def _wires(work: Work, at: datetime, n: int) -> None:
    said = typed(n)
    put(work, "inbox", update_id=n, sender=7_000_000 + n, body=said, received_at=at, done_at=at)
    put(
        work,
        "inbox",
        update_id=n + 50,
        sender=7_000_000 + n,
        body=said,
        received_at=at,
        parked=True,
    )
    for state in ("sent", "dropped", "failed"):
        put(
            work,
            "outbox",
            priority=0,
            kind="answer",
            person_id=n,
            chat_id=7_000_000 + n,
            ready=True,
            body={"text": said},
            created_at=at,
            not_before=at,
            state=state,
        )


def _a_place(work: Work, n: int) -> None:
    put(work, "inbox_queue", sender=7_000_000 + n)


def _a_call(work: Work, at: datetime, n: int) -> None:
    day, said = at.date(), typed(n)
    put(
        work,
        "conversation",
        id=n,
        person_id=n,
        customer_id=n,
        script="call",
        digest="d",
        step="s",
        call={"typed": said},
        version=1,
        state="done",
        started_at=at,
        changed_at=at,
    )
    put(
        work,
        "contact_record",
        id=n,
        uid=f"c{n}",
        customer_id=n,
        person_id=n,
        at=at,
        on=day,
        channel="call",
        outcome="call_back",
        answered=True,
        contact=said,
        note=said,
    )


def _seen_in_the_field(work: Work, at: datetime, n: int) -> None:
    day, said = at.date(), typed(n)
    put(
        work,
        "observation",
        id=n,
        uid=f"o{n}",
        customer_id=n,
        person_id=n,
        code="C2-01",
        at=at,
        on=day,
        source=said,
        note=said,
        files=[said],
    )
    put(
        work,
        "freeze",
        id=n,
        uid=f"f{n}",
        customer_id=n,
        signal="K1",
        cause="judgment",
        since=day,
        at=at,
        lifted_at=at,
        lifted_by=n,
        reason=said,
    )


def _asked_for_a_release(work: Work, at: datetime, n: int) -> None:
    said = typed(n)
    put(
        work,
        "release_request",
        id=n,
        uid=f"r{n}",
        customer_id=n,
        person_id=n,
        amount_minor=100,
        currency="EUR",
        rules=[],
        reason=said,
        asked_at=at,
        state="refused",
        decided_at=at,
        note=said,
    )


def _a_promise(work: Work, at: datetime, n: int) -> None:
    day, said = at.date(), typed(n)
    put(
        work,
        "promise",
        id=n,
        uid=f"p{n}",
        customer_id=n,
        person_id=n,
        contact=said,
        means="transfer",
        scope="all",
        currency="EUR",
        amount_minor=100,
        state="kept",
        warnings=[],
        made_at=at,
        made_on=day,
        judged_at=at,
    )
    put(work, "promise_line", promise_id=n, n=1, due_on=day, amount_minor=100, state="kept")
    put(
        work,
        "item_row",
        id=n,
        customer_id=n,
        key=f"F{n}#1",
        kind="invoice",
        number=f"F{n}",
        currency="EUR",
        amount_minor=100,
        open_minor=0,
        stated_on=day,
        first_import=1,
    )
    put(work, "promise_item", promise_id=n, item_id=n, amount_minor=100)


def _a_task(work: Work, at: datetime, n: int) -> None:
    day, said = at.date(), typed(n)
    put(
        work,
        "task",
        id=n,
        uid=f"t{n}",
        customer_id=n,
        person_id=n,
        kind="call",
        due_on=day,
        note=said,
        promise_id=n,
        created_at=at,
        done_at=at,
    )


def _a_dispute(work: Work, at: datetime, n: int) -> None:
    day, said = at.date(), typed(n)
    put(
        work,
        "dispute",
        id=n,
        uid=f"d{n}",
        customer_id=n,
        person_id=n,
        reason="L04",
        currency="EUR",
        amount_minor=100,
        text=said,
        state="closed",
        opened_at=at,
        opened_on=day,
        closed_at=at,
    )
    put(work, "attachment", id=n, dispute_id=n, file_id=said, unique_id="u", at=at)
    step = {"dispute_id": n, "person_id": n, "kind": "unfounded", "former": "open"}
    put(work, "dispute_step", id=n, uid=f"ds{n}", text=said, at=at, **step)


def _an_alert(work: Work, at: datetime, n: int) -> None:
    put(
        work,
        "alert",
        customer_id=n,
        level=0,
        state="cleared",
        lights=[],
        signals=[],
        points=0,
        version=9,
        raised_at=at,
        changed_at=at,
    )
    put(work, "card", customer_id=n, person_id=n, message_id=5, version=9, at=at)
    put(work, "gathered_alert", customer_id=n, person_id=n, at=at)
    put(work, "alert_volume", person_id=n, since=at, rung=7, gather_at=at)
    put(
        work,
        "rule_feedback",
        id=n,
        signal="C1-01",
        customer_id=n,
        person_id=n,
        reason="wrong",
        at=at,
    )


def _a_broadcast(work: Work, at: datetime, n: int) -> None:
    said = typed(n)
    put(work, "broadcast", id=n, person_id=n, text=said, audience="all", at=at)
    put(work, "broadcast_recipient", broadcast_id=n, person_id=n, state="seen", at=at)
    wave = {"broadcast_id": n, "again": "", "state": "waiting", "not_before": at, "after": 0}
    put(work, "broadcast_wave", **wave)


def _files(work: Work, at: datetime, n: int) -> None:
    day, said = at.date(), typed(n)
    put(
        work,
        "import_run",
        id=n,
        file="book.csv",
        sha256=f"s{n}",
        fingerprint="f",
        kind="open",
        as_of=day,
        at=at,
        channel="cli",
        new=1,
        changed=0,
        settled=0,
        unchanged=0,
        rejected=1,
        report={"rejections": [{"value": said}]},
    )
    put(
        work,
        "upload",
        id=n,
        person_id=n,
        file_id="f",
        unique_id="u",
        name=said,
        state="cancelled",
        overrides={},
        report={"samples": [[said]]},
        at=at,
    )


def _events(work: Work, at: datetime, n: int) -> None:
    said = typed(n)
    for kind, data in (
        (
            "contact.recorded",
            {"uid": f"c{n}", "note": said, "contact": said, "outcome": "paid"},
        ),
        ("dispute.opened", {"uid": f"d{n}", "text": said, "amount": "1.00"}),
        ("contact.person_named", {"name": said, "role": None}),
        ("promise.made", {"uid": f"p{n}", "contact": said, "reference": said}),
        ("observation.recorded", {"uid": f"o{n}", "code": "T01"}),
    ):
        put(
            work, "event", uid=f"{kind}{n}", at=at, person_id=n, kind=kind, customer_id=n, data=data
        )
