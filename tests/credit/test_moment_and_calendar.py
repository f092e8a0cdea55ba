"""Moments, worked days and opening hours."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from credit.calendar import WorkingHours, is_open, next_in_windows, next_open
from credit.moment import Moment, NaiveMoment
from tests.credit.builders import PARIS, paris, weekdays_only

DAY_HOURS = WorkingHours(time(8), time(18))
CHRISTMAS = date(2026, 12, 25)


def test_a_moment_without_a_zone_is_refused() -> None:
    naive = datetime(2026, 1, 1)
    with pytest.raises(NaiveMoment) as refusal:
        Moment(naive, PARIS)
    assert refusal.value.at == naive


def test_today_is_the_day_on_the_companys_wall() -> None:
    late = Moment(datetime(2026, 6, 30, 22, 30, tzinfo=UTC), PARIS)
    assert late.today == date(2026, 7, 1)
    assert late.at.tzinfo is UTC
    assert late.plus(timedelta(hours=-1)).today == date(2026, 6, 30)


def test_plus_counts_elapsed_time_over_a_change_of_clock() -> None:
    before = paris(2026, 10, 24, 12)
    assert before.plus(timedelta(days=1)).local.hour == 11


def test_the_working_calendar_jumps_over_weekends_and_holidays() -> None:
    calendar = weekdays_only(CHRISTMAS)
    assert not calendar.is_working(CHRISTMAS)
    assert calendar.next_working(CHRISTMAS) == date(2026, 12, 28)
    assert calendar.next_working(date(2026, 12, 24)) == date(2026, 12, 24)
    assert calendar.add_working(date(2026, 12, 24), 1) == date(2026, 12, 28)
    assert calendar.add_working(date(2026, 12, 28), -1) == date(2026, 12, 24)
    assert calendar.add_working(CHRISTMAS, 0) == date(2026, 12, 28)
    assert calendar.working_days_between(date(2026, 12, 24), date(2026, 12, 29)) == 2
    assert calendar.working_days_between(date(2026, 12, 29), date(2026, 12, 24)) == -2


@given(st.dates(date(2020, 1, 1), date(2030, 1, 1)), st.integers(1, 60))
def test_adding_working_days_and_counting_them_agree(day: date, count: int) -> None:
    calendar = weekdays_only(CHRISTMAS)
    end = calendar.add_working(day, count)
    assert calendar.is_working(end)
    assert calendar.working_days_between(day, end) == count


def test_a_span_must_end_after_it_starts() -> None:
    with pytest.raises(ValueError, match="not a span"):
        WorkingHours(time(18), time(8))


@pytest.mark.parametrize(
    ("said", "heard"),
    [
        (paris(2026, 11, 25, 10), paris(2026, 11, 25, 10)),
        (paris(2026, 11, 25, 7, 59), paris(2026, 11, 25, 8)),
        (paris(2026, 11, 25, 18), paris(2026, 11, 26, 8)),
        (paris(2026, 11, 27, 23), paris(2026, 11, 30, 8)),
        (paris(2026, 12, 24, 20), paris(2026, 12, 28, 8)),
        # The clocks change in the night between: eight o'clock stays eight o'clock.
        (paris(2026, 3, 27, 20), paris(2026, 3, 30, 8)),
        (paris(2026, 10, 23, 20), paris(2026, 10, 26, 8)),
    ],
)
def test_a_push_is_deferred_to_working_hours_never_dropped(said: Moment, heard: Moment) -> None:
    assert next_open(said, weekdays_only(CHRISTMAS), DAY_HOURS) == heard.at


@given(st.datetimes(datetime(2025, 1, 1), datetime(2028, 1, 1), timezones=st.just(UTC)))
def test_the_next_opening_is_open_and_not_in_the_past(at: datetime) -> None:
    calendar = weekdays_only(CHRISTMAS)
    opening = next_open(Moment(at, PARIS), calendar, DAY_HOURS)
    assert opening >= at
    assert is_open(Moment(opening, PARIS), calendar, (DAY_HOURS,))
    assert next_open(Moment(opening, PARIS), calendar, DAY_HOURS) == opening


def test_calls_wait_for_the_afternoon_window() -> None:
    windows = (WorkingHours(time(14), time(18)), WorkingHours(time(9), time(12)))
    opening = next_in_windows(paris(2026, 11, 25, 12, 30), weekdays_only(), windows)
    assert opening == paris(2026, 11, 25, 14).at
