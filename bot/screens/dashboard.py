"""The dashboard on a phone: a line per block, and behind each its figures and their formulas."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from bot.screens import export_tap, formats
from bot.screens.dashboard_words import (
    BLOCKS,
    COLOURS,
    FAMILIES,
    FORMULAS,
    LABELS,
    SCOPES,
)
from bot.screens.history import REASONS
from bot.screens.render import N_, Speaker
from bot.screens.screen import Button, Screen
from bot.screens.tap import Tap, verb
from bot.screens.worklist import amounts, rep_name
from bot.use_cases.dashboard import Dashboard, Figures
from credit import indicators
from credit.dso import CountBack
from credit.money import Money
from credit.people import Role

CURRENCIES = 3
REPS = 12
NAMED = 5
TENTH = Decimal("0.1")
_HUNDRED = 100


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


CHART = N_("📈 Chart")
CHARTED = ("volume", "speed", "risk", "promises", "forecast")
"""The blocks that have a chart."""


class Fact(NamedTuple):
    """One figure in words: its label, its value, its formula."""

    label: str
    value: str
    formula: str


def home(speaker: Speaker, found: Dashboard) -> Screen:
    """Show every block in a line, and a key for each."""
    main = found.figures[0] if found.figures else None
    names = [name for name in BLOCKS if name != "reps" or found.reps]
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
    rows = [tuple(keys[start : start + 2]) for start in range(0, len(keys), 2)]
    return Screen(text, tuple(rows) if main else ())


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
    shown = found.figures[: 1 if name in {"risk", "reps"} else CURRENCIES]
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
        since=found.since,
        today=found.today,
        as_of=found.data_as_of,
    )
    extras = [Button(speaker.say(CHART), ShowChart(name))] if name in CHARTED else []
    extras += [export_tap.key(speaker, export_tap.BALANCE)] if name == "volume" else []
    return Screen(text, (tuple(extras), (Button(speaker.say("← Dashboard"), ShowDashboard("")),)))


def _volume(speaker: Speaker, _found: Dashboard, one: Figures) -> list[Fact]:
    balance = one.balance
    late = _money(speaker, balance.overdue)
    if balance.overdue_percent is not None:
        late += f" ({_percent(speaker, balance.overdue_percent)})"
    facts = [
        _fact(speaker, "total", _money(speaker, balance.total)),
        _fact(speaker, "overdue", late),
        _fact(speaker, "concentration", _percent(speaker, one.concentration)),
    ]
    return facts + [
        Fact(f"{n}. {formats.name(name, 24)}", _money(speaker, owed), "")
        for n, (name, owed) in enumerate(one.debtors[:NAMED], 1)
    ]


def _speed(speaker: Speaker, _found: Dashboard, one: Figures) -> list[Fact]:
    speed = one.speed
    return [
        _fact(speaker, "dso", _days(speaker, speed.dso)),
        _fact(speaker, "late_days", _days(speaker, speed.late)),
        _fact(speaker, "best", _days(speaker, speed.best)),
        _fact(speaker, "back", _back(speaker, speed.back)),
    ]


def _quality(speaker: Speaker, _found: Dashboard, one: Figures) -> list[Fact]:
    effective = one.effectiveness
    return [
        _fact(
            speaker,
            "effectiveness",
            _short(speaker) if effective is None else _percent(speaker, effective),
        ),
        _fact(speaker, "over_60", _percent(speaker, one.over_60)),
        _fact(speaker, "over_90", _percent(speaker, one.over_90)),
    ]


def _risk(speaker: Speaker, found: Dashboard, one: Figures) -> list[Fact]:
    levels = " · ".join(
        f"{formats.count(n, speaker.locale)} {speaker.say(COLOURS[level])}"
        for level, n in sorted(found.alerts.items(), reverse=True)
        if level in COLOURS
    )
    over = formats.count(one.over_limit, speaker.locale)
    facts = [
        _fact(speaker, "alerts", levels or "0"),
        _fact(speaker, "over_limit", f"{over} ({_money(speaker, one.excess)})"),
    ]
    for family, label in FAMILIES.items():
        lit = found.lights.get(family, {})
        value = f"🔴 {lit.get('red', 0)} · 🟠 {lit.get('orange', 0)}"
        facts.append(Fact(speaker.say(label), value, ""))
    return facts


def _promises(speaker: Speaker, _found: Dashboard, one: Figures) -> list[Fact]:
    words = one.words
    share = indicators.share(words.kept, words.count)
    money = indicators.share(words.kept_amount.minor, words.amount.minor)
    return [
        _fact(speaker, "kept", _part(speaker, share, words.kept, words.count)),
        _fact(speaker, "kept_money", _percent(speaker, money)),
        *(
            Fact(speaker.say("Week {n}", n=n), _money(speaker, amount), "")
            for n, amount in enumerate(one.promised, 1)
        ),
    ]


def _disputes(speaker: Speaker, found: Dashboard, one: Figures) -> list[Fact]:
    share = indicators.share(found.closed_in_time, found.closed)
    ofall = indicators.share(one.disputed.amount, one.balance.gross.amount)
    count = sum(n for n, _ in one.disputes.values())
    money = _money(speaker, one.disputed)
    if ofall is not None:
        money += f" ({_percent(speaker, ofall)})"
    return [
        _fact(speaker, "disputes", formats.count(count, speaker.locale)),
        _fact(speaker, "disputed", money),
        _fact(speaker, "overran", formats.count(found.overran, speaker.locale)),
        _fact(speaker, "in_time", _part(speaker, share, found.closed_in_time, found.closed)),
        *(
            Fact(
                speaker.say(REASONS[reason]) if reason in REASONS else reason,
                f"{formats.count(n, speaker.locale)} ({_money(speaker, amount)})",
                "",
            )
            for reason, (n, amount) in one.disputes.items()
        ),
    ]


def _forecast(speaker: Speaker, _found: Dashboard, one: Figures) -> list[Fact]:
    promised = sum(one.promised[1:], one.promised[0])
    trust = _percent(speaker, one.words.trust.ratio * _HUNDRED)
    if one.words.trust.assumed:
        trust = speaker.say("{percent} (assumed: fewer than five promises)", percent=trust)
    return [
        _fact(speaker, "expected", _money(speaker, one.expected)),
        _fact(speaker, "promised", _money(speaker, promised)),
        _fact(speaker, "due", _money(speaker, one.due)),
        _fact(speaker, "trust", trust),
    ]


def _cost(speaker: Speaker, found: Dashboard, one: Figures) -> list[Fact]:
    rate = f"{formats.decimal(found.financing.percent, speaker.locale)}\u00a0%"
    if not found.financing.verified:
        rate = speaker.say("{figure} (to be checked)", figure=rate)
    return [_fact(speaker, "cost", _money(speaker, one.cost)), _fact(speaker, "rate", rate)]


def _reps(speaker: Speaker, found: Dashboard, _one: Figures) -> list[Fact]:
    facts = []
    for line in found.reps[:REPS]:
        balances = line.balances.values()
        late = amounts(speaker, [one.overdue for one in balances if one.overdue]) or "0"
        total = amounts(speaker, [one.total for one in balances]) or "0"
        facts.append(
            Fact(
                rep_name(speaker, line),
                speaker.say("{overdue} overdue of {total}", overdue=late, total=total),
                "",
            )
        )
    return facts


FACTS: dict[str, Callable[[Speaker, Dashboard, Figures], list[Fact]]] = {
    "volume": _volume,
    "speed": _speed,
    "quality": _quality,
    "risk": _risk,
    "promises": _promises,
    "disputes": _disputes,
    "forecast": _forecast,
    "cost": _cost,
    "reps": _reps,
}


def _fact(speaker: Speaker, key: str, value: str) -> Fact:
    return Fact(speaker.say(LABELS[key]), value, speaker.say(FORMULAS[key]))


def _money(speaker: Speaker, money: Money) -> str:
    return formats.round_money(money, speaker.locale)


def _short(speaker: Speaker) -> str:
    return speaker.say("n/a (history too short)")


def _percent(speaker: Speaker, percent: Decimal | None) -> str:
    if percent is None:
        return speaker.say("n/a")
    return formats.percent(percent / _HUNDRED, speaker.locale)


def _part(speaker: Speaker, percent: Decimal | None, part: int, whole: int) -> str:
    if percent is None:
        return speaker.say("n/a")
    return f"{_percent(speaker, percent)} ({part}/{whole})"


def _days(speaker: Speaker, days: Decimal | None) -> str:
    if days is None:
        return _short(speaker)
    return speaker.say("{n} d", n=formats.decimal(days.quantize(TENTH), speaker.locale))


def _back(speaker: Speaker, found: CountBack | None) -> str:
    if found is None:
        return _short(speaker)
    days = _days(speaker, found.days)
    return (
        days if found.complete else speaker.say("more than {days} (history too short)", days=days)
    )
