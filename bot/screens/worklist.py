"""The day on one screen: whom to call first and why, what falls due, what a team owes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.screens import export_tap, formats, history
from bot.screens.account import OpenAccount, pager
from bot.screens.alert import MARKS, sentence, written
from bot.screens.dispute import ListDisputes, ShowDispute
from bot.screens.named_rows import Named, laid
from bot.screens.render import N_, Speaker
from bot.screens.screen import Button, Screen
from bot.screens.tap import Tap, verb
from bot.scripts.parsers import DEFAULT_CURRENCY
from bot.use_cases.dispute_news import ANSWER_TASK
from bot.use_cases.held_orders import HeldOrder
from bot.use_cases.worklist import EVERYTHING, PAGE, Call, RepLine, Task, Worklist, key_of
from credit.money import Money
from credit.priority import Held

OWN = EVERYTHING
LISTED = 3
REPS = 8
BAR = 8
LATE_NOW = "C1-01"
ROOM = 20  # characters of a button, two a row
TASK_NAME, ALONE_NAME = 16, 26  # beside another button, and with a row to itself

HELD = {
    Held.FROZEN: N_("frozen by a public notice ({n})"),
    Held.DISPUTE: N_("disputed ({n})"),
    Held.PROMISE: N_("promised ({n})"),
    Held.PAID: N_("paid, to be matched ({n})"),
    Held.JUST_DUE: N_("due on a day off, payable today ({n})"),
    Held.CONTACT: N_("contacted today ({n})"),
}


@verb("wl")
@dataclass(frozen=True, slots=True)
class ShowDay(Tap):
    """Show a page of whom to call, one's own or one portfolio of the team."""

    page: int
    key: int


@verb("td")
@dataclass(frozen=True, slots=True)
class TaskDone(Tap):
    """Say that a planned task is done."""

    task: int


@verb("bl")
@dataclass(frozen=True, slots=True)
class ShowBalance(Tap):
    """Show an aged balance: all that the reader sees, or one portfolio."""

    key: int


@verb("tm")
@dataclass(frozen=True, slots=True)
class ShowTeam(Tap):
    """Show a page of the team, to open days ("d") or balances ("b")."""

    page: int
    what: str


@dataclass(frozen=True, slots=True)
class Line:
    """One account to call, in words."""

    rank: int
    name: str
    amounts: str
    days: int
    why: str


def day(speaker: Speaker, worklist: Worklist) -> Screen:
    """Show five accounts, the first to call first, and on the first page what falls due."""
    first = worklist.page * PAGE
    lines = [_line(speaker, one, first + n) for n, one in enumerate(worklist.calls, 1)]
    text = speaker.page(
        "worklist/day.html",
        today=worklist.today,
        code=worklist.code,
        lines=lines,
        count=worklist.count,
        held=" · ".join(speaker.say(HELD[why], n=n) for why, n in worklist.held.items()),
        tasks=[
            (one.due_on, one.name, history.task(speaker, one.kind))
            for one in worklist.tasks[:LISTED]
        ],
        more_tasks=len(worklist.tasks) - LISTED,
        due=worklist.due[:LISTED],
        more_due=len(worklist.due) - LISTED,
        orders=[(one.name, held_order(speaker, one)) for one in worklist.orders],
    )
    return Screen(text, _day_rows(speaker, worklist, first))


def _line(speaker: Speaker, call: Call, rank: int) -> Line:
    why = _why(speaker, call)
    return Line(
        rank=rank,
        name=call.name,
        amounts=amounts(speaker, call.claims),
        days=call.worst_days,
        why=f"{MARKS[call.level]} {why}" if why else "",
    )


def _why(speaker: Speaker, call: Call) -> str:
    """Say the signal without its rule, nor the amount and the days of the line above it."""
    if call.signal is None:
        return ""
    figure = call.signal["figure"]
    if call.signal["id"] == LATE_NOW:
        above = (call.worst_days, amounts(speaker, call.claims))
        if (figure["days"], written(speaker, figure["amount"])) == above:
            number = written(speaker, figure["number"])
            return speaker.say("Late now, {number} first", number=number)
    return sentence(speaker, call.signal).split(" · ")[0]


def amounts(speaker: Speaker, moneys: Sequence[Money], most: int = 2) -> str:
    """Write amounts of several currencies side by side, never added nor compared.

    Euros come first, the money of whoever says no other; then the codes in their order.
    """
    ordered = sorted(moneys, key=lambda one: (one.currency != DEFAULT_CURRENCY, one.currency))
    shown = [formats.round_money(money, speaker.locale) for money in ordered[:most]]
    return " + ".join(shown) + (" + …" if len(ordered) > most else "")


def _day_rows(speaker: Speaker, worklist: Worklist, first: int) -> tuple[tuple[Button, ...], ...]:
    calls = [
        Named(f"{first + n} · ", one.name, OpenAccount(one.customer))
        for n, one in enumerate(worklist.calls, 1)
    ]
    rows = laid(calls, ROOM)
    rows += [_task_row(speaker, one) for one in worklist.tasks[:LISTED]]
    promised = [Named("📅 ", one.name, OpenAccount(one.customer)) for one in worklist.due[:LISTED]]
    rows += laid(promised, ROOM)
    waiting = [Named("🧾 ", one.name, OpenAccount(one.customer)) for one in worklist.orders]
    rows += laid(waiting, ROOM)
    key = OWN if worklist.code is None else key_of(worklist.code)
    if worklist.page + 1 < worklist.pages:
        rows.append((Button(speaker.say("Next ones ›"), ShowDay(worklist.page + 1, key)),))
    elif worklist.page:
        rows.append((Button(speaker.say("‹ Back to the first"), ShowDay(0, key)),))
    foot = [export_tap.key(speaker, export_tap.DAY, key)] if worklist.calls else []
    if worklist.code is not None:
        foot.append(Button(speaker.say("← Team"), ShowTeam(0, "d")))
    return (*rows, tuple(foot)) if foot else tuple(rows)


def _task_row(speaker: Speaker, one: Task) -> tuple[Button, ...]:
    """Lead to what a task is about; an answer is done by answering, and by nothing else."""
    name = formats.name(one.name, TASK_NAME)
    about = ShowDispute(one.dispute) if one.dispute else OpenAccount(one.customer)
    if one.dispute and one.kind == ANSWER_TASK:
        name = formats.name(one.name, ALONE_NAME)
        return (Button(speaker.say("✍️ Answer: {name}", name=name), about),)
    done = Button(speaker.say("✔ Done: {name}", name=name), TaskDone(one.id))
    return (done, Button(speaker.say("Open"), about))


def held_order(speaker: Speaker, order: HeldOrder) -> str:
    """Say that an order waits, and what would free it in one way."""
    amount = formats.round_money(order.amount, speaker.locale)
    ways = order.ways
    if order.asked_at is not None:
        at = formats.moment(order.asked_at, speaker.locale, speaker.zone)
        return speaker.say("order of {amount} held: release asked on {at}", amount=amount, at=at)
    if ways.pay_overdue:
        pay = amounts(speaker, ways.pay_overdue)
        return speaker.say(
            "order of {amount} held: {pay} overdue paid frees it", amount=amount, pay=pay
        )
    if ways.pay:
        pay = formats.round_money(ways.pay, speaker.locale)
        return speaker.say(
            "order of {amount} held: a payment of {pay} frees it", amount=amount, pay=pay
        )
    if ways.deposit:
        pay = formats.round_money(ways.deposit, speaker.locale)
        return speaker.say(
            "order of {amount} held: a deposit of {pay} frees it", amount=amount, pay=pay
        )
    return speaker.say("order of {amount} held: ask for its release", amount=amount)


def done(speaker: Speaker) -> str:
    """Confirm that a task is done."""
    return speaker.say("Noted: done.")


def team(
    speaker: Speaker, lines: Sequence[RepLine], page: int, what: str, *, to_decide: int = 0
) -> Screen:
    """Show one line per portfolio; each opens its day or its balance.

    `to_decide` is how many disputes wait for the reader's decision.
    """
    pages = max(1, -(-len(lines) // REPS))
    page = min(max(page, 0), pages - 1)
    shown = lines[page * REPS : (page + 1) * REPS]
    text = speaker.page(
        "worklist/team.html",
        balance=what == "b",
        lines=[(rep_name(speaker, one), *_owed(speaker, one), one.unanswered) for one in shown],
    )
    keys = [
        Named("", short_rep_name(speaker, one), _opening(one, what))
        for one in shown
        if one.code is not None or what == "b"
    ]
    rows = laid(keys, ROOM)
    rows += pager(page, pages, lambda wanted: ShowTeam(wanted, what))
    if what == "b":
        rows.append((Button(speaker.say("All together"), ShowBalance(OWN)),))
    elif to_decide:
        label = speaker.say("✋ Disputes to decide: {n}", n=to_decide)
        rows.append((Button(label, ListDisputes(0)),))
    return Screen(text, tuple(rows))


def rep_name(speaker: Speaker, line: RepLine) -> str:
    """Name a portfolio: its reps, else its code, else nobody's."""
    if line.code is None:
        return speaker.say("Without a rep")
    return f"{', '.join(line.names)} ({line.code})" if line.names else line.code


def short_rep_name(speaker: Speaker, line: RepLine) -> str:
    """Name a portfolio on a button: the person alone when somebody looks after it."""
    return ", ".join(line.names) or rep_name(speaker, line)


def _owed(speaker: Speaker, line: RepLine) -> tuple[str, str]:
    balances = line.balances.values()
    overdue = amounts(speaker, [one.overdue for one in balances if one.overdue.minor > 0])
    total = amounts(speaker, [one.total for one in balances if one.total.minor])
    return overdue, total


def _opening(line: RepLine, what: str) -> Tap:
    key = key_of(line.code)
    return ShowBalance(key) if what == "b" else ShowDay(0, key)


def bar(part: int, whole: int) -> str:
    """Draw a part of a whole in eight blocks; anything at all shows at least one."""
    full = max(1, round(part * BAR / whole)) if part > 0 and whole > 0 else 0
    return ("▓" * min(full, BAR)).ljust(BAR, "░")
