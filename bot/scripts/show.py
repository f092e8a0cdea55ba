"""What the present step of a call has on its screen, before any figure is put into words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.scripts.buttons import choices_of, controls_of, page_of, takes_files
from bot.scripts.call import Call, State
from bot.scripts.facts import FACTS, OPTION_LISTS, FactType
from bot.scripts.model import Choice, Kind, Outcome, Script, Step, Text
from bot.scripts.values import Facts, Option, holds, is_missing
from bot.scripts.words import words


@dataclass(frozen=True, slots=True)
class Filling:
    """A text in every locale, the values its names stand for, and the words for those missing.

    `values` are plain JSON (amounts `{"amount", "currency"}`, dates in ISO form); `types` says
    how to write each; a value of type `choice` is the label of the button, by locale.
    """

    words: Mapping[str, str]
    values: Mapping[str, object] = field(default_factory=dict)
    types: Mapping[str, FactType] = field(default_factory=dict)
    neutral: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Button:
    """One button: what it sends, what it says, whether it is ticked, how it looks."""

    key: str
    label: Filling
    picked: bool = False
    tone: str = ""


@dataclass(frozen=True, slots=True)
class Shown:
    """One screen of a conversation."""

    step: str
    phase: str
    version: int
    text: Filling
    buttons: tuple[Button, ...]
    controls: tuple[str, ...]
    page: int
    pages: int
    ask: Kind | None
    state: State
    outcome: Outcome | None
    can_go_back: bool


def show(script: Script, call: Call, facts: Facts) -> Shown:
    """Return the present screen of a call; a fact that is missing has its neutral words instead."""
    step = script.steps[call.step]
    seen = facts.seen_with(_so_far(step, call))
    page = page_of(step, call, seen)
    return Shown(
        step=step.id,
        phase=step.phase,
        version=call.version,
        text=_filling(script, _wording(step, seen), seen),
        buttons=_buttons(script, step, call, seen),
        controls=controls_of(step, call, seen),
        page=page.number,
        pages=page.pages,
        ask=step.ask,
        state=call.state,
        outcome=call.outcome,
        can_go_back=bool(call.history) and call.state is not State.DONE,
    )


def _so_far(step: Step, call: Call) -> Mapping[str, object]:
    """Return the answers, with the files that came to a step which waits for more of them."""
    if step.into is None or not call.picked or not takes_files(step):
        return call.answers
    return {**call.answers, step.into: list(call.picked)}


def step(script: Script, call: Call) -> Step:
    """Return the present step, with its raw texts by locale and the names that they need."""
    return script.steps[call.step]


def _wording(step: Step, seen: Mapping[str, object]) -> Text:
    """Pick the first wording whose test holds and whose facts are known; else the last.

    Where none has all its facts, what the last one misses too tells nothing against another.
    """
    if not step.say:
        return Text({})
    fits = [text for text in step.say if holds(text.when, seen)]
    last = step.say[-1]
    for told_anyway in (frozenset[str](), frozenset(last.names)):
        for text in fits:
            needed = (name for name in text.names if name not in told_anyway)
            if not any(is_missing(seen.get(name)) for name in needed):
                return text
    return last


def _filling(script: Script, text: Text, seen: Mapping[str, object]) -> Filling:
    known = {name: seen[name] for name in text.names if not is_missing(seen.get(name))}
    return Filling(
        words=text.words,
        values={name: _said(script, name, value) for name, value in known.items()},
        types={name: FACTS[name].type for name in text.names},
        neutral={name: words().neutral[name] for name in text.names if name not in known},
    )


def _said(script: Script, name: str, value: object) -> object:
    """Return the label that was pressed, for an answer that is a choice; else the value."""
    if FACTS[name].type is not FactType.CHOICE:
        return value
    labels = (
        choice.label.words
        for step in script.steps.values()
        if step.into == name
        for choice in step.choices
        if choice.value == value and choice.value_from is None
    )
    return next(labels, value)


def _buttons(
    script: Script, step: Step, call: Call, seen: Mapping[str, object]
) -> tuple[Button, ...]:
    options = tuple(_option(step, call, option) for option in page_of(step, call, seen).options)
    own = tuple(_own(script, choice, seen) for choice in choices_of(step, seen))
    return (*options, *own)


def _own(script: Script, choice: Choice, seen: Mapping[str, object]) -> Button:
    return Button(choice.key, _filling(script, choice.label, seen), tone=choice.tone)


def _option(step: Step, call: Call, option: Option) -> Button:
    label = step.option_label or Text({})
    fields = OPTION_LISTS[str(step.options)].fields
    known = {name: option.label[name] for name in label.names if name in option.label}
    filling = Filling(
        words=label.words,
        values=known,
        types={name: fields[name] for name in label.names},
        neutral={name: words().unknown for name in label.names if name not in known},
    )
    return Button(option.key, filling, picked=option.key in call.picked)
