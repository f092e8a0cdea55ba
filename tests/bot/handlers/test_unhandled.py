"""Who runs the house reads that something people asked for was not done."""

from __future__ import annotations

import json

import pytest

from bot.delivery.received import received
from bot.use_cases import unhandled
from credit.people import Role
from storage import inbox, integrity
from storage.inbox import AlreadyHandled, Received
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


def test_of_what_another_process_has_handled_meanwhile_nobody_is_told(database_url: str) -> None:
    with inline(database_url) as work:
        enrolled(work, 1, Role.REP, "R1")
        enrolled(work, 2, Role.CREDIT_MANAGER)
        one = Received(41, 1, "{}", begun=unhandled.MOST_DEATHS, taken_over=True)
        inbox.store(work, [one], MORNING)
        inbox.finish(work, 41, MORNING)
        assert not unhandled.failed(work, one, 3, "ValueError()", MORNING)
        with pytest.raises(AlreadyHandled):
            unhandled.begin(work, one, MORNING)
        assert waiting(work, "notice") == []


def test_a_notice_that_is_overtaken_is_dropped(database_url: str) -> None:
    with inline(database_url) as work:
        enrolled(work, 2, Role.CREDIT_MANAGER)
        one = Received(41, 7, "{}")
        inbox.store(work, [one], MORNING)
        unhandled.failed(work, one, 3, "ValueError()", MORNING)
        inbox.fail(work, 41, 3, "tried again", parked=False)
        (notice,) = waiting(work, "notice")
        assert rendered(work, notice).bodies == []


def test_a_flood_that_is_set_aside_as_it_comes_is_told_once_and_counted(database_url: str) -> None:
    with inline(database_url) as work:
        enrolled(work, 1, Role.REP, "R1")
        enrolled(work, 2, Role.CREDIT_MANAGER)
        for first in range(1, 10_001, 1_000):
            flood = [
                received({"update_id": number, "message": {"chat": number}})
                for number in range(first, first + 1_000)
            ]
            assert unhandled.store(work, flood, MORNING) == []
        (notice,) = waiting(work, "notice")
        assert notice.chat_id == 2
        assert "10 000 messages ou appuis" in clean(rendered(work, notice).text)
        assert integrity.given_up(work).count == 10_000


def test_what_is_in_good_order_is_told_to_nobody(database_url: str) -> None:
    with inline(database_url) as work:
        enrolled(work, 2, Role.CREDIT_MANAGER)
        one = Received(41, 7, "{}")
        unhandled.store(work, [one], MORNING)
        assert [left.update_id for left in inbox.pending(work, MORNING.at, 9)] == [41]
        assert waiting(work, "notice") == []


def deadly(sender: int) -> Received:
    message = {"message_id": 12, "text": "bonjour"}
    body = json.dumps({"update_id": 123_456_789, "message": message})
    return Received(123_456_789, sender, body, begun=unhandled.MOST_DEATHS, taken_over=True)


def test_who_sent_what_kills_reads_below_it_that_it_is_given_up_with_a_reference(
    database_url: str,
) -> None:
    with inline(database_url) as work:
        lea = enrolled(work, 7, Role.REP, "R1")
        one = deadly(7)
        inbox.store(work, [one], MORNING)
        assert not unhandled.begin(work, one, MORNING)
        assert not unhandled.begin(work, one, MORNING)
        (notice,) = waiting(work, "notice")
        assert (notice.person_id, notice.chat_id) == (lea.id, 7)
        (body,) = rendered(work, notice).bodies
        assert "R23456789" in body["params"]["text"]
        assert body["params"]["reply_parameters"]["message_id"] == 12


def test_a_stranger_hears_nothing_of_what_is_given_up(database_url: str) -> None:
    with inline(database_url) as work:
        one = deadly(8)
        inbox.store(work, [one], MORNING)
        assert not unhandled.begin(work, one, MORNING)
        assert waiting(work, "notice") == []
