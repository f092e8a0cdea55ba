"""What the clock watches: alerts without an answer, snoozes that end, reports that changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.use_cases import alert_posting, alert_watch, broadcasts

if TYPE_CHECKING:
    from bot.jobs.timetable import Bench


async def run(bench: Bench) -> None:
    """Tell managers of unanswered alerts, and bring snoozed ones back."""
    waiting = await bench.database.read(alert_watch.anything, bench.clock.now())
    if waiting:
        origin = bench.origin("alerts")
        await bench.database.transact(alert_watch.escalate_unanswered, origin, bench.rules)
        await bench.database.transact(alert_watch.wake_snoozed, origin, bench.rules)
    if await bench.database.read(alert_posting.lost, bench.clock.now()):
        origin = bench.origin("gathered")
        await bench.database.transact(alert_posting.tell_again, origin, bench.rules)


async def reports(bench: Bench) -> None:
    """Bring the delivery reports up to date; the job's period keeps edits two seconds apart."""
    changed = await bench.database.read(broadcasts.behind, bench.clock.now())
    if changed:
        await bench.database.transact(broadcasts.refresh, bench.origin("reports"), changed)
