"""What may be sold on credit, and to whom: risk class, credit limit, typology."""

from __future__ import annotations

from decimal import Decimal

from bot.use_cases.calculations.given import Answer, Calculation, Given, Kind, Parameter
from bot.use_cases.calculations.plain import amount
from credit.limit import Means, credit_limit
from credit.risk_class import LegalStanding, RiskClass, Standing, rate
from credit.typology import cell

ZERO = Decimal(0)
CLASSES = tuple(one.value for one in RiskClass)


def _risk_class(given: Given) -> Answer:
    policy = given.sources.policy
    standing = Standing(
        delay=given.decimal_or("delay", None),
        incidents=given.whole_or("incidents", 0),
        score=given.decimal_or("score", None),
        company_age=given.decimal_or("company_age", None),
        relation_age=given.decimal_or("relation_age", None),
        legal=LegalStanding(given.word("legal", "clean")),
        field_points=given.whole_or("field", 0),
        critical=given.flag("critical"),
    )
    rating = rate(standing, policy.grid, policy.classes)
    whole = rating.points == rating.points.to_integral_value()
    return Answer(
        {
            "points": int(rating.points) if whole else f"{rating.points.normalize():f}",
            "class": rating.risk.value,
            "parts": {name.value: f"{part.normalize():f}" for name, part in rating.parts.items()},
        }
    )


def _limit(given: Given) -> Answer:
    policy = given.sources.policy
    names = ("equity", "our_sales", "insured", "retained")
    found = credit_limit(
        given.money("monthly"),
        given.decimal("days"),
        RiskClass(given.word("class")),
        {risk: rule.limit_factor for risk, rule in policy.classes.items()},
        policy.limit,
        Means(*(given.money_or_none(name) for name in names)),
    )
    return Answer(
        {
            "need": amount(found.need),
            "limit": amount(found.limit),
            "bound": found.bound.value,
            "candidates": {name.value: amount(one) for name, one in found.candidates.items()},
        },
        ("limit_short_of_need",) if found.short else (),
    )


def _typology(given: Given) -> Answer:
    policy = given.sources.policy.typology
    found = cell(given.money("turnover"), RiskClass(given.word("class")), policy)
    return Answer({"cell": found.value, "threshold": amount(policy.threshold(given.currency))})


def _years(name: str, example: str) -> Parameter:
    return Parameter(name, Kind.NUMBER, example, needed=False, least=ZERO, most=Decimal(1000))


RISK = (
    Calculation(
        "risk-class",
        "handbook 5.4",
        (
            Parameter("delay", Kind.NUMBER, "12", needed=False),
            Parameter("incidents", Kind.COUNT, "1", needed=False, least=ZERO),
            Parameter("score", Kind.NUMBER, "6", needed=False, least=ZERO, most=Decimal(10)),
            _years("company_age", "4"),
            _years("relation_age", "2"),
            Parameter(
                "legal",
                Kind.CHOICE,
                "clean",
                needed=False,
                choices=tuple(one.value for one in LegalStanding),
            ),
            Parameter("field", Kind.COUNT, "2", needed=False),
            Parameter("critical", Kind.FLAG, "true", needed=False),
        ),
        _risk_class,
    ),
    Calculation(
        "credit-limit",
        "handbook 5.5",
        (
            Parameter("monthly", Kind.AMOUNT, "12000", least=ZERO),
            Parameter("days", Kind.NUMBER, "45", least=ZERO, most=Decimal(3650)),
            Parameter("class", Kind.CHOICE, "B", choices=CLASSES),
            Parameter("equity", Kind.AMOUNT, "150000", needed=False),
            Parameter("our_sales", Kind.AMOUNT, "900000", needed=False, least=ZERO),
            Parameter("insured", Kind.AMOUNT, "20000", needed=False, least=ZERO),
            Parameter("retained", Kind.AMOUNT, "2000", needed=False, least=ZERO),
        ),
        _limit,
    ),
    Calculation(
        "typology",
        "handbook 5.1",
        (
            Parameter("turnover", Kind.AMOUNT, "60000", least=ZERO),
            Parameter("class", Kind.CHOICE, "B", choices=CLASSES),
        ),
        _typology,
    ),
)
"""The figures of handbook 5.1, 5.4 and 5.5."""
