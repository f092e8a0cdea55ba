"""Judged promises worded when the news leaves, in the reader's language."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.handlers.news import News
from bot.screens.promise_judged import Verdict, card
from credit.people import may_see
from credit.promise import PromiseState
from storage import customers, people, promises

if TYPE_CHECKING:
    from bot.screens.screen import Screen


def rendered(news: News) -> Screen | None:
    """Word a judged promise; None when it has moved on, or is not the reader's any more."""
    kept = promises.by_id(news.work, int(news.facts["promise_id"]))
    if kept is None or kept.promise.state.value != news.facts["state"]:
        return None
    customer = customers.by_id(news.work, kept.promise.customer)
    if customer is None or not may_see(news.person, customer.rep_code):
        return None
    author = None
    if kept.promise.author != news.person.id:
        author = people.by_id(news.work, kept.promise.author)
    was = PromiseState(news.facts.get("was", PromiseState.OPEN.value))
    return card(news.speaker, Verdict(customer, kept, was, author.name if author else ""))
