"""Flood limits: overall, per chat, per group, per edited message, and the penalty."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from telegram.error import RetryAfter

from bot.simulator.errors import ApiError
from bot.simulator.limits import Limits
from bot.simulator.params import Params
from tests.simulator.stage import LEA, Clock, Stage, on_stage


def passes(limits: Limits, chat: int, method: str = "sendmessage", **more: object) -> bool:
    try:
        limits.spend(method, Params({"chat_id": str(chat), **more}))
    except ApiError:
        return False
    return True


def test_one_chat_takes_a_burst_of_three_then_one_a_second() -> None:
    clock = Clock()
    limits = Limits(clock)
    assert [passes(limits, 1) for _ in range(4)] == [True, True, True, False]
    clock.now += 1
    assert [passes(limits, 1) for _ in range(2)] == [True, False]
    assert passes(limits, 2)


def test_all_chats_together_take_thirty_a_second() -> None:
    clock = Clock()
    limits = Limits(clock)
    assert [passes(limits, chat) for chat in range(1, 32)] == [True] * 30 + [False]
    clock.now += 0.1
    assert [passes(limits, chat) for chat in range(40, 44)] == [True] * 3 + [False]


def test_a_group_takes_twenty_a_minute() -> None:
    clock = Clock()
    limits = Limits(clock)
    sent = 0
    for _ in range(40):
        clock.now += 1
        sent += passes(limits, -5)
    # Twenty at once in the bucket, one more every three seconds.
    assert sent == 20 + 40 // 3


def test_an_album_costs_its_parts() -> None:
    limits = Limits(Clock())
    assert passes(limits, 1, "sendmediagroup", media=[{}, {}, {}])
    assert not passes(limits, 1)


def test_edits_are_counted_by_message_not_by_chat() -> None:
    limits = Limits(Clock())
    assert [passes(limits, 1, "editmessagetext", message_id="7") for _ in range(4)] == [
        True
    ] * 3 + [False]
    assert passes(limits, 1, "editmessagetext", message_id="8")
    assert passes(limits, 1)


def test_a_refused_call_takes_no_token() -> None:
    clock = Clock()
    limits = Limits(clock, overall=3)
    assert [passes(limits, 1) for _ in range(3)] == [True] * 3
    for _ in range(50):
        assert not passes(limits, 1)
    clock.now += 1
    assert passes(limits, 1)


def test_with_penalty_nothing_passes_until_retry_after_is_over() -> None:
    clock = Clock()
    limits = Limits(clock, penalty=True)
    for _ in range(4):
        passes(limits, 1)
    clock.now += 0.9
    assert not passes(limits, 1)
    clock.now += 0.2
    assert passes(limits, 1)


@given(st.lists(st.tuples(st.integers(1, 5), st.floats(0, 2)), max_size=80))
def test_no_second_ever_holds_more_than_the_bucket_and_its_refill(
    steps: list[tuple[int, float]],
) -> None:
    clock = Clock()
    limits = Limits(clock, overall=5, per_chat=2, burst=2)
    taken: list[float] = []
    for chat, pause in steps:
        clock.now += pause
        if passes(limits, chat):
            taken.append(clock.now)
    for start in taken:
        assert sum(start <= moment < start + 1 for moment in taken) <= 10


def test_the_bot_reads_how_long_to_wait() -> None:
    async def play(stage: Stage) -> None:
        for _ in range(3):
            await stage.bot.send_message(LEA, "x")
        answer = await stage.answer("sendMessage", chat_id=LEA, text="x")
        assert answer == {
            "ok": False,
            "error_code": 429,
            "description": "Too Many Requests: retry after 1",
            "parameters": {"retry_after": 1},
        }
        answer = await stage.answer("answerCallbackQuery", callback_query_id="1")
        assert answer["error_code"] == 400
        await stage.chat("limits", {"enforce": False})
        assert (await stage.answer("sendMessage", chat_id=LEA, text="x"))["ok"]

    on_stage(play, enforce=True)


@pytest.mark.filterwarnings("ignore::telegram.warnings.PTBDeprecationWarning")
def test_the_library_raises_its_retry_after() -> None:
    async def play(stage: Stage) -> None:
        await stage.chat("limits", {"burst": 1, "per_chat": 0.25})
        await stage.bot.send_message(LEA, "x")
        with pytest.raises(RetryAfter) as refusal:
            await stage.bot.send_message(LEA, "x")
        assert refusal.value.retry_after == 4

    on_stage(play, enforce=True)


def test_an_overall_burst_of_one_spaces_the_sends_of_all_chats() -> None:
    clock = Clock()
    limits = Limits(clock, overall=10, overall_burst=1)
    taken = []
    for chat in range(1, 400):
        if passes(limits, chat):
            taken.append(clock.now)
        clock.now += 0.01
    assert 38 <= len(taken) <= 41
    assert all(b - a >= 0.099 for a, b in pairwise(taken))
