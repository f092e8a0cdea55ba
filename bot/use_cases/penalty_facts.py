"""What lateness costs an account, for the scripts that say it: penalties and flat fees apart."""

from __future__ import annotations

from typing import TYPE_CHECKING

from credit.money import Money
from credit.penalty import NoRate, bearing_fee, late_payment

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.use_cases.accounts import Account
    from bot.use_cases.rules import Rules

NAMES = frozenset({"penalties", "flat_fees", "late_cost"})


def known(account: Account, currency: str, rules: Rules) -> Mapping[str, object]:
    """Return penalties to date and flat fees of the claimable invoices, apart and together.

    Art. L441-10 II and D441-5 C. com. The fee keeps the currency of the law: where penalties
    are in another one, together they are two amounts. Nothing is known without a rate.
    """
    owed, fees, estimated = Money.from_minor(0, currency), 0, False
    bearing = bearing_fee(account.claimable)
    for item in account.claimable:
        if item.currency != currency or item.due_on is None:
            continue
        base = Money.from_minor(item.undisputed_minor, currency)
        try:
            cost = late_payment(base, item.due_on, account.today, rules.rates)
        except NoRate:
            return {}
        owed += cost.penalty
        fees += bool(cost.flat_fee) and item.id in bearing
        estimated = estimated or cost.estimated
    each = rules.rates.flat_fee
    flat = Money.from_minor(each.minor * fees, each.currency)
    return _said(owed, flat, estimated=estimated) if owed or flat else {}


def _said(owed: Money, flat: Money, *, estimated: bool) -> Mapping[str, object]:
    """Write the three of them as values of a conversation; what rests on an old rate says so."""

    def value(money: Money) -> dict[str, object]:
        return {"amount": money.as_text(), "currency": money.currency, "estimated": estimated}

    together = owed + flat if owed.currency == flat.currency else None
    return {
        "penalties": value(owed),
        "flat_fees": flat,
        "late_cost": value(together) if together else [value(owed), flat],
    }
