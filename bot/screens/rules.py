"""The rules on a phone: how often each would have lit, what followed, what people said."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from bot.screens import formats
from bot.screens.account import pager
from bot.screens.history import DISMISSALS
from bot.screens.lights_words import SEEN
from bot.screens.render import Speaker
from bot.screens.rules_words import RULES
from bot.screens.screen import Button, Screen
from bot.screens.tap import Tap, verb
from bot.use_cases.trials import MONTHS, Overview, RuleLine

PAGE = 6
TENTH = Decimal("0.1")


@verb("ru")
@dataclass(frozen=True, slots=True)
class ShowRules(Tap):
    """Show a page of the rules."""

    page: int


@verb("rt")
@dataclass(frozen=True, slots=True)
class TryRules(Tap):
    """Try the rules on so many months of the past."""

    months: int


def rules(speaker: Speaker, found: Overview, page: int) -> Screen:
    """Show a page of the rules, those that fired most first, and the spans to try them on."""
    pages = max(1, -(-len(found.rules) // PAGE))
    page = min(max(page, 0), pages - 1)
    shown = found.rules[page * PAGE : (page + 1) * PAGE]
    trial = found.trial
    text = speaker.page(
        "rules/rules.html",
        trial=trial,
        per_week=_number(speaker, trial.per_rep_and_week) if trial else "",
        running=found.running,
        lines=[(one, name(speaker, one.rule), *_told(speaker, one)) for one in shown],
    )
    spans = tuple(
        Button(speaker.say("Try {n} months", n=months), TryRules(months)) for months in MONTHS
    )
    rows = pager(page, pages, ShowRules)
    return Screen(text, rows if found.running else (*rows, spans))


def name(speaker: Speaker, rule: str) -> str:
    """Name a rule in a few words."""
    words = {**SEEN, **RULES}
    return speaker.say(words[rule]) if rule in words else rule


def asked(speaker: Speaker) -> str:
    """Confirm that a trial was ordered."""
    return speaker.say("It is being counted: I write to you when it is done.")


def failed(speaker: Speaker) -> Screen:
    """Say that a trial did not come to its end."""
    return Screen(speaker.say("The trial of the rules did not come to its end. Ask again later."))


def _told(speaker: Speaker, one: RuleLine) -> tuple[str, str]:
    """Write a rule's rate, and what people said of it."""
    taps = ", ".join(
        f"{speaker.say(DISMISSALS[why]) if why in DISMISSALS else why} {n}"
        for why, n in sorted(one.taps.items(), key=lambda pair: -pair[1])
    )
    return _number(speaker, one.per_week), taps


def _number(speaker: Speaker, value: float) -> str:
    """Write a rate with two digits that tell something."""
    unit = TENTH if value >= 1 else TENTH / 10
    return formats.decimal(Decimal(str(value)).quantize(unit), speaker.locale)
