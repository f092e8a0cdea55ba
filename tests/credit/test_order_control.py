"""Order control: the rules B01 to B11 of handbook 5.6, and what frees an order."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.policy import load_policy
from credit.money import MixedCurrencies, Money
from credit.order_control import (
    DECISIONS,
    Buyer,
    Colour,
    Decision,
    Exposure,
    OrderRule,
    Releaser,
    Verdict,
    WaysOut,
    control,
)
from credit.risk_class import RiskClass
from tests.credit.builders import TODAY, eur

POLICY = load_policy().orders
GOOD = Buyer(
    risk=RiskClass.B,
    critical=False,
    limit=eur("10000"),
    limit_until=TODAY + timedelta(days=90),
    overdue_days=0,
    overdue=(),
    last_incident_on=None,
    is_new=False,
    file_complete=True,
    formal_notice_unpaid=False,
    atypical=False,
    new_address=False,
    disputed_late=False,
    dispute_in_time=True,
)


A_DAY = timedelta(days=1)


def exposed(order: str = "3200", outstanding: str = "5000", **others: str) -> Exposure:
    parts = {"uninvoiced": "0", "open_orders": "0", "deposits": "0", "guaranteed": "0"} | others
    return Exposure(
        outstanding=eur(outstanding), order=eur(order), **{k: eur(v) for k, v in parts.items()}
    )


def decide(exposure: Exposure | None = None, **changes: Any) -> Verdict:
    return control(replace(GOOD, **changes), exposure or exposed(), TODAY, POLICY)


def test_a_good_customer_is_served_at_once() -> None:
    verdict = decide()
    assert (verdict.rules, verdict.decision, verdict.colour) == (
        (),
        Decision.RELEASED,
        Colour.GREEN,
    )
    assert verdict.ways == WaysOut()
    assert verdict.used_percent == 82


@pytest.mark.parametrize(
    ("changes", "rule", "decision", "colour", "releaser"),
    [
        ({"critical": True}, "B01", Decision.REFUSED, Colour.RED, Releaser.CREDIT_MANAGER),
        ({"risk": RiskClass.E}, "B01", Decision.REFUSED, Colour.RED, Releaser.CREDIT_MANAGER),
        ({"limit": eur("8000")}, "B02", Decision.WARNED, Colour.AMBER, Releaser.NOBODY),
        ({"limit": eur("7000")}, "B03", Decision.HELD, Colour.RED, Releaser.CREDIT_MANAGER),
        ({"overdue_days": 31}, "B04", Decision.HELD, Colour.RED, Releaser.CREDIT_MANAGER),
        ({"overdue_days": 11}, "B05", Decision.CALL_FIRST, Colour.AMBER, Releaser.SALES_MANAGER),
        ({"overdue_days": 30}, "B05", Decision.CALL_FIRST, Colour.AMBER, Releaser.SALES_MANAGER),
        (
            {"last_incident_on": TODAY - timedelta(days=30)},
            "B06",
            Decision.HELD,
            Colour.RED,
            Releaser.CREDIT_MANAGER,
        ),
        (
            {"is_new": True, "file_complete": False},
            "B07",
            Decision.DEPOSIT,
            Colour.AMBER,
            Releaser.ORDER_DESK,
        ),
        (
            {"formal_notice_unpaid": True},
            "B08",
            Decision.BLOCKED,
            Colour.RED,
            Releaser.CREDIT_MANAGER,
        ),
        ({"atypical": True}, "B09", Decision.CALL_BACK, Colour.AMBER, Releaser.ORDER_DESK),
        ({"new_address": True}, "B09", Decision.CALL_BACK, Colour.AMBER, Releaser.ORDER_DESK),
        (
            {"limit_until": TODAY - timedelta(days=1)},
            "B10",
            Decision.HELD,
            Colour.RED,
            Releaser.CREDIT_MANAGER,
        ),
        ({"disputed_late": True}, "B11", Decision.RELEASED, Colour.GREEN, Releaser.NOBODY),
    ],
)
def test_each_rule_decides_as_the_handbook_says(
    changes: dict[str, Any], rule: str, decision: Decision, colour: Colour, releaser: Releaser
) -> None:
    verdict = decide(**changes)
    assert verdict.rules == (OrderRule(rule),)
    assert (verdict.decision, verdict.colour, verdict.releaser) == (decision, colour, releaser)


@pytest.mark.parametrize(
    "changes",
    [
        {"overdue_days": 10},
        {"last_incident_on": TODAY - timedelta(days=31)},
        {"is_new": True},
        {"limit": None, "limit_until": date(2020, 1, 1)},
        {"limit": eur("8200")},
        {"limit_until": TODAY},
        {"limit_until": None},
        {"disputed_late": True, "dispute_in_time": False},
    ],
)
def test_what_keeps_within_the_bounds_lights_nothing(changes: dict[str, Any]) -> None:
    assert decide(**changes).rules == ()


def test_exactly_the_warning_percent_is_still_released_with_a_warning() -> None:
    exposure = exposed(order="6000", outstanding="5000")
    assert decide(exposure).rules == (OrderRule.OVER_LIMIT,)
    assert decide(exposed(order="6000.01")).rules == (OrderRule.FAR_OVER_LIMIT,)


def test_deposits_and_guarantees_lower_the_exposure_orders_raise_it() -> None:
    exposure = exposed(uninvoiced="500", open_orders="1500", deposits="1000", guaranteed="2000")
    assert exposure.total == eur("7200")


def test_every_rule_is_told_and_the_gravest_decides() -> None:
    verdict = decide(limit=eur("7000"), overdue_days=45, atypical=True, formal_notice_unpaid=True)
    assert [rule.value for rule in verdict.rules] == ["B08", "B03", "B04", "B09"]
    assert verdict.decision is Decision.BLOCKED


def test_the_way_out_of_the_limit_is_to_pay_or_to_order_less() -> None:
    verdict = decide(limit=eur("7000"))
    assert verdict.ways.pay == eur("1200")
    assert verdict.ways.reduce_to == eur("2000")
    assert verdict.ways.deposit == eur("960")
    assert decide(limit=eur("1000")).ways.reduce_to == eur("0")


def test_the_way_out_of_lateness_is_to_pay_or_to_promise() -> None:
    ways = decide(overdue_days=45, overdue=(eur("1800"),)).ways
    assert (ways.pay_overdue, ways.promise_within_days) == ((eur("1800"),), 7)
    notice = decide(formal_notice_unpaid=True, overdue=(eur("900"),)).ways
    assert (notice.pay_overdue, notice.promise_within_days) == ((eur("900"),), None)


def test_a_new_customer_pays_half_and_a_refused_one_all() -> None:
    assert decide(is_new=True, file_complete=False).ways.deposit == eur("1600")
    assert decide(critical=True).ways == WaysOut(deposit=eur("3200"))


def test_a_limit_of_nothing_has_no_percentage_and_holds() -> None:
    verdict = decide(limit=eur("0"))
    assert verdict.used_percent is None
    assert verdict.rules == (OrderRule.FAR_OVER_LIMIT,)
    assert decide(limit=None).used_percent is None


def test_amounts_of_two_currencies_are_never_compared() -> None:
    for dollars in (8000, 1):
        with pytest.raises(MixedCurrencies):
            decide(limit=Money(Decimal(dollars), "USD"))


def test_an_order_in_another_currency_is_held_by_what_is_used_of_the_limit() -> None:
    limit = Money(Decimal(8000), "USD")
    within = decide(limit=limit, beside=Money(Decimal(8000), "USD"))
    assert within.rules == ()
    assert within.used_percent == 100
    over = decide(limit=limit, beside=Money(Decimal(9000), "USD"))
    assert over.rules == (OrderRule.FAR_OVER_LIMIT,)
    assert (over.ways.pay, over.ways.reduce_to) == (Money(Decimal(1000), "USD"), None)
    gone = decide(limit=limit, beside=Money(Decimal(0), "USD"), limit_until=TODAY - A_DAY)
    assert gone.rules == (OrderRule.LIMIT_EXPIRED,)


@given(st.integers(0, 10**6), st.integers(0, 10**6), st.integers(0, 120))
def test_a_larger_order_is_never_decided_more_mildly(one: int, other: int, days: int) -> None:
    small, large = sorted((one, other))
    mild = decide(exposed(order=str(small)), overdue_days=days)
    grave = decide(exposed(order=str(large)), overdue_days=days)
    assert mild.decision <= grave.decision


@given(st.integers(1, 10**5))
def test_ordering_what_fits_is_released_as_far_as_the_limit_goes(order: int) -> None:
    verdict = decide(exposed(order=str(order), outstanding="4000"))
    fits = verdict.ways.reduce_to
    if fits is not None:
        again = decide(replace(verdict.exposure, order=fits))
        assert again.rules == ()


def test_every_rule_has_its_decision() -> None:
    assert set(DECISIONS) == set(OrderRule)


def test_a_first_order_pays_what_was_decided_even_with_a_complete_file() -> None:
    found = decide(is_new=True, first_percent=Decimal(30))
    assert found.rules == (OrderRule.FILE_INCOMPLETE,)
    assert found.ways.deposit == eur("960")
    assert decide(is_new=False, first_percent=Decimal(30)).rules == ()
    assert decide(is_new=True).rules == ()


def test_without_a_complete_file_the_deposit_is_the_policy_s_or_more() -> None:
    for percent, deposit in ((None, "1600"), (Decimal(30), "1600"), (Decimal(100), "3200")):
        found = decide(is_new=True, file_complete=False, first_percent=percent)
        assert found.ways.deposit == eur(deposit)
