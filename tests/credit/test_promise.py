"""Grace of promises and the rules of their acceptance."""

from datetime import date
from decimal import Decimal

import pytest

from credit.acceptance import AcceptanceRule, AcceptanceWarning, Severity, acceptance
from credit.money import Money
from credit.promise import Means, PromiseLine, grace_until
from credit.risk_class import RiskClass
from tests.credit.builders import POLICY, a_promise, eur, weekdays_only

MONDAY = date(2026, 11, 2)
FRIDAY = date(2026, 11, 6)
CALENDAR = weekdays_only(date(2026, 11, 11))


@pytest.mark.parametrize(
    ("means", "until"),
    [
        (Means.TRANSFER, date(2026, 11, 9)),
        (Means.INSTANT_TRANSFER, FRIDAY),
        (Means.CHEQUE, date(2026, 11, 13)),
        (Means.BILL, date(2026, 11, 9)),
        (Means.DIRECT_DEBIT, date(2026, 11, 9)),
        (Means.CARD, FRIDAY),
        (Means.CASH, FRIDAY),
    ],
)
def test_each_means_has_its_grace_in_working_days(means: Means, until: date) -> None:
    assert grace_until(FRIDAY, means, CALENDAR, POLICY.promise) == until


def test_a_date_that_is_not_worked_moves_before_the_grace_is_counted() -> None:
    sunday = date(2026, 11, 8)
    assert grace_until(sunday, Means.TRANSFER, CALENDAR, POLICY.promise) == date(2026, 11, 10)
    assert grace_until(sunday, Means.CASH, CALENDAR, POLICY.promise) == date(2026, 11, 9)


def test_a_promise_knows_its_sum_and_its_last_day() -> None:
    promise = a_promise((FRIDAY, 1000), (MONDAY, 500))
    assert (promise.amount_minor, promise.last_due_on) == (1500, FRIDAY)


def warned(
    *lines: tuple[date, int],
    overdue: Money | None = None,
    risk_class: RiskClass | None = None,
    broken: int = 0,
    means: Means | None = Means.TRANSFER,
) -> list[AcceptanceWarning]:
    return acceptance(
        [PromiseLine(*line) for line in lines],
        overdue or eur("1000"),
        MONDAY,
        risk_class,
        broken,
        POLICY.promise,
        means,
    )


def rules(warnings: list[AcceptanceWarning]) -> list[tuple[AcceptanceRule, Severity]]:
    return [(warning.rule, warning.severity) for warning in warnings]


def test_everything_soon_by_transfer_is_accepted() -> None:
    assert warned((FRIDAY, 100_000)) == []


def test_a_promise_needs_an_instalment() -> None:
    assert rules(warned()) == [(AcceptanceRule.NO_LINE, Severity.REFUSE)]


def test_zero_and_yesterday_are_refused() -> None:
    warnings = warned((date(2026, 11, 1), 0), (FRIDAY, 100_000))
    assert rules(warnings) == [
        (AcceptanceRule.AMOUNT_NOT_POSITIVE, Severity.REFUSE),
        (AcceptanceRule.DATE_IN_THE_PAST, Severity.REFUSE),
    ]


@pytest.mark.parametrize(
    ("risk_class", "day", "late"),
    [
        (None, 10, False),
        (None, 11, True),
        (RiskClass.A, 10, False),
        (RiskClass.C, 11, True),
        (RiskClass.D, 5, False),
        (RiskClass.D, 6, True),
        (RiskClass.E, 6, True),
    ],
)
def test_weak_classes_are_given_less_time(
    risk_class: RiskClass | None, day: int, late: bool
) -> None:
    warnings = warned((date(2026, 11, day), 100_000), risk_class=risk_class)
    expected = [(AcceptanceRule.FIRST_DATE_TOO_LATE, Severity.WARN)] if late else []
    assert rules(warnings) == expected


def test_less_than_thirty_percent_goes_to_the_credit_manager() -> None:
    assert warned((FRIDAY, 30_000)) == []
    (warning,) = warned((FRIDAY, 29_999))
    assert (warning.rule, warning.severity) == (AcceptanceRule.TOO_SMALL, Severity.ESCALATE)
    assert (warning.value, warning.limit) == (eur("299.99"), eur("300"))


def test_the_thirty_percent_are_rounded_up_to_the_cent() -> None:
    assert warned((FRIDAY, 31), overdue=eur("1.01")) == []
    assert rules(warned((FRIDAY, 30), overdue=eur("1.01"))) == [
        (AcceptanceRule.TOO_SMALL, Severity.ESCALATE)
    ]


def test_more_than_what_is_overdue_is_only_remarked() -> None:
    assert rules(warned((FRIDAY, 100_001))) == [(AcceptanceRule.MORE_THAN_OVERDUE, Severity.WARN)]


def test_cash_above_the_legal_ceiling_is_refused_in_euros_only() -> None:
    overdue = eur("2000")
    assert warned((FRIDAY, 100_000), overdue=overdue, means=Means.CASH) == []
    assert rules(warned((FRIDAY, 100_001), overdue=overdue, means=Means.CASH)) == [
        (AcceptanceRule.CASH_ABOVE_LIMIT, Severity.REFUSE)
    ]
    assert warned((FRIDAY, 100_001), overdue=overdue, means=Means.CHEQUE) == []
    dollars = Money(Decimal(2000), "USD")
    assert warned((FRIDAY, 200_000), overdue=dollars, means=Means.CASH) == []


def test_a_long_or_split_promise_needs_the_credit_manager() -> None:
    lines = [(date(2026, 11, 3 + n), 20_000) for n in range(5)]
    assert rules(warned(*lines)) == [(AcceptanceRule.TOO_MANY_LINES, Severity.ESCALATE)]
    far = warned((FRIDAY, 50_000), (date(2026, 12, 3), 50_000))
    assert rules(far) == [(AcceptanceRule.TOO_FAR_FOR_A_REP, Severity.ESCALATE)]
    assert warned((FRIDAY, 50_000), (date(2026, 12, 2), 50_000)) == []


def test_the_second_broken_promise_stops_promises() -> None:
    assert rules(warned((FRIDAY, 100_000), broken=1)) == [
        (AcceptanceRule.BROKEN_BEFORE, Severity.WARN)
    ]
    assert rules(warned((FRIDAY, 100_000), broken=2)) == [
        (AcceptanceRule.BROKEN_TOO_OFTEN, Severity.ESCALATE)
    ]
