"""One figure of the dashboard in words: its label, its value, its formula."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

from bot.screens import formats
from bot.screens.dashboard_words import FORMULAS, LABELS
from bot.screens.render import Speaker
from bot.screens.worklist import amounts
from credit.dso import CountBack
from credit.money import Money

TENTH = Decimal("0.1")
_HUNDRED = 100


class Fact(NamedTuple):
    """One figure in words: its label, its value, its formula, a second line if it has one."""

    label: str
    value: str
    formula: str
    more: str = ""


def fact(speaker: Speaker, key: str, value: str) -> Fact:
    """Name a figure and say how it is counted."""
    return Fact(speaker.say(LABELS[key]), value, speaker.say(FORMULAS[key]))


def money(speaker: Speaker, value: Money) -> str:
    """Write an amount without its cents."""
    return formats.round_money(value, speaker.locale)


def some(speaker: Speaker, n: int, moneys: Sequence[Money]) -> str:
    """Write how many, and how much in each currency."""
    shown = formats.count(n, speaker.locale)
    return f"{shown} ({amounts(speaker, moneys)})" if moneys else shown


def short(speaker: Speaker) -> str:
    """Say that history is too short for a figure."""
    return speaker.say("n/a (history too short)")


def percent(speaker: Speaker, value: Decimal | None) -> str:
    """Write a percentage, 0-100."""
    if value is None:
        return speaker.say("n/a")
    return formats.percent(value / _HUNDRED, speaker.locale)


def part(speaker: Speaker, share: Decimal | None, some: int, whole: int) -> str:
    """Write a share with the two counts it comes from."""
    if share is None:
        return speaker.say("n/a")
    return f"{percent(speaker, share)} ({some}/{whole})"


def days(speaker: Speaker, value: Decimal | None) -> str:
    """Write days with one decimal."""
    if value is None:
        return short(speaker)
    return speaker.say("{n} d", n=formats.decimal(value.quantize(TENTH), speaker.locale))


def back(speaker: Speaker, found: CountBack | None) -> str:
    """Write a count-back, complete or not."""
    if found is None:
        return short(speaker)
    told = days(speaker, found.days)
    return (
        told if found.complete else speaker.say("more than {days} (history too short)", days=told)
    )
