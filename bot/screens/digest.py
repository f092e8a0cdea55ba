"""The daily digest on one screen: a line each, a button each."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date

from bot.alerts.digest import DigestKind, DigestLine
from bot.screens import formats, history
from bot.screens.account import OpenAccount
from bot.screens.alert import MARKS, sentence
from bot.screens.credit_taps import ShowReviews
from bot.screens.dispute import ListDisputes, ShowDispute
from bot.screens.named_rows import Named, laid
from bot.screens.render import N_, Speaker
from bot.screens.screen import Button, Screen
from bot.screens.tap import Tap
from bot.screens.uploads import ShowOrphans
from bot.screens.worklist import (
    OWN,
    ShowBalance,
    ShowDay,
    ShowTeam,
    amounts,
    held_order,
    rep_name,
    short_rep_name,
)
from bot.use_cases.digest_lines import PRESCRIPTION
from bot.use_cases.digests import Digest, Reader, Weekly
from bot.use_cases.held_orders import HeldOrder
from bot.use_cases.worklist import key_of
from credit.ageing import AgedBalance
from credit.money import Money

ROW = 3
REPS = 8
ROOM = 15  # characters of a button, three a row
STATES = {
    "broken": N_("promise not kept: {amount}"),
    "partly_kept": N_("promise partly kept: {amount}"),
    "kept": N_("promise kept: {amount}"),
    "kept_late": N_("promise kept late: {amount}"),
    "moot": N_("promise void, credit note: {amount}"),
}


def digest(speaker: Speaker, found: Digest) -> Screen:
    """Show a digest: the head, then a line per account, per rep or per matter."""
    lines = [
        (n, _icon(line), found.names.get(line.customer, ""), _words(speaker, line))
        for n, line in enumerate(found.page.lines, 1)
    ]
    text = speaker.page(
        "digest/digest.html",
        reader=found.reader.value,
        on=found.on,
        since=found.since.today,
        sums=[(one.balance, _arrow(speaker, one.change)) for one in found.sums[:2]],
        received=amounts(speaker, found.received),
        weekly=_weekly(speaker, found.weekly) if found.weekly else (),
        lines=lines,
        hidden=found.page.hidden,
        reps=[
            (rep_name(speaker, one), _overdue(speaker, one.balances), one.unanswered, one.broken)
            for one in found.reps[:REPS]
        ],
        company=found.company,
        promised=amounts(speaker, found.company.promised) if found.company else "",
        disputed=amounts(speaker, found.company.disputed) if found.company else "",
    )
    return Screen(text, _rows(speaker, found))


def nothing(speaker: Speaker) -> Screen:
    """Say that today there is nothing to report."""
    return Screen(speaker.page("digest/nothing.html"))


def promise_due(speaker: Speaker, customer: int, name: str, amount: Money, due_on: date) -> Screen:
    """Remind the author of a promise, the worked day before an instalment falls due."""
    text = speaker.page("digest/promise_due.html", name=name, amount=amount, due_on=due_on)
    return Screen(text, ((Button(speaker.say("Open the account"), OpenAccount(customer)),),))


def _arrow(speaker: Speaker, change: Money) -> str:
    if not change.minor:
        return ""
    amount = formats.round_money(change if change.minor > 0 else -change, speaker.locale)
    return f"▲ {amount}" if change.minor > 0 else f"▼ {amount}"


def _overdue(speaker: Speaker, balances: Mapping[str, AgedBalance]) -> str:
    owed = [one.overdue for one in balances.values()]
    return amounts(speaker, [money for money in owed if money.minor > 0])


def _weekly(speaker: Speaker, weekly: Weekly) -> tuple[str, ...]:
    said = []
    if weekly.speed is not None and weekly.speed.dso is not None and weekly.speed.late is not None:
        dso, late = (
            formats.count(round(one), speaker.locale)
            for one in (weekly.speed.dso, weekly.speed.late)
        )
        said.append(speaker.say("DSO {dso} d, of which {late} late (ADD)", dso=dso, late=late))
    if weekly.late_days is not None:
        one, many = "paid {n} day late on average", "paid {n} days late on average"
        said.append(speaker.count(one, many, weekly.late_days))
    if weekly.kept_percent is not None:
        said.append(speaker.say("promises kept: {percent}%", percent=weekly.kept_percent))
    if weekly.changes:
        said.append(_moved(speaker, weekly.changes))
    slow = ", ".join(f"{formats.name(name, 24)} {days}" for _, name, days in weekly.slowest)
    lines = [" · ".join(said)] if said else []
    return (*lines, speaker.say("Slowest (days): {names}", names=slow)) if slow else tuple(lines)


def _moved(speaker: Speaker, changes: Sequence[Money]) -> str:
    """Say how the overdue amount moved in a week, in the currencies where it did."""
    moved = [_arrow(speaker, one) for one in changes if one.minor]
    if not moved:
        return speaker.say("overdue unchanged in a week")
    return speaker.say("overdue in a week: {changes}", changes=", ".join(moved[:2]))


def _icon(line: DigestLine) -> str:
    if line.kind is DigestKind.ALERT:
        return MARKS[int(str(line.data["level"]))]
    return {
        DigestKind.PROMISE_BROKEN: "🔴",
        DigestKind.PROMISE_DUE: "📅",
        DigestKind.CALL_PLANNED: "☐",
        DigestKind.NEW_OVERDUE: "🆕",
        DigestKind.ALERT_EASED: "🟢",
        DigestKind.PROMISE_KEPT: "✅",
        DigestKind.PROMISE_MOOT: "⚪",
        DigestKind.DISPUTE_LATE: "✋",
        DigestKind.ORDER_HELD: "🧾",
        DigestKind.LEGAL_DEADLINE: "🏛",
    }.get(line.kind, "•")


Words = Callable[[Speaker, DigestLine, str], str]


def _words(speaker: Speaker, line: DigestLine) -> str:
    amount = formats.round_money(line.amount, speaker.locale) if line.amount else ""
    return WORDS[line.kind](speaker, line, amount)


def _alert(speaker: Speaker, line: DigestLine, amount: str) -> str:
    signal = line.data["signal"]
    if isinstance(signal, Mapping):
        return sentence(speaker, signal).split(" · ")[0]
    return amount


def _decided(speaker: Speaker, line: DigestLine, amount: str) -> str:
    return speaker.say(STATES[str(line.data["state"])], amount=amount)


def _due(speaker: Speaker, line: DigestLine, amount: str) -> str:
    return speaker.say("{amount} promised for {day}", amount=amount, day=_day(speaker, line))


def _day(speaker: Speaker, line: DigestLine, name: str = "due_on") -> str:
    return formats.short_day(line.data[name], speaker.locale)


def _planned(speaker: Speaker, line: DigestLine, _amount: str) -> str:
    return history.task(speaker, str(line.data["task"]))


def _new(speaker: Speaker, line: DigestLine, amount: str) -> str:
    n = int(str(line.data["n"]))
    return speaker.count(
        "newly overdue: {amount}", "newly overdue: {amount}, {n} invoices", n, amount=amount
    )


def _dispute(speaker: Speaker, line: DigestLine, amount: str) -> str:
    return speaker.say(
        "dispute ({reason}, {amount}) past its target of {day}",
        reason=history.reason(speaker, str(line.data["reason"])),
        amount=amount,
        day=_day(speaker, line, "target_on"),
    )


def _held(speaker: Speaker, line: DigestLine, amount: str) -> str:
    order = line.data["order"]
    return held_order(speaker, order) if isinstance(order, HeldOrder) else amount


def _legal(speaker: Speaker, line: DigestLine, amount: str) -> str:
    day, step = _day(speaker, line, "until"), str(line.data["step"])
    if step == PRESCRIPTION:
        return speaker.say(
            "{amount} out of time from {day}: sue or have it acknowledged", amount=amount, day=day
        )
    return speaker.say("{task} by {day}", task=history.task(speaker, step), day=day)


WORDS: Mapping[DigestKind, Words] = {
    DigestKind.ALERT: _alert,
    DigestKind.PROMISE_BROKEN: _decided,
    DigestKind.PROMISE_KEPT: _decided,
    DigestKind.PROMISE_MOOT: _decided,
    DigestKind.PROMISE_DUE: _due,
    DigestKind.CALL_PLANNED: _planned,
    DigestKind.NEW_OVERDUE: _new,
    DigestKind.DISPUTE_LATE: _dispute,
    DigestKind.ORDER_HELD: _held,
    DigestKind.LEGAL_DEADLINE: _legal,
    DigestKind.ALERT_EASED: lambda speaker, _line, _amount: speaker.say("back to normal"),
}


def _rows(speaker: Speaker, found: Digest) -> tuple[tuple[Button, ...], ...]:
    keys = [
        Named(f"{n} · ", found.names.get(line.customer, "?"), _about(line))
        for n, line in enumerate(found.page.lines, 1)
    ]
    keys += [
        Named("", short_rep_name(speaker, one), ShowDay(0, key_of(one.code)))
        for one in found.reps[:REPS]
        if one.code is not None
    ]
    rows = laid(keys, ROOM, ROW)
    if found.company is not None and found.company.reviews:
        rows.append((Button(speaker.say("📅 Credit reviews"), ShowReviews(0, 0)),))
    if found.company is not None and found.company.to_decide:
        rows.append((Button(speaker.say("✋ Open disputes"), ListDisputes(0)),))
    if found.company is not None and found.company.orphans:
        rows.append((Button(speaker.say("Give them a rep"), ShowOrphans(0)),))
    rows.append(_foot(speaker, found))
    return tuple(rows)


def _about(line: DigestLine) -> Tap:
    """Lead to what a line is about: a dispute, else the account."""
    late = line.subject if line.kind is DigestKind.DISPUTE_LATE else 0
    dispute = int(str(line.data.get("dispute") or late))
    return ShowDispute(dispute) if dispute else OpenAccount(line.customer)


def _foot(speaker: Speaker, found: Digest) -> tuple[Button, ...]:
    if found.reader is Reader.REP:
        day, balance = ShowDay(0, OWN), ShowBalance(OWN)
        return (
            Button(speaker.say("📞 Whom to call"), day, style="primary"),
            Button(speaker.say("⚖️ Balance"), balance),
        )
    return (
        Button(speaker.say("👥 Team"), ShowTeam(0, "d")),
        Button(speaker.say("⚖️ Balance"), ShowTeam(0, "b")),
    )
