"""Prescription, insolvency, bounced instruments: the dates of handbook 3.7 to 3.9."""

from datetime import date
from decimal import Decimal

import pytest

from config.reference import load_reference
from config.working_days import french_calendar
from credit.insolvency import InsolvencyStep, deadlines
from credit.prescription import TimeLeft, prescription
from credit.returns import (
    Instrument,
    Strength,
    bound_by_amount,
    cheque_dates,
    debit_dates,
    reject_fee_cap,
)
from tests.credit.builders import eur

LAW = load_reference()
TODAY = date(2026, 11, 22)


def test_a_claim_between_merchants_lives_five_years() -> None:
    found = prescription(date(2022, 3, 1), TODAY, LAW.limits, "b2b")
    assert (found.until, found.state) == (date(2027, 3, 1), TimeLeft.ORANGE)
    assert found.restarted_on is None


def test_an_acknowledgement_makes_the_time_run_anew() -> None:
    found = prescription(date(2022, 3, 1), TODAY, LAW.limits, "b2b", [date(2023, 5, 2)])
    assert (found.until, found.state) == (date(2028, 5, 2), TimeLeft.OPEN)
    assert found.restarted_on == date(2023, 5, 2)


def test_an_acknowledgement_after_the_end_revives_nothing() -> None:
    found = prescription(date(2019, 1, 10), TODAY, LAW.limits, "b2b", [date(2025, 1, 1)])
    assert (found.until, found.state) == (date(2024, 1, 10), TimeLeft.EXPIRED)


def test_each_acknowledgement_counts_from_the_one_before() -> None:
    days = [date(2024, 6, 1), date(2020, 6, 1)]
    assert prescription(date(2016, 1, 1), TODAY, LAW.limits, "b2b", days).until == date(2029, 6, 1)


@pytest.mark.parametrize(
    ("today", "state"),
    [
        (date(2026, 2, 28), TimeLeft.OPEN),
        (date(2026, 3, 1), TimeLeft.ORANGE),
        (date(2026, 11, 30), TimeLeft.ORANGE),
        (date(2026, 12, 1), TimeLeft.RED),
        (date(2027, 3, 1), TimeLeft.RED),
        (date(2027, 3, 2), TimeLeft.EXPIRED),
    ],
)
def test_people_are_warned_at_48_and_57_months(today: date, state: TimeLeft) -> None:
    assert prescription(date(2022, 3, 1), today, LAW.limits, "b2b").state is state


def test_a_leap_day_ends_on_the_last_of_february() -> None:
    assert prescription(date(2024, 2, 29), TODAY, LAW.limits, "b2c").until == date(2026, 2, 28)


def test_insolvency_deadlines_run_from_the_publication() -> None:
    found = {one.step: one for one in deadlines(date(2026, 10, 31), LAW.insolvency)}
    assert found[InsolvencyStep.DECLARE].until == date(2026, 12, 31)
    assert found[InsolvencyStep.DECLARE].task_on == date(2026, 12, 16)
    assert found[InsolvencyStep.RECLAIM].until == date(2027, 1, 31)
    assert found[InsolvencyStep.RELIEF].until == date(2027, 4, 30)


def test_a_creditor_abroad_has_four_months_to_declare() -> None:
    first = deadlines(date(2026, 10, 31), LAW.insolvency, abroad=True)[0]
    assert (first.step, first.until) == (InsolvencyStep.RECLAIM, date(2027, 1, 31))
    assert deadlines(date(2026, 10, 31), LAW.insolvency, abroad=True)[1].until == date(2027, 2, 28)


def test_a_bounced_cheque_becomes_a_title_without_a_judge() -> None:
    found = cheque_dates(date(2026, 3, 2), LAW.returns, served_on=date(2026, 4, 10))
    assert (found.certificate_from, found.title_from) == (date(2026, 4, 1), date(2026, 4, 25))
    assert cheque_dates(date(2026, 3, 2), LAW.returns).title_from is None


def test_a_core_debit_may_come_back_for_eight_weeks_a_business_one_never() -> None:
    banking = french_calendar(None)
    core = debit_dates(date(2026, 3, 2), LAW.returns.core, banking)
    assert (core.refund_until, core.unauthorised_until) == (date(2026, 4, 27), date(2027, 4, 2))
    assert core.interbank_until == date(2026, 3, 9)
    business = debit_dates(date(2026, 3, 2), LAW.returns.b2b, banking)
    assert (business.refund_until, business.interbank_until) == (None, date(2026, 3, 5))


def test_a_lack_of_funds_is_a_strong_sign_and_a_wrong_account_none() -> None:
    codes = LAW.returns.codes
    assert [codes["AM04"], codes["MD06"], codes["AC01"]] == [*Strength]


@pytest.mark.parametrize(
    ("amount", "instrument", "cap"),
    [
        ("50", Instrument.CHEQUE, "30"),
        ("50.01", Instrument.CHEQUE, "50"),
        ("500", Instrument.SEPA_CORE, "20"),
        ("12.50", Instrument.SEPA_B2B, "12.50"),
    ],
)
def test_the_fee_of_the_debtor_s_bank_has_a_ceiling(
    amount: str, instrument: Instrument, cap: str
) -> None:
    assert reject_fee_cap(eur(amount), instrument, LAW.returns).amount == Decimal(cap)


@pytest.mark.parametrize(
    ("amount", "instrument", "bound"),
    [
        ("12", Instrument.SEPA_CORE, True),
        ("20", Instrument.SEPA_B2B, False),
        ("12", Instrument.CHEQUE, False),
    ],
)
def test_a_ceiling_that_is_the_order_s_own_amount_was_read_in_no_source(
    amount: str, instrument: Instrument, *, bound: bool
) -> None:
    assert bound_by_amount(eur(amount), instrument, LAW.returns) is bound
