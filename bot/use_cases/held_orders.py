"""Orders that credit holds: whose, since when, and what would free them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from bot.use_cases import orders
from credit.money import Money
from credit.order_control import WaysOut
from storage import activity
from storage.releases import ASKED

if TYPE_CHECKING:
    from bot.use_cases.rules import Rules
    from credit.moment import Moment
    from storage.scope import Codes
    from storage.work import Work

MOST = 3
"""Orders that a day tells of: each is held against the rules anew."""


@dataclass(frozen=True, slots=True)
class HeldOrder:
    """An order that waits; `asked_at` is when its release was asked for, if it was."""

    customer: int
    name: str
    amount: Money
    asked_at: datetime | None
    ways: WaysOut


def held(work: Work, codes: Codes, now: Moment, rules: Rules) -> list[HeldOrder]:
    """Read the first orders that wait in some portfolios, the oldest request in front.

    An order of the desk for which a release was asked counts once.
    """
    asked = [row for row in activity.requests(work, codes, now.at) if row.state == ASKED]
    known = {(row.customer_id, row.currency, row.amount_minor) for row in asked}
    desk = [
        row
        for row in activity.held_orders(work, codes)
        if (row.customer_id, row.currency, row.amount_minor) not in known
    ]
    first = [(row, row.asked_at) for row in asked] + [(row, None) for row in desk]
    return [_held(work, row, at, now, rules) for row, at in first[:MOST]]


def _held(work: Work, row: Any, at: datetime | None, now: Moment, rules: Rules) -> HeldOrder:  # noqa: ANN401 - a row of either list
    amount = Money.from_minor(row.amount_minor, row.currency)
    verdict = orders.check(work, row.customer_id, amount, now, rules).verdict
    return HeldOrder(row.customer_id, row.name, amount, at, verdict.ways)
