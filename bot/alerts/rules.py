"""The early-warning rules of family C1, payment: one small pure function each (handbook 4.2)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from types import MappingProxyType

from bot.alerts.figures import AccountFigures, CurrencyFigures
from bot.alerts.signal import Action, FigureValue, Signal
from credit.money import Money
from credit.policy import Policy, Tier

Rule = Callable[[AccountFigures, Policy], Signal | None]
Figure = dict[str, FigureValue]


def late_now(figures: AccountFigures, policy: Policy) -> Signal | None:
    """C1-01: light up for how late the undisputed part is, dust left out.

    The lateness is that which at least the floor has reached: a cent forgotten for a year
    says nothing, thirty small invoices together do.
    """
    return _worst(_late_now, figures, policy)


def growing_delay(figures: AccountFigures, policy: Policy) -> Signal | None:
    """C1-02: light up when the customer pays later than he used to."""
    return _worst(_growing_delay, figures, policy)


def overdue_share(figures: AccountFigures, policy: Policy) -> Signal | None:
    """C1-03: light up when too much of what is owed is overdue."""
    return _worst(_overdue_share, figures, policy)


def broken_promise(figures: AccountFigures, policy: Policy) -> Signal | None:
    """C1-04: light up for broken promises."""
    count, rule = figures.events.broken_promises, policy.signals.broken_promise
    return _count("C1-04", count, rule.window_days, rule.tiers, Action.DEMAND_PAYMENT)


def odd_payments(figures: AccountFigures, policy: Policy) -> Signal | None:
    """C1-06: light up for payments that match no invoice."""
    count, rule = figures.events.odd_payments, policy.signals.odd_payments
    return _count("C1-06", count, rule.window_days, rule.tiers, Action.ASK_WHICH_INVOICES)


def extension_requests(figures: AccountFigures, policy: Policy) -> Signal | None:
    """C1-08: light up when the customer asks for more time."""
    count, rule = figures.events.extension_requests, policy.signals.extension_requests
    return _count("C1-08", count, rule.window_days, rule.tiers, Action.REPORT_TO_CREDIT_MANAGER)


def late_dispute(figures: AccountFigures, policy: Policy) -> Signal | None:
    """C1-09: light up for disputes that came after the due date, more for baseless ones."""
    events, rule = figures.events, policy.signals.late_dispute
    if events.unfounded_disputes >= rule.unfounded_at:
        count, number = events.unfounded_disputes, 2
        tier = Tier(Decimal(rule.unfounded_at), rule.unfounded_points)
    elif events.late_disputes >= rule.late_at:
        count, number = events.late_disputes, 1
        tier = Tier(Decimal(rule.late_at), rule.late_points)
    else:
        return None
    figure: Figure = {"count": count, "window_days": rule.window_days}
    return _signal("C1-09", tier, number, figure, Action.SETTLE_DISPUTE)


def over_limit(figures: AccountFigures, policy: Policy) -> Signal | None:
    """C1-10: light up when the exposure is above the credit limit, in the limit's currency."""
    limit = figures.limit
    if limit is None or limit.amount < 0:
        return None
    owed = figures.exposure(limit.currency)
    if owed <= limit.minor:
        return None
    exposure = Money.from_minor(owed, limit.currency)
    tiers = policy.signals.over_limit.tiers
    percent = exposure.amount * 100 / limit.amount if limit else None
    # Nothing is allowed on a limit of zero: any exposure is beyond every tier.
    reached = [tier for tier in tiers if percent is None or percent > tier.at]
    if not reached:
        return None
    figure: Figure = {"exposure": exposure, "limit": limit, "percent": percent}
    return _signal("C1-10", reached[-1], len(reached), figure, Action.CHECK_BEFORE_ORDER)


def first_purchase(figures: AccountFigures, policy: Policy) -> Signal | None:
    """C1-11: light up when the very first invoice stays unpaid."""
    first = figures.first_purchase
    if first is None:
        return None
    figure: Figure = {"days": first.days, "amount": first.amount, "number": first.number}
    tiers = policy.signals.first_purchase.tiers
    return _tiered("C1-11", first.days, tiers, figure, Action.CALL_BEFORE_NEXT_DELIVERY)


def left_aside(figures: AccountFigures, policy: Policy) -> Signal | None:
    """C1-12: light up when the largest invoice waits while later smaller ones are paid."""
    return _worst(_left_aside, figures, policy)


def silence(figures: AccountFigures, policy: Policy) -> Signal | None:
    """C1-13: light up when nobody answers, on several days."""
    events, rule = figures.events, policy.signals.silence
    if events.unanswered_contacts < rule.attempts or events.unanswered_days < rule.days:
        return None
    figure: Figure = {
        "attempts": events.unanswered_contacts,
        "days": events.unanswered_days,
        "window_days": rule.window_days,
    }
    tier = Tier(Decimal(rule.attempts), rule.points)
    return _signal("C1-13", tier, 1, figure, Action.VISIT)


EARLY_WARNING_RULES = MappingProxyType[str, Rule](
    {
        "C1-01": late_now,
        "C1-02": growing_delay,
        "C1-03": overdue_share,
        "C1-04": broken_promise,
        "C1-06": odd_payments,
        "C1-08": extension_requests,
        "C1-09": late_dispute,
        "C1-10": over_limit,
        "C1-11": first_purchase,
        "C1-12": left_aside,
        "C1-13": silence,
    }
)
"""Every rule by the id of its signal."""

WITHOUT_EVENTS = MappingProxyType[str, Rule](
    {
        signal_id: rule
        for signal_id, rule in EARLY_WARNING_RULES.items()
        if rule not in {broken_promise, odd_payments, extension_requests, late_dispute, silence}
    }
)
"""Those that can light when nothing happened but invoices, and what was paid of them."""

WITHOUT_PAYMENTS = MappingProxyType[str, Rule](
    {
        signal_id: rule
        for signal_id, rule in WITHOUT_EVENTS.items()
        if rule not in {growing_delay, left_aside}
    }
)
"""Those that can light when there is neither a trend nor an invoice left aside."""


def _late_now(one: CurrencyFigures, policy: Policy) -> Signal | None:
    if not one.late:
        return None
    floor, reached = policy.floor.minor(one.currency), 0
    for item in one.late:
        reached += item.minor
        if reached >= floor:
            figure: Figure = {
                "days": item.days,
                "amount": Money.from_minor(one.claimable, one.currency),
                "number": item.number,
            }
            return _tiered("C1-01", item.days, policy.signals.late_now.tiers, figure, Action.CALL)
    return None


def _growing_delay(one: CurrencyFigures, policy: Policy) -> Signal | None:
    if one.trend is None or one.trend.recent.amount_minor < policy.floor.minor(one.currency):
        return None
    figure: Figure = {
        "change": one.trend.change,
        "recent": one.trend.recent.days,
        "past": one.trend.past.days,
        "currency": one.currency,
    }
    tiers = policy.signals.growing_delay.tiers
    return _tiered("C1-02", one.trend.change, tiers, figure, Action.ASK_WHAT_CHANGED)


def _overdue_share(one: CurrencyFigures, policy: Policy) -> Signal | None:
    if not one.claimable or one.claimable < policy.floor.minor(one.currency):
        return None
    percent = Decimal(one.claimable * 100) / one.owed
    figure: Figure = {
        "percent": percent,
        "overdue": Money.from_minor(one.claimable, one.currency),
        "owed": Money.from_minor(one.owed, one.currency),
    }
    return _tiered("C1-03", percent, policy.signals.overdue_share.tiers, figure, Action.CALL)


def _left_aside(one: CurrencyFigures, policy: Policy) -> Signal | None:
    aside = one.left_aside
    if aside is None:
        return None
    figure: Figure = {
        "days": aside.days,
        "amount": aside.amount,
        "number": aside.number,
        "paid_later": aside.paid_later,
    }
    tiers = policy.signals.left_aside.tiers
    return _tiered("C1-12", aside.days, tiers, figure, Action.ASK_ABOUT_INVOICE)


def _worst(
    rule: Callable[[CurrencyFigures, Policy], Signal | None],
    figures: AccountFigures,
    policy: Policy,
) -> Signal | None:
    """Keep the currency with most points; currencies are never added."""
    if len(figures.currencies) == 1:  # as most have
        return rule(figures.currencies[0], policy)
    worst = None
    for one in figures.currencies:
        lit = rule(one, policy)
        if lit is not None and (worst is None or lit.points > worst.points):
            worst = lit
    return worst


def _count(
    signal_id: str, count: int, window_days: int, tiers: Sequence[Tier], action: Action
) -> Signal | None:
    figure: Figure = {"count": count, "window_days": window_days}
    return _tiered(signal_id, count, tiers, figure, action)


def _tiered(
    signal_id: str,
    value: Decimal | int,
    tiers: Sequence[Tier],
    figure: Figure,
    action: Action,
) -> Signal | None:
    reached, number = None, 0
    for tier in tiers:
        if value >= tier.at:
            reached, number = tier, number + 1
    return None if reached is None else _signal(signal_id, reached, number, figure, action)


def _signal(
    signal_id: str,
    tier: Tier,
    number: int,
    figure: Figure,
    action: Action,
) -> Signal | None:
    if tier.points == 0:  # the credit manager switches a tier off by giving it no point
        return None
    shown, rule = MappingProxyType(figure), f"{signal_id}.{number}"
    # a named tuple, made of its values in half the time of calling it
    return tuple.__new__(Signal, (signal_id, tier.points, shown, rule, tier.at, action, False, ""))
