"""A promise to pay in words: means, states, and the confirmation ready to forward."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.screens import formats
from bot.screens.render import N_, Speaker
from bot.screens.screen import Button, Screen
from bot.screens.tap import Tap, verb
from credit.money import Money
from credit.promise import PromiseState

if TYPE_CHECKING:
    from datetime import date

    from bot.use_cases.search import Hit
    from storage.promises import Kept

COPY_LIMIT = 256  # UTF-16 units that a button can copy
NUMBERS_SHOWN = 6
CONFIRMED = N_("You confirm: {lines} by {means}. If anything is not so, tell me within 24 h.")
PROPOSED = N_("You propose: {lines} by {means}. Our credit department answers you in writing.")

MEANS = {
    "transfer": "bank transfer",
    "instant_transfer": "instant transfer",
    "cheque": "cheque",
    "bill": "bill of exchange",
    "direct_debit": "direct debit",
    "card": "card",
    "cash": "cash",
}
STATES = {
    "open": "running",
    "kept": "kept",
    "kept_late": "kept late",
    "partly_kept": "partly kept",
    "broken": "not kept",
    "moot": "void (credit note)",
    "superseded": "replaced",
    "withdrawn": "withdrawn",
}


@verb("ps")
@dataclass(frozen=True, slots=True)
class StartPromise(Tap):
    """Enter a promise for this account, without the guided call."""

    customer: int


@verb("pw")
@dataclass(frozen=True, slots=True)
class WithdrawPromise(Tap):
    """Undo a promise of one's own."""

    promise: int


@verb("pl")
@dataclass(frozen=True, slots=True)
class SaidPromise(Tap):
    """Read over a promise that was typed in one line, for this account.

    `amount` in minor units, 0 for all that may be claimed; `day` is an ordinal, 0 when not said.
    """

    customer: int
    amount: int
    currency: str
    day: int
    means: str


@dataclass(frozen=True, slots=True)
class Signature:
    """Who confirms: the rep and the company."""

    rep: str
    company: str


def next_of(kept: Kept) -> date | None:
    """Return when the next of several instalments falls due; None where there is but one."""
    lines = zip(kept.promise.lines, kept.line_states, strict=True)
    days = [line.due_on for line, state in lines if state is PromiseState.OPEN]
    return min(days, default=None) if len(kept.promise.lines) > 1 else None


def confirmation(
    speaker: Speaker,
    ours: Speaker,
    kept: Kept,
    signature: Signature,
    channel: str = "",
    *,
    proposed: bool = False,
) -> Screen:
    """Write the confirmation to forward; `speaker` has the customer's language, `ours` the rep's.

    For a text message it is the short form; the button always copies that one. What is only
    `proposed` waits for the credit manager: nothing is confirmed before he agrees.
    """
    brief = short(speaker, kept, signature, proposed=proposed)
    text = speaker.page(
        "promise/confirmation_short.html" if channel == "sms" else "promise/confirmation.html",
        brief=brief,
        lines=[
            (Money.from_minor(line.amount_minor, kept.promise.currency), line.due_on)
            for line in kept.promise.lines
        ],
        total=Money.from_minor(kept.promise.amount_minor, kept.promise.currency),
        means=speaker.say(MEANS[kept.promise.means.value]),
        numbers=[number for number in kept.numbers if number][:NUMBERS_SHOWN],
        hidden=len(kept.numbers) - NUMBERS_SHOWN,
        contact=kept.promise.contact or "",
        signature=signature,
        proposed=proposed,
    )
    rows = ((Button(ours.say("📋 Copy the short text"), copy=brief),),)
    return Screen(text, rows, protected=False)


def short(speaker: Speaker, kept: Kept, signature: Signature, *, proposed: bool = False) -> str:
    """Write the confirmation in one plain line, short enough for a copy button."""
    lines = ", ".join(_line(speaker, kept, place) for place in range(len(kept.promise.lines)))
    sentence = speaker.say(
        PROPOSED if proposed else CONFIRMED,
        lines=lines,
        means=speaker.say(MEANS[kept.promise.means.value]),
    )
    signed = f"{formats.name(signature.rep, 30)}, {formats.name(signature.company, 40)}"
    whole = f"{sentence} {signed}"
    return whole if units(whole) <= COPY_LIMIT else sentence


def _line(speaker: Speaker, kept: Kept, place: int) -> str:
    line = kept.promise.lines[place]
    amount = Money.from_minor(line.amount_minor, kept.promise.currency)
    return speaker.say(
        "{amount} on {day}",
        amount=formats.money(amount, speaker.locale),
        day=formats.day(line.due_on, speaker.locale),
    )


def units(text: str) -> int:
    """Count the UTF-16 units of a plain text."""
    return len(text.encode("utf-16-le")) // 2


def usage(speaker: Speaker, *, whose: bool = False) -> Screen:
    """Say how a promise is typed in one line; `whose`: only the customer is missing."""
    return Screen(speaker.page("promise/usage.html", whose=whose))


def unread(speaker: Speaker, why: str) -> Screen:
    """Say why the day that was typed cannot be; `why` is a sentence of the catalogue."""
    return Screen(speaker.page("promise/unread.html", why=speaker.say(why)))


def no_amount(speaker: Speaker, typed: str) -> Screen:
    """Say that what was typed is no amount in the account's currency."""
    return Screen(speaker.page("promise/no_amount.html", typed=typed))


def choices(speaker: Speaker, hits: Sequence[tuple[Hit, SaidPromise]], typed: str) -> Screen:
    """Ask which account promises; nobody found says so."""
    rows = tuple((Button(formats.account(one.name, one.code), tap),) for one, tap in hits)
    return Screen(speaker.page("promise/choices.html", typed=typed, count=len(hits)), rows)


def put_aside(speaker: Speaker) -> str:
    """Say that what was being filled in waits."""
    return speaker.say("What you were filling in is put aside: /resume takes it up.")


def withdrawn(speaker: Speaker) -> str:
    """Confirm that the promise was taken back."""
    return speaker.say("Promise withdrawn: it counts no more.")
