"""The risk grid and the limit in words: each line with its points and its source."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING

from bot.screens import formats
from bot.screens.render import N_, Speaker
from bot.use_cases.credit_standing import Source
from credit.limit import Bound
from credit.risk_class import Criterion, LegalStanding

if TYPE_CHECKING:
    from bot.use_cases.credit_deciding import Proposal
    from credit.policy import Policy
    from credit.risk_class import GridPolicy

BEST_SCORE = 10
TITLES = {
    Criterion.DELAY: N_("Payment"),
    Criterion.INCIDENTS: N_("Incidents"),
    Criterion.SCORE: N_("Strength"),
    Criterion.COMPANY_AGE: N_("Company's age"),
    Criterion.RELATION_AGE: N_("Our relation"),
    Criterion.LEGAL: N_("Legal"),
    Criterion.FIELD: N_("Field"),
}
SOURCES = {
    Source.LEDGER: N_("ledger"),
    Source.PUBLIC: N_("annual accounts"),
    Source.SAID: N_("typed in"),
    Source.LAW: N_("law, nothing agreed"),
    Source.UNKNOWN: N_("unknown"),
}
LEGAL = {
    LegalStanding.CLEAN: N_("nothing entered that we know of"),
    LegalStanding.PLEDGE: N_("a pledge is entered"),
    LegalStanding.PRIVILEGE: N_("a privilege is entered"),
}
BOUNDS = {
    Bound.NEED: N_("the need by the factor of the class"),
    Bound.EQUITY: N_("{percent}% of own funds (value to be checked)"),
    Bound.OUR_SALES: N_("{percent}% of our sales of a year"),
    Bound.INSURED: N_("the insurer's cover"),
}
MISSING = {
    Bound.EQUITY: N_("own funds"),
    Bound.OUR_SALES: N_("our sales of a year (policy)"),
    Bound.INSURED: N_("insurer's cover"),
}

Words = Callable[[Speaker, "Proposal"], str]


def graded(speaker: Speaker, found: Proposal, grid: GridPolicy) -> list[tuple[str, str, str]]:
    """Write each line of the grid: its title, its points out of the best, its figure."""
    best = _best(grid)
    return [
        (
            speaker.say(TITLES[one]),
            f"{_plain(speaker, points)}/{_plain(speaker, best[one])}",
            WORDS[one](speaker, found),
        )
        for one, points in found.rating.parts.items()
    ]


def _best(grid: GridPolicy) -> Mapping[Criterion, Decimal]:
    return {
        Criterion.DELAY: Decimal(max(step.points for step in grid.delay)),
        Criterion.INCIDENTS: Decimal(max(step.points for step in grid.incidents)),
        Criterion.SCORE: BEST_SCORE * grid.score_factor,
        Criterion.COMPANY_AGE: Decimal(grid.company_age.beyond_points),
        Criterion.RELATION_AGE: Decimal(grid.relation_age.beyond_points),
        Criterion.LEGAL: Decimal(max(grid.legal.values())),
        Criterion.FIELD: Decimal(grid.field),
    }


def _plain(speaker: Speaker, value: Decimal) -> str:
    return formats.decimal(value.normalize() + Decimal(0), speaker.locale)


def _days(speaker: Speaker, value: Decimal | None) -> str:
    if value is None:
        return "—"
    return formats.decimal(value.quantize(Decimal(1), ROUND_HALF_UP), speaker.locale)


def _delay(speaker: Speaker, found: Proposal) -> str:
    seen = found.seen.behaviour
    if seen.all is None:
        return speaker.say("nothing paid in 12 months: counted as unknown")
    words = speaker.say("{days} d late on average over 12 months", days=_days(speaker, seen.all))
    parts = speaker.say(
        "paid {paid}, overdue {overdue}",
        paid=_days(speaker, seen.paid),
        overdue=_days(speaker, seen.overdue),
    )
    return f"{words} ({parts})"


def _incidents(speaker: Speaker, found: Proposal) -> str:
    rejects = speaker.count("{n} reject", "{n} rejects", found.seen.rejects)
    broken = speaker.count("{n} broken promise", "{n} broken promises", found.seen.broken)
    return f"{rejects}, {broken}"


def _score(speaker: Speaker, found: Proposal) -> str:
    score = found.seen.standing.score
    if score is None:
        return speaker.say("score unknown: counted as the grid says")
    return speaker.say("score {score}/10, typed in", score=_plain(speaker, score))


def _company(speaker: Speaker, found: Proposal) -> str:
    return _aged(speaker, found.seen.standing.company_age, found.seen.company_from)


def _relation(speaker: Speaker, found: Proposal) -> str:
    return _aged(speaker, found.seen.standing.relation_age, found.seen.relation_from)


def _aged(speaker: Speaker, years: Decimal | None, source: Source) -> str:
    if years is None:
        return speaker.say("unknown: counted as the youngest")
    words = speaker.count("{n} year", "{n} years", int(years))
    return f"{words} ({speaker.say(SOURCES[source])})"


def _legal(speaker: Speaker, found: Proposal) -> str:
    return speaker.say(LEGAL[found.seen.standing.legal])


def _field(speaker: Speaker, found: Proposal) -> str:
    points = found.seen.standing.field_points
    if points <= 0:
        return speaker.say("nothing worrying seen")
    return speaker.count("{n} point seen on visits", "{n} points seen on visits", points)


WORDS: Mapping[Criterion, Words] = {
    Criterion.DELAY: _delay,
    Criterion.INCIDENTS: _incidents,
    Criterion.SCORE: _score,
    Criterion.COMPANY_AGE: _company,
    Criterion.RELATION_AGE: _relation,
    Criterion.LEGAL: _legal,
    Criterion.FIELD: _field,
}


def limited(speaker: Speaker, found: Proposal, policy: Policy) -> list[str]:
    """Write how the limit comes about: the need, what holds it down, what nobody told."""
    limit, bought = found.limit, found.seen.purchases
    if limit is None or bought.monthly is None:
        return [speaker.say("No limit is proposed: no sales in 12 months, and none expected.")]
    need = speaker.say(
        "Need {need} = {monthly} a month ({source}) × ({days} + {more} d) / 30",
        need=formats.round_money(limit.need, speaker.locale),
        monthly=formats.round_money(bought.monthly, speaker.locale),
        source=speaker.say(SOURCES[bought.monthly_from]),
        days=_days(speaker, bought.days),
        more=policy.limit.tolerance_days,
    )
    percents = {
        Bound.EQUITY: policy.limit.equity_percent,
        Bound.OUR_SALES: policy.limit.our_sales_percent,
    }
    percent = _plain(speaker, percents.get(limit.bound, Decimal(0)))
    held = speaker.say("Held by: {bound}", bound=speaker.say(BOUNDS[limit.bound], percent=percent))
    lines = [need, held]
    if found.unknown:
        missing = ", ".join(speaker.say(MISSING[one]) for one in found.unknown)
        lines.append(speaker.say("Left out, not told: {missing}", missing=missing))
    return lines
