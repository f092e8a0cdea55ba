"""Who runs the house reads that something people asked for was not done."""

from __future__ import annotations

from bot.use_cases import unhandled
from credit.people import Role
from storage import inbox
from storage.inbox import Received
from tests.bot.handlers.reception import enrolled
from tests.day.company import MORNING, rendered, waiting
from tests.day.test_account import clean
from tests.storage.inline import inline


def test_updates_given_up_are_told_once_a_day_to_who_decides_with_their_numbers(
    database_url: str,
) -> None:
    with inline(database_url) as work:
        enrolled(work, 1, Role.REP, "R1")
        enrolled(work, 2, Role.CREDIT_MANAGER)
        for number in (41, 42):
            one = Received(number, 7, "{}")
            inbox.store(work, [one], MORNING)
            unhandled.failed(work, one, 3, "ValueError()", MORNING)
        (notice,) = waiting(work, "notice")
        assert notice.chat_id == 2
        said = clean(rendered(work, notice).text)
        assert "2 messages ou appuis" in said
        assert "41" in said
        assert "42" in said


def test_a_failure_that_is_tried_again_is_told_to_nobody(database_url: str) -> None:
    with inline(database_url) as work:
        enrolled(work, 2, Role.CREDIT_MANAGER)
        one = Received(41, 7, "{}")
        inbox.store(work, [one], MORNING)
        unhandled.failed(work, one, 1, "ValueError()", None)
        assert waiting(work, "notice") == []
        assert [left.attempts for left in inbox.pending(work, MORNING.at, 9)] == [1]


def test_a_notice_that_is_overtaken_is_dropped(database_url: str) -> None:
    with inline(database_url) as work:
        enrolled(work, 2, Role.CREDIT_MANAGER)
        one = Received(41, 7, "{}")
        inbox.store(work, [one], MORNING)
        unhandled.failed(work, one, 3, "ValueError()", MORNING)
        inbox.fail(work, 41, 3, "tried again", parked=False)
        (notice,) = waiting(work, "notice")
        assert rendered(work, notice).bodies == []
