"""Every kind of news that people have not asked for, and who words it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from bot.handlers import (
    arrivals,
    broadcast,
    dashboard,
    digest,
    disputes_told,
    exports,
    gathered,
    guarantee,
    judged,
    notices,
    opened,
    opening,
    released,
    rules,
    wide,
)
from bot.handlers.news import News, Wording
from bot.handlers.registry import CREDIT
from bot.screens import alert as alert_screens
from bot.screens.posting import Body
from bot.use_cases import (
    accounts,
    discretion,
    dispute_news,
    guarantees,
    judging,
    openings,
    orders,
    trials,
)
from credit.people import may_see
from storage import alert_volume, alerts, customers, people


def alert_card(news: News) -> Body | None:
    """Word an alert card: sent as news, or put in the place of the card already there.

    One card per account: news replaces the former card, which is edited when nothing new
    must ring. Overtaken news (cleared, or answered before it left) is dropped.
    """
    customer_id = int(news.facts["customer_id"])
    known = alerts.of(news.work, customer_id)
    if known is None:
        return None
    card = next(
        (row for row in alerts.cards(news.work, customer_id) if row.person_id == news.person.id),
        None,
    )
    if news.facts["news"] and (not known.level or known.state != alerts.RAISED):
        return None
    if not news.facts["news"] and (card is None or card.version >= known.version):
        return None  # the answer to his own tap shows it already
    account = accounts.standing(news.work, customer_id, news.now, news.rules)
    if not may_see(news.person, account.customer.rep_code):
        return None  # the account was given to somebody else meanwhile
    because = str(news.facts.get("because") or "")
    if not news.facts["news"] and card is not None and known.state == alerts.RAISED:
        because = card.because or ""  # it is brought up to date, and still not answered
    holder = people.by_id(news.work, known.answered_by) if known.answered_by else None
    screen = alert_screens.card(
        news.speaker,
        account,
        discretion.seen_by(news.person, known, news.rules.policy),
        because=because,
        who=holder.name if holder else "",
        decides=news.person.role in CREDIT,
    )
    shown = None if news.facts["news"] or card is None else card.message_id
    body = news.put(screen, shown)
    return news.bound(body, "card", customer_id, version=known.version, because=because)


def card_moved(news: News) -> Body | None:
    """Leave one line where a card was that a newer message shows now."""
    customer = customers.by_id(news.work, int(news.facts["customer_id"]))
    if customer is None:
        return None
    body = news.put(alert_screens.moved(news.speaker, customer), int(news.facts["message_id"]))
    return {**body, "fallback": False}  # a message that is gone needs no line in its place


def judged_promise(news: News) -> Body | None:
    """Send what became of a promise."""
    screen = judged.rendered(news)
    return news.sent(screen) if screen else None


KINDS: Final[Mapping[str, Wording]] = {
    alerts.NEWS: alert_card,
    alerts.MOVED: card_moved,
    alert_volume.GATHERED: gathered.rendered,
    "notice": notices.rendered,
    "upload": arrivals.upload_card,
    "digest": digest.rendered,
    "promise_due": digest.promise_due,
    judging.PROMISE_JUDGED: judged_promise,
    "broadcast": broadcast.rendered,
    "report": broadcast.report,
    orders.RELEASE: released.rendered,
    openings.NEWS: opened.rendered,
    dispute_news.NEWS: disputes_told.rendered,
    opening.FILES: opened.written,
    dashboard.CHART: dashboard.rendered,
    wide.PAGE: wide.rendered,
    exports.EXPORT: exports.rendered,
    trials.TRIAL: rules.rendered,
    guarantees.ENDING: guarantee.ending,
    guarantee.REGISTER: guarantee.written,
}
