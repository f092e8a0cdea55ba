"""Hostile updates against the real counter: each is answered, let pass or set aside."""

from __future__ import annotations

from tests.bot.handlers.test_counter import Hall, a_message, inside
from tests.chaos.assault import endure, meet

EXAMPLES = 100


def test_hostile_updates_are_served_or_set_aside_and_leave_no_deed(sqlite_url: str) -> None:
    found = endure(sqlite_url, EXAMPLES)
    assert found.became.total() >= EXAMPLES
    assert found.became["served"] > 0
    assert found.became["set aside"] + found.became["UnreadableUpdate"] > 0
    assert found.fine(), found.told()


def test_an_update_of_somebody_without_a_number_wakes_nobody(sqlite_url: str) -> None:
    async def story(hall: Hall) -> None:
        for nobody in (None, "7", True, 2**70):
            sender = {"id": nobody, "is_bot": False, "first_name": "X"}
            message = {**a_message("bonjour"), "from": sender}
            assert await meet(hall, {"message": message}) in {"passed over", "set aside"}
        assert await hall.said() == []

    inside(sqlite_url, story)
