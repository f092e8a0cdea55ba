"""The alert card of an account: why, how much, since when, what to do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from bot.screens import formats, lights_words
from bot.screens.account import OpenAccount, PrepareCall, ShowInvoices, balance_lines, gauge
from bot.screens.render import N_, Speaker
from bot.screens.screen import Button, Screen
from bot.screens.tap import Tap, verb
from bot.use_cases.accounts import Standing
from credit.money import Money
from storage.alerts import Known
from storage.customers import Customer

SHOWN = 4
LIT_STATES = frozenset({"raised", "acknowledged", "snoozed", "dismissed"})
MARKS = {0: "🟢", 1: "🟠", 2: "🔴", 3: "🔴🔴", 4: "⛔"}


@verb("tk")
@dataclass(frozen=True, slots=True)
class TakeCharge(Tap):
    """I take care of this account."""

    customer: int


@verb("sn")
@dataclass(frozen=True, slots=True)
class Snooze(Tap):
    """Ask until when to hide this alert."""

    customer: int


@verb("di")
@dataclass(frozen=True, slots=True)
class Dismiss(Tap):
    """Ask why this alert is not relevant."""

    customer: int


@verb("al")
@dataclass(frozen=True, slots=True)
class ShowAlert(Tap):
    """Show the alert card again in the place of the tapped message."""

    customer: int


@verb("wy")
@dataclass(frozen=True, slots=True)
class Explain(Tap):
    """Say why this account is lit, and what would turn it green."""

    customer: int


# Each signal in one sentence: its figure, then the rule that it passed.
SENTENCES = {
    "C1-01": N_("Late now: {amount}, of which {number} for {days} days · rule: {threshold} days"),
    "C1-02": N_(
        "Pays later: {recent} days late on average, {past} before · rule: +{threshold} days"
    ),
    "C1-03": N_("Overdue share: {percent}% of what is owed · rule: {threshold}%"),
    "C1-04": N_("Promises not kept: {count} in {window_days} days · rule: {threshold}"),
    "C1-06": N_("Odd payments: {count} in {window_days} days match no invoice · rule: {threshold}"),
    "C1-08": N_("Asked for more time: {count} in {window_days} days · rule: {threshold}"),
    "C1-09": N_("Late disputes: {count} in {window_days} days · rule: {threshold}"),
    "C1-10": N_("Over the limit: {exposure} for {limit} · rule: {threshold}%"),
    "C1-12": N_(
        "Large invoice left aside: {number}, {amount}, {days} days · rule: {threshold} days"
    ),
    "C1-13": N_("Silence: {attempts} tries on {days} days unanswered · rule: {threshold}"),
    **lights_words.SENTENCES,
}
ACTIONS = {
    "call": N_("Call today."),
    "ask_what_changed": N_("Ask what has changed in how they pay."),
    "demand_payment": N_("Ask for payment now, no new promise without a date and a means."),
    "ask_which_invoices": N_("Ask which invoices their payments were for."),
    "report_to_credit_manager": N_("Tell your credit manager: more time was asked for."),
    "settle_dispute": N_("Settle the dispute; claim the rest."),
    "check_before_order": N_("Ask your credit manager before the next order."),
    "call_before_next_delivery": N_("Call before the next delivery."),
    "ask_about_invoice": N_("Ask what is wrong with this invoice."),
    "visit": N_("Go and see them."),
    **lights_words.ACTIONS,
}
DECIDED = {
    "report_to_credit_manager": N_("More time was asked for: decide whether to grant it."),
    "check_before_order": N_("Decide before the next order: limit, deposit or hold."),
    "stop_deliveries": N_("Have all deliveries stopped."),
    "oppose_sale": N_("Oppose the sale in time."),
}
"""The same for whoever decides himself: nobody is sent to himself."""
BECAUSE = {
    "owner": N_("your portfolio"),
    "stand_in": N_("you stand in"),
    "no_owner": N_("no rep owns this account"),
    "red_alert": N_("red alert"),
    "escalation": N_("nobody has answered for a working day"),
    "snooze_over": N_("the time you asked for is over"),
}
STATES = {
    "acknowledged": N_("{who} is taking care of it."),
    "snoozed": N_("Put off until {until}."),
    "dismissed": N_("Set aside as not relevant."),
}
LEVELS = lights_words.LEVELS


def card(
    speaker: Speaker,
    account: Standing,
    known: Known,
    *,
    because: str = "",
    who: str = "",
    decides: bool = False,
) -> Screen:
    """Show an account's alert; a cleared one says so and keeps no button but the account's.

    `decides`: the reader is the credit manager, whom the advice of the others names.
    """
    signals = [sentence(speaker, one) for one in known.signals]
    # the line that would say « one more » says it instead
    shown = SHOWN + 1 if len(signals) == SHOWN + 1 else SHOWN
    text = speaker.page(
        "alert/card.html",
        mark=MARKS[known.level],
        level=speaker.say(LEVELS[known.level]),
        lit=known.level > 0,
        customer=account.customer,
        lines=balance_lines(account.balances, account.items, account.today, account.floor),
        gauge=gauge(account),
        signals=signals[:shown],
        hidden=len(signals) - shown,
        action=_action(speaker, known.action, decides=decides),
        state=_state(speaker, known, who),
        because=speaker.say(BECAUSE[because]) if because else "",
        as_of=account.data_as_of,
    )
    return Screen(text, _rows(speaker, account, known))


def _action(speaker: Speaker, action: str | None, *, decides: bool) -> str:
    if not action:
        return ""
    return speaker.say(DECIDED.get(action, ACTIONS[action]) if decides else ACTIONS[action])


def moved(speaker: Speaker, customer: Customer) -> Screen:
    """Say in one line that a newer message shows this account's card."""
    return Screen(speaker.page("alert/moved.html", customer=customer))


def _rows(speaker: Speaker, account: Standing, known: Known) -> tuple[tuple[Button, ...], ...]:
    customer = account.customer.id
    if not known.level:
        return ((Button(speaker.say("Open the account"), OpenAccount(customer)),),)
    rows: list[tuple[Button, ...]] = [
        (
            Button(speaker.say("📞 Call"), PrepareCall(customer), style="primary"),
            Button(speaker.say("🧾 Invoices"), ShowInvoices(customer, 0)),
        )
    ]
    why = Button(speaker.say("🔍 Why?"), Explain(customer))
    if known.state == "raised":
        rows.append(
            (
                Button(speaker.say("👍 I'll handle it"), TakeCharge(customer), style="success"),
                Button(speaker.say("⏰ Later"), Snooze(customer)),
            )
        )
        rows.append((Button(speaker.say("Not relevant"), Dismiss(customer)), why))
    else:
        rows.append((why,))
    return tuple(rows)


def _state(speaker: Speaker, known: Known, who: str) -> str:
    if known.state not in STATES or not known.level:
        return ""
    until = known.snoozed_until
    when = formats.short_day(until.astimezone(speaker.zone).date(), speaker.locale) if until else ""
    return speaker.say(STATES[known.state], who=formats.name(who), until=when)


def sentence(speaker: Speaker, signal: Mapping[str, Any]) -> str:
    """Say one signal with its figure and the threshold it passed; plain text."""
    coded = {
        name: speaker.say(lights_words.CODED[name][value])
        for name, value in signal["figure"].items()
        if value in lights_words.CODED.get(name, ())
    }
    figure = {name: written(speaker, value) for name, value in signal["figure"].items()} | coded
    threshold = formats.number(signal["threshold"], speaker.locale)
    if signal["id"] == "C1-11":  # lit from the first day on
        one = "First purchase unpaid: {number}, {amount}, {n} day · rule: {threshold} d"
        many = "First purchase unpaid: {number}, {amount}, {n} days · rule: {threshold} d"
        days = int(signal["figure"]["days"])
        return speaker.count(one, many, days, threshold=threshold, **figure)
    if signal["id"] not in SENTENCES:
        seen = speaker.say(lights_words.SEEN[signal["id"]])
        one, many = "{what}: seen on {on}", "{what}: seen {n} times, last on {on}"
        return speaker.count(one, many, int(figure["count"]), what=seen, on=figure["on"])
    return speaker.say(SENTENCES[signal["id"]], threshold=threshold, **figure)


def written(speaker: Speaker, value: object) -> str:
    """Write one stored figure for the reader."""
    if not isinstance(value, dict):
        return formats.name(str(value), 24)
    if "amount" in value:
        return formats.round_money(
            Money(Decimal(value["amount"]), value["currency"]), speaker.locale
        )
    if "date" in value:
        return formats.day(date.fromisoformat(value["date"]), speaker.locale)
    return formats.number(value["decimal"], speaker.locale)


def headline(speaker: Speaker, known: Known | None) -> str:
    """Say an alert in one short line, for lists and account cards; plain text."""
    if known is None or not known.level:
        return ""
    first = sentence(speaker, known.signals[0]) if known.signals else ""
    return f"{MARKS[known.level]} {first.split(' · ')[0]}"


def taken(speaker: Speaker) -> str:
    """Confirm that the reader takes charge."""
    return speaker.say("Noted: you are taking care of it.")
