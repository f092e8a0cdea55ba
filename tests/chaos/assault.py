"""The assault: hostile updates, one after the other, at the real counter."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from dataclasses import dataclass
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

ANSWER_WITHIN = 60.0
LONGEST = 4096
OUTCOMES = {"served", "passed over", "set aside", "UnreadableUpdate", "AlreadyHandled"}
DEEDS = (tables.promise, tables.dispute, tables.contact_record)


@dataclass(frozen=True, slots=True)
class Endured:
    """What became of each update, and what they left behind."""

    became: Counter[str]
    deeds: int
    too_long: int  # messages that Telegram would refuse
    answers_still: bool

    def told(self) -> str:
        """Return all of it in one line of JSON."""
        counted = {"updates": self.became.total(), **self.became}
        return json.dumps({**counted, "deeds": self.deeds, "too_long": self.too_long})

    def fine(self) -> bool:
        """Tell whether each was answered, let pass or set aside, and nothing came of them."""
        return (
            set(self.became) <= OUTCOMES
            and not (self.deeds or self.too_long)
            and self.answers_still
        )


def endure(url: str, examples: int) -> Endured:
    """Bring so many updates to an empty database of this address."""
    with inline(url) as work:
        enrolled(work, LEA, Role.REP, "R1")
    became = Counter[str]()
    still: list[bool] = []

    async def story(hall: Hall) -> None:
        loop = asyncio.get_running_loop()

        @settings(
            max_examples=examples,
            deadline=None,
            derandomize=True,
            database=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(update=updates())
        def attack(update: dict[str, Any]) -> None:
            future = asyncio.run_coroutine_threadsafe(meet(hall, update), loop)
            became[future.result(ANSWER_WITHIN)] += 1

        await asyncio.to_thread(attack)
        said = await hall.receive(message=a_message("/aide"))
        still.append(said and any("/aide" in text for text in await hall.said()))

    inside(url, story)
    with inline(url) as work:
        deeds = sum(work.scalar(select(func.count()).select_from(table)) for table in DEEDS)
        bodies = [json.dumps(body) for body in work.scalars(select(tables.outbox.c.body))]
    texts = [json.loads(one).get("params", {}).get("text", "") for one in bodies]
    too_long = sum(visible_length(text) > LONGEST for text in texts)
    return Endured(became, deeds, too_long, answers_still=still == [True])


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
    except Exception as error:  # noqa: BLE001 - counted, and told with the update
        return f"{error!r} {update!r}"[:600]
