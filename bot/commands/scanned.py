"""What `relance scan` does to the book: every account looked at, some hundreds at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tqdm import tqdm

from bot.application import open_house
from bot.jobs.looking import look_at
from bot.use_cases import alerts
from bot.use_cases.past import assess
from storage import portfolio

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from datetime import date

    from bot.alerts.evaluation import Assessment
    from bot.application import House
    from config.settings import Settings

    Row = tuple[str, str, Assessment]


async def scan_now(settings: Settings) -> list[Row]:
    """Run the rules for real: what changed is written and pushed, a few accounts at a time."""
    async with open_house(settings) as house:
        origin = house.origin()
        quiet = alerts.clear(origin.at, house.rules)
        everybody = await house.database.read(portfolio.everybody)
        names = {one: (code, name) for one, code, name in everybody}
        found: dict[int, Assessment] = {}
        with tqdm(total=len(names), unit="", leave=False, disable=None) as bar:
            async for some in look_at(house.database, origin, house.rules, list(names)):
                found |= some
                bar.update(min(alerts.AT_ONCE, len(names) - bar.n))
        return [(*who, found.get(one, quiet)) for one, who in names.items()]


async def look_back(settings: Settings, day: date) -> list[Row]:
    """Assess everybody as of a past day; nothing is written."""
    rows: list[Row] = []
    async with open_house(settings) as house:
        async for names in _pieces(house):
            found = await house.database.read(assess, list(names), day, house.rules)
            rows += [(*who, found[one]) for one, who in names.items()]
    return rows


async def _pieces(house: House) -> AsyncIterator[dict[int, tuple[str, str]]]:
    """Yield everybody's code and name by id, some hundreds at a time, with a bar."""
    everybody = await house.database.read(portfolio.everybody)
    with tqdm(total=len(everybody), unit="", leave=False, disable=None) as bar:
        for start in range(0, len(everybody), alerts.AT_ONCE):
            some = everybody[start : start + alerts.AT_ONCE]
            yield {one: (code, name) for one, code, name in some}
            bar.update(len(some))
