"""What is pushed, what waits for the digest, what is not news."""

from datetime import timedelta

import pytest

from bot.alerts.changes import Change, ChangeKind, KnownAlert, compare
from bot.alerts.evaluation import Assessment
from credit.levels import Level
from tests.bot.alerts.stories import NOON, assessed
from tests.credit.builders import POLICY

CLEAR, WATCH, ALERT, RED = Level.CLEAR, Level.WATCH, Level.ALERT, Level.RED_ALERT
NOTHING = assessed(CLEAR)


def days_ago(days: float) -> timedelta:
    return timedelta(days=-days)


def known(
    level: Level,
    points: int,
    *,
    pushed: Level = CLEAR,
    pushed_days_ago: float | None = None,
    quiet_days: float | None = None,
) -> KnownAlert:
    return KnownAlert(
        level,
        points,
        pushed,
        None if pushed_days_ago is None else NOON.plus(days_ago(pushed_days_ago)).at,
        None if quiet_days is None else NOON.plus(timedelta(days=quiet_days)).at,
    )


def change(before: KnownAlert | None, now: Assessment) -> Change:
    return compare(before, now, NOON.at, POLICY.levels)


def test_a_new_alert_is_pushed() -> None:
    assert change(None, assessed(ALERT, 4)) == Change(ChangeKind.RAISED, push=True, digest=False)


def test_a_new_watch_goes_to_the_digest_only() -> None:
    assert change(None, assessed(WATCH, 1)) == Change(ChangeKind.RAISED, push=False, digest=True)


def test_an_account_that_stays_clear_is_not_news() -> None:
    assert change(None, NOTHING) == Change(ChangeKind.UNCHANGED, push=False, digest=False)
    assert change(known(CLEAR, 0), NOTHING).kind is ChangeKind.UNCHANGED


def test_a_level_that_rises_is_pushed_once() -> None:
    before = known(WATCH, 2)
    assert change(before, assessed(ALERT, 4)) == Change(
        ChangeKind.WORSENED, push=True, digest=False
    )
    after = known(ALERT, 4, pushed=ALERT, pushed_days_ago=0.1)
    assert change(after, assessed(ALERT, 4)) == Change(
        ChangeKind.UNCHANGED, push=False, digest=False
    )


def test_more_points_on_the_same_level_wait_for_the_digest() -> None:
    before = known(ALERT, 4, pushed=ALERT, pushed_days_ago=1)
    assert change(before, assessed(ALERT, 4, 2)) == Change(
        ChangeKind.WORSENED, push=False, digest=True
    )


def test_a_fall_goes_to_the_digest_only() -> None:
    before = known(RED, 8, pushed=RED, pushed_days_ago=30)
    assert change(before, assessed(ALERT, 4)) == Change(ChangeKind.EASED, push=False, digest=True)
    fewer = known(ALERT, 6, pushed=ALERT, pushed_days_ago=30)
    assert change(fewer, assessed(ALERT, 4)).kind is ChangeKind.EASED


def test_a_cleared_alert_is_told_in_the_digest() -> None:
    before = known(ALERT, 4, pushed=ALERT, pushed_days_ago=30)
    assert change(before, NOTHING) == Change(ChangeKind.CLEARED, push=False, digest=True)


@pytest.mark.parametrize(("days", "pushed"), [(6.9, False), (7, True)])
def test_an_alert_that_lasts_is_repeated_after_seven_days(days: float, pushed: bool) -> None:
    before = known(ALERT, 4, pushed=ALERT, pushed_days_ago=days)
    assert change(before, assessed(ALERT, 4)).push is pushed


def test_going_up_and_down_does_not_push_each_time() -> None:
    fell = known(WATCH, 2, pushed=ALERT, pushed_days_ago=2)
    assert change(fell, assessed(ALERT, 4)) == Change(ChangeKind.WORSENED, push=False, digest=True)
    cleared = known(CLEAR, 0, pushed=ALERT, pushed_days_ago=8)
    assert change(cleared, assessed(ALERT, 4)) == Change(ChangeKind.RAISED, push=True, digest=False)


def test_quiet_is_kept_until_the_level_rises() -> None:
    quiet = known(ALERT, 4, pushed=ALERT, pushed_days_ago=10, quiet_days=1)
    assert not change(quiet, assessed(ALERT, 4)).push
    assert not change(quiet, assessed(ALERT, 4, 1)).push
    assert change(quiet, assessed(RED, 4, 4)).push
    over = known(ALERT, 4, pushed=ALERT, pushed_days_ago=10, quiet_days=-1)
    assert change(over, assessed(ALERT, 4)).push


def test_an_alert_dismissed_before_it_was_pushed_stays_quiet() -> None:
    dismissed = known(ALERT, 4, quiet_days=30)
    assert not change(dismissed, assessed(ALERT, 4)).push


@pytest.mark.parametrize(("hours", "pushed"), [(24, True), (25, False), (None, False)])
def test_old_data_pushes_nothing_but_is_told(hours: int | None, pushed: bool) -> None:
    data_as_of = None if hours is None else NOON.plus(timedelta(hours=-hours)).at
    found = change(None, assessed(ALERT, 4, data_as_of=data_as_of))
    assert found == Change(ChangeKind.RAISED, push=pushed, digest=not pushed)


def test_what_old_data_held_back_is_pushed_when_fresh_data_confirms_it() -> None:
    held = known(ALERT, 4)
    assert change(held, assessed(ALERT, 4)) == Change(ChangeKind.UNCHANGED, push=True, digest=False)
