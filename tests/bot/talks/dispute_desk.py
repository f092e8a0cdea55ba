"""A dispute of Julie's customer on the credit manager's desk: opened, decided, told."""

from __future__ import annotations

from typing import Any

from bot.handlers.rendering import renderers
from bot.screens.dispute_file import DecideDispute
from bot.screens.posting import Body
from bot.screens.render import speaker
from bot.use_cases import accounts, disputes
from bot.use_cases.disputes import DisputeRequest
from credit.dispute import DisputeReason
from credit.money import Money
from storage import people, tables
from storage.events import Origin
from storage.outbox import Outgoing, State, settle
from tests.bot.talks.stage import CLAIRE, JULIE, PARIS, Chat, account, invoice, keyboard, rules

SPACES = {0xA0: " ", 0x202F: " "}


def opened(
    told: Chat,
    cents: int | None = 30_000,
    *,
    reason: DisputeReason = DisputeReason.DELIVERY,
    **others: str,
) -> tuple[int, int, int]:
    """Have Julie's customer contest a part of an invoice of 1 800 €: customer, item, dispute."""
    customer = account(told.work, **others)
    item = invoice(told.work, customer, f"F-{customer}042", 180_000, 34)
    person = people.by_telegram(told.work, JULIE)
    assert person is not None
    amount = None if cents is None else Money.from_minor(cents, "EUR")
    wanted = DisputeRequest(reason, item, amount, "Trois palettes cassées")
    origin = Origin(person.id, None, told.now, f"open:{customer}")
    key = disputes.open_dispute(told.work, origin, person, customer, wanted, rules())
    return customer, item, key


def claimed(told: Chat, customer: int) -> int:
    return accounts.load(told.work, customer, told.now, rules()).claim("EUR").minor


def state(told: Chat) -> str:
    return str(told.all(tables.dispute)[0].state)


def news(told: Chat, who: int) -> list[str]:
    """Word the news about disputes that wait for a person, as the sender would."""
    return [said(body) for body in worded(told, who)]


def worded(told: Chat, who: int) -> list[Body]:
    rows = [row for row in told.all(tables.outbox) if row.kind == "dispute" and row.chat_id == who]
    word = renderers(rules(), lambda locale: speaker(locale or "fr", PARIS))["dispute"]
    bodies = [word(told.work, _outgoing(told, row, who), told.now) for row in rows]
    return [body for body in bodies if body is not None]


def _outgoing(told: Chat, row: Any, who: int) -> Outgoing:
    return Outgoing(
        row.id,
        0,
        "dispute",
        row.person_id,
        who,
        ready=False,
        body=row.body,
        created_at=told.at,
        not_before=told.at,
    )


def said(body: Body) -> str:
    return str(body["params"]["text"]).translate(SPACES)


def left(told: Chat, who: int, message: int) -> None:
    """Let the first news about a dispute that waits for a person become this message."""
    row = next(
        one for one in told.all(tables.outbox) if (one.kind, one.chat_id) == ("dispute", who)
    )
    settle(told.work, _outgoing(told, row, who), State.SENT, told.at, message_id=message)


def decided(told: Chat, key: int, ruling: str, *typed: str) -> str:
    told.tap(DecideDispute(key, ruling), CLAIRE)
    for text in typed:
        told.type(text, CLAIRE)
    return told.press("Valider la décision", CLAIRE)


def labels(told: Chat) -> list[str]:
    return [key["text"].translate(SPACES) for row in keyboard(told.bodies[-1]) for key in row]
