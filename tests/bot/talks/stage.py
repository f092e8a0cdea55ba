"""A small company and a chat with it: people, accounts, taps by label, the clock by hand."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import cache
from itertools import count
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import func, insert, select

from bot.application import build_rules
from bot.handlers import surface
from bot.handlers.dispatch import Desk, Wish, handle
from bot.handlers.request import Attached, Incoming
from bot.screens.render import speaker
from bot.screens.tap import Tap, encode
from bot.use_cases.rules import Rules
from config.settings import Settings
from credit.moment import Moment
from credit.people import Role
from storage import facts, tables
from storage.binding import bind
from storage.outbox import Outgoing
from storage.tables import customer_contact, customer_row, item_row, person, portfolio
from storage.work import Work
from tests.storage.inline import inline

PARIS = ZoneInfo("Europe/Paris")
NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)  # a Monday, 10:30 in Paris
TODAY = date(2026, 11, 23)
JULIE, MARC, CLAIRE, STRANGER = 101, 102, 103, 999
ROLES = {JULIE: Role.REP, MARC: Role.REP, CLAIRE: Role.CREDIT_MANAGER}
NAMES = {JULIE: "Julie Martin", MARC: "Marc Petit", CLAIRE: "Claire Roy"}
CODES = {JULIE: "R1", MARC: "R2"}
Body = Mapping[str, Any]


@cache
def rules() -> Rules:
    surface.load()
    settings = Settings(_env_file=None, company="Ouest Matériaux")
    return build_rules(settings, "relance_bot")


@dataclass
class Chat:
    """Everybody's chat with the bot inside one transaction; `bodies` is what the last one sent."""

    work: Work
    at: datetime = NOW
    updates: Iterator[int] = field(default_factory=lambda: count(1))
    messages: Iterator[int] = field(default_factory=lambda: count(5000))
    bodies: list[Body] = field(default_factory=list)
    shown: dict[int, Body] = field(default_factory=dict)  # last message with buttons, by person
    numbers: dict[int, int] = field(default_factory=dict)

    def tap(self, tap: Tap, who: int = JULIE) -> str:
        """Press a button that carries this tap; return the texts of the answer."""
        return self.send(who, press=encode(tap), query_id="q", tapped=self.numbers.get(who, 40))

    def press(self, label: str, who: int = JULIE) -> str:
        """Press the button of the last message whose label holds these words."""
        return self.press_of(self.shown[who], label, who)

    def press_of(self, body: Body, label: str, who: int = JULIE) -> str:
        data = button(body, label)["callback_data"]
        return self.send(who, press=data, query_id="q", tapped=self.numbers.get(who, 40))

    def type(self, text: str, who: int = JULIE) -> str:
        return self.send(who, incoming=Incoming(900, text, self.now.today))

    def command(self, name: str, who: int = JULIE) -> str:
        return self.send(who, command=name, incoming=Incoming(900, f"/{name}", self.now.today))

    def photo(self, file_id: str, who: int = JULIE, caption: str = "") -> str:
        incoming = Incoming(900, caption, self.now.today, photo=Attached(file_id, f"u-{file_id}"))
        return self.send(who, kind="photo", incoming=incoming)

    def voice(self, file_id: str, seconds: int, size: int = 40_000, who: int = JULIE) -> str:
        one = Attached(file_id, f"u-{file_id}", "", "audio/ogg", size, seconds)
        incoming = Incoming(900, "", self.now.today, voice=one)
        return self.send(who, kind="voice", incoming=incoming)

    def wait(self, **span: int) -> None:
        self.at += timedelta(**span)

    @property
    def now(self) -> Moment:
        return Moment(self.at, PARIS)

    def send(self, who: int, **wish: Any) -> str:
        number = next(self.updates)
        row = {"update_id": number, "sender": who, "body": "{}", "received_at": self.at}
        self.work.execute(insert(tables.inbox), row)
        before = self.work.scalar(select(func.max(tables.outbox.c.id))) or 0
        handle(
            self.work,
            Wish(
                update_id=number,
                telegram_id=who,
                chat_id=who,
                first_name=NAMES.get(who, "Inconnu"),
                language="fr",
                now=self.now,
                **wish,
            ),
            Desk(rules(), lambda locale: speaker(locale or "fr", PARIS)),
        )
        posted = select(tables.outbox.c.body).where(
            tables.outbox.c.id > before,
            tables.outbox.c.kind == "answer",
            tables.outbox.c.chat_id == who,
        )
        self.bodies = self.work.scalars(posted.order_by(tables.outbox.c.id))
        for body in self.bodies:
            self._deliver(who, body)
        said = "\n---\n".join(texts(self.bodies))
        return said.replace("\N{NO-BREAK SPACE}", " ").replace("\N{NARROW NO-BREAK SPACE}", " ")

    def _deliver(self, who: int, body: Body) -> None:
        """Do what the sender does once Telegram has taken the message."""
        if body["method"] not in {"sendMessage", "editMessageText"}:
            return
        params = body["params"]
        number = params.get("message_id") or next(self.messages)
        if keyboard(body) and body.get("bind") is not None:
            self.shown[who], self.numbers[who] = body, number
        for entry in body.get("bind", ()):
            outgoing = Outgoing(
                1, 0, "answer", None, who, ready=True, body={}, created_at=NOW, not_before=NOW
            )
            bind(self.work, outgoing, number, entry)

    def all(self, table: Any) -> list[Any]:
        return list(self.work.all(select(table).order_by(table.c.id)))

    def kinds(self) -> list[str]:
        return self.work.scalars(select(tables.event.c.kind).order_by(tables.event.c.id))

    def labels(self, who: int = JULIE) -> list[str]:
        return [key["text"] for row in keyboard(self.shown[who]) for key in row]

    @property
    def toast(self) -> str:
        asked = [body.get("query") or body["params"] for body in self.bodies]
        return " ".join(str(one.get("text", "")) for one in asked if one)


def texts(bodies: list[Body]) -> list[str]:
    found = []
    for body in bodies:
        if body["method"] == "answerCallbackQuery":
            found.append(str(body["params"].get("text", "")))
        else:
            found.append(str(body["params"].get("text", body["params"].get("caption", ""))))
    return found


def keyboard(body: Body) -> list[list[dict[str, Any]]]:
    markup = body["params"].get("reply_markup") or {}
    return list(markup.get("inline_keyboard", []))


def button(body: Body, label: str) -> dict[str, Any]:
    keys = [key for row in keyboard(body) for key in row]
    found = [key for key in keys if label in key["text"]]
    assert found, f"{label!r} is not among {[key['text'] for key in keys]}"
    return found[0]


@contextmanager
def chat(url: str) -> Iterator[Chat]:
    """Yield a chat over an empty database with Julie, Marc and Claire."""
    with inline(url) as work:
        for telegram, role in ROLES.items():
            values = {"telegram_id": telegram, "name": NAMES[telegram], "role": role.value}
            person_id = work.insert(insert(person), {**values, "locale": "fr", "enrolled_at": NOW})
            if telegram in CODES:
                work.execute(insert(portfolio), {"person_id": person_id, "code": CODES[telegram]})
        facts.put(work, "data_as_of", (NOW - timedelta(hours=2)).isoformat())
        yield Chat(work)


def account(work: Work, *, code: str = "C1", name: str = "Dupont SARL", rep: str = "R1") -> int:
    """Add a customer with somebody to talk to, and return its id."""
    customer_id = work.insert(
        insert(customer_row),
        {
            "code": code,
            "name": name,
            "search": f"{code} {name}".lower()[:400],
            "rep_code": rep,
            "risk_class": "B",
            "changed_at": NOW,
        },
    )
    work.execute(
        insert(customer_contact),
        {
            "customer_id": customer_id,
            "name": "Mme Roche",
            "role": "comptable",
            "phone": "02 99 00 00 00",
            "source": "file",
        },
    )
    return customer_id


def invoice(
    work: Work,
    customer_id: int,
    number: str,
    cents: int,
    late: int = 30,
    *,
    currency: str = "EUR",
    kind: str = "invoice",
) -> int:
    """Add an open line, due so many days before today, and return its id."""
    due_on = TODAY - timedelta(days=late)
    return work.insert(
        insert(item_row),
        {
            "customer_id": customer_id,
            "key": number,
            "kind": kind,
            "number": number,
            "issued_on": due_on - timedelta(days=30),
            "due_on": due_on,
            "currency": currency,
            "amount_minor": cents,
            "open_minor": cents,
            "stated_on": TODAY,
            "first_import": 1,
        },
    )
