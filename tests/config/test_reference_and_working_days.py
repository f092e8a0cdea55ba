"""Rates of late payment and French holidays."""

import subprocess
import sys
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from holidays import country_holidays

from config.reference import load_late_payment_rates
from config.typed_toml import ConfigFault
from config.working_days import SUBDIVISIONS, french_calendar
from credit.penalty import Semester

FRANCE_ALONE = """
import sys
from datetime import date
from config.working_days import french_calendar
print(french_calendar().next_working(date(2026, 1, 1)))
print("holidays.countries", "yes" if "holidays.countries" in sys.modules else "no")
"""
HEAD = """
points_above_refi = 10
contract_floor_factor = 3
day_base = 365
flat_fee = { amount = 40, currency = "EUR" }
source = "test"
checked_on = 2026-11-21
"""
RATE = '{ refi = 2, refi_verified = false, legal = 1, legal_verified = true, source = "x" }'


def test_every_half_year_of_the_handbook_is_there_and_the_unknown_one_is_not() -> None:
    rates = load_late_payment_rates()
    assert (
        sorted(rates.semesters)
        == [Semester(year, half) for year in range(2020, 2027) for half in (1, 2)][:-1]
    )
    assert rates.semesters[Semester(2023, 2)].legal == Decimal("4.22")
    assert rates.flat_fee.as_text() == "40.00"
    assert all(rate.source for rate in rates.semesters.values())


def test_a_new_half_year_is_a_line_in_a_file(tmp_path: Path) -> None:
    path = tmp_path / "rates.toml"
    path.write_text(f"{HEAD}[semesters]\n2027S1 = {RATE}\n", encoding="utf-8")
    rates = load_late_payment_rates(path)
    assert not rates.semesters[Semester(2027, 1)].refi_verified


@pytest.mark.parametrize(
    ("semesters", "key"),
    [("[semesters]\n", "semesters"), (f"[semesters]\n2027S3 = {RATE}\n", "semesters.2027S3")],
)
def test_a_table_without_half_years_is_refused(tmp_path: Path, semesters: str, key: str) -> None:
    path = tmp_path / "rates.toml"
    path.write_text(HEAD + semesters, encoding="utf-8")
    with pytest.raises(ConfigFault) as fault:
        load_late_payment_rates(path)
    assert fault.value.key == key


def test_the_eleven_french_holidays_are_not_worked() -> None:
    calendar = french_calendar()
    start = date(2026, 1, 1)
    days = [start + timedelta(days=n) for n in range(365)]
    off = {day for day in days if calendar.is_holiday(day)}
    assert off == {
        date(2026, 1, 1),
        date(2026, 4, 6),
        date(2026, 5, 1),
        date(2026, 5, 8),
        date(2026, 5, 14),
        date(2026, 5, 25),
        date(2026, 7, 14),
        date(2026, 8, 15),
        date(2026, 11, 1),
        date(2026, 11, 11),
        date(2026, 12, 25),
    }


def test_moselle_has_good_friday_too() -> None:
    good_friday = date(2026, 4, 3)
    assert french_calendar("57").is_holiday(good_friday)
    assert french_calendar().is_working(good_friday)


@pytest.mark.parametrize("code", ["57", "67", "68", "6AE"])
def test_alsace_and_moselle_have_good_friday_and_the_day_after_christmas(code: str) -> None:
    calendar = french_calendar(code)
    assert calendar.is_holiday(date(2026, 4, 3))
    assert calendar.is_holiday(date(2025, 12, 26))


@pytest.mark.parametrize("code", ["75", "Zone A", "FR-57", "x"])
def test_a_code_without_days_of_its_own_is_refused_before_the_first_question(code: str) -> None:
    with pytest.raises(ValueError, match="no public holidays of its own"):
        french_calendar(code)


def test_the_codes_are_those_that_the_library_knows() -> None:
    known = set(country_holidays("FR").subdivisions)
    assert {code for code in known if not code.startswith("Zone")} == SUBDIVISIONS


@pytest.mark.parametrize("code", [None, *sorted(SUBDIVISIONS)])
def test_the_days_are_those_that_the_library_tells_by_its_own_way(code: str | None) -> None:
    calendar = french_calendar(code)
    for year in range(2004, 2036):
        first = date(year, 1, 1)
        days = (first + timedelta(days=n) for n in range(366))
        off = {day for day in days if day.year == year and calendar.is_holiday(day)}
        assert off == set(country_holidays("FR", subdiv=code, years=year))


def test_the_days_of_one_country_are_known_without_those_of_all() -> None:
    told = subprocess.run(
        [sys.executable, "-c", FRANCE_ALONE], capture_output=True, text=True, check=True
    )
    assert told.stdout.split() == ["2026-01-02", "holidays.countries", "no"]
