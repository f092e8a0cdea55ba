"""Everybody looked at, some hundreds at a time: on demand, and once on each worked day."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from bot.use_cases import alerts, daily_look
from storage import portfolio

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping, Sequence

    from bot.alerts.evaluation import Assessment
    from bot.jobs.timetable import Bench
    from bot.use_cases.rules import Rules
    from storage.database import Database
    from storage.events import Origin

WRITTEN: Final = 20
"""Accounts written in one transaction, some milliseconds long: people wait for it."""


async def look_at(
    database: Database, origin: Origin, rules: Rules, customer_ids: Sequence[int]
) -> AsyncIterator[Mapping[int, Assessment]]:
    """Run the rules on these customers: what changed is written and pushed, a few at a time.

    Yield, piece by piece, how those look who are lit or were.
    """
    for start in range(0, len(customer_ids), alerts.AT_ONCE):
        some = customer_ids[start : start + alerts.AT_ONCE]
        sight = await database.read(alerts.look, some, origin.at, rules)
        found = {one.customer_id: one.assessment for one in sight.looked}
        todo = [one for one in sight.looked if one.change.push or not one.same]
        for first in range(0, len(todo), WRITTEN):
            part = replace(sight, looked=todo[first : first + WRITTEN])
            kept = await database.background(alerts.keep_seen, origin, part, rules)
            found.update((one.customer_id, one.assessment) for one in kept)
        yield found


async def run(bench: Bench) -> None:
    """Look at everybody once on each worked day; a look that is cut short begins again."""
    database, now = bench.database, bench.clock.now()
    if not await database.read(daily_look.due, now, bench.rules):
        return
    everybody = [one for one, _, _ in await database.read(portfolio.everybody)]
    async for _ in look_at(database, bench.origin("look"), bench.rules, everybody):
        pass
    await database.transact(daily_look.done, now.today)
