"""The dashboard's blocks of deeds: counts in, facts in words out."""

from __future__ import annotations

from bot.screens import formats
from bot.screens.alert import MARKS
from bot.screens.dashboard_facts import Fact, days, fact, money, part, percent, some
from bot.screens.dashboard_words import CHANNELS, COLOURS, FAMILIES
from bot.screens.history import reason, task
from bot.screens.render import Speaker
from bot.screens.worklist import amounts, rep_name
from bot.use_cases.dashboard import Dashboard, Figures
from bot.use_cases.dashboard_deeds import RepDeeds
from bot.use_cases.worklist import RepLine
from credit import indicators

REPS = 12
CAUSES = 3


def activity(speaker: Speaker, found: Dashboard, _one: Figures) -> list[Fact]:
    """Tell what was done to collect, and what came of it."""
    done = found.deeds.activity
    channels = " · ".join(
        f"{speaker.say(label)} {formats.count(done.channels[name], speaker.locale)}"
        for name, label in CHANNELS.items()
        if done.channels.get(name)
    )
    contacts = formats.count(done.contacts, speaker.locale)
    share = indicators.share(done.answered, done.contacts)
    kept = indicators.share(done.kept.n, done.judged.n)
    words = part(speaker, kept, done.kept.n, done.judged.n)
    if done.kept.amounts:
        words += f" · {amounts(speaker, done.kept.amounts)}"
    age = speaker.say("n/a") if done.first_age is None else days(speaker, done.first_age)
    return [
        fact(speaker, "contacts", contacts)._replace(more=channels),
        fact(speaker, "reached", part(speaker, share, done.answered, done.contacts)),
        fact(speaker, "made", some(speaker, done.made.n, done.made.amounts)),
        fact(speaker, "kept_lately", words),
        fact(speaker, "first_age", age),
        fact(speaker, "silent", formats.count(done.silent, speaker.locale)),
    ]


def orders(speaker: Speaker, found: Dashboard, _one: Figures) -> list[Fact]:
    """Tell which orders wait for credit, and how fast they were answered."""
    seen = found.deeds.orders
    answered = seen.released + seen.refused
    hours = speaker.say("n/a")
    if seen.hours is not None:
        hours = speaker.say("{n} h", n=formats.decimal(round(seen.hours, 1), speaker.locale))
    share = indicators.share(seen.in_time, answered)
    in_time = fact(speaker, "answered", part(speaker, share, seen.in_time, answered))
    return [
        fact(speaker, "waiting", some(speaker, seen.waiting.n, seen.waiting.amounts)),
        fact(speaker, "held", some(speaker, seen.held.n, seen.held.amounts)),
        fact(speaker, "released", formats.count(seen.released, speaker.locale)),
        fact(speaker, "refused", formats.count(seen.refused, speaker.locale)),
        fact(speaker, "hours", hours),
        in_time._replace(label=speaker.say("Answered within {n} h", n=seen.target_hours)),
    ]


def legal(speaker: Speaker, found: Dashboard, _one: Figures) -> list[Fact]:
    """Tell formal notices, frozen accounts and what the law dates."""
    steps = found.deeds.legal
    dated = [
        Fact(
            task(speaker, kind).capitalize(),
            speaker.say(
                "{n}, first by {day}",
                n=formats.count(n, speaker.locale),
                day=formats.short_day(first, speaker.locale),
            ),
            "",
        )
        for kind, n, first in steps.deadlines
    ]
    return [
        fact(speaker, "notices", some(speaker, steps.notices.n, steps.notices.amounts)),
        fact(speaker, "frozen", some(speaker, steps.frozen, steps.frozen_amounts)),
        fact(speaker, "ageing", some(speaker, steps.ageing.n, steps.ageing.amounts)),
        fact(speaker, "lapsed", some(speaker, steps.lapsed.n, steps.lapsed.amounts)),
        fact(
            speaker,
            "deadlines",
            formats.count(sum(n for _, n, _ in steps.deadlines), speaker.locale),
        ),
        *dated,
    ]


def risk(speaker: Speaker, found: Dashboard, one: Figures) -> list[Fact]:
    """Tell alerts by level and family, classes, limits passed and what is covered."""
    levels = " · ".join(
        f"{MARKS[level]} {formats.count(n, speaker.locale)} {speaker.say(COLOURS[level])}"
        for level, n in sorted(found.alerts.items(), reverse=True)
        if level in COLOURS
    )
    over = formats.count(one.over_limit, speaker.locale)
    facts = [
        fact(speaker, "alerts", levels or "0"),
        fact(speaker, "over_limit", f"{over} ({money(speaker, one.excess)})"),
        fact(speaker, "classes", _classes(speaker, found)),
    ]
    covered = found.deeds.covered.get(one.currency)
    if covered is not None:
        share = indicators.share(covered.amount, one.balance.gross.amount)
        said = f"{money(speaker, covered)} ({percent(speaker, share)})"
        facts.append(fact(speaker, "covered", said))
    for family, label in FAMILIES.items():
        lit = found.lights.get(family, {})
        value = f"🔴 {lit.get('red', 0)} · 🟠 {lit.get('orange', 0)}"
        facts.append(Fact(speaker.say(label), value, ""))
    return facts


def _classes(speaker: Speaker, found: Dashboard) -> str:
    classes = found.deeds.classes
    known = [
        f"{name} {formats.count(n, speaker.locale)}" for name, n in sorted(classes.items()) if name
    ]
    if classes.get(""):
        known.append(speaker.say("none: {n}", n=formats.count(classes[""], speaker.locale)))
    return " · ".join(known) or "0"


def disputes(speaker: Speaker, found: Dashboard, one: Figures) -> list[Fact]:
    """Tell open disputes by reason, their age, their targets, and what causes them."""
    ofall = indicators.share(one.disputed.amount, one.balance.gross.amount)
    count = sum(n for n, _ in one.disputes.values())
    amount = money(speaker, one.disputed)
    if ofall is not None:
        amount += f" ({percent(speaker, ofall)})"
    return [
        fact(speaker, "disputes", formats.count(count, speaker.locale)),
        fact(speaker, "disputed", amount),
        *(
            Fact(reason(speaker, code), some(speaker, n, [held]), "")
            for code, (n, held) in one.disputes.items()
        ),
        *(_of_all(speaker, found) if one is found.figures[0] else ()),
    ]


def _of_all(speaker: Speaker, found: Dashboard) -> list[Fact]:
    """Tell what is counted over all currencies, once."""
    age = found.deeds.dispute_age
    share = indicators.share(found.closed_in_time, found.closed)
    return [
        fact(speaker, "dispute_age", speaker.say("n/a") if age is None else days(speaker, age)),
        fact(speaker, "overran", formats.count(found.overran, speaker.locale)),
        fact(speaker, "in_time", part(speaker, share, found.closed_in_time, found.closed)),
        *_causes(speaker, found),
    ]


def _causes(speaker: Speaker, found: Dashboard) -> list[Fact]:
    said = ", ".join(
        speaker.say(
            "{reason} {n} ({founded} founded)",
            reason=reason(speaker, one.reason),
            n=one.n,
            founded=one.founded,
        )
        if one.founded
        else f"{reason(speaker, one.reason)} {one.n}"
        for one in found.deeds.causes[:CAUSES]
    )
    return [fact(speaker, "causes", said)] if said else []


def reps(speaker: Speaker, found: Dashboard, _one: Figures) -> list[Fact]:
    """Tell what each rep's customers owe, and what he did about it."""
    facts = []
    for line in found.reps[:REPS]:
        balances = line.balances.values()
        late = amounts(speaker, [one.overdue for one in balances if one.overdue]) or "0"
        owed = amounts(speaker, [one.total for one in balances]) or "0"
        said = speaker.say("{overdue} overdue of {total}", overdue=late, total=owed)
        did = _did(speaker, line, found.rep_deeds.get(line.code))
        facts.append(Fact(rep_name(speaker, line), said, "", did))
    return [*facts, fact(speaker, "did", "")]


def _did(speaker: Speaker, line: RepLine, deeds: RepDeeds | None) -> str:
    if deeds is None:
        return ""
    said = [f"🤝 {deeds.kept}/{deeds.judged}"] if deeds.judged else []
    said += [f"✋ {deeds.disputes}"] if deeds.disputes else []
    said += [f"👁 {deeds.seen}"] if deeds.seen else []
    if deeds.collected:
        money_in = amounts(speaker, deeds.collected)
        said.append(f"💶 {money_in}{_of_overdue(speaker, line, deeds)}")
    return " · ".join(said)


def _of_overdue(speaker: Speaker, line: RepLine, deeds: RepDeeds) -> str:
    """Write late money that came in as a share of it and what is overdue, in one currency."""
    if len(deeds.collected) != 1:
        return ""
    came = deeds.collected[0]
    balance = line.balances.get(came.currency)
    late = balance.overdue.amount if balance else 0
    return f" ({percent(speaker, indicators.share(came.amount, came.amount + late))})"
