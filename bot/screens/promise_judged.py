"""What became of a promise, told once to the person who took it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.screens.account import OpenAccount, PrepareCall
from bot.screens.promise import MEANS
from bot.screens.render import Speaker
from bot.screens.screen import Button, Screen
from credit.money import Money
from credit.promise import DONE, FULFILLED, PromiseState

if TYPE_CHECKING:
    from storage.customers import Customer
    from storage.promises import Kept

TITLES = {
    PromiseState.KEPT: "🎉 Promise kept",
    PromiseState.KEPT_LATE: "✅ Promise kept, late",
    PromiseState.PARTLY_KEPT: "🟠 Promise partly kept",
    PromiseState.BROKEN: "⚠️ Promise not kept",
    PromiseState.MOOT: "⚪ Promise void: credit note",
}


@dataclass(frozen=True, slots=True)
class Verdict:
    """A promise as judged; `was` is the state it had, `author` a name when not the reader's."""

    customer: Customer
    kept: Kept
    was: PromiseState
    author: str = ""


def card(speaker: Speaker, verdict: Verdict) -> Screen:
    """Tell what became of a promise and offer the next step."""
    promise = verdict.kept.promise
    done = promise.state in DONE
    paid = Money.from_minor(verdict.kept.paid_minor, promise.currency)
    credited = Money.from_minor(verdict.kept.credited_minor, promise.currency)
    promised = Money.from_minor(promise.amount_minor, promise.currency)
    text = speaker.page(
        "promise_judged/card.html",
        title=speaker.say(TITLES[promise.state]),
        customer=verdict.customer,
        paid=paid,
        promised=promised,
        credited=credited,
        moot=promise.state is PromiseState.MOOT,
        missing=promised - paid - credited,
        due_on=promise.last_due_on,
        means=speaker.say(MEANS[promise.means.value]),
        author=verdict.author,
        corrected=promise.state in FULFILLED and verdict.was is PromiseState.BROKEN,
    )
    buttons = [Button(speaker.say("Open the account"), OpenAccount(promise.customer))]
    if not done:
        again = PrepareCall(promise.customer)
        buttons.insert(0, Button(speaker.say("Call again"), again, style="primary"))
    return Screen(text, (tuple(buttons),), silent=done)
