"""What the clock does for people each day: digests, promises, guarantees that end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.use_cases import adopting, judging, reminders
from bot.use_cases import digests as mornings
from bot.use_cases import guarantees as register

if TYPE_CHECKING:
    from bot.jobs.timetable import Bench


async def digests(bench: Bench) -> None:
    """Post each digest whose hour has come, once per person and day; late ones too."""
    origin = bench.origin("digest")  # one instant for both: midnight may pass between them
    ready = await bench.database.read(mornings.due, origin.at, bench.rules)
    if ready:
        await bench.database.transact(mornings.queue, origin, ready)


async def promises(bench: Bench) -> None:
    """Judge the promises that payments or dates decide; recall those due on the next worked day."""
    await bench.database.transact(judging.judge_due, bench.origin("promises"), bench.rules)
    found = await bench.database.read(reminders.due, bench.clock.now(), bench.rules)
    if found:
        await bench.database.transact(reminders.queue, bench.origin("reminders"), found)


async def guarantees(bench: Bench) -> None:
    """Tell the credit managers of guarantees that end soon, once for each threshold."""
    found = await bench.database.read(register.ending, bench.clock.now(), bench.rules)
    if found:
        await bench.database.transact(register.tell, bench.origin("guarantees"), found)


async def openings(bench: Bench) -> None:
    """Put in force what account files were accepted with, once the ledger has the customer."""
    if await bench.database.read(adopting.due):
        await bench.database.transact(adopting.adopt, bench.origin("openings"), bench.rules)
