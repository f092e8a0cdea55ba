"""A conversation on screen: where it stands, what to say, what to press, how it ended."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from bot.screens import filling, formats, refusal
from bot.screens.account import OpenAccount
from bot.screens.render import N_, Speaker
from bot.screens.screen import Button, Screen
from bot.screens.tap import Tap, verb
from bot.screens.typography import typeset
from bot.scripts.call import Notice, State
from bot.scripts.model import Kind
from bot.scripts.show import Shown, show
from bot.scripts.words import words
from bot.use_cases.effects import CONFIRMATION

if TYPE_CHECKING:
    from bot.use_cases.conversations import Talk
    from bot.use_cases.search import Hit
    from storage.conversations import Held

PHASES = (
    *("prepare", "reach", "verify", "state", "silence", "listen", "answer"),
    *("commit", "lock", "reformulate", "close", "confirm", "follow"),
)
"""The thirteen states of the handbook (7.2), in order."""
BACK, LEAVE = "-back", "-leave"
ICONS = {
    "call": "📞",
    "promise": "📅",
    "dispute": "✋",
    "contact": "📝",
    "snooze": "⏰",
    "not_relevant": "🔕",
    "broadcast": "📣",
    "release": "🔓",
    "release_refusal": "⛔",
    **dict.fromkeys(("opening", "opening_accept", "opening_code"), "🗂"),
    "opening_more": "❓",
    "opening_refusal": "⛔",
    "visit": "👁",
    "credit_known": "➕",
    "credit_decision": "📊",
    "guarantee": "🛡",
    "notice_sent": "✉️",
}
RETURNS: dict[str, tuple[str, Callable[[int], Tap]]] = {}
"""Where forms that are about no account lead back to: a label, and the tap of their subject."""
QUICK = frozenset({"snooze", "not_relevant", "opening"})
"""Forms of a tap or two, or that keep each answer at once: nothing to put aside."""
MARKS = {"cancelled": "▫️", "postponed": "⏳"}
"""How an end is marked that did not settle what the conversation was about."""
NAME_LIMIT = 40
OPEN_LIMIT = 28
NARROW, MIDDLE = 12, 19
"""Characters of a label that stands three in a row, or two."""


@verb("cv")
@dataclass(frozen=True, slots=True)
class Say(Tap):
    """Press a button of a conversation's step: a choice, an option, or a control."""

    conversation: int
    key: str
    version: int


@verb("cr")
@dataclass(frozen=True, slots=True)
class Resume(Tap):
    """Take a conversation up where it was left."""

    conversation: int


@verb("cl")
@dataclass(frozen=True, slots=True)
class LeaveFor(Tap):
    """Put this conversation aside and open another customer's account."""

    conversation: int
    customer: int


@verb("ck")
@dataclass(frozen=True, slots=True)
class KeepTyped(Tap):
    """Take what was typed as the answer, though a customer is called so."""

    conversation: int
    version: int


@verb("cu")
@dataclass(frozen=True, slots=True)
class Undo(Tap):
    """Take back everything that an ended conversation recorded."""

    conversation: int


def talk(
    speaker: Speaker,
    told: Talk,
    today: date,
    *,
    undoable: bool = False,
    offered: Sequence[Button] = (),
    said: str = "",
    foreign: bool = False,
) -> Screen:
    """Show a conversation as it stands: its step, its pause, or its end.

    `offered` are cards; with `said`, which is told in place of the notice, they are other ways on
    and come first. `foreign`: what comes with it to forward is in another language than the
    reader's.
    """
    shown = show(told.script, told.call, told.facts)
    if told.call.state is State.LEFT:
        return _left(speaker, told)
    if told.call.state is State.DONE:
        return _ended(speaker, told, shown, today, undoable=undoable, foreign=foreign)
    text = speaker.page(
        "conversation/step.html",
        icon=ICONS.get(told.script.id, "💬"),
        title=_title(speaker, told),
        customer=_customer(told),
        place=_place(told, shown),
        phase=words().phases.get(shown.phase, {}).get(speaker.locale, ""),
        bar=_bar(told, shown),
        notice=said or notice(speaker, told),
        body=filling.dressed(speaker, shown.text, today),
        pages=shown.pages,
        page=shown.page + 1,
        foreign=foreign,
    )
    rows = _rows(speaker, told, shown, today, () if said else offered)
    ways_out = tuple((one,) for one in offered) if said else ()
    return Screen(text, (*ways_out, *rows))


def notice(speaker: Speaker, told: Talk) -> str:
    """Say why the same step is shown again; plain text, empty when there is nothing to say."""
    if told.refused is not None:
        return refusal.words(speaker, told.refused)
    turn = told.turn
    if turn is None or turn.notice is None:
        return ""
    if turn.notice is Notice.REFUSED:
        sentence = REFUSALS.get(turn.refusal or "", "I did not understand. Choose, or type again.")
        return speaker.say(sentence)
    if turn.notice is Notice.NOT_UNDERSTOOD and _asks(told) in {Kind.PHOTO, Kind.PROOF}:
        what = speaker.say(WAITS[_asks(told)])
        return speaker.say("This step waits for {what}; else choose a button below.", what=what)
    sentence = NOTICES.get(turn.notice, "")
    return speaker.say(sentence) if sentence else ""


def _asks(told: Talk) -> Kind | None:
    step = told.script.steps.get(told.call.step)
    return step.ask if step else None


def pressed_twice(speaker: Speaker) -> str:
    """Say that a second press of the button that stood there before has undone nothing."""
    return speaker.say("Pressed twice: what was recorded stays. To undo it, press once more.")


def outdated_step(speaker: Speaker) -> str:
    """Say that the button was of an earlier step."""
    return speaker.say("That step is over: here is the present one.")


def still_waits(speaker: Speaker, told: Talk) -> str:
    """Say what the step waits for when another customer was typed into it."""
    step = told.script.steps[told.call.step]
    sentence = N_("This form waits for {what}. To see another customer, leave it: it is kept.")
    return speaker.say(sentence, what=speaker.say(WAITS.get(step.ask, WAITS[None])))


def is_of_this_one(speaker: Speaker, told: Talk) -> str:
    """Say what the step waits for when the form's own customer was typed into it."""
    step = told.script.steps[told.call.step]
    sentence = N_(
        "You are with this customer: the form waits for {what}. The account is one tap away."
    )
    return speaker.say(sentence, what=speaker.say(WAITS.get(step.ask, WAITS[None])))


def is_customer(speaker: Speaker, typed: str) -> str:
    """Say that what was typed as an answer is another customer's name."""
    sentence = N_("“{typed}” is a customer. Open that account, or is it your answer?")
    return speaker.say(sentence, typed=formats.name(typed, NAME_LIMIT))


def leave_keys(speaker: Speaker, held: Held, found: Sequence[Hit]) -> list[Button]:
    """Offer to leave the form for the customers that were typed."""
    return [
        Button(
            speaker.say("↪️ Open {name}", name=formats.name(one.name, OPEN_LIMIT)),
            LeaveFor(held.id, one.customer),
            style="primary",
        )
        for one in found
    ]


def promise_key(speaker: Speaker, hit: Hit, tap: Tap) -> Button:
    """Offer to read over the promise that was typed for another customer."""
    label = speaker.say("📅 Promise: {name}", name=formats.name(hit.name, OPEN_LIMIT))
    return Button(label, tap, style="primary")


def keep_key(speaker: Speaker, held: Held) -> Button:
    """Offer to take what was typed as the answer all the same."""
    version = int(held.call["version"])
    return Button(speaker.say("✓ It is my answer"), KeepTyped(held.id, version))


def undone(speaker: Speaker, told: Talk) -> Screen:
    """Say that everything was taken back."""
    confirmed = any(what == CONFIRMATION for what, _, _ in told.held.made)
    text = speaker.page("conversation/undone.html", customer=_customer(told), confirmed=confirmed)
    return Screen(text, (_account_row(speaker, told),))


def nothing_to_resume(speaker: Speaker) -> Screen:
    """Say that no conversation waits."""
    return Screen(speaker.page("conversation/nothing.html"))


def nothing_to_cancel(speaker: Speaker) -> Screen:
    """Say that no conversation is held, and none may be undone any more."""
    return Screen(speaker.page("conversation/nothing_to_cancel.html"))


NOTICES = {
    Notice.NOT_UNDERSTOOD: "I did not understand. Choose a button below.",
    Notice.NO_WAY_BACK: "What was recorded stays: one cannot go back over it.",
    Notice.SCRIPT_CHANGED: "The script has changed: it goes on from here.",
}
REFUSALS = {
    "empty": "I need a few words.",
    "too_long": "That is too long: 200 characters at most.",
    "not_a_name": "I need a person's name: Mrs Roche, accounts.",
    "not_a_number": "I need a whole number.",
    "not_an_amount": "I need an amount above zero: 1500 or 1 500,50.",
    "not_a_date": "I did not recognise the date. Type Friday, 15/12 or in 10 days.",
    "not_a_past_date": "I did not recognise the date. Type 12/11, yesterday or last Monday.",
    "no_such_day": "That day does not exist: its month is shorter. Type 30/11 or end of month.",
    "past": "That date is past: I need a day to come. Type Friday, 15/12 or in 10 days.",
    "to_come": "That day is still to come. Type the day it was done: 12/11 or yesterday.",
    "weekday_mismatch": "That weekday is not that date: which one is meant?",
}


WAITS = {
    None: N_("one of the buttons below"),
    Kind.AMOUNT: N_("an amount"),
    Kind.DATE: N_("a date"),
    Kind.PAST_DATE: N_("a date"),
    Kind.NUMBER: N_("a number"),
    Kind.NAME: N_("a person's name"),
    Kind.REFERENCE: N_("a reference"),
    Kind.NOTE: N_("a few words"),
    Kind.TEXT: N_("a few words"),
    Kind.MESSAGE: N_("your message"),
    Kind.PHOTO: N_("a photo"),
    Kind.PROOF: N_("a photo or a voice note"),
}
"""What a step waits for, by what it asks; None: a press."""


def _title(speaker: Speaker, told: Talk) -> str:
    return typeset(told.script.title.words[speaker.locale], speaker.locale)


def _customer(told: Talk) -> str:
    return formats.name(str(told.facts.known.get("customer") or ""), NAME_LIMIT)


def _place(told: Talk, shown: Shown) -> str:
    if told.script.id != "call" or shown.phase not in PHASES:
        return ""
    return f"{PHASES.index(shown.phase) + 1}/{len(PHASES)}"


def _bar(told: Talk, shown: Shown) -> str:
    if not _place(told, shown):
        return ""
    done = PHASES.index(shown.phase) + 1
    return "▰" * done + "▱" * (len(PHASES) - done)


def _left(speaker: Speaker, told: Talk) -> Screen:
    text = speaker.page(
        "conversation/left.html", title=_title(speaker, told), customer=_customer(told)
    )
    resume = Button(
        words().controls["resume"][speaker.locale], Resume(told.held.id), style="primary"
    )
    return Screen(text, ((resume, *_account_row(speaker, told)),))


def _ended(
    speaker: Speaker, told: Talk, shown: Shown, today: date, *, undoable: bool, foreign: bool
) -> Screen:
    outcome = shown.outcome.value if shown.outcome else ""
    text = speaker.page(
        "conversation/ended.html",
        mark=MARKS.get(outcome, "✅"),
        outcome=words().outcomes.get(outcome, {}).get(speaker.locale, _title(speaker, told)),
        customer=_customer(told),
        body=filling.dressed(speaker, shown.text, today),
        undoable=undoable,
        foreign=foreign,
    )
    row = _account_row(speaker, told)
    if undoable:
        row = (Button(speaker.say("↩️ Undo"), Undo(told.held.id)), *row)
    return Screen(text, (row,))


def _account_row(speaker: Speaker, told: Talk) -> tuple[Button, ...]:
    if told.held.customer_id is None:
        return _return(speaker, told)
    account = Button(speaker.say("← Account"), OpenAccount(told.held.customer_id))
    return (account, *_return(speaker, told))


def _return(speaker: Speaker, told: Talk) -> tuple[Button, ...]:
    back, subject = RETURNS.get(told.script.id), told.held.subject_id
    if back is None or subject is None:
        return ()
    label, tap = back
    return (Button(speaker.say(label), tap(subject), style="primary"),)


def _rows(
    speaker: Speaker, told: Talk, shown: Shown, today: date, offered: Sequence[Button]
) -> tuple[tuple[Button, ...], ...]:
    keys = []
    for one in shown.buttons:
        label = filling.plainly(speaker, one.label, today)
        picked = f"✓ {label}" if one.picked else label
        keys.append(Button(picked, _say(told, shown, one.key), style=one.tone))
    cards = tuple((one,) for one in offered)
    return (*laid_out(keys), *cards, *_controls(speaker, told, shown))


def laid_out(keys: Iterable[Button], at_most: int = 3) -> tuple[tuple[Button, ...], ...]:
    """Lay buttons in rows by the length of their labels: three, two or one, in their order."""
    rows: list[list[Button]] = []
    for key in keys:
        room = _room(key)
        if rows and len(rows[-1]) < min(at_most, room, *map(_room, rows[-1])):
            rows[-1].append(key)
        else:
            rows.append([key])
    return tuple(tuple(row) for row in rows)


def _room(key: Button) -> int:
    if len(key.label) <= NARROW:
        return 3
    return 2 if len(key.label) <= MIDDLE else 1


def _controls(speaker: Speaker, told: Talk, shown: Shown) -> tuple[tuple[Button, ...], ...]:
    labels = words().controls

    def key(name: str, code: str, style: str = "") -> Button:
        return Button(labels[name][speaker.locale], _say(told, shown, code), style=style)

    turning = [key(name, name) for name in shown.controls if name in {"previous", "next"}]
    going = [
        key(name, name, "success" if name == "done" else "")
        for name in shown.controls
        if name in {"done", "skip"}
    ]
    leaving: list[Button] = []
    if shown.can_go_back:
        leaving.append(key("back", BACK))
    if told.script.id not in QUICK:
        leaving.append(key("leave", LEAVE))
    return _full(turning, going, leaving)


def _full(*rows: Sequence[Button]) -> tuple[tuple[Button, ...], ...]:
    return tuple(tuple(row) for row in rows if row)


def _say(told: Talk, shown: Shown, key: str) -> Say:
    return Say(told.held.id, key, shown.version)
