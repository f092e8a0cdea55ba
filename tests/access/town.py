"""A database with one row of everything, all of it the first rep's, and the people around."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import insert

from bot.scripts.call import Call, to_json
from bot.scripts.library import load
from credit.moment import Moment
from credit.people import Role
from storage import conversations, customers, people, tables
from storage.work import Work
from tests.access.papers import papers_of
from tests.access.town_openings import opening
from tests.journeys.harness import PARIS

NOW = Moment(datetime(2026, 3, 10, 9, 0, tzinfo=UTC), PARIS)
AT = NOW.at
TODAY = NOW.today

# Telegram ids.
FIRST, SECOND, MANAGER, CREDIT, ADMIN, REVOKED, STRANGER = range(7001, 7008)
NAMES = {FIRST: "Rémi", SECOND: "Sylvie", MANAGER: "Magali", CREDIT: "Claire", ADMIN: "Ada"}
INTRUDERS = {"a second rep": SECOND, "a revoked rep": REVOKED, "a stranger": STRANGER}

# What nobody but those in charge may read, as it may appear on a screen.
SECRETS = (
    "zephyr",
    "zéphyr",
    "zsecret",
    "secr-777",
    "secr-778",
    "98 765",
    "98765",
    "confidentielle",
    "0699887766",
    "06 99 88 77 66",
    "mot secret",
)
PAYLOAD = "an-invitation-that-was-used-before"


@dataclass(frozen=True, slots=True)
class Ids:
    """The id of one row of each kind, all of them the first rep's or about his customer."""

    customer: int
    other_customer: int
    item: int
    promise: int
    dispute: int
    release: int
    opening: int
    guarantee: int
    notice: int
    observation: int
    task: int
    contact: int
    conversation: int
    form: int
    broadcast: int
    upload: int
    person: int
    invitation: int


def furnish(work: Work) -> Ids:
    """Fill a database."""
    who = _people(work)
    customer = _customer(work, "ZSECRET", "Zéphyr & Fils <b>SARL</b>", "R1")
    other = _customer(work, "MARTIN", "Boulangerie Martin", "R2")
    item = _item(work, customer, "SECR-777", 9_876_543)
    _item(work, customer, "SECR-778", 120_000)
    _item(work, other, "M-1", 50_000)
    customers.keep_contact(
        work, customer, name="Mme Confidentielle", role="Compta", phone="0699887766"
    )
    deeds = _deeds(work, customer, item, who[FIRST])
    _alert(work, customer, who[FIRST])
    return Ids(
        customer=customer,
        other_customer=other,
        item=item,
        **deeds,
        opening=opening(work, who[FIRST], AT),
        broadcast=_broadcast(work, who),
        upload=_upload(work, who[CREDIT]),
        person=who[FIRST],
        invitation=_invitation(work, who[CREDIT]),
    )


def _people(work: Work) -> dict[int, int]:
    roles = {
        FIRST: (Role.REP, "R1"),
        SECOND: (Role.REP, "R2"),
        MANAGER: (Role.SALES_MANAGER, "R2"),
        CREDIT: (Role.CREDIT_MANAGER, ""),
        ADMIN: (Role.ADMIN, ""),
        REVOKED: (Role.REP, "R1"),
    }
    ids = {}
    for number, (role, code) in roles.items():
        ids[number] = people.add(
            work,
            telegram_id=number,
            name=NAMES.get(number, "Robert"),
            role=role,
            locale="fr",
            codes=[code] if code else [],
            at=AT,
        )
    people.revoke(work, ids[REVOKED], AT)
    return ids


def _add(work: Work, table: Any, **values: Any) -> int:
    return work.insert(insert(table), values)


def _customer(work: Work, code: str, name: str, rep: str) -> int:
    return _add(
        work,
        tables.customer_row,
        code=code,
        name=name,
        search=customers.fold(f"{code} {name}"),
        rep_code=rep,
        credit_limit_minor=1_000_000,
        limit_currency="EUR",
        changed_at=AT,
    )


def _item(work: Work, customer: int, number: str, minor: int) -> int:
    return _add(
        work,
        tables.item_row,
        customer_id=customer,
        key=f"{number}#1",
        kind="invoice",
        number=number,
        issued_on=date(2025, 12, 1),
        due_on=date(2026, 1, 15),
        currency="EUR",
        amount_minor=minor,
        open_minor=minor,
        total_known=True,
        stated_on=TODAY,
        first_import=1,
    )


def _deeds(work: Work, customer: int, item: int, rep: int) -> dict[str, int]:
    mine = {"customer_id": customer, "person_id": rep}
    promise = _add(
        work,
        tables.promise,
        **mine,
        uid="11111111-0000-0000-0000-000000000001",
        contact="Mme Confidentielle",
        means="transfer",
        scope="oldest",
        currency="EUR",
        amount_minor=9_876_543,
        state="open",
        warnings=[],
        made_at=AT,
        made_on=TODAY,
    )
    line = {"promise_id": promise, "n": 1, "due_on": date(2026, 3, 13), "amount_minor": 9_876_543}
    work.execute(insert(tables.promise_line), {**line, "state": "open"})
    covered = {"promise_id": promise, "item_id": item, "amount_minor": 9_876_543}
    work.execute(insert(tables.promise_item), covered)
    dispute = _add(
        work,
        tables.dispute,
        **mine,
        uid="22222222-0000-0000-0000-000000000001",
        item_id=item,
        reason="L03",
        currency="EUR",
        amount_minor=10_000,
        text="un mot secret",
        state="open",
        opened_at=AT,
        opened_on=TODAY,
        owner="quality",
    )
    release = _release(work, mine)
    papers = papers_of(work, mine, item, AT)
    held = _conversations(work, customer, rep)
    said = _said(work, mine, held["conversation"], promise)
    rows = {"promise": promise, "dispute": dispute, "release": release, **papers}
    return {**rows, "observation": _observation(work, mine), **said, **held}


def _observation(work: Work, mine: dict[str, int]) -> int:
    return _add(
        work,
        tables.observation,
        **mine,
        uid="88888888-0000-0000-0000-000000000001",
        code="T05",
        at=AT,
        on=TODAY,
        note="un mot secret",
        files=[{"file_id": "voice-secret", "unique_id": "u", "seconds": 20}],
    )


def _release(work: Work, mine: dict[str, int]) -> int:
    return _add(
        work,
        tables.release_request,
        **mine,
        uid="22222222-0000-0000-0000-000000000002",
        amount_minor=9_876_543,
        currency="EUR",
        rules=["B03"],
        reason="une raison secrète",
        asked_at=AT,
        state="asked",
    )


def _said(work: Work, mine: dict[str, int], conversation: int, promise: int) -> dict[str, int]:
    contact = _add(
        work,
        tables.contact_record,
        **mine,
        uid="33333333-0000-0000-0000-000000000001",
        conversation_id=conversation,
        at=AT,
        on=TODAY,
        channel="phone",
        outcome="promise",
        answered=True,
        note="un mot secret",
    )
    task = _add(
        work,
        tables.task,
        **mine,
        uid="44444444-0000-0000-0000-000000000001",
        kind="call_again",
        due_on=TODAY,
        note="un mot secret",
        promise_id=promise,
        created_at=AT,
    )
    return {"contact": contact, "task": task}


def _conversations(work: Work, customer: int, rep: int) -> dict[str, int]:
    """Leave a form at its photo step and hold a call where anything can be typed."""

    def keep(script: str, step: str, answers: dict[str, object], state: str) -> int:
        known = load()[script]
        call = Call(script, known.digest, step, answers, version=3)
        plain = {**json.loads(to_json(call)), "state": state}
        return conversations.add(
            work, person_id=rep, customer_id=customer, subject_id=None, call=plain, at=AT
        )

    answers: dict[str, object] = {"person": "Mme Confidentielle"}
    return {
        "form": keep("promise", "amount", answers, "left"),
        "conversation": keep("call", "listen", answers, "active"),
    }


def _alert(work: Work, customer: int, rep: int) -> None:
    values: dict[str, Any] = {
        "customer_id": customer,
        "level": 2,
        "state": "raised",
        "lights": {"payment": "red"},
        "signals": [
            {
                "id": "C1-01",
                "points": 2,
                "rule": "late_now",
                "threshold": "30",
                "action": "call",
                "figure": {
                    "number": "SECR-777",
                    "days": {"decimal": "54"},
                    "amount": {"amount": "98765.43", "currency": "EUR"},
                },
            }
        ],
        "action": "call",
        "points": 4,
        "version": 1,
        "raised_at": AT,
        "changed_at": AT,
        "pushed_level": 2,
        "pushed_at": AT,
        "answer_by": AT,
    }
    work.execute(insert(tables.alert), values)
    shown = {"customer_id": customer, "person_id": rep, "message_id": 41, "version": 1, "at": AT}
    work.execute(insert(tables.card), shown)


def _broadcast(work: Work, who: dict[int, int]) -> int:
    broadcast = _add(
        work,
        tables.broadcast,
        person_id=who[CREDIT],
        text="un mot secret pour Rémi",
        audience="reps",
        at=AT,
        report_message_id=42,
    )
    one = {"broadcast_id": broadcast, "person_id": who[FIRST], "state": "sent", "at": AT}
    work.execute(insert(tables.broadcast_recipient), one)
    return broadcast


def _upload(work: Work, credit: int) -> int:
    return _add(
        work,
        tables.upload,
        person_id=credit,
        file_id="f",
        unique_id="u",
        name="zephyr.csv",
        path=None,
        state="waiting",
        overrides={},
        at=AT,
    )


def _invitation(work: Work, credit: int) -> int:
    return people.add_invitation(
        work,
        {
            "hash": hashlib.sha256(PAYLOAD.encode()).hexdigest(),
            "role": "rep",
            "name": None,
            "codes": ["R1"],
            "created_by": credit,
            "created_at": AT,
            "expires_at": datetime(2027, 1, 1, tzinfo=UTC),
            "used_at": AT,
        },
    )


def leaks(said: object, allowed: str = "") -> list[str]:
    """List the secrets that can be read in a body; what the reader typed himself is no leak."""
    text = json.dumps(said, ensure_ascii=False, default=str)
    text = re.sub(r"[\u00a0\u202f\u2009]", " ", text).casefold()
    return [one for one in SECRETS if one in text and one not in allowed.casefold()]


def known_fields(ids: Ids) -> dict[str, int]:
    """Name the rows that a field of a tap can point at."""
    return asdict(ids)
