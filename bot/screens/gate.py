"""The gate before a call: the all-clear, or every reason not to dial, with its figures."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from bot.screens import formats
from bot.screens.account import OpenAccount, ShowInvoices, balance_lines
from bot.screens.alert import Explain
from bot.screens.conversation import Resume
from bot.screens.dispute import StartDispute
from bot.screens.promise import StartPromise, next_of
from bot.screens.render import Speaker
from bot.screens.screen import Button, Screen
from bot.screens.tap import Tap, verb
from bot.use_cases.accounts import Account
from credit.gate import GateCode, GateReason, GateSeverity, GateVerdict
from credit.money import Money

PROMISES_SHOWN = 3
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


@verb("cs")
@dataclass(frozen=True, slots=True)
class StartCall(Tap):
    """Begin the guided call; `knowing` is 1 when the reasons not to were read."""

    customer: int
    knowing: int


@verb("qo")
@dataclass(frozen=True, slots=True)
class QuickOutcome(Tap):
    """Note what a call came to, without the guide."""

    customer: int


def gate(
    speaker: Speaker,
    account: Account,
    verdict: GateVerdict,
    *,
    may_pass: bool,
    waiting: int | None = None,
    letters: Sequence[str] = (),
) -> Screen:
    """Show whether to call; `may_pass`: the reader may call in spite of the reasons.

    `waiting` is the reader's own call on this account that has not ended, `letters` what was
    written to the customer and still counts.
    """
    text = speaker.page(
        "gate/gate.html",
        customer=account.customer,
        lines=balance_lines(account.balances, account.items, account.today, account.floor),
        reasons=[(_mark(reason), sentence(speaker, reason)) for reason in verdict.reasons],
        stopped=verdict.stopped,
        promises=account.promises[:PROMISES_SHOWN],
        next_of=next_of,
        more_promises=len(account.promises) - PROMISES_SHOWN,
        disputed=_partly(account, verdict),
        letters=letters,
        people=account.people[:1],
        age=_age(speaker, verdict.data_age) if verdict.data_age is not None else "",
        Money=Money,
    )
    return Screen(text, _rows(speaker, account, verdict, may_pass=may_pass, waiting=waiting))


def _rows(
    speaker: Speaker,
    account: Account,
    verdict: GateVerdict,
    *,
    may_pass: bool,
    waiting: int | None,
) -> tuple[tuple[Button, ...], ...]:
    customer = account.customer.id
    rows: list[tuple[Button, ...]] = []
    if waiting is not None:
        rows.append((Button(speaker.say("▶️ Take the call up"), Resume(waiting), style="primary"),))
    if verdict.clear:
        rows.append((Button(speaker.say("📞 Begin"), StartCall(customer, 0), style="primary"),))
    elif may_pass:
        style = "danger" if verdict.stopped else ""
        rows.append(
            (Button(speaker.say("Call all the same"), StartCall(customer, 1), style=style),)
        )
    if any(reason.code is GateCode.INSOLVENCY for reason in verdict.reasons):
        rows.append((Button(speaker.say("🚦 Why, and who unfreezes"), Explain(customer)),))
    rows.append(
        (
            Button(speaker.say("📅 Promise"), StartPromise(customer)),
            Button(speaker.say("✋ Dispute"), StartDispute(customer)),
            Button(speaker.say("📝 Outcome"), QuickOutcome(customer)),
        )
    )
    rows.append(
        (
            Button(speaker.say("🧾 Invoices"), ShowInvoices(customer, 0)),
            Button(speaker.say("← Account"), OpenAccount(customer)),
        )
    )
    return tuple(rows)


def _partly(account: Account, verdict: GateVerdict) -> list[Money]:
    """Sum up what is disputed of what is late, unless a reason not to call says it already."""
    if any("disputed" in reason.data for reason in verdict.reasons):
        return []
    late: dict[str, int] = {}
    for item in account.overdue:
        held = item.open_minor - item.undisputed_minor
        late[item.currency] = late.get(item.currency, 0) + held
    return [Money.from_minor(minor, code) for code, minor in sorted(late.items()) if minor > 0]


def _mark(reason: GateReason) -> str:
    return "⛔" if reason.severity is GateSeverity.STOP else "⚠️"


def sentence(speaker: Speaker, reason: GateReason) -> str:
    """Say one reason with its figures; plain text."""
    return SENTENCES[reason.code](speaker, reason.data)


def _moneys(speaker: Speaker, moneys: Any) -> str:  # noqa: ANN401 - a tuple of amounts
    return " + ".join(formats.money(one, speaker.locale) for one in moneys)


def _age(speaker: Speaker, age: timedelta) -> str:
    if age < HOUR:
        return speaker.say("less than an hour")
    if age < 2 * DAY:
        return speaker.count("{n} hour", "{n} hours", age // HOUR)
    return speaker.count("{n} day", "{n} days", age // DAY)


Figures = Mapping[str, Any]


def _insolvency(speaker: Speaker, figures: Figures) -> str:
    return speaker.say(
        "Reminders have been stopped since {day}: only the credit manager deals with it.",
        day=formats.day(figures["since"], speaker.locale),
    )


def _nothing(speaker: Speaker, figures: Figures) -> str:
    del figures
    return speaker.say("Nothing is overdue: there is no reason to call.")


def _disputed(speaker: Speaker, figures: Figures) -> str:
    return speaker.say(
        "Everything overdue is disputed ({amount}): settle the dispute first.",
        amount=_moneys(speaker, figures["disputed"]),
    )


def _refused(speaker: Speaker, figures: Figures) -> str:
    return speaker.say(
        "Reminders start again on {day}: the dispute is decided ({amount}).",
        day=formats.long_day(figures["until"], speaker.locale),
        amount=_moneys(speaker, figures["disputed"]),
    )


def _promised(speaker: Speaker, figures: Figures) -> str:
    return speaker.say(
        "A promise of {amount} runs until {day}: wait for it.",
        amount=_moneys(speaker, figures["promised"]),
        day=formats.long_day(figures["until"], speaker.locale),
    )


def _paid(speaker: Speaker, figures: Figures) -> str:
    received = [*figures["unapplied_cash"], *figures["credit_notes"]]
    return speaker.say(
        "Probably paid: {amount} received or credited, not yet matched by accounting.",
        amount=_moneys(speaker, received),
    )


def _just_due(speaker: Speaker, figures: Figures) -> str:
    return speaker.say(
        "It fell due on {due}, a day off: the money may still come on {day}.",
        due=formats.long_day(figures["due"], speaker.locale),
        day=formats.long_day(figures["until"], speaker.locale),
    )


def _attempts(speaker: Speaker, figures: Figures) -> str:
    return speaker.count(
        "Already {n} attempt today: that is the most allowed.",
        "Already {n} attempts today: that is the most allowed.",
        figures["attempts"],
    )


def _today(speaker: Speaker, figures: Figures) -> str:
    del figures
    return speaker.say("The customer has already been spoken to today: not twice in a day.")


def _week(speaker: Speaker, figures: Figures) -> str:
    return speaker.count(
        "Already {n} conversation in seven days: that is the most allowed.",
        "Already {n} conversations in seven days: that is the most allowed.",
        figures["answered"],
    )


def _stale(speaker: Speaker, figures: Figures) -> str:
    return speaker.say(
        "The figures are {age} old: check the bank before you dial.",
        age=_age(speaker, figures["age"]),
    )


def _colleague(speaker: Speaker, figures: Figures) -> str:
    sentences = {
        1: "{name} spoke to the customer on {at}. Better wait until {day}.",
        0: "{name} tried to call on {at}. Better wait until {day}.",
    }
    return speaker.say(
        sentences[int(figures["answered"])],
        name=formats.name(figures["name"], 30),
        at=formats.moment(figures["at"], speaker.locale, speaker.zone),
        day=formats.long_day(figures["again_on"], speaker.locale),
    )


def _hours(speaker: Speaker, figures: Figures) -> str:
    return speaker.say(
        "Outside calling hours: the next ones begin on {at}.",
        at=formats.moment(figures["opens_at"], speaker.locale, speaker.zone),
    )


SENTENCES: dict[GateCode, Callable[[Speaker, Figures], str]] = {
    GateCode.INSOLVENCY: _insolvency,
    GateCode.NOTHING_OVERDUE: _nothing,
    GateCode.ALL_DISPUTED: _disputed,
    GateCode.DISPUTE_REFUSED: _refused,
    GateCode.PROMISE_RUNNING: _promised,
    GateCode.PAID_UNMATCHED: _paid,
    GateCode.JUST_DUE: _just_due,
    GateCode.TOO_MANY_ATTEMPTS: _attempts,
    GateCode.TOO_MANY_CALLS_TODAY: _today,
    GateCode.TOO_MANY_CALLS_THIS_WEEK: _week,
    GateCode.DATA_TOO_OLD: _stale,
    GateCode.COLLEAGUE_CALLED: _colleague,
    GateCode.OUTSIDE_HOURS: _hours,
}
