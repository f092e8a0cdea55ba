"""Accounts and assessments to tell stories with."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from bot.alerts.evaluation import Assessment
from bot.alerts.figures import (
    AccountFigures,
    CurrencyFigures,
    EventCounts,
    currency_figures,
)
from bot.alerts.signal import Action, Signal
from credit.levels import Family, Level, Light
from credit.money import Money
from credit.receivable import OpenItem, Settlement
from tests.credit.builders import POLICY, TODAY, paris

NOON = paris(2026, 11, 25, 12)
FRESH = NOON.plus(timedelta(hours=-2)).at


def drawn(
    items: Sequence[OpenItem], settlements: Sequence[Settlement] = ()
) -> tuple[CurrencyFigures, ...]:
    """Draw figures from items as storage gives them: plain rows."""
    return currency_figures(
        [_sum(items, currency) for currency in {item.currency for item in items}],
        [_line(item) for item in items if item.is_overdue(TODAY)],
        [_paid(one) for one in settlements],
        TODAY,
        POLICY.signals.growing_delay,
        withheld={i.id: i.disputed_minor for i in items if i.disputed_minor},
    )


def _sum(items: Sequence[OpenItem], currency: str) -> tuple[Any, ...]:
    mine = [one for one in items if one.currency == currency and not one.is_overdue(TODAY)]
    owed = sum(item.open_minor for item in mine if not item.is_credit)
    return (7, currency, sum(item.open_minor for item in mine), owed, None)


def _line(item: OpenItem) -> tuple[Any, ...]:
    facts = (item.customer, item.id, item.kind.value, item.currency, item.number, item.due_on)
    return (*facts, item.amount_minor, item.open_minor, False, item.issued_on)


def _paid(one: Settlement) -> tuple[Any, ...]:
    item = one.item
    facts = (item.customer, item.id, item.kind.value, item.currency, item.due_on)
    return (*facts, item.amount_minor, item.open_minor, one.on, one.amount_minor, None)


def figures_of(
    *items: OpenItem,
    settlements: Sequence[Settlement] = (),
    events: EventCounts | None = None,
    limit: Money | None = None,
) -> AccountFigures:
    currencies = drawn(items, settlements)
    return AccountFigures(
        customer=7,
        rep_code="44",
        as_of=TODAY,
        data_as_of=NOON.at,
        currencies=currencies,
        events=events or EventCounts(),
        limit=limit,
    )


def assessed(level: Level, *points: int, data_as_of: datetime | None = FRESH) -> Assessment:
    signals = tuple(
        Signal(f"C1-{n:02}", value, {}, f"C1-{n:02}.1", POLICY.floor.other, Action.CALL)
        for n, value in enumerate(points, 1)
    )
    light = Light.RED if level > Level.WATCH else Light.ORANGE
    return Assessment(7, level, {Family.PAYMENT: light}, signals, TODAY, data_as_of)
