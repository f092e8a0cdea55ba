"""The dashboard on a phone: a line per block, and behind each its figures and their formulas."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from bot.screens import dashboard_deeds as deeds
from bot.screens import dashboard_figures as figures
from bot.screens import export_tap
from bot.screens.conversation import laid_out
from bot.screens.dashboard_facts import Fact
from bot.screens.dashboard_words import BLOCKS, FIRST, SCOPES
from bot.screens.render import N_, Speaker
from bot.screens.screen import Button, Screen
from bot.screens.tap import Tap, verb
from bot.screens.worklist import amounts, rep_name
from bot.use_cases.dashboard import Dashboard, Figures
from credit.people import Role

CURRENCIES = 3
ONE_CURRENCY = frozenset({"risk", "reps", "activity", "orders", "legal"})
"""The blocks that count all currencies, or list them in one line."""


@verb("db")
@dataclass(frozen=True, slots=True)
class ShowDashboard(Tap):
    """Show the dashboard: one block with its formulas, or all of them when it names none."""

    block: str


@verb("dc")
@dataclass(frozen=True, slots=True)
class ShowChart(Tap):
    """Send the chart of a block."""

    block: str


EXPORTED = {
    "volume": export_tap.BALANCE,
    "risk": export_tap.ALERTS,
    "promises": export_tap.PROMISES,
    "disputes": export_tap.DISPUTES,
    "orders": export_tap.ORDERS,
}
"""The blocks behind which lies a list, with the name of its workbook."""
SOLD = frozenset({"speed", "quality"})
"""The blocks whose figures rest on the sales of the period."""
CHART = N_("📈 Chart")
CHARTED = ("volume", "speed", "risk", "promises", "forecast")
"""The blocks that have a chart."""


def home(speaker: Speaker, found: Dashboard) -> Screen:
    """Show every block in a line, and a key for each."""
    main = found.figures[0] if found.figures else None
    names = _order(found)
    lines = [
        (BLOCKS[name][0], speaker.say(BLOCKS[name][1]), _headline(speaker, found, main, name))
        for name in names
    ]
    text = speaker.page(
        "dashboard/home.html",
        scope=scope_of(speaker, found.role, found.codes),
        as_of=found.data_as_of,
        lines=lines if main else (),
        others=amounts(speaker, [one.balance.total for one in found.figures[1:]], 4),
    )
    keys = [
        Button(f"{BLOCKS[name][0]} {speaker.say(BLOCKS[name][1])}", ShowDashboard(name))
        for name in names
    ]
    return Screen(text, laid_out(keys, at_most=2) if main else ())


def _order(found: Dashboard) -> list[str]:
    """Order the blocks: what the reader's role acts on comes first."""
    first = FIRST.get(found.role, ())
    names = [*first, *(name for name in BLOCKS if name not in first)]
    return [name for name in names if name != "reps" or found.reps]


def scope_of(speaker: Speaker, role: Role, codes: Sequence[str]) -> str:
    """Say whose accounts a list or a dashboard holds."""
    return speaker.say(SCOPES[role], codes=", ".join(codes[:6]))


def _headline(speaker: Speaker, found: Dashboard, main: Figures | None, name: str) -> str:
    """Say the two figures of a block that decide whether to open it."""
    if main is None:
        return ""
    if name == "reps":
        first = found.reps[0]
        late = [one.overdue for one in first.balances.values() if one.overdue]
        return f"{rep_name(speaker, first)} {amounts(speaker, late)}" if late else "—"
    facts = FACTS[name](speaker, found, main)[:2]
    return " · ".join(f"{fact.label} {fact.value}" for fact in facts)


def block(speaker: Speaker, found: Dashboard, name: str) -> Screen:
    """Show the figures of one block per currency, each with its formula, scope and date."""
    if name not in FACTS or not found.figures:
        return home(speaker, found)
    shown = found.figures[: 1 if name in ONE_CURRENCY else CURRENCIES]
    sections = [
        (one.currency if len(shown) > 1 else "", FACTS[name](speaker, found, one)) for one in shown
    ]
    told = {fact.formula: fact.label for _, facts in sections for fact in facts if fact.formula}
    text = speaker.page(
        "dashboard/block.html",
        icon=BLOCKS[name][0],
        title=speaker.say(BLOCKS[name][1]),
        sections=sections,
        formulas=[(label, formula) for formula, label in told.items()],
        scope=scope_of(speaker, found.role, found.codes),
        since=_since(found, name),
        sales=name in SOLD,
        today=found.today,
        as_of=found.data_as_of,
    )
    extras = [Button(speaker.say(CHART), ShowChart(name))] if name in CHARTED else []
    extras += [export_tap.key(speaker, EXPORTED[name])] if name in EXPORTED else []
    return Screen(text, (tuple(extras), (Button(speaker.say("← Dashboard"), ShowDashboard("")),)))


def _since(found: Dashboard, name: str) -> date | None:
    """Return since when a block counts; None for what stands today."""
    if name in SOLD:
        return found.since
    return found.deeds.activity.since if name in {"activity", "orders"} else None


FACTS: dict[str, Callable[[Speaker, Dashboard, Figures], list[Fact]]] = {
    "volume": figures.volume,
    "speed": figures.speed,
    "quality": figures.quality,
    "risk": deeds.risk,
    "activity": deeds.activity,
    "promises": figures.promises,
    "disputes": deeds.disputes,
    "orders": deeds.orders,
    "legal": deeds.legal,
    "forecast": figures.forecast,
    "cost": figures.cost,
    "reps": deeds.reps,
}
