"""What credit, lateness, losses and discounts cost; what cash to expect."""

from __future__ import annotations

from decimal import Decimal

from bot.use_cases.calculations.given import (
    Answer,
    Calculation,
    Given,
    ImpossibleValue,
    Kind,
    Parameter,
)
from bot.use_cases.calculations.plain import amount, hundredth
from credit import cost
from credit.forecast import Expected, expected_cash
from credit.money import rounded

ZERO, ONE = Decimal(0), Decimal(1)
RATE = Parameter("rate", Kind.PERCENT, "5", least=ZERO, most=Decimal(1000))
BASES = {365, 360}


def _credit_cost(given: Given) -> Answer:
    found = cost.credit_cost(given.money("sales"), given.decimal("dso"), given.decimal("rate"))
    return Answer(
        {
            "receivables": amount(found.receivables),
            "annual_cost": amount(found.annual),
            "one_day_cash": amount(found.day_cash),
            "one_day_cost": amount(found.day_annual),
        }
    )


def _late_cost(given: Given) -> Answer:
    base = given.whole_or("base", cost.YEAR)
    if base not in BASES:
        raise ImpossibleValue("base", "not_a_base", base)
    found = cost.late_cost(given.money("amount"), given.whole("days"), given.decimal("rate"), base)
    return Answer({"cost": amount(found)})


def _turnover(given: Given) -> Answer:
    found = cost.compensating_turnover(given.money("loss"), given.decimal("margin"))
    return Answer({"turnover": amount(found)}, () if found else ("no_margin",))


def _unpaid(given: Given) -> Answer:
    with_taxes = given.money("amount")
    without = given.money_or_none("without_taxes") or with_taxes
    fees = given.money_or_none("fees") or rounded(ZERO, given.currency)
    found = cost.unpaid_cost(with_taxes, without, fees, vat=given.flag("vat_recoverable"))
    return Answer({"loss": amount(found.loss), "total": amount(found.total)})


def _discount(given: Given) -> Answer:
    try:
        found = cost.discount_annual_rate(given.decimal("rate"), given.whole("days"))
    except cost.ImpossibleFigure as fault:
        raise ImpossibleValue(fault.name, "out_of_bounds", fault.bound) from None
    return Answer({"annual": hundredth(found)})


def _forecast(given: Given) -> Answer:
    promised = [Expected(*part) for part in given.pairs("promises")]
    due = [Expected(*part) for part in given.pairs("due")]
    if not promised and not due:
        raise ImpossibleValue("promises", "nothing_given")
    return Answer({"expected": amount(rounded(expected_cash(promised, due), given.currency))})


COSTS = (
    Calculation(
        "credit-cost",
        "handbook 2.7",
        (
            Parameter("sales", Kind.AMOUNT, "3000000", least=ZERO),
            Parameter("dso", Kind.NUMBER, "62", least=ZERO, most=Decimal(36500)),
            RATE,
        ),
        _credit_cost,
    ),
    Calculation(
        "late-cost",
        "handbook 2.7",
        (
            Parameter("amount", Kind.AMOUNT, "15000", least=ZERO),
            Parameter("days", Kind.DAYS, "40", least=ZERO),
            RATE,
            Parameter("base", Kind.COUNT, "360", needed=False),
        ),
        _late_cost,
    ),
    Calculation(
        "loss-turnover",
        "handbook 2.8",
        (
            Parameter("loss", Kind.AMOUNT, "20000", least=ZERO),
            Parameter("margin", Kind.PERCENT, "5", most=Decimal(100)),
        ),
        _turnover,
    ),
    Calculation(
        "unpaid-cost",
        "handbook 2.8",
        (
            Parameter("amount", Kind.AMOUNT, "1200", least=ZERO),
            Parameter("without_taxes", Kind.AMOUNT, "1000", needed=False, least=ZERO),
            Parameter("fees", Kind.AMOUNT, "20", needed=False, least=ZERO),
            Parameter("vat_recoverable", Kind.FLAG, "true", needed=False),
        ),
        _unpaid,
    ),
    Calculation(
        "discount",
        "handbook 6.2",
        (
            Parameter("rate", Kind.PERCENT, "1", least=ZERO),
            Parameter("days", Kind.DAYS, "30", least=ONE),
        ),
        _discount,
    ),
    Calculation(
        "forecast",
        "handbook 12.2",
        (
            Parameter("promises", Kind.AMOUNTS_RATIOS, "10000:0.7", needed=False),
            Parameter("due", Kind.AMOUNTS_RATIOS, "20000:0.5", needed=False),
        ),
        _forecast,
    ),
)
"""The figures of handbook 2.7, 2.8, 6.2 and 12.2."""
