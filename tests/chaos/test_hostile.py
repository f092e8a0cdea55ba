"""Hostile updates against the real counter: each is answered, let pass or set aside."""

from __future__ import annotations

import asyncio
import json
import os
from collections import Counter as Tally
from collections.abc import Awaitable, Callable
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings
from sqlalchemy import func, select

from bot.delivery.received import received
from bot.handlers.counter import UnreadableUpdate
from bot.screens.screen import visible_length
from config.clock import Clock
from credit.people import Role
from storage import inbox, tables
from tests.bot.handlers.reception import enrolled
from tests.bot.handlers.test_counter import LEA, Hall, a_message, inside
from tests.chaos.hostile import updates
from tests.credit.builders import PARIS
from tests.storage.inline import inline

EXAMPLES = int(os.environ.get("RELANCE_CHAOS_HOSTILE", "100"))
TRIED = "tried again"
OUTCOMES = {"served", "passed over", "set aside", "UnreadableUpdate", "AlreadyHandled", TRIED}
DEEDS = (tables.promise, tables.dispute, tables.contact_record)
Story = Callable[[Hall], Awaitable[None]]


async def meet(hall: Hall, update: dict[str, Any]) -> str:
    """Bring one update in as the poller does, and tell what became of it."""
    hall.number += 1
    one = received({"update_id": hall.number, **update})
    await hall.database.transact(inbox.store, [one], Clock(0.0, PARIS).now())
    if one.error:
        return "set aside"
    try:
        return "served" if await hall.counter.serve(one) else "passed over"
    except (UnreadableUpdate, inbox.AlreadyHandled) as error:
        return type(error).__name__
    except (AttributeError, TypeError):
        return TRIED  # a field of a wrong type: the line tries again, then parks it
    except Exception as error:  # noqa: BLE001 - counted, and told with the update
        return f"{error!r} {update!r}"[:600]


def test_hostile_updates_are_served_or_set_aside_and_leave_no_deed(sqlite_url: str) -> None:
    with inline(sqlite_url) as work:
        enrolled(work, LEA, Role.REP, "R1")
    became = Tally[str]()

    async def story(hall: Hall) -> None:
        loop = asyncio.get_running_loop()

        @settings(
            max_examples=EXAMPLES,
            derandomize=True,
            database=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(update=updates())
        def attack(update: dict[str, Any]) -> None:
            future = asyncio.run_coroutine_threadsafe(meet(hall, update), loop)
            became[future.result(60)] += 1

        await asyncio.to_thread(attack)
        assert await hall.receive(message=a_message("/aide"))
        assert any("/aide" in text or "Ce que" in text for text in await hall.said())

    inside(sqlite_url, story)
    assert became.total() >= EXAMPLES
    assert set(became) <= OUTCOMES, became
    assert became["served"] > 0
    assert became["UnreadableUpdate"] > 0
    with inline(sqlite_url) as work:
        for table in DEEDS:
            assert work.scalar(select(func.count()).select_from(table)) == 0
        bodies = [json.dumps(body) for body in work.scalars(select(tables.outbox.c.body))]
    assert all(
        visible_length(json.loads(one).get("params", {}).get("text", "")) <= 4096 for one in bodies
    )


def test_an_update_of_somebody_without_a_number_wakes_nobody(sqlite_url: str) -> None:
    async def story(hall: Hall) -> None:
        for nobody in (None, "7", True, 2**70):
            sender = {"id": nobody, "is_bot": False, "first_name": "X"}
            message = {**a_message("bonjour"), "from": sender}
            assert await meet(hall, {"message": message}) == "passed over"
        assert await hall.said() == []

    inside(sqlite_url, story)
