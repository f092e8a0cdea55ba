"""A back-test as lines for a terminal: one per rule, then what a rep would have received."""

from __future__ import annotations

from decimal import Decimal

from bot.screens import formats
from bot.screens.render import Speaker
from bot.use_cases.backtest import Backtest


def table(speaker: Speaker, found: Backtest) -> list[str]:
    """Say how often each rule would have lit, and how many were followed by a real delay."""
    lines = [
        speaker.say(
            "{first} to {last}: {weeks} weeks",
            first=formats.day(found.first, speaker.locale),
            last=formats.day(found.last, speaker.locale),
            weeks=found.weeks,
        )
    ]
    lines += [
        speaker.say(
            "{rule}: would have fired {fired} times; of {judged} judged, {followed} were "
            "followed by a real delay; “not relevant”: {taps}",
            rule=one.rule,
            fired=one.fired,
            judged=one.judged,
            followed=one.followed,
            taps=one.not_relevant,
        )
        for one in found.rules
    ]
    per_week = formats.decimal(Decimal(str(found.per_rep_and_week)), speaker.locale)
    lines.append(speaker.say("{n} alerts per rep and week", n=per_week))
    return lines
