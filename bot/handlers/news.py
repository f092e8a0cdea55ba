"""One piece of news whose turn to leave has come: stored as facts, worded for its reader now."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bot.screens.posting import Body, editing, sending

if TYPE_CHECKING:
    from bot.screens.render import Speaker
    from bot.screens.screen import Screen
    from bot.use_cases.rules import Rules
    from credit.moment import Moment
    from credit.people import Person
    from storage.work import Work

Facts = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class News:
    """What is told, to whom, in whose language, and what it has to be looked up with."""

    work: Work
    speaker: Speaker
    rules: Rules
    person: Person
    chat_id: int
    facts: Facts
    now: Moment

    def sent(self, screen: Screen) -> Body:
        """Make the body that sends a screen to the reader."""
        return sending(screen, self.chat_id)

    def put(self, screen: Screen, message_id: int | None) -> Body:
        """Make the body that puts a screen in the place of a message; None: sends it."""
        if message_id is None:
            return self.sent(screen)
        return editing(screen, self.chat_id, message_id)

    def bound(self, body: Body, what: str, row_id: int, **more: int | str | list[int]) -> Body:
        """Say what is written back when the body has become a message."""
        entry = {"what": what, "id": row_id, "person_id": self.person.id, **more}
        return {**body, "bind": [entry]}


Wording = Callable[[News], Body | None]
"""Words news; None when it is overtaken, or not its reader's to see."""
