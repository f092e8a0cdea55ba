"""The rules of family C3, public records and insurers: one small pure function each."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from decimal import Decimal
from types import MappingProxyType

from bot.alerts.building import Figure, tiered, weighing
from bot.alerts.figures import AccountFigures
from bot.alerts.signal import Action, Signal
from credit.bodacc import Trouble
from credit.policy import Policy, WindowRule
from credit.terms import add_months

YEAR_MONTHS = 12


def insolvency(figures: AccountFigures, policy: Policy) -> Signal | None:
    """C3-01: K while a procedure runs; a plan in force is red without freezing."""
    now, rule = figures.signs.record.standing, policy.signals.public.insolvency
    figure: Figure = {"procedure": now.procedure, "published_on": now.since}
    action = Action.STOP_AND_DECLARE
    if now.trouble is Trouble.RUNNING:
        red = policy.levels.red_from
        found = weighing("C3-01", red, 1, {**figure, "opened_on": now.opened_on}, action)
        return _critical(found, figures, now.cause)
    if now.trouble is Trouble.PLAN:
        return weighing("C3-01", rule.plan_points, 1, figure, Action.CASH_ONLY, 2)
    return None


def ceased(figures: AccountFigures, policy: Policy) -> Signal | None:
    """C3-02: K once the company has ceased, red while it is wound up."""
    now, rule = figures.signs.record.standing, policy.signals.public.ceased
    if now.since is None or not _within(now.since, figures.as_of, rule.window_days):
        return None
    figure: Figure = {"published_on": now.since}
    if now.trouble is Trouble.CEASED:
        found = weighing("C3-02", policy.levels.red_from, 1, figure, Action.STOP_DELIVERIES)
        return _critical(found, figures, now.cause)
    if now.trouble is Trouble.DISSOLVED:
        return weighing("C3-02", rule.dissolved_points, 1, figure, Action.STOP_DELIVERIES, 2)
    return None


def privilege(figures: AccountFigures, policy: Policy) -> Signal | None:
    """C3-03: light up for debts to the State or social bodies that were entered."""
    days, rule = figures.signs.record.privileges, policy.signals.public.privilege
    return _entries("C3-03", days, rule, figures.as_of, Action.CASH_ONLY)


def cover(figures: AccountFigures, policy: Policy) -> Signal | None:
    """C3-04: light up when the insurer gave less, or nothing, by his last word."""
    rule = policy.signals.public.cover
    known = [one for one in figures.signs.record.covers if one.on <= figures.as_of]
    if not known or not _within(known[-1].on, figures.as_of, rule.window_days):
        return None
    last = known[-1]
    figure: Figure = {"decision": last.decision, "on": last.on}
    if last.decision in {"refused", "cancelled"}:
        return weighing("C3-04", rule.refused_points, 2, figure, Action.CHECK_BEFORE_ORDER, 2)
    same = [one.minor for one in known[:-1] if one.currency == last.currency]
    before = same[-1] if same else None
    less = before is not None and last.minor is not None and last.minor < before
    if last.decision == "reduced" or less:
        return weighing("C3-04", rule.reduced_points, 1, figure, Action.CHECK_BEFORE_ORDER)
    return None


def rating(figures: AccountFigures, policy: Policy) -> Signal | None:
    """C3-05: light up when the rating lost classes, most when it is the lowest."""
    rule = policy.signals.public.rating
    known = [one for one in figures.signs.record.ratings if one[0] <= figures.as_of]
    if not known or not _within(known[-1][0], figures.as_of, rule.window_days):
        return None
    (on, rank), before = known[-1], known[-2][1] if len(known) > 1 else known[-1][1]
    figure: Figure = {"lost": rank - before, "on": on}
    if rank >= rule.lowest_rank:
        points, number = rule.lowest_points, len(rule.tiers) + 1
        return weighing(
            "C3-05", points, rule.lowest_rank, figure, Action.REPORT_TO_CREDIT_MANAGER, number
        )
    return tiered("C3-05", rank - before, rule.tiers, figure, Action.REPORT_TO_CREDIT_MANAGER)


def filing(figures: AccountFigures, policy: Policy) -> Signal | None:
    """C3-06: light up when the accounts that follow the last ones filed are overdue."""
    last, rule = figures.signs.record.last_closing, policy.signals.public.filing
    if last is None:
        return None
    expected = add_months(last, YEAR_MONTHS)
    due = add_months(expected, rule.months)
    if figures.as_of <= due:
        return None
    figure: Figure = {"closing": expected, "days": (figures.as_of - due).days}
    return weighing("C3-06", rule.points, rule.months, figure, Action.ASK_FOR_ACCOUNTS)


def equity(figures: AccountFigures, policy: Policy) -> Signal | None:
    """C3-07: light up when own funds are under half of the capital, or negative."""
    accounts, rule = figures.signs.record.accounts, policy.signals.public.equity
    if not accounts or accounts[-1].equity is None:
        return None
    last = accounts[-1]
    own, capital = last.equity or 0, last.capital or 0
    figure: Figure = {"closing": last.closed_on, "percent": _percent(own, capital)}
    if own < 0:
        return weighing("C3-07", rule.negative_points, 0, figure, Action.CASH_ONLY, 2)
    if own * 2 < capital:
        return weighing("C3-07", rule.half_points, 50, figure, Action.ASK_FOR_ACCOUNTS)
    return None


def losses(figures: AccountFigures, policy: Policy) -> Signal | None:
    """C3-08: light up for losses, years running."""
    rule = policy.signals.public.losses
    years = 0
    for one in reversed(figures.signs.record.accounts):
        if one.result is None or one.result >= 0:
            break
        years += 1
    if years < rule.years:
        return None
    figure: Figure = {"count": years}
    return weighing("C3-08", rule.points, rule.years, figure, Action.ASK_FOR_ACCOUNTS)


def manager(figures: AccountFigures, policy: Policy) -> Signal | None:
    """C3-09: light up for changes at the head of the company."""
    days, rule = figures.signs.record.managers, policy.signals.public.manager
    return _entries("C3-09", days, rule, figures.as_of, Action.ASK_WHAT_CHANGED)


def seat(figures: AccountFigures, policy: Policy) -> Signal | None:
    """C3-10: light up when the registered office moved, more when it became a lent address."""
    rule, last = policy.signals.public.seat, figures.signs.record.seats[-1:]
    if not last or not _within(last[0].on, figures.as_of, rule.window_days):
        return None
    figure: Figure = {"on": last[0].on}
    if last[0].domiciliation:
        return weighing("C3-10", rule.domiciliation_points, 2, figure, Action.VISIT, 2)
    return weighing("C3-10", rule.points, 1, figure, Action.VISIT)


def sale(figures: AccountFigures, policy: Policy) -> Signal | None:
    """C3-11: light up when the business is sold; ten days to oppose (L141-14 C. com.)."""
    sold, rule = figures.signs.record.standing.sold_on, policy.signals.public.sale
    if sold is None or not _within(sold, figures.as_of, rule.window_days):
        return None
    until = sold + timedelta(days=rule.opposition_days)
    figure: Figure = {"published_on": sold, "until": until}
    found = weighing("C3-11", rule.points, rule.opposition_days, figure, Action.OPPOSE_SALE)
    return found and found._replace(cause=figures.signs.record.standing.sale)


def pledge(figures: AccountFigures, policy: Policy) -> Signal | None:
    """C3-12: light up for a pledge on the business or its goods."""
    days, rule = figures.signs.record.pledges, policy.signals.public.pledge
    return _entries("C3-12", days, rule, figures.as_of, Action.ASK_WHAT_CHANGED)


def lawsuit(figures: AccountFigures, policy: Policy) -> Signal | None:
    """C3-13: light up when somebody sues, by the registry or by what a rep was told."""
    rule = policy.signals.public.lawsuit
    told = [one.on for one in figures.signs.sightings if one.code == "C3-13"]
    days = [*figures.signs.record.lawsuits, *told]
    known = [day for day in days if _within(day, figures.as_of, rule.window_days)]
    if not known:
        return None
    figure: Figure = {"on": max(known), "window_days": rule.window_days}
    return weighing("C3-13", rule.points, 1, figure, Action.REPORT_TO_CREDIT_MANAGER)


def sector(figures: AccountFigures, policy: Policy) -> Signal | None:
    """C3-14: light up for an activity that the credit manager flags."""
    naf, rule = figures.signs.record.naf, policy.signals.public.sector
    plain = naf.replace(".", "")
    if not plain or not any(plain.startswith(one.replace(".", "")) for one in rule.naf if one):
        return None
    return weighing("C3-14", rule.points, 1, {"naf": naf}, Action.REPORT_TO_CREDIT_MANAGER)


PUBLIC_RULES = MappingProxyType(
    {
        "C3-01": insolvency,
        "C3-02": ceased,
        "C3-03": privilege,
        "C3-04": cover,
        "C3-05": rating,
        "C3-06": filing,
        "C3-07": equity,
        "C3-08": losses,
        "C3-09": manager,
        "C3-10": seat,
        "C3-11": sale,
        "C3-12": pledge,
        "C3-13": lawsuit,
        "C3-14": sector,
    }
)
"""The rules of this family by the id of their signal."""


def _critical(found: Signal | None, figures: AccountFigures, cause: str) -> Signal | None:
    """Make a signal K, unless a credit manager has lifted the freeze for this very cause."""
    lifted = cause in figures.signs.lifted
    return found and found._replace(critical=not lifted, cause=cause)


def _within(day: date, today: date, days: int) -> bool:
    return 0 <= (today - day).days <= days


def _entries(
    signal_id: str, days: Iterable[date], rule: WindowRule, today: date, action: Action
) -> Signal | None:
    known: Sequence[date] = [day for day in days if _within(day, today, rule.window_days)]
    if not known:
        return None
    figure: Figure = {"count": len(known), "on": max(known), "window_days": rule.window_days}
    return tiered(signal_id, len(known), rule.tiers, figure, action)


def _percent(part: int, whole: int) -> Decimal | None:
    return Decimal(part * 100) / whole if whole > 0 else None
