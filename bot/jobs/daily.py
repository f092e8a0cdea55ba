"""What the clock does for people each day: digests, promises, guarantees that end."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeVar

from bot.use_cases import adopting, judging, reminders
from bot.use_cases import digests as mornings
from bot.use_cases import guarantees as register

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bot.jobs.timetable import Bench


POSTED: Final = 20
"""Messages posted in one transaction, some milliseconds long: people wait for it."""
LOOKED_AT: Final = 100
"""Customers whose promises are judged in one reading..."""
JUDGED: Final = 5
"""...and those of whom it is written in one transaction, or whose opening is put in force."""
T = TypeVar("T")


async def digests(bench: Bench) -> None:
    """Post each digest whose hour has come, once per person and day; late ones too."""
    origin = bench.origin("digest")  # one instant for both: midnight may pass between them
    ready = await bench.database.read(mornings.due, origin.at, bench.rules)
    for some in _pieces(ready, POSTED):
        await bench.database.background(mornings.queue, origin, some)


async def promises(bench: Bench) -> None:
    """Judge the promises that payments or dates decide; recall those due on the next worked day."""
    origin = bench.origin("promises")
    waiting = await bench.database.read(judging.waiting, origin)
    for some in _pieces(waiting, LOOKED_AT):
        ripe = await bench.database.read(judging.ripe, origin, some, bench.rules)
        for few in _pieces(ripe, JUDGED):
            await bench.database.background(judging.judge_due, origin, bench.rules, few)
    found = await bench.database.read(reminders.due, bench.clock.now(), bench.rules)
    for recalled in _pieces(found, POSTED):
        await bench.database.background(reminders.queue, bench.origin("reminders"), recalled)


async def guarantees(bench: Bench) -> None:
    """Tell the credit managers of guarantees that end soon, once for each threshold."""
    found = await bench.database.read(register.ending, bench.clock.now(), bench.rules)
    for some in _pieces(found, POSTED):
        await bench.database.background(register.tell, bench.origin("guarantees"), some)


def _pieces(found: Sequence[T], most: int) -> Iterator[Sequence[T]]:
    return (found[start : start + most] for start in range(0, len(found), most))


async def openings(bench: Bench) -> None:
    """Put in force what account files were accepted with, once the ledger has the customer."""
    if await bench.database.read(adopting.due):
        origin = bench.origin("openings")
        while (
            await bench.database.background(adopting.adopt, origin, bench.rules, JUDGED) == JUDGED
        ):
            pass  # the next ones: who was decided on is no longer among them
