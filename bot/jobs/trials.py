"""Trials of the rules that the chat asked for: counted in a process of their own, then told."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

from bot.jobs.child import in_child
from bot.use_cases import trials
from bot.use_cases.backtest import backtest
from storage.database import connect

if TYPE_CHECKING:
    from bot.jobs.timetable import Bench
    from bot.use_cases.rules import Rules
    from storage.work import Work


async def run(bench: Bench) -> None:
    """Count the trial that was asked for, if any; who asked is told, whatever comes of it."""
    asked = await bench.database.read(trials.asked)
    if asked is None:
        return
    today = bench.clock.now().today
    bare = replace(bench.rules, scripts={})  # a trial speaks no script, and they do not travel
    try:
        found = await in_child(tried, bench.database.url, today, asked.months, bare)
    except Exception:
        await bench.database.transact(trials.keep, bench.origin(trials.TRIAL), asked, None)
        raise
    await bench.database.transact(trials.keep, bench.origin(trials.TRIAL), asked, found)


def tried(url: str, today: date, months: int, rules: Rules) -> dict[str, Any]:
    """Try the rules on the last months over a connection of one's own; plain values."""

    async def once() -> dict[str, Any]:
        database = connect(url)
        await database.open()
        try:
            return await database.read(_tried, today, months, rules)
        finally:
            await database.close()

    return asyncio.run(once())


def _tried(work: Work, today: date, months: int, rules: Rules) -> dict[str, Any]:
    return backtest(work, today, months, rules).as_json()
