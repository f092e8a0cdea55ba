"""Risk class and credit limit: the vectors of handbook 5.4 and 5.5."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.policy import load_policy
from credit.limit import Bound, CreditLimit, Means, credit_limit
from credit.money import Money
from credit.risk_class import Criterion, LegalStanding, RiskClass, Standing, rate
from tests.credit.builders import eur

POLICY = load_policy()
FACTORS = {risk: rule.limit_factor for risk, rule in POLICY.classes.items()}
KNOWN = Standing(
    delay=Decimal(12),
    incidents=1,
    score=Decimal(6),
    company_age=Decimal(4),
    relation_age=Decimal(2),
    legal=LegalStanding.CLEAN,
    field_points=2,
)
BEST = Standing(
    Decimal(0), 0, Decimal(10), Decimal(20), Decimal(9), LegalStanding.CLEAN, field_points=0
)


def limit(monthly: str, risk: RiskClass, means: Means | None = None) -> CreditLimit:
    return credit_limit(eur(monthly), Decimal(45), risk, FACTORS, POLICY.limit, means)


def test_the_vector_of_handbook_5_4() -> None:
    rating = rate(KNOWN, POLICY.grid, POLICY.classes)
    assert (int(rating.points), rating.risk) == (65, RiskClass.C)


@pytest.mark.parametrize(
    ("change", "criterion", "points"),
    [
        ({"delay": None}, Criterion.DELAY, 15),
        ({"delay": Decimal(61)}, Criterion.DELAY, 0),
        ({"incidents": 3}, Criterion.INCIDENTS, 0),
        ({"score": None}, Criterion.SCORE, 10),
        ({"company_age": Decimal(5)}, Criterion.COMPANY_AGE, 3),
        ({"company_age": Decimal("5.1")}, Criterion.COMPANY_AGE, 5),
        ({"company_age": None}, Criterion.COMPANY_AGE, 0),
        ({"relation_age": Decimal("0.5")}, Criterion.RELATION_AGE, 0),
        ({"legal": LegalStanding.PRIVILEGE}, Criterion.LEGAL, 0),
        ({"field_points": 14}, Criterion.FIELD, 0),
        ({"field_points": -1}, Criterion.FIELD, 10),
    ],
)
def test_each_criterion_keeps_to_its_scale(
    change: dict[str, object], criterion: Criterion, points: int
) -> None:
    standing = replace(KNOWN, **change)  # type: ignore[arg-type]
    assert rate(standing, POLICY.grid, POLICY.classes).parts[criterion] == points


def test_the_best_customer_has_a_hundred_points_and_is_an_a() -> None:
    rating = rate(BEST, POLICY.grid, POLICY.classes)
    assert (int(rating.points), rating.risk) == (100, RiskClass.A)


def test_an_insolvent_customer_is_an_e_whatever_his_points() -> None:
    critical = replace(BEST, critical=True)
    assert rate(critical, POLICY.grid, POLICY.classes).risk is RiskClass.E


def test_the_vector_of_handbook_5_5() -> None:
    found = limit("12000", RiskClass.B, Means(equity=eur("150000")))
    assert (found.need, found.limit, found.bound) == (eur("22000"), eur("15000"), Bound.EQUITY)
    assert found.short
    assert limit("12000", RiskClass.B).limit == eur("22000")


def test_what_is_unknown_bounds_nothing_and_cover_adds_the_part_kept() -> None:
    means = Means(our_sales=eur("1000000"), insured=eur("9000"), retained=eur("1050"))
    found = limit("12000", RiskClass.B, means)
    assert set(found.candidates) == {Bound.NEED, Bound.OUR_SALES, Bound.INSURED}
    assert (found.bound, found.limit) == (Bound.INSURED, eur("10000"))


def test_class_e_has_no_limit_and_neither_has_negative_equity() -> None:
    assert limit("12000", RiskClass.E).limit == eur("0")
    assert limit("12000", RiskClass.A, Means(equity=eur("-5"))).limit == eur("0")


@given(st.integers(0, 10**7), st.sampled_from(RiskClass))
def test_a_limit_is_round_and_never_above_the_need_times_its_factor(
    minor: int, risk: RiskClass
) -> None:
    found = credit_limit(Money.from_minor(minor, "EUR"), Decimal(30), risk, FACTORS, POLICY.limit)
    assert found.limit.amount % POLICY.limit.round_down_to == 0
    assert found.limit <= found.candidates[Bound.NEED]
