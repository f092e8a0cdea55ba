"""What the clock does once a day for persons' rights: what is kept of them goes after its time."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from bot.use_cases import retention

if TYPE_CHECKING:
    from bot.jobs.timetable import Bench

log = logging.getLogger(__name__)


async def run(bench: Bench) -> dict[str, int]:
    """Let everything due go, piece by piece behind the taps; return how many rows by rule.

    Each piece is a commit of its own: a run that is cut short is gone on with by the next.
    """
    now = bench.clock.now()
    taken = {name: await _by_rule(bench, name) for name in retention.NAMES}
    await bench.database.transact(retention.done, bench.origin("retention"), taken)
    seconds = (bench.clock.now().at - now.at).total_seconds()
    log.info("retention", extra={"rows": sum(taken.values()), "seconds": round(seconds, 1)})
    return taken


async def _by_rule(bench: Bench, name: str) -> int:
    now, count, after = bench.clock.now(), 0, None
    while True:
        piece = await bench.database.background(retention.take, now, bench.rules, name, after)
        count += piece.done
        if piece.last is None:
            return count
        after = piece.last
