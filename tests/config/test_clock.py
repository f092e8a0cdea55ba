"""The one clock."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from config.clock import Clock

PARIS = ZoneInfo("Europe/Paris")


def test_the_clock_tells_the_present_in_the_companys_zone() -> None:
    before = datetime.now(UTC)
    moment = Clock(0, PARIS).now()
    assert before <= moment.at <= datetime.now(UTC)
    assert moment.zone is PARIS


def test_an_offset_moves_every_moment() -> None:
    shifted = Clock(-86_400 * 30.5, PARIS).now().at
    assert abs(datetime.now(UTC) - timedelta(days=30.5) - shifted) < timedelta(seconds=5)


def test_durations_are_measured_on_a_clock_that_no_offset_moves() -> None:
    clock = Clock(3_600, PARIS)
    first = clock.monotonic()
    assert 0 <= clock.monotonic() - first < 5
