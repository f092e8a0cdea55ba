"""Notices worded when they leave: an account handed over, messages that stay."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from bot.handlers.news import News, Wording
from bot.screens import letter as letter_screens
from bot.screens import notice as screens
from bot.screens import outbox as outbox_screens
from bot.screens.notice import Escalation
from bot.screens.posting import Body
from bot.use_cases import accounts, outbox, unhandled
from bot.use_cases.notice_news import DRAWN, ENDED, LETTER, SENT
from bot.use_cases.refusals import NotYours
from credit.people import may_see
from storage import customers, formal_notices, integrity, people


def rendered(news: News) -> Body | None:
    """Word a notice; None when it is overtaken: nothing waits, the account is not his any more."""
    wording = BY_CODE.get(str(news.facts.get("code")))
    return wording(news) if wording else None


def _parked(news: News) -> Body | None:
    found = outbox.survey(news.work)
    stuck = found.parked or found.uncertain
    if news.person.role not in outbox.DECIDE or not stuck:
        return None
    return news.sent(outbox_screens.parked(news.speaker, found))


def _unhandled(news: News) -> Body | None:
    found = integrity.given_up(news.work)
    if news.person.role not in outbox.DECIDE or not found.count:
        return None
    return news.sent(outbox_screens.unhandled(news.speaker, found))


def _given_up(news: News) -> Body | None:
    """Answer below the message concerned, as long as it is there."""
    reference = unhandled.reference(int(news.facts["update_id"]))
    body = news.sent(outbox_screens.given_up(news.speaker, reference))
    if news.facts["message_id"] is not None:
        below = {"message_id": news.facts["message_id"], "allow_sending_without_reply": True}
        body["params"]["reply_parameters"] = below
    return body


def _escalated(news: News) -> Body | None:
    try:
        account = accounts.load(news.work, int(news.facts["customer_id"]), news.now, news.rules)
    except NotYours:
        return None
    if not may_see(news.person, account.customer.rep_code):
        return None
    author = people.by_id(news.work, int(news.facts["by"]))
    told = Escalation(
        str(news.facts["why"]), str(news.facts["note"]), author.name if author else ""
    )
    return news.sent(screens.escalated(news.speaker, account, told))


def _letter(news: News) -> Body | None:
    """Say what became of a letter; None when it went on since, and later news says so."""
    row = formal_notices.by_id(news.work, int(news.facts["notice"]))
    if row is None or news.facts["what"] != _stage(row):
        return None
    found, code = customers.owner(news.work, int(row.customer_id))
    if not found or not may_see(news.person, code):
        return None
    return news.sent(letter_screens.told(news.speaker, row))


def _stage(row: Any) -> str:  # noqa: ANN401 - a row of the database
    if row.ended_at is not None:
        return ENDED
    return DRAWN if row.sent_on is None else SENT


BY_CODE: Final[Mapping[str, Wording]] = {
    outbox.PARKED: _parked,
    unhandled.UNHANDLED: _unhandled,
    unhandled.GIVEN_UP: _given_up,
    "escalated": _escalated,
    LETTER: _letter,
}
