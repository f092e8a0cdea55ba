"""A decision on class and limit, written down: by a person, or by the rule of the downgrade."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from credit.limit import Bound, CreditLimit, credit_limit
from credit.money import Money
from credit.review import allowed, review_on
from credit.risk_class import Rating, RiskClass, rate
from storage import credit_decisions
from storage.events import record

if TYPE_CHECKING:
    from bot.use_cases.credit_standing import Seen
    from bot.use_cases.rules import Rules
    from storage.events import Origin
    from storage.work import Work


@dataclass(frozen=True, slots=True)
class Proposal:
    """What the grid and the limit rule propose for a customer today.

    `risk` is the class to accept: the grid's own (`rating.risk`), or the one in force while an
    upgrade waits for its review. `limit` None: the monthly sales are not known.
    """

    seen: Seen
    rating: Rating
    risk: RiskClass
    in_force: RiskClass | None
    until: date | None
    due: bool
    limit: CreditLimit | None
    unknown: tuple[Bound, ...]
    valid_until: date

    @property
    def kept_back(self) -> bool:
        """Tell whether a better class waits for its review."""
        return self.risk is not self.rating.risk

    @property
    def amount(self) -> Money | None:
        """Return the limit to accept."""
        return None if self.limit is None else self.limit.limit


@dataclass(frozen=True, slots=True)
class Decided:
    """What is decided: class and limit (None: the ledger's stays), why, and who, if anybody."""

    risk: RiskClass
    limit: Money | None
    cause: str
    person_id: int | None
    reason: str | None
    valid_until: date


def propose(seen: Seen, rules: Rules, wanted: RiskClass | None = None) -> Proposal:
    """Rate a customer and reckon his limit, for the class `wanted` when one is (handbook 5.4)."""
    policy, customer = rules.policy, seen.account.customer
    rating = rate(seen.standing, policy.grid, policy.classes)
    in_force = next((one for one in RiskClass if one.value == customer.risk_class), None)
    until, today = customer.limit_until, seen.account.today
    due = until is None or until <= today
    risk = wanted or allowed(rating.risk, in_force, due=due)
    return Proposal(
        seen=seen,
        rating=rating,
        risk=risk,
        in_force=in_force,
        until=until,
        due=due,
        limit=_limit(seen, risk, rules),
        unknown=_unknown(seen),
        valid_until=review_on(risk, today, policy.classes),
    )


def _limit(seen: Seen, risk: RiskClass, rules: Rules) -> CreditLimit | None:
    bought = seen.purchases
    if bought.monthly is None:
        return None
    factors = {one: rule.limit_factor for one, rule in rules.policy.classes.items()}
    return credit_limit(bought.monthly, bought.days, risk, factors, rules.policy.limit, seen.means)


def _unknown(seen: Seen) -> tuple[Bound, ...]:
    """Name the bounds that nobody told: the limit is reckoned without them, and says so."""
    told = {
        Bound.EQUITY: seen.means.equity,
        Bound.OUR_SALES: seen.means.our_sales,
        Bound.INSURED: seen.means.insured,
    }
    return tuple(name for name, value in told.items() if value is None)


def put(work: Work, origin: Origin, proposal: Proposal, decided: Decided, rules: Rules) -> int:
    """Put a decision in force and note it in the trail; return its id."""
    customer, limit = proposal.seen.account.customer, decided.limit
    row = credit_decisions.add(
        work,
        {
            "uid": origin.uid(f"credit:{customer.id}"),
            "customer_id": customer.id,
            "person_id": decided.person_id,
            "decided_at": origin.at.at,
            "cause": decided.cause,
            "risk_class": decided.risk.value,
            "former_class": proposal.in_force and proposal.in_force.value,
            "proposed_class": proposal.rating.risk.value,
            "limit_minor": limit.minor if limit is not None else None,
            "limit_currency": limit.currency if limit is not None else None,
            "proposed_minor": proposal.amount.minor if proposal.amount is not None else None,
            "applies": limit is not None and rules.policy.reviews.replaces_ledger,
            "valid_until": decided.valid_until,
            "reason": decided.reason,
            "data": _figures(proposal),
        },
    )
    data = {
        "class": decided.risk.value,
        "former": proposal.in_force and proposal.in_force.value,
        "cause": decided.cause,
        "amount": None if limit is None else limit.as_text(),
        "currency": None if limit is None else limit.currency,
        "until": decided.valid_until.isoformat(),
        "note": decided.reason,
    }
    record(work, origin, "credit.decided", data, customer.id)
    return row


def _figures(proposal: Proposal) -> dict[str, object]:
    """Keep the figures that a decision rested on, so that it can be understood later."""
    limit = proposal.limit
    return {
        "points": str(proposal.rating.points),
        "parts": {name.value: str(part) for name, part in proposal.rating.parts.items()},
        "need": limit and limit.need.as_text(),
        "bound": limit and limit.bound.value,
    }


def decided_limit(proposal: Proposal, rules: Rules) -> Money | None:
    """Return the decided limit that is in force; None when the ledger's is."""
    customer = proposal.seen.account.customer
    if customer.limit_until is None or not rules.policy.reviews.replaces_ledger:
        return None
    return proposal.seen.account.limit
