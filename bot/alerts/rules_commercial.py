"""The rules of family C2, how the customer buys, and C1-05 and C1-07: pure functions."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from types import MappingProxyType

from bot.alerts.building import Figure, tiered, weighing
from bot.alerts.figures import AccountFigures
from bot.alerts.rules import growing_delay
from bot.alerts.signal import Action, Signal
from bot.alerts.signs import Order, Sales
from credit.money import Money
from credit.policy import Policy

YEAR = timedelta(days=365)


def bounced(figures: AccountFigures, policy: Policy) -> Signal | None:
    """C1-05: light up for payments sent back for lack of funds; technical returns say nothing."""
    rule = policy.signals.bounced
    start = figures.as_of - timedelta(days=rule.window_days)
    known = [one for one in figures.signs.rejects if start < one.on <= figures.as_of]
    if not known:
        return None
    last = max(known)
    figure: Figure = {
        "count": len(known),
        "amount": Money.from_minor(last.minor, last.currency),
        "on": last.on,
        "window_days": rule.window_days,
    }
    return tiered("C1-05", len(known), rule.tiers, figure, Action.CALL_BANK_REJECT)


def means_change(figures: AccountFigures, policy: Policy) -> Signal | None:
    """C1-07: light up for a new bank account, or a means of payment that binds less."""
    change, rule = figures.signs.means, policy.signals.means_change
    if change is None or not 0 <= (figures.as_of - change.on).days <= rule.window_days:
        return None
    figure: Figure = {"what": change.what, "on": change.on}
    return weighing("C1-07", rule.points, rule.window_days, figure, Action.ASK_WHAT_CHANGED)


def order_drop(figures: AccountFigures, policy: Policy) -> Signal | None:
    """C2-01: light up when orders fall, against the same days a year before or the mean."""
    rule, signs = policy.signals.commercial.order_drop, figures.signs
    found = None
    for currency in _currencies(signs.orders):
        mine = [one for one in signs.orders if one.currency == currency]
        fall = _fall(mine, figures.as_of, rule.recent_days, rule.mean_days, rule.min_orders)
        if fall is None:
            continue
        percent, lately, usual = fall
        figure: Figure = {
            "percent": percent,
            "lately": Money.from_minor(lately, currency),
            "usual": Money.from_minor(usual, currency),
            "days": rule.recent_days,
        }
        lit = tiered("C2-01", percent, rule.tiers, figure, Action.ASK_WHAT_CHANGED)
        found = _heavier(found, lit)
    return found


def odd_order(figures: AccountFigures, policy: Policy) -> Signal | None:
    """C2-02: light up for an order far above the mean, of a late or a new customer."""
    rule, signs, today = policy.signals.commercial.odd_order, figures.signs, figures.as_of
    new = signs.since is not None and (today - signs.since).days < rule.new_days
    if not new and not any(one.claimable for one in figures.currencies):
        return None
    for last in reversed(signs.orders):
        if (today - last.on).days > rule.window_days:
            break
        mean = _mean_before(signs.orders, last, rule.mean_days, rule.min_orders)
        if mean is not None and last.minor > rule.factor * mean:
            figure: Figure = {
                "number": last.number,
                "amount": Money.from_minor(last.minor, last.currency),
                "times": (last.minor / mean).quantize(Decimal("0.1")),
            }
            return weighing("C2-02", rule.points, rule.factor, figure, Action.CONFIRM_ORDER)
    return None


def surge(figures: AccountFigures, policy: Policy) -> Signal | None:
    """C2-03: light up when a customer who pays later and later buys much more."""
    rule = policy.signals.commercial.surge
    if not figures.signs.sales or growing_delay(figures, policy) is None:
        return None
    found = None
    for currency, sales in figures.signs.sales.items():
        usual = Decimal(sales.steady * rule.recent_days) / rule.mean_days
        if usual <= 0 or sales.surging <= 0:
            continue
        percent = (sales.surging - usual) * 100 / usual
        figure: Figure = {
            "percent": percent,
            "lately": Money.from_minor(sales.surging, currency),
            "days": rule.recent_days,
        }
        found = _heavier(
            found, tiered("C2-03", percent, rule.tiers, figure, Action.CHECK_BEFORE_ORDER)
        )
    return found


def splitting(figures: AccountFigures, policy: Policy) -> Signal | None:
    """C2-04: light up for orders that stay, together, just under what is released unseen."""
    rule, today = policy.signals.commercial.splitting, figures.as_of
    close = [
        one
        for one in figures.signs.orders
        if 0 <= (today - one.on).days <= rule.window_days and _just_under(one, policy)
    ]
    for currency in _currencies(close):
        mine = [one for one in close if one.currency == currency]
        for first, last in zip(mine, mine[rule.orders - 1 :], strict=False):
            if (last.on - first.on).days < rule.within_days:
                figure: Figure = {"count": rule.orders, "days": rule.within_days, "on": last.on}
                action = Action.CHECK_BEFORE_ORDER
                return weighing("C2-04", rule.points, rule.orders, figure, action)
    return None


def new_address(figures: AccountFigures, policy: Policy) -> Signal | None:
    """C2-06: light up for goods sent where the company has no known establishment."""
    rule, today = policy.signals.commercial.new_address, figures.as_of
    for one in reversed(figures.signs.orders):
        if one.place and 0 <= (today - one.on).days <= rule.window_days:
            figure: Figure = {"number": one.number, "place": one.place, "on": one.on}
            return weighing("C2-06", rule.points, 1, figure, Action.CHECK_IDENTITY)
    return None


def returns(figures: AccountFigures, policy: Policy) -> Signal | None:
    """C2-08: light up when much more than usual comes back."""
    rule = policy.signals.commercial.returns
    for currency, sales in figures.signs.sales.items():
        now, before = _share(sales.returned_lately, sales.lately), _past_share(sales)
        if now is not None and now > rule.percent and now > rule.factor * before:
            figure: Figure = {
                "percent": now,
                "returned": Money.from_minor(sales.returned_lately, currency),
                "days": rule.window_days,
            }
            return weighing("C2-08", rule.points, rule.percent, figure, Action.ASK_WHAT_CHANGED)
    return None


def dependence(figures: AccountFigures, policy: Policy) -> Signal | None:
    """C2-10: light up when too much of what we sell goes to this customer."""
    rule = policy.signals.commercial.dependence
    found = None
    for sales in figures.signs.sales.values():
        share = _share(sales.year, sales.ours)
        if share is not None:
            figure: Figure = {"percent": share, "window_days": rule.window_days}
            lit = tiered("C2-10", share, rule.tiers, figure, Action.REPORT_TO_CREDIT_MANAGER)
            found = _heavier(found, lit)
    return found


def new_buyer(figures: AccountFigures, policy: Policy) -> Signal | None:
    """C2-11: light up when another buyer orders than those before, or a rep was told so."""
    rule, today = policy.signals.commercial.new_buyer, figures.as_of
    turn = today - timedelta(days=rule.window_days)
    told = [one.on for one in figures.signs.sightings if one.code == "C2-11"]
    days = [day for day in told if turn < day <= today]
    named = [one for one in figures.signs.orders if one.buyer and one.on <= today]
    before = [one.buyer for one in named if one.on <= turn]
    lately = [one for one in named if one.on > turn]
    if len(before) >= rule.min_orders and lately and lately[-1].buyer not in before:
        days.append(lately[-1].on)
    if not days:
        return None
    return weighing("C2-11", rule.points, 1, {"on": max(days)}, Action.CHECK_IDENTITY)


COMMERCIAL_RULES = MappingProxyType(
    {
        "C1-05": bounced,
        "C1-07": means_change,
        "C2-01": order_drop,
        "C2-02": odd_order,
        "C2-03": surge,
        "C2-04": splitting,
        "C2-06": new_address,
        "C2-08": returns,
        "C2-10": dependence,
        "C2-11": new_buyer,
    }
)
"""The rules of this family, and the two of C1 that need more than the ledger."""


def _heavier(one: Signal | None, other: Signal | None) -> Signal | None:
    """Keep the currency with most points; currencies are never added."""
    if one is None or other is None:
        return one or other
    return other if other.points > one.points else one


def _currencies(orders: Sequence[Order]) -> list[str]:
    return sorted({one.currency for one in orders})


def _fall(
    orders: Sequence[Order], today: date, recent_days: int, mean_days: int, least: int
) -> tuple[Decimal, int, int] | None:
    """Return by how many percent orders fell, what they are, what they used to be."""
    turn = today - timedelta(days=recent_days)
    lately = sum(one.minor for one in orders if turn < one.on <= today)
    year_ago = [one.minor for one in orders if turn - YEAR < one.on <= today - YEAR]
    mean_from = turn - timedelta(days=mean_days)
    steady = [one.minor for one in orders if mean_from < one.on <= turn]
    if len(year_ago) >= least:
        usual = sum(year_ago)
    elif len(steady) >= least:
        usual = sum(steady) * recent_days // mean_days
    else:
        return None
    if usual <= 0:
        return None
    return Decimal((usual - lately) * 100) / usual, lately, usual


def _mean_before(
    orders: Sequence[Order], last: Order, mean_days: int, least: int
) -> Decimal | None:
    start = last.on - timedelta(days=mean_days)
    before = [
        one.minor
        for one in orders
        if one.currency == last.currency and start < one.on <= last.on and one is not last
    ]
    total = sum(before)
    return Decimal(total) / len(before) if len(before) >= least and total > 0 else None


def _just_under(one: Order, policy: Policy) -> bool:
    rule = policy.signals.commercial.splitting
    released = rule.release.get(one.currency)
    if released is None:
        return False
    amount = Money.from_minor(one.minor, one.currency).amount
    return released * rule.from_percent / 100 <= amount <= released


def _share(part: int, whole: int) -> Decimal | None:
    return Decimal(part * 100) / whole if whole > 0 else None


def _past_share(sales: Sales) -> Decimal:
    return _share(sales.returned_past, sales.past) or Decimal(0)
