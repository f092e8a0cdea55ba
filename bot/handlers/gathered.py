"""Alerts told together, and the card that comes below when one of them is tapped."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from bot.handlers.alert import shown
from bot.handlers.news import News
from bot.handlers.registry import EVERYONE, on_tap
from bot.handlers.request import Answer, Request
from bot.screens import gathered as screens
from bot.screens.gathered import BringCard
from bot.screens.posting import Body
from bot.use_cases import alert_posting, discretion
from bot.use_cases.refusals import Outdated
from credit.people import Pace, Role
from storage import alert_volume, alerts, binding

LISTED: Final = 8


def rendered(news: News) -> Body | None:
    """Word what was gathered for its reader; None when all of it was answered meanwhile."""
    work, person = news.work, news.person
    rows = alert_posting.seen_by(work, person)
    if not rows:
        return None
    found = []
    for row in rows[:LISTED]:
        known = alerts.of(work, row.customer_id)
        if known is not None:
            found.append((row.name, discretion.seen_by(person, known, news.rules.policy)))
    screen = screens.gathered(
        news.speaker,
        found,
        len(rows) - len(found),
        rung=news.rules.policy.volume.cards_an_hour if person.pace is Pace.NOW else 0,
        has_team=person.role is not Role.REP,
    )
    told, until = [row.customer_id for row in rows], news.now.at.isoformat()
    return news.bound(news.sent(screen), binding.GATHERED, person.id, customers=told, until=until)


@on_tap(BringCard, roles=EVERYONE, customer=lambda _work, tap: tap.customer)
def bring(request: Request, tap: BringCard) -> Answer:
    """Send the card of an alert; the list stays above it."""
    known = alerts.of(request.work, tap.customer)
    if known is None:
        raise Outdated
    alert_volume.leave(request.work, request.person.id, tap.customer)
    return replace(shown(request, known), edit=False)
