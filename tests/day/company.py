"""A small company in a database: its people, its book, and what its bot answers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from functools import cache
from itertools import count
from typing import Any

from sqlalchemy import event, insert, select

from bot.handlers import surface
from bot.handlers.dispatch import Desk, Wish, handle
from bot.handlers.rendering import renderers
from bot.handlers.request import Incoming
from bot.screens.render import speaker
from bot.screens.tap import Tap, encode
from bot.scripts.library import load
from bot.use_cases.rules import Rules
from config.policy import load_policy
from config.reference import load_reference
from config.working_days import french_calendar
from credit.moment import Moment
from credit.people import Person, Role
from storage import facts, inbox, people, tables
from storage.customers import fold
from storage.events import Origin
from storage.inbox import Received
from storage.outbox import Outgoing
from storage.work import Work
from tests.credit.builders import PARIS, TODAY, paris

MORNING = paris(TODAY.year, TODAY.month, TODAY.day, 9)
_updates = count(1)


@cache
def rules() -> Rules:
    return Rules(
        company="Négoce",
        zone=PARIS,
        locale="fr",
        policy=load_policy(),
        calendar=french_calendar(),
        reference=load_reference(),
        scripts=load(),
        bot_username="relance_bot",
    )


def at(day: date = TODAY, hour: int = 9, minute: int = 0) -> Moment:
    return paris(day.year, day.month, day.day, hour, minute)


def signed(now: Moment = MORNING, person: Person | None = None) -> Origin:
    return Origin(person.id if person else None, None, now, f"test:{next(_updates)}")


def hire(
    work: Work,
    name: str,
    role: Role = Role.REP,
    *codes: str,
    locale: str = "fr",
    digest_at: str = "07:45",
) -> Person:
    telegram = 1000 + next(_updates)
    person_id = people.add(
        work,
        telegram_id=telegram,
        name=name,
        role=role,
        locale=locale,
        codes=codes,
        at=MORNING.at - timedelta(days=90),
    )
    if digest_at != "07:45":
        change = tables.person.update().where(tables.person.c.id == person_id)
        work.execute(change.values(digest_at=digest_at))
    person = people.by_id(work, person_id)
    assert person is not None
    assert person.digest_at == time.fromisoformat(digest_at)
    return person


def a_customer(work: Work, code: str, name: str = "", rep: str | None = "R1", **facts: Any) -> int:
    name = name or f"Client {code}"
    values = {"code": code, "name": name, "search": fold(f"{code} {name}")[:400], "rep_code": rep}
    return work.insert(insert(tables.customer_row), {**values, "changed_at": MORNING.at, **facts})


def an_invoice(
    work: Work,
    customer: int,
    number: str,
    minor: int = 100_000,
    *,
    late: int = 35,
    currency: str = "EUR",
    kind: str = "invoice",
    due_on: date | None = None,
    open_minor: int | None = None,
    today: date = TODAY,
) -> int:
    due = due_on or today - timedelta(days=late)
    return work.insert(
        insert(tables.item_row),
        {
            "customer_id": customer,
            "key": f"{number}#1",
            "kind": kind,
            "number": number,
            "issued_on": due - timedelta(days=30),
            "due_on": due,
            "currency": currency,
            "amount_minor": minor,
            "open_minor": minor if open_minor is None else open_minor,
            "stated_on": today,
            "first_import": 1,
        },
    )


def settled(work: Work, item: int, minor: int, on: date) -> None:
    row = {"item_id": item, "settled_on": on, "amount_minor": minor, "import_id": 1}
    work.execute(insert(tables.settlement_row), row)


def paid(work: Work, customer: int, minor: int, on: date, currency: str = "EUR") -> None:
    work.execute(
        insert(tables.payment_row),
        {
            "customer_id": customer,
            "key": f"p{next(_updates)}",
            "received_on": on,
            "currency": currency,
            "amount_minor": minor,
            "import_id": 1,
        },
    )


def promised(
    work: Work,
    customer: int,
    person: Person,
    minor: int,
    due_on: date,
    *,
    items: Iterable[tuple[int, int]] = (),
    state: str = "open",
    judged_at: datetime | None = None,
    made_on: date = TODAY - timedelta(days=5),
) -> int:
    promise = work.insert(
        insert(tables.promise),
        {
            "uid": f"p-{next(_updates)}",
            "customer_id": customer,
            "person_id": person.id,
            "means": "transfer",
            "scope": "all",
            "currency": "EUR",
            "amount_minor": minor,
            "state": state,
            "warnings": [],
            "made_at": MORNING.at - timedelta(days=5),
            "made_on": made_on,
            "judged_at": judged_at,
        },
    )
    line = {"promise_id": promise, "n": 1, "due_on": due_on, "amount_minor": minor, "state": state}
    work.execute(insert(tables.promise_line), line)
    for item, part in items:
        row = {"promise_id": promise, "item_id": item, "amount_minor": part}
        work.execute(insert(tables.promise_item), row)
    return promise


def disputed(
    work: Work,
    customer: int,
    person: Person,
    minor: int,
    *,
    item: int | None = None,
    target_on: date = TODAY + timedelta(days=3),
) -> int:
    return work.insert(
        insert(tables.dispute),
        {
            "uid": f"d-{next(_updates)}",
            "customer_id": customer,
            "item_id": item,
            "person_id": person.id,
            "reason": "L04",
            "currency": "EUR",
            "amount_minor": minor,
            "state": "open",
            "opened_at": MORNING.at - timedelta(days=4),
            "opened_on": TODAY - timedelta(days=4),
            "target_on": target_on,
            "late": True,
        },
    )


def contacted(
    work: Work, customer: int, person: Person, on: date = TODAY, *, answered: bool = True
) -> None:
    work.execute(
        insert(tables.contact_record),
        {
            "uid": f"c-{next(_updates)}",
            "customer_id": customer,
            "person_id": person.id,
            "at": at(on, 8, 30).at,
            "on": on,
            "channel": "call",
            "outcome": "call_back" if answered else "no_answer",
            "answered": answered,
        },
    )


def planned(work: Work, customer: int, person: Person, due_on: date = TODAY) -> int:
    return work.insert(
        insert(tables.task),
        {
            "uid": f"t-{next(_updates)}",
            "customer_id": customer,
            "person_id": person.id,
            "kind": "call_again",
            "due_on": due_on,
            "created_at": MORNING.at,
        },
    )


def fresh(work: Work, now: Moment = MORNING) -> None:
    facts.put(work, "data_as_of", (now.at - timedelta(hours=2)).isoformat())


@dataclass
class Told:
    """What the bot put in its outbox."""

    bodies: list[dict[str, Any]] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "\n".join(str(body["params"].get("text", "")) for body in self.bodies)

    @property
    def toast(self) -> str:
        said = [body.get("query") or body["params"] for body in self.bodies]
        return " ".join(str(one.get("text", "")) for one in said)

    @property
    def buttons(self) -> list[dict[str, Any]]:
        keyboards = (body["params"].get("reply_markup") for body in self.bodies)
        return [
            key
            for keyboard in keyboards
            if keyboard
            for row in keyboard["inline_keyboard"]
            for key in row
        ]

    @property
    def labels(self) -> list[str]:
        return [str(key["text"]) for key in self.buttons]

    def data(self, label: str) -> str:
        return next(str(key["callback_data"]) for key in self.buttons if label in key["text"])


def says(work: Work, person: Person, text: str, now: Moment = MORNING) -> Told:
    command, _, rest = text[1:].partition(" ") if text.startswith("/") else ("", "", "")
    incoming = Incoming(1, text, now.today)
    return _asked(work, person, now, command=command or None, arguments=rest, incoming=incoming)


def taps(work: Work, person: Person, tap: Tap | str, now: Moment = MORNING) -> Told:
    data = tap if isinstance(tap, str) else encode(tap)
    return _asked(work, person, now, press=data, query_id="q1", tapped=77)


def _asked(work: Work, person: Person, now: Moment, **asked: Any) -> Told:
    surface.load()
    update = 10_000 + next(_updates)
    inbox.store(work, [Received(update, person.telegram_id or 0, "{}")], now)
    wish = Wish(
        update_id=update,
        telegram_id=person.telegram_id or 0,
        chat_id=person.telegram_id or 0,
        first_name=person.name,
        language="fr",
        now=now,
        **asked,
    )
    handle(work, wish, Desk(rules(), lambda locale: speaker(locale, PARIS)))
    mine = select(tables.outbox.c.body).where(tables.outbox.c.dedupe.like(f"u{update}:%"))
    return Told(work.scalars(mine.order_by(tables.outbox.c.id)))


def waiting(work: Work, kind: str) -> list[Outgoing]:
    rows = work.all(
        select(tables.outbox)
        .where(tables.outbox.c.kind == kind, tables.outbox.c.state == "waiting")
        .order_by(tables.outbox.c.id)
    )
    names = ("id", "priority", "kind", "person_id", "chat_id", "ready", "body")
    times = ("created_at", "not_before")
    return [Outgoing(**{name: getattr(row, name) for name in (*names, *times)}) for row in rows]


def rendered(work: Work, row: Outgoing, now: Moment = MORNING) -> Told:
    body = renderers(rules(), lambda locale: speaker(locale, PARIS))[row.kind](work, row, now)
    return Told([body] if body else [])


def speaking(person: Person, locale: str) -> Person:
    return replace(person, locale=locale)


@contextmanager
def counted(work: Work) -> Iterator[list[str]]:
    """Collect the statements that run inside."""
    seen: list[str] = []
    connection = work._connection

    def note(_conn: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        seen.append(statement)

    event.listen(connection, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(connection, "before_cursor_execute", note)


def customer_moved(work: Work, customer: int, code: str) -> bool:
    change = tables.customer_row.update().where(tables.customer_row.c.id == customer)
    return work.execute(change.values(rep_code=code)) == 1
