"""Payment terms: the table of handbook 3.2, both counts, the ceilings."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.reference import load_reference
from credit.terms import Count, Terms, add_months, decade_end, due_date, month_end

LAW = load_reference().terms
GENERAL = LAW.ceilings["general"]
COLUMNS = ("net-30", "net-60", "eom-a-45", "eom-b-45", "eom-a-30")


@pytest.mark.parametrize(
    ("issued", "dues"),
    [
        ("2026-01-15", "2026-02-14 2026-03-16 2026-03-31 2026-03-17 2026-02-28"),
        ("2026-01-31", "2026-03-02 2026-04-01 2026-03-31 2026-03-17 2026-03-31"),
        ("2026-11-17", "2026-12-17 2027-01-16 2027-01-31 2027-01-14 2026-12-31"),
        ("2026-12-31", "2027-01-30 2027-03-01 2027-02-28 2027-02-14 2027-01-31"),
        ("2027-01-01", "2027-01-31 2027-03-02 2027-02-28 2027-03-17 2027-01-31"),
        ("2028-01-10", "2028-02-09 2028-03-10 2028-02-29 2028-03-16 2028-02-29"),
    ],
)
def test_the_table_of_handbook_3_2(issued: str, dues: str) -> None:
    day = date.fromisoformat(issued)
    found = [Terms.parse(terms).due(day).isoformat() for terms in COLUMNS]
    assert found == dues.split()


@pytest.mark.parametrize(
    ("issued", "terms", "due", "lawful"),
    [
        ("2027-01-01", "eom-a-30-10", "2027-02-10", True),
        ("2027-01-02", "eom-a-30-10", "2027-03-10", False),
        ("2026-01-15", "net-60", "2026-03-16", True),
        ("2026-01-15", "net-61", "2026-03-17", False),
        ("2026-01-31", "eom-a-45", "2026-03-31", True),
        ("2027-01-01", "eom-b-45", "2027-03-17", True),
    ],
)
def test_a_term_is_held_against_the_ceiling(
    issued: str, terms: str, due: str, lawful: bool
) -> None:
    found = due_date(date.fromisoformat(issued), Terms.parse(terms), GENERAL)
    assert (found.due.isoformat(), found.lawful, found.verified) == (due, lawful, True)


def test_the_method_of_the_contract_sets_its_limit() -> None:
    day = date(2027, 1, 2)
    assert due_date(day, Terms(Count.THEN_MONTH_END, 30, 10), GENERAL).limit == date(2027, 3, 3)
    assert due_date(day, Terms(Count.MONTH_END_THEN, 30, 10), GENERAL).limit == date(2027, 3, 17)


def test_a_trade_of_its_own_has_its_own_ceiling() -> None:
    found = due_date(date(2026, 1, 15), Terms.parse("eom-a-45"), LAW.ceilings["transport"])
    assert not found.lawful
    assert found.limit == date(2026, 2, 14)


@pytest.mark.parametrize(
    "text", ["", "net", "net-", "net-x", "60", "eom-45", "net-60-10", "eom-a-30-31", "net-9999"]
)
def test_a_term_that_cannot_be_read_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=f"^{text}$"):
        Terms.parse(text)


@given(st.sampled_from(Count), st.integers(0, 120))
def test_a_term_is_written_as_it_is_read(count: Count, days: int) -> None:
    assert Terms.parse(str(Terms(count, days))) == Terms(count, days)


@given(st.dates(date(1990, 1, 1), date(2090, 1, 1)), st.integers(-60, 60))
def test_a_month_later_is_in_the_month_meant(day: date, months: int) -> None:
    later = add_months(day, months)
    assert (later.year * 12 + later.month) - (day.year * 12 + day.month) == months
    assert later.day == min(day.day, month_end(later).day)


@pytest.mark.parametrize("terms", ["net-30", "eom-a-30", "eom-b-30"])
def test_spirits_are_paid_thirty_days_after_the_month_whatever_the_contract(terms: str) -> None:
    """Handbook 3.1: the law itself counts from the end of the month of delivery (L441-11 II)."""
    for issued, limit in (
        (date(2026, 1, 15), date(2026, 3, 2)),
        (date(2026, 1, 31), date(2026, 3, 2)),
        (date(2026, 6, 1), date(2026, 7, 30)),
    ):
        assert due_date(issued, Terms.parse(terms), LAW.ceilings["alcohol"]).limit == limit
    late = due_date(date(2026, 1, 15), Terms.parse("net-60"), LAW.ceilings["alcohol"])
    assert not late.lawful


@pytest.mark.parametrize(
    ("delivered", "limit"),
    [
        ("2026-01-01", "2026-02-09"),
        ("2026-01-10", "2026-02-09"),
        ("2026-01-11", "2026-02-19"),
        ("2026-01-20", "2026-02-19"),
        ("2026-01-21", "2026-03-02"),
        ("2026-01-31", "2026-03-02"),
        ("2026-02-28", "2026-03-30"),
        ("2028-02-21", "2028-03-30"),
    ],
)
def test_a_summary_invoice_of_perishables_is_due_thirty_days_after_the_ten_days_of_delivery(
    delivered: str, limit: str
) -> None:
    """Handbook 3.1: the décade of delivery, not the day of the invoice (L441-11 II)."""
    ceiling = LAW.ceilings["perishable_periodic"]
    day, last = date.fromisoformat(delivered), date.fromisoformat(limit)
    issued = month_end(day)
    found = due_date(issued, Terms(Count.NET, (last - issued).days), ceiling, day)
    assert (found.due, found.limit, found.lawful, found.verified) == (last, last, True, True)
    assert not due_date(issued, Terms(Count.NET, (last - issued).days + 1), ceiling, day).lawful


@pytest.mark.parametrize(
    ("trade", "limit"),
    [
        ("perishable", "2026-02-13"),
        ("meat", "2026-02-03"),
        ("alcohol", "2026-03-02"),
        ("perishable_periodic", "2026-02-19"),
        ("general", "2026-04-01"),
        ("transport", "2026-03-02"),
    ],
)
def test_what_the_law_counts_from_the_delivery_is_counted_from_it(trade: str, limit: str) -> None:
    issued, delivered = date(2026, 1, 31), date(2026, 1, 14)
    found = due_date(issued, Terms.parse("net-10"), LAW.ceilings[trade], delivered)
    assert (found.limit, found.assumed) == (date.fromisoformat(limit), False)


@pytest.mark.parametrize(("trade", "assumed"), [("perishable", True), ("general", False)])
def test_without_a_delivery_the_invoice_stands_for_it_and_that_is_said(
    trade: str, *, assumed: bool
) -> None:
    found = due_date(date(2026, 1, 31), Terms.parse("net-30"), LAW.ceilings[trade])
    assert found.assumed is assumed
    assert found.lawful


@given(st.dates(date(1990, 1, 1), date(2090, 1, 1)))
def test_a_ten_day_period_ends_within_eleven_days_and_in_its_month(day: date) -> None:
    end = decade_end(day)
    assert day <= end <= month_end(day)
    assert (end - day).days <= 10
    assert end.day in {10, 20} or end == month_end(day)
    assert decade_end(end) == end
