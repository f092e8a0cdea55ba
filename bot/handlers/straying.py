"""A customer's name typed into a form: nothing is recorded of it, and one press leaves for him."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from bot.handlers import promised
from bot.handlers.registry import COLLECTORS
from bot.screens import conversation as screens
from bot.scripts.model import Kind
from bot.scripts.typed_dates import DateRefusal
from bot.use_cases import search
from bot.use_cases.search import ManyNames

if TYPE_CHECKING:
    from bot.handlers.request import Request
    from bot.screens.screen import Button
    from bot.scripts.model import Step
    from bot.use_cases.conversations import Talk
    from bot.use_cases.search import Hit
    from storage.conversations import Held

OFFERED: Final = 3
LONGEST: Final = 60  # what is longer than a name is none
MOST_WORDS: Final = 5
FREE: Final = frozenset({Kind.NOTE, Kind.TEXT, Kind.MESSAGE, Kind.REFERENCE})
TAKES_NAMES: Final = FREE | {Kind.NAME}
"""What any words may answer, so that a customer's name typed there would be recorded."""


@dataclass(frozen=True, slots=True)
class Stray:
    """What to say, in place of the notice, of what a form does not take, and the ways on."""

    said: str
    keys: tuple[Button, ...]


def missed(request: Request, talk: Talk, text: str) -> Stray | None:
    """Look whether a text that the step could not take names a customer, another one first."""
    held = talk.held
    named = _named(request, text)
    others = [one for one in named if one.customer != held.customer_id]
    keys = _promise(request, text, but=None) or _leave(request, held, others)
    if keys:
        return Stray(screens.still_waits(request.speaker, talk), tuple(keys))
    own = _leave(request, held, named)
    return Stray(screens.is_of_this_one(request.speaker, talk), tuple(own)) if own else None


def taken(request: Request, held: Held, text: str) -> Stray | None:
    """Look whether a text that the step would take as it is surely names another customer."""
    script = request.rules.scripts.get(held.script)
    step = script.steps.get(str(held.call["step"])) if script else None
    if step is None or step.ask not in TAKES_NAMES:
        return None
    keys = _promise(request, text, but=held.customer_id) if step.ask in FREE else []
    if not keys and len(text.split()) <= MOST_WORDS:
        others = (one for one in _named(request, text) if one.customer != held.customer_id)
        found = [one for one in others if _is_called(one, text, step)]
        keys = _leave(request, held, found) if len(found) == 1 else []
    if not keys:
        return None
    keys.append(screens.keep_key(request.speaker, held))
    return Stray(screens.is_customer(request.speaker, text), tuple(keys))


def _is_called(one: Hit, text: str, step: Step) -> bool:
    """Tell whether the words are whole words of the name; for a person's name, all of them."""
    typed, name = search.words_of(text), search.words_of(one.name)
    return typed == name if step.ask is Kind.NAME else set(typed) <= set(name)


def _leave(request: Request, held: Held, found: list[Hit]) -> list[Button]:
    return screens.leave_keys(request.speaker, held, found[:OFFERED])


def _named(request: Request, text: str) -> list[Hit]:
    """Find the customers that the text names, the form's own among them."""
    if len(text) > LONGEST or "\n" in text:
        return []
    try:
        found = search.find(request.work, request.person, text, search.MANY)
    except ManyNames:
        return []
    return [one for one in found.hits if found.sure or search.holds(one.name, text)]


def _promise(request: Request, text: str, *, but: int | None) -> list[Button]:
    """Offer to read a promise over that was typed in one line, for any customer but this one."""
    on = request.incoming.written_on if request.incoming else request.now.today
    read = promised.said(request, text, on)
    if read is None or request.person.role not in COLLECTORS or not read[0].name:
        return []
    try:
        line, found = promised.meant(request, read[0], search.MANY)
    except ManyNames:
        return []
    if isinstance(line.day, DateRefusal) or not (line.figures or line.day):
        return []
    taps = [(one, promised.tap(request, line, read[1], one.customer)) for one in found.hits]
    return [
        screens.promise_key(request.speaker, one, tap)
        for one, tap in taps[:OFFERED]
        if tap is not None and one.customer != but
    ]
