"""Messages made in a process of their own, over its own connection to the database."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from bot.delivery.making import body_of
from bot.handlers.rendering import renderers
from bot.screens.render import speaker
from storage.database import connect

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from bot.screens.render import Speaker
    from bot.use_cases.rules import Rules
    from credit.moment import Moment
    from storage.outbox import Outgoing


def made(
    rows: Iterator[tuple[Outgoing, Moment]], url: str, rules: Rules
) -> Iterator[Mapping[str, Any] | None]:
    """Make one message after the other; None where it is overtaken or its reader has gone."""

    def speak(locale: str | None) -> Speaker:
        return speaker(locale or rules.locale, rules.zone)

    known = renderers(rules, speak)
    with asyncio.Runner() as runner:
        database = connect(url)
        runner.run(database.open())
        try:
            for row, now in rows:
                yield runner.run(database.read(body_of, row, now, known))
        finally:
            runner.run(database.close())
