"""Facts turned into messages when their turn has come, in their reader's language."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from bot.handlers import announced
from bot.handlers.news import News, Wording
from bot.screens.posting import Body
from credit.moment import Moment
from storage import people
from storage.outbox import Outgoing
from storage.work import Work

if TYPE_CHECKING:
    from bot.screens.render import Speaker
    from bot.use_cases.rules import Rules

Renderer = Callable[[Work, Outgoing, Moment], Body | None]


def renderers(rules: Rules, speaker: Callable[[str | None], Speaker]) -> Mapping[str, Renderer]:
    """Make the renderer of every kind of fact; it returns None when the news is overtaken."""

    def reader(word: Wording) -> Renderer:
        def rendered(work: Work, row: Outgoing, now: Moment) -> Body | None:
            person = people.by_id(work, row.person_id or 0)
            if person is None or not person.active or person.telegram_id is None:
                return None
            speaks = speaker(person.locale)
            return word(News(work, speaks, rules, person, person.telegram_id, row.body, now))

        return rendered

    return {kind: reader(word) for kind, word in announced.KINDS.items()}
