"""Words the card of a file when it is sent: as the file stands at that moment."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from bot.screens import uploads as screens
from bot.screens.posting import Body, editing, sending
from storage import uploads

if TYPE_CHECKING:
    from bot.screens.render import Speaker
    from bot.use_cases.rules import Rules
    from credit.moment import Moment
    from credit.people import Person
    from storage.work import Work


def upload_card(
    work: Work,
    speaker: Speaker,
    _rules: Rules,
    person: Person,
    facts: Mapping[str, Any],
    _now: Moment,
) -> Body | None:
    """Word a file's card, in the place of the one already shown; None when it moved on."""
    one = uploads.by_id(work, int(facts["upload_id"]))
    if one is None or person.telegram_id is None or one.state.value != facts["state"]:
        return None
    screen = screens.card(speaker, one)
    if one.message_id is None:
        body = sending(screen, person.telegram_id)
    else:
        body = editing(screen, person.telegram_id, one.message_id)
    body["bind"] = [{"what": "upload", "id": one.id, "person_id": person.id, "version": 0}]
    return body
