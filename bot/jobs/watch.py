"""What the clock watches: alerts without an answer, snoozes that end, reports that changed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.use_cases import alert_posting, alert_watch, broadcasts

if TYPE_CHECKING:
    from bot.jobs.timetable import Bench

TOLD: Final = 5
"""Alerts told in one transaction, some milliseconds long: people wait for it."""


async def run(bench: Bench) -> None:
    """Tell managers of unanswered alerts, and bring snoozed ones back."""
    waiting = await bench.database.read(alert_watch.anything, bench.clock.now())
    if waiting:
        origin = bench.origin("alerts")
        for tell in (alert_watch.escalate_unanswered, alert_watch.wake_snoozed):
            while await bench.database.background(tell, origin, bench.rules, TOLD) == TOLD:
                pass  # the next ones: what was told is no longer among them
    if await bench.database.read(alert_posting.lost, bench.clock.now()):
        origin = bench.origin("gathered")
        await bench.database.transact(alert_posting.tell_again, origin, bench.rules)


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
