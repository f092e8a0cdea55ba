"""Every kind of news that people have not asked for, and who words it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from bot.handlers import (
    arrivals,
    broadcast,
    dashboard,
    digest,
    exports,
    guarantee,
    judged,
    notices,
    opened,
    opening,
    released,
    rules,
)
from bot.screens import alert as alert_screens
from bot.screens.posting import Body, editing, sending
from bot.use_cases import accounts, discretion, guarantees, judging, openings, orders, trials
from credit.people import may_see
from storage import alerts, customers, people

if TYPE_CHECKING:
    from bot.screens.render import Speaker
    from bot.use_cases.rules import Rules
    from credit.moment import Moment
    from credit.people import Person
    from storage.work import Work


def alert_card(
    work: Work,
    speaker: Speaker,
    rules: Rules,
    person: Person,
    facts: Mapping[str, Any],
    now: Moment,
) -> Body | None:
    """Word an alert card: sent as news, or put in the place of the card already there.

    One card per account: news replaces the former card, which is edited when nothing new
    must ring. Overtaken news (cleared, or answered before it left) is dropped.
    """
    customer_id = int(facts["customer_id"])
    known = alerts.of(work, customer_id)
    if known is None or person.telegram_id is None:
        return None
    card = next(
        (row for row in alerts.cards(work, customer_id) if row.person_id == person.id), None
    )
    if facts["news"] and (not known.level or known.state != alerts.RAISED):
        return None
    if not facts["news"] and (card is None or card.version >= known.version):
        return None  # the answer to his own tap shows it already
    account = accounts.load(work, customer_id, now, rules)
    if not may_see(person, account.customer.rep_code):
        return None  # the account was given to somebody else meanwhile
    holder = people.by_id(work, known.answered_by) if known.answered_by else None
    screen = alert_screens.card(
        speaker,
        account,
        discretion.seen_by(person, known, rules.policy),
        because=str(facts.get("because") or ""),
        who=holder.name if holder else "",
    )
    if facts["news"] or card is None:
        body = sending(screen, person.telegram_id)
    else:
        body = editing(screen, person.telegram_id, card.message_id)
    body["bind"] = [
        {"what": "card", "id": customer_id, "person_id": person.id, "version": known.version}
    ]
    return body


def card_moved(
    work: Work,
    speaker: Speaker,
    _rules: Rules,
    person: Person,
    facts: Mapping[str, Any],
    _now: Moment,
) -> Body | None:
    """Leave one line where a card was that a newer message shows now."""
    customer = customers.by_id(work, int(facts["customer_id"]))
    if customer is None or person.telegram_id is None:
        return None
    body = editing(
        alert_screens.moved(speaker, customer), person.telegram_id, int(facts["message_id"])
    )
    return {**body, "fallback": False}  # a message that is gone needs no line in its place


def judged_promise(
    work: Work,
    speaker: Speaker,
    rules: Rules,
    person: Person,
    facts: Mapping[str, Any],
    now: Moment,
) -> Body | None:
    """Send what became of a promise."""
    screen = judged.rendered(work, speaker, rules, person, facts, now)
    if screen is None or person.telegram_id is None:
        return None
    return sending(screen, person.telegram_id)


KINDS = {
    alerts.NEWS: alert_card,
    alerts.MOVED: card_moved,
    "notice": notices.rendered,
    "upload": arrivals.upload_card,
    "digest": digest.rendered,
    "promise_due": digest.promise_due,
    judging.PROMISE_JUDGED: judged_promise,
    "broadcast": broadcast.rendered,
    "report": broadcast.report,
    orders.RELEASE: released.rendered,
    openings.NEWS: opened.rendered,
    opening.FILES: opened.written,
    dashboard.CHART: dashboard.rendered,
    exports.EXPORT: exports.rendered,
    trials.TRIAL: rules.rendered,
    guarantees.ENDING: guarantee.ending,
    guarantee.REGISTER: guarantee.written,
}
