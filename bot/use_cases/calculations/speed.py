"""How fast customers pay: DSO and its kin, weighted delay, collection effectiveness."""

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
from bot.use_cases.calculations.plain import tenth
from credit import dso as speed
from credit.behaviour import weighted_delay

ZERO, ONE = Decimal(0), Decimal(1)
DAYS = Parameter("days", Kind.DAYS, "91", least=ONE)
SALES = Parameter("sales", Kind.AMOUNT, "325000")
NO_SALES = "no_sales"


def _dso(given: Given) -> Answer:
    found = speed.dso(given.decimal("receivables"), given.decimal("sales"), given.whole("days"))
    return Answer({"dso": tenth(found)}, () if found is not None else (NO_SALES,))


def _count_back(given: Given) -> Answer:
    months = [
        speed.MonthSales(sales, _month_days(int(days))) for sales, days in given.pairs("sales")
    ]
    found = speed.count_back(given.decimal("receivables"), months)
    notes = () if found.complete else ("history_too_short",)
    return Answer({"dso": tenth(found.days), "complete": found.complete}, notes)


def _month_days(days: int) -> int:
    if not 1 <= days <= 366:  # noqa: PLR2004 - a period of sales is a year at most
        raise ImpossibleValue("sales", "not_a_period", days)
    return days


def _best(given: Given) -> Answer:
    sales, days = given.decimal("sales"), given.whole("days")
    parts = speed.split(given.decimal("not_due"), given.decimal("overdue"), sales, days)
    names = ("best_possible_dso", "average_days_delinquent", "dso")
    if parts is None:
        return Answer(dict.fromkeys(names), (NO_SALES,))
    figures = (parts.terms, parts.late, parts.whole)
    return Answer(dict(zip(names, map(tenth, figures), strict=True)))


def _weighted(given: Given) -> Answer:
    units = 10 ** max(_decimals(amount) for amount, _ in given.pairs("items"))
    parts = [(int(amount * units), int(days)) for amount, days in given.pairs("items")]
    found = weighted_delay(parts, net=given.flag("net"))
    return Answer({"days": tenth(found)}, () if found is not None else ("nothing_to_weigh",))


def _decimals(amount: Decimal) -> int:
    exponent = amount.as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def _cei(given: Given) -> Answer:
    names = ("opening", "sales", "closing", "closing_not_due")
    found = speed.collection_effectiveness(*(given.decimal(name) for name in names))
    notes = () if found is not None else ("nothing_to_collect",)
    return Answer({"cei": tenth(found), "verified": False}, notes)


SPEED = (
    Calculation(
        "dso", "handbook 2.1", (Parameter("receivables", Kind.AMOUNT, "250000"), SALES, DAYS), _dso
    ),
    Calculation(
        "dso-countback",
        "handbook 2.2",
        (
            Parameter("receivables", Kind.AMOUNT, "250000"),
            Parameter("sales", Kind.AMOUNTS_DAYS, "120000:30,95000:31,110000:30"),
        ),
        _count_back,
    ),
    Calculation(
        "best-dso",
        "handbook 2.3",
        (
            Parameter("not_due", Kind.AMOUNT, "160000"),
            Parameter("overdue", Kind.AMOUNT, "90000"),
            SALES,
            DAYS,
        ),
        _best,
    ),
    Calculation(
        "weighted-delay",
        "handbook 2.4",
        (
            Parameter("items", Kind.AMOUNTS_DAYS, "10000:5,4000:30,6000:-2"),
            Parameter("net", Kind.FLAG, "true", needed=False),
        ),
        _weighted,
    ),
    Calculation(
        "cei",
        "handbook 2.5",
        (
            Parameter("opening", Kind.AMOUNT, "230000"),
            SALES,
            Parameter("closing", Kind.AMOUNT, "250000"),
            Parameter("closing_not_due", Kind.AMOUNT, "160000"),
        ),
        _cei,
    ),
)
"""The figures of handbook 2.1 to 2.5."""
