"""Accounts on which only what is seen outside the ledger speaks."""

from datetime import date, timedelta
from typing import Any

from bot.alerts.evaluation import EARLY_WARNING_RULES
from bot.alerts.figures import AccountFigures, CurrencyFigures
from bot.alerts.signs import Order, PublicRecord, Sighting, Signs
from credit.policy import Policy
from tests.credit.builders import POLICY, TODAY

NOTHING = AccountFigures(7, "44", TODAY, None, ())
OVERDUE = CurrencyFigures("EUR", 100_000, 100_000, 100_000, ())


def ago(days: int) -> date:
    return TODAY - timedelta(days=days)


def with_signs(*currencies: CurrencyFigures, **known: Any) -> AccountFigures:
    return NOTHING._replace(signs=Signs(**known), currencies=currencies)


def points(rule: str, figures: AccountFigures, policy: Policy = POLICY) -> int:
    found = EARLY_WARNING_RULES[rule](figures, policy)
    return found.points if found else 0


def on_record(**known: Any) -> AccountFigures:
    return with_signs(record=PublicRecord(**known))


def ordered(days: int, minor: int, **known: Any) -> Order:
    return Order(ago(days), f"O{days}", minor, "EUR", **known)


def seen(code: str, days: int = 0, author: int = 1) -> Sighting:
    return Sighting(code, ago(days), author)
