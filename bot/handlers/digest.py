"""The digest, asked for or sent in the morning, and the reminder of a promise."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from bot.handlers.registry import EVERYONE, on_command
from bot.handlers.request import Answer, Request
from bot.screens import digest as screens
from bot.screens.posting import Body, sending
from bot.use_cases import digests, reminders
from credit.people import may_see
from storage import customers

if TYPE_CHECKING:
    from bot.screens.render import Speaker
    from bot.use_cases.rules import Rules
    from credit.moment import Moment
    from credit.people import Person
    from storage.work import Work


@on_command("resume_du_jour", "digest", roles=EVERYONE, menu="Today's summary")
def now(request: Request, _arguments: str) -> Answer:
    """Show the digest as it would be now, said or not this morning."""
    found = digests.build(request.work, request.person, request.now, request.rules)
    return Answer(screens.digest(request.speaker, found))


def rendered(
    work: Work,
    speaker: Speaker,
    rules: Rules,
    person: Person,
    facts: Mapping[str, Any],
    now: Moment,
) -> Body | None:
    """Word a digest that was posted; None when there is nothing to say, or its day is over."""
    if person.telegram_id is None or not digests.still_timely(facts, now, rules):
        return None
    found = digests.build(work, person, now, rules)
    if not digests.worth_sending(found, rules):
        return None
    return sending(screens.digest(speaker, found), person.telegram_id)


def promise_due(
    work: Work,
    speaker: Speaker,
    rules: Rules,
    person: Person,
    facts: Mapping[str, Any],
    now: Moment,
) -> Body | None:
    """Word the reminder of an instalment; None when it was paid, withdrawn, or is not his."""
    del rules
    found = reminders.waiting(work, int(facts["promise_id"]), int(facts["n"]), now.today)
    if found is None or person.telegram_id is None:
        return None
    _, rep_code = customers.owner(work, found.customer)
    if not may_see(person, rep_code):
        return None
    screen = screens.promise_due(speaker, found.customer, found.name, found.amount, found.due_on)
    return sending(screen, person.telegram_id)
