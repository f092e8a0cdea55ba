"""Updates carried out one by one on a real database, and what each left in the outbox."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from typing import Any
from unittest import mock

from sqlalchemy import select

from bot.handlers import surface
from bot.handlers.dispatch import Desk, Wish, handle
from bot.handlers.request import Incoming
from bot.screens.render import speaker
from bot.screens.tap import Tap, encode
from bot.use_cases import access
from credit.moment import Moment
from credit.people import Person, Role
from storage import inbox, people, tables
from storage.inbox import Received
from storage.work import _NOTIFY, Work
from tests.credit.builders import PARIS
from tests.day.company import MORNING, rules, signed

CHAT = 4242
_numbers = count(1)


@dataclass
class Left:
    """The outbox rows that one update left."""

    rows: list[Any] = field(default_factory=list)

    @property
    def bodies(self) -> list[dict[str, Any]]:
        return [row.body for row in self.rows]

    @property
    def texts(self) -> list[str]:
        return [str(body["params"].get("text", "")) for body in self.bodies]

    @property
    def text(self) -> str:
        return "\n".join(self.texts)

    @property
    def methods(self) -> list[str]:
        return [str(body["method"]) for body in self.bodies]

    @property
    def toast(self) -> str:
        asked = [body.get("query") or body["params"] for body in self.bodies]
        return " ".join(str(one["text"]) for one in asked if "text" in one)


def desk() -> Desk:
    surface.load()
    return Desk(rules(), lambda locale: speaker(locale, PARIS))


def a_wish(chat: int = CHAT, now: Moment = MORNING, language: str = "fr", **asked: Any) -> Wish:
    return Wish(
        update_id=500_000 + next(_numbers),
        telegram_id=chat,
        chat_id=chat,
        first_name="Léa Petit",
        language=language,
        now=now,
        **asked,
    )


def deliver(work: Work, wish: Wish) -> Left:
    """Store the update as the intake does, and handle it."""
    inbox.store(work, [Received(wish.update_id, wish.telegram_id, "{}")], wish.now)
    return redeliver(work, wish)


def redeliver(work: Work, wish: Wish) -> Left:
    last = work.scalar(select(tables.outbox.c.id).order_by(tables.outbox.c.id.desc())) or 0
    handle(work, wish, desk())
    mine = select(tables.outbox).where(tables.outbox.c.id > last)
    return Left(list(work.all(mine.order_by(tables.outbox.c.id))))


def command(work: Work, text: str, chat: int = CHAT, now: Moment = MORNING, **more: Any) -> Left:
    name, _, rest = text.lstrip("/").partition(" ")
    incoming = Incoming(1, text, now.today)
    wish = a_wish(chat, now, command=name, arguments=rest, incoming=incoming, **more)
    return deliver(work, wish)


def press(
    work: Work, tap: Tap | str, chat: int = CHAT, now: Moment = MORNING, tapped: int = 77
) -> Left:
    data = tap if isinstance(tap, str) else encode(tap)
    return deliver(work, a_wish(chat, now, press=data, query_id="q9", tapped=tapped))


def says(
    work: Work, text: str, chat: int = CHAT, now: Moment = MORNING, kind: str = "text"
) -> Left:
    return deliver(work, a_wish(chat, now, kind=kind, incoming=Incoming(1, text, now.today)))


def an_invitation(
    work: Work,
    payload: str = "secret",
    role: Role = Role.REP,
    codes: tuple[str, ...] = ("R1",),
    *,
    by: Person | None = None,
    name: str | None = None,
    now: Moment = MORNING,
) -> None:
    offer = access.Invitation(role, name, codes, payload)
    access.invite(work, signed(now, by), by, offer)


def enrolled(
    work: Work, chat: int = CHAT, role: Role = Role.REP, *codes: str, locale: str = "fr"
) -> Person:
    person_id = people.add(
        work,
        telegram_id=chat,
        name="Léa",
        role=role,
        locale=locale,
        codes=codes,
        at=MORNING.at,
    )
    person = people.by_id(work, person_id)
    assert person is not None
    return person


def events(work: Work, kind: str) -> list[Any]:
    table = tables.event
    return list(work.all(select(table).where(table.c.kind == kind).order_by(table.c.id)))


@contextmanager
def statements() -> Iterator[list[str]]:
    """Collect every statement that goes through a `Work` inside."""
    seen: list[str] = []
    run, many = Work._run, Work.execute_many

    def noted(self: Work, statement: Any, parameters: Any) -> Any:
        if statement is not _NOTIFY:  # only a process without a sender signals what it posts
            seen.append(str(statement))
        return run(self, statement, parameters)

    def noted_many(self: Work, statement: Any, rows: Any) -> int:
        if len(rows) > 1:  # one row goes the way of a single statement, which notes it
            seen.append(f"many: {statement}")
        return many(self, statement, rows)

    with mock.patch.multiple(Work, _run=noted, execute_many=noted_many):
        yield seen
