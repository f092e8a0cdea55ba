"""Everybody looked at, some hundreds at a time: on demand, and once on each worked day.

Many are looked at in a process of its own: figures and rules keep a processor busy for
seconds, and two threads that compute wait for each other. Only what changed comes back.
"""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from bot.jobs.child import each_from_child
from bot.use_cases import alerts, daily_look
from bot.use_cases.alerts import Sight
from storage import customers, portfolio
from storage.database import connect

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator, Mapping, Sequence

    from bot.alerts.evaluation import Assessment
    from bot.jobs.timetable import Bench
    from bot.use_cases.rules import Rules
    from credit.moment import Moment
    from storage.database import Database
    from storage.events import Origin
    from storage.work import Work

MANY: Final = 2_000
"""Customers from whom on another process looks at them: one that begins takes a second."""
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
        for part in _to_write(sight):
            kept = await database.background(alerts.keep_seen, origin, part, rules)
            found.update((one.customer_id, one.assessment) for one in kept)
        yield found


def _to_write(sight: Sight) -> Iterator[Sight]:
    """Cut what has to be written or told into pieces."""
    todo = [one for one in sight.looked if one.change.push or not one.same]
    for first in range(0, len(todo), WRITTEN):
        yield Sight(sight.event, todo[first : first + WRITTEN], ())


async def run(bench: Bench) -> None:
    """Look at everybody once on each worked day; a look that is cut short begins again."""
    database, now = bench.database, bench.clock.now()
    if not await database.read(daily_look.due, now, bench.rules):
        return
    origin, rules = bench.origin("look"), bench.rules
    if await database.read(customers.are_more, None, MANY):
        await _aside(bench, origin, rules)
    else:
        async for _ in look_at(database, origin, rules, await database.read(_everybody)):
            pass
    await database.transact(daily_look.done, now.today)


async def _aside(bench: Bench, origin: Origin, rules: Rules) -> None:
    """Have everybody looked at in another process, and write what it says."""
    bare = replace(rules, scripts={})  # no script is spoken, and they do not travel
    async with aclosing(each_from_child(seen, bench.database.url, origin.at, bare)) as parts:
        async for part in parts:
            await bench.database.background(alerts.keep_seen, origin, part, rules)


def seen(url: str, now: Moment, rules: Rules) -> Iterator[Sight]:
    """Look at everybody over a connection of one's own; tell what has to be written."""
    with asyncio.Runner() as runner:
        database = connect(url)
        runner.run(database.open())
        try:
            everybody = runner.run(database.read(_everybody))
            for start in range(0, len(everybody), alerts.AT_ONCE):
                some = everybody[start : start + alerts.AT_ONCE]
                yield from _to_write(runner.run(database.read(alerts.look, some, now, rules)))
        finally:
            runner.run(database.close())


def _everybody(work: Work) -> list[int]:
    return [one for one, _, _ in portfolio.everybody(work)]
