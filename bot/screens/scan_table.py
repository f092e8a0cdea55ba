"""What a scan found, as lines for a terminal: the lit accounts, the gravest first."""

from __future__ import annotations

from collections.abc import Sequence

from bot.alerts.evaluation import Assessment
from bot.screens import formats
from bot.screens.alert import LEVELS, MARKS, sentence
from bot.screens.render import Speaker
from bot.use_cases.signals import plain

NAME = 28
CODE = 12


def table(speaker: Speaker, rows: Sequence[tuple[str, str, Assessment]]) -> list[str]:
    """Write one line per lit account with its heaviest signal, and how many there are."""
    lit = [row for row in rows if row[2].level]
    lit.sort(key=lambda row: (-row[2].level, -row[2].points, row[0]))
    lines = [_line(speaker, *row) for row in lit]
    n, total = (formats.count(len(some), speaker.locale) for some in (lit, rows))
    return [*lines, speaker.say("{n} of {total} accounts are lit.", n=n, total=total)]


def _line(speaker: Speaker, code: str, name: str, found: Assessment) -> str:
    who = f"{formats.name(code, CODE):<{CODE}} {formats.name(name, NAME):<{NAME}}"
    level = speaker.say(LEVELS[int(found.level)])
    more = f" (+{len(found.signals) - 1})" if len(found.signals) > 1 else ""
    why = sentence(speaker, plain(found.signals[0])).split(" · ")[0] if found.signals else ""
    return f"{MARKS[int(found.level)]} {level:<12} {who} {why}{more}"
