"""Accounts that slip, looks at them, and news sent as delivery sends it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import update

from bot.handlers.rendering import renderers
from bot.screens.render import speaker
from bot.use_cases import alerts
from bot.use_cases.alerts import ScanReport
from credit.moment import Moment
from credit.people import Person
from storage import alerts as stored
from storage import binding, tables
from storage.outbox import Outgoing
from storage.work import Work
from tests.credit.builders import PARIS, paris
from tests.day.company import (
    MORNING,
    an_invoice,
    fresh,
    rules,
    signed,
    waiting,
)

WEDNESDAY = MORNING  # 25 November 2026, 9:00
SATURDAY = paris(2026, 11, 28, 10)
MONDAY_OPEN = datetime(2026, 11, 30, 6, 30, tzinfo=UTC)  # 7:30 in Paris


def late(
    work: Work, customer: int, days: int = 65, number: str = "F1", minor: int = 500_000
) -> int:
    """Owe one invoice so late that the account is at level 2 by itself."""
    return an_invoice(work, customer, number, minor, late=days)


def scanned(work: Work, *customers: int, now: Moment = WEDNESDAY, tell: bool = True) -> ScanReport:
    fresh(work, now)
    return alerts.scan(work, signed(now), customers, rules(), tell=tell)


def known(work: Work, customer: int) -> stored.Known:
    one = stored.of(work, customer)
    assert one is not None
    return one


def owed(work: Work, item: int, minor: int) -> None:
    table = tables.item_row
    work.execute(update(table).where(table.c.id == item).values(open_minor=minor))


def news(work: Work, person: Person) -> list[Outgoing]:
    return [row for row in waiting(work, stored.NEWS) if row.person_id == person.id]


def sent(
    work: Work, row: Outgoing, message_id: int, now: Moment = WEDNESDAY
) -> dict[str, Any] | None:
    """Render a row and write back, as delivery does once Telegram gave the message a number."""
    made = renderers(rules(), lambda locale: speaker(locale, PARIS))[row.kind](work, row, now)
    state = "sent" if made else "dropped"
    work.execute(update(tables.outbox).where(tables.outbox.c.id == row.id).values(state=state))
    if made is None:
        return None
    body = dict(made)
    number = body["params"].get("message_id") or message_id
    for entry in body.get("bind", ()):
        binding.bind(work, row, number, entry)
    return body


def all_sent(work: Work, message_id: int, now: Moment = WEDNESDAY) -> list[dict[str, Any]]:
    rows = [*waiting(work, stored.NEWS), *waiting(work, stored.MOVED)]
    bodies = [sent(work, row, message_id + n, now) for n, row in enumerate(rows)]
    bodies += [sent(work, row, 0, now) for row in waiting(work, stored.MOVED)]
    return [body for body in bodies if body]


def make_red(work: Work, customer: int) -> None:
    """Pretend that the account stood lower when it was last pushed."""
    table = tables.alert
    lower = update(table).where(table.c.customer_id == customer)
    work.execute(lower.values(level=1, pushed_level=1, points=1))
