"""Which buttons a step offers at this moment: its own choices, options from the data, controls."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.scripts.call import Call
from bot.scripts.model import Choice, Kind, Step
from bot.scripts.values import Option, holds, is_missing

MOST_BUTTONS = 8
"""Choices on one screen, controls aside: more do not fit a phone without scrolling."""

NEXT, PREVIOUS, DONE, SKIP = "next", "previous", "done", "skip"
CONTROLS = (NEXT, PREVIOUS, DONE, SKIP)

Seen = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Page:
    """The options on show, and where they stand among all."""

    options: tuple[Option, ...]
    number: int
    pages: int


def choices_of(step: Step, seen: Seen) -> tuple[Choice, ...]:
    """Return the step's own choices that apply now: test held, borrowed value known."""
    return tuple(choice for choice in step.choices if _applies(choice, seen))


def _applies(choice: Choice, seen: Seen) -> bool:
    borrowed = choice.value_from is None or not is_missing(seen.get(choice.value_from))
    return borrowed and holds(choice.when, seen)


def options_of(step: Step, seen: Seen) -> Sequence[Option]:
    """Return every option that the data gives to the step, none when the fact is missing."""
    found = seen.get(step.options) if step.options else None
    return [one for one in found if isinstance(one, Option)] if isinstance(found, list) else []


def page_of(step: Step, call: Call, seen: Seen) -> Page:
    """Cut the options to the call's page; a page beyond the end is the last one."""
    options = options_of(step, seen)
    size = max(1, MOST_BUTTONS - len(step.choices))
    pages = max(1, -(-len(options) // size))
    number = min(max(call.page, 0), pages - 1)
    return Page(tuple(options[number * size : (number + 1) * size]), number, pages)


def controls_of(step: Step, call: Call, seen: Seen) -> tuple[str, ...]:
    """Name the controls to draw: pages, `done` once something is picked, `skip` before."""
    page = page_of(step, call, seen)
    drawn = {
        PREVIOUS: page.number > 0,
        NEXT: page.number < page.pages - 1,
        DONE: step.many and bool(call.picked),
        SKIP: step.optional and not call.picked,
    }
    return tuple(name for name, wanted in drawn.items() if wanted)


def takes_files(step: Step) -> bool:
    """Tell whether the step waits for a photo, or for a photo or a voice note."""
    return step.ask in {Kind.PHOTO, Kind.PROOF}
