"""What the clock watches: alerts without an answer, snoozes that end, reports that changed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.use_cases import alert_posting, alert_watch, broadcasts

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.jobs.timetable import Bench
    from bot.use_cases.rules import Rules
    from storage.database import Database
    from storage.events import Origin
    from storage.work import Work

    Telling = Callable[[Work, Origin, Rules, int], int]

TOLD: Final = 5
"""Alerts told in one transaction, some milliseconds long: people wait for it."""


async def run(bench: Bench) -> None:
    """Tell managers of unanswered alerts, bring snoozed ones back, tell what went astray."""
    origin = bench.origin("alerts")
    database, rules = bench.database, bench.rules
    if await database.read(alert_watch.unanswered, origin.at):
        await _all(database, alert_watch.escalate_unanswered, origin, rules)
    over = await database.read(alert_watch.waking, origin.at)
    for start in range(0, len(over), TOLD):
        some = over[start : start + TOLD]
        await database.background(alert_watch.wake_snoozed, origin, rules, some)
    if await database.read(alert_posting.lost, origin.at, 1):
        await _all(database, alert_posting.tell_again, bench.origin("gathered"), rules)


async def _all(database: Database, tell: Telling, origin: Origin, rules: Rules) -> None:
    """Tell some at a time until there are none: what was told is no longer among them."""
    while await database.background(tell, origin, rules, TOLD) == TOLD:
        pass


async def reports(bench: Bench) -> None:
    """Let broadcasts go on, and bring their delivery reports up to date.

    The job's period keeps edits two seconds apart.
    """
    for one in await bench.database.read(broadcasts.unfinished):
        while await bench.database.background(broadcasts.go_on, one, bench.clock.now()):
            pass  # the next of its recipients, until there are none
    changed = await bench.database.read(broadcasts.behind, bench.clock.now())
    if changed:
        await bench.database.transact(broadcasts.refresh, bench.origin("reports"), changed)
