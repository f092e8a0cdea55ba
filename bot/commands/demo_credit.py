"""The demo's credit: a limit decided, a review overdue, a guarantee that ends soon."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.application import House
    from bot.commands.demo_past import Stage
    from bot.demo.credit import Ruled
    from credit.people import Person
    from storage.work import Work


def play(work: Work, house: House, stage: Stage) -> None:
    """Decide on two customers some time ago, and take a guarantee, as the credit manager did."""
    from bot.demo.credit import GUARANTEED, RULED
    from bot.demo.debtors import code_of
    from credit.people import Role
    from storage import customers, people

    decider = next(one for one in people.active(work) if one.role is Role.CREDIT_MANAGER)
    for one in RULED:
        customer = customers.by_code(work, code_of(one.place))
        if customer is not None:
            _decide(work, house, stage, decider, customer.id, one)
    customer = customers.by_code(work, code_of(GUARANTEED.place))
    if customer is not None:
        _guarantee(work, house, stage, decider, customer.id)


def _decide(
    work: Work, house: House, stage: Stage, decider: Person, customer_id: int, one: Ruled
) -> None:
    from bot.use_cases import credit_deciding, credit_reviews
    from bot.use_cases.credit_deciding import Decided
    from credit.money import Money
    from credit.risk_class import RiskClass
    from storage import credit_decisions

    origin = stage.origin(f"credit:{one.place}", one.days_ago, decider)
    risk = RiskClass(one.risk)
    found = credit_reviews.proposed(work, customer_id, origin.at, house.rules, risk)
    limit = Money.from_minor(one.euros * 100, found.seen.currency)
    decided = Decided(
        risk, limit, credit_decisions.REVIEW, decider.id, one.reason, found.valid_until
    )
    credit_deciding.put(work, origin, found, decided, house.rules)


def _guarantee(work: Work, house: House, stage: Stage, decider: Person, customer_id: int) -> None:
    from bot.demo.credit import GUARANTEED
    from bot.use_cases import guarantees
    from bot.use_cases.guarantees import Entry
    from credit.guarantees import GuaranteeKind
    from credit.money import Money

    origin = stage.origin("guarantee", GUARANTEED.days_ago, decider)
    until = stage.moment(0).today + timedelta(days=GUARANTEED.ends_in)
    entry = Entry(
        kind=GuaranteeKind(GUARANTEED.kind),
        amount=Money.from_minor(GUARANTEED.euros * 100, "EUR"),
        valid_until=until,
        giver=GUARANTEED.giver,
        reference=GUARANTEED.reference,
    )
    guarantees.add(work, origin, decider, customer_id, entry, house.rules)
