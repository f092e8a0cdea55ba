"""Where a customer stands between what he brings and what he may cost (handbook 5.1)."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from bot.use_cases.promises import risk_class
from credit.money import Money
from credit.typology import Cell, cell
from storage import releases

if TYPE_CHECKING:
    from bot.use_cases.accounts import Account
    from bot.use_cases.rules import Rules
    from storage.work import Work

YEAR = timedelta(days=365)


def place(work: Work, account: Account, rules: Rules) -> Cell | None:
    """Place an account by its invoices of twelve months, taxes included, and its class.

    None without a class, or without an invoice to go by.
    """
    risk = risk_class(account)
    if risk is None:
        return None
    currency = account.main_currency
    seen = releases.usual(work, account.customer.id, currency, account.today - YEAR)
    if seen is None or not seen.n:
        return None
    turnover = Money.from_minor(int(seen.minor), currency)
    return cell(turnover, risk, rules.policy.typology)
