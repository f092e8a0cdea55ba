"""Notices worded when they leave: an account handed over, alerts that wait, messages that stay."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from bot.screens import notice as screens
from bot.screens import outbox as outbox_screens
from bot.screens.notice import Escalation
from bot.screens.posting import Body, sending
from bot.use_cases import accounts, outbox, unhandled, welcoming
from bot.use_cases.refusals import NotYours
from credit.people import may_see
from storage import integrity, people

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
    """Word a notice; None when it is overtaken: nothing waits, the account is not his any more."""
    if person.telegram_id is None:
        return None
    if facts.get("code") == welcoming.WAITING:
        return _waiting(work, speaker, rules, person)
    if facts.get("code") == outbox.PARKED:
        return _parked(work, speaker, person)
    if facts.get("code") == unhandled.UNHANDLED:
        return _unhandled(work, speaker, person)
    return _escalated(work, speaker, rules, person, facts, now)


def _waiting(work: Work, speaker: Speaker, rules: Rules, person: Person) -> Body | None:
    more = len(welcoming.raised(work, person, rules)) - welcoming.CARDS
    if more <= 0 or person.telegram_id is None:
        return None
    return sending(screens.alerts_waiting(speaker, more), person.telegram_id)


def _parked(work: Work, speaker: Speaker, person: Person) -> Body | None:
    found = outbox.survey(work)
    stuck = found.parked or found.uncertain
    if person.role not in outbox.DECIDE or not stuck or person.telegram_id is None:
        return None
    return sending(outbox_screens.parked(speaker, found), person.telegram_id)


def _unhandled(work: Work, speaker: Speaker, person: Person) -> Body | None:
    found = integrity.given_up(work)
    if person.role not in outbox.DECIDE or not found.count or person.telegram_id is None:
        return None
    return sending(outbox_screens.unhandled(speaker, found), person.telegram_id)


def _escalated(
    work: Work,
    speaker: Speaker,
    rules: Rules,
    person: Person,
    facts: Mapping[str, Any],
    now: Moment,
) -> Body | None:
    if facts.get("code") != "escalated" or person.telegram_id is None:
        return None
    try:
        account = accounts.load(work, int(facts["customer_id"]), now, rules)
    except NotYours:
        return None
    if not may_see(person, account.customer.rep_code):
        return None
    author = people.by_id(work, int(facts["by"]))
    told = Escalation(str(facts["why"]), str(facts["note"]), author.name if author else "")
    return sending(screens.escalated(speaker, account, told), person.telegram_id or 0)
