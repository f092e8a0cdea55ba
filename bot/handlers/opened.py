"""News about account files, worded when they leave: who decides, and who filled them in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from bot.handlers.opening import seen_account
from bot.screens import opening as screens
from bot.screens import opening_list
from bot.screens.posting import Body, sending
from bot.use_cases import openings
from bot.use_cases.openings import DECIDERS, SENT
from bot.use_cases.refusals import NotYours
from storage import openings as rows

if TYPE_CHECKING:
    from bot.screens.render import Speaker
    from bot.use_cases.rules import Rules
    from credit.moment import Moment
    from credit.people import Person
    from storage.work import Work


def rendered(
    work: Work,
    speaker: Speaker,
    rules: Rules,
    person: Person,
    facts: Mapping[str, Any],
    now: Moment,
) -> Body | None:
    """Word a file that was sent, decided or completed; None when it is overtaken, or not his."""
    if person.telegram_id is None:
        return None
    try:
        found = openings.show(work, person, int(facts["opening"]), now, rules)
    except NotYours:
        return None
    deciding = person.role in DECIDERS
    if facts["what"] == SENT and not (deciding and found.state == rows.SENT):
        return None
    account = seen_account(work, person, found)
    return sending(
        screens.file(speaker, found, deciding=deciding, account=account), person.telegram_id
    )


def written(
    work: Work,
    speaker: Speaker,
    rules: Rules,
    person: Person,
    _facts: Mapping[str, Any],
    now: Moment,
) -> Body | None:
    """Write the files that the reader may see when the workbook's turn to leave has come."""
    if person.telegram_id is None:
        return None
    found = openings.everything(work, person, now, rules)
    return sending(opening_list.workbook_of(speaker, found, now.today), person.telegram_id)
