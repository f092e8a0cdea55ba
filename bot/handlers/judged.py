"""Judged promises worded when the news leaves, in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from bot.screens.promise_judged import Verdict, card
from credit.people import may_see
from credit.promise import PromiseState
from storage import customers, people, promises

if TYPE_CHECKING:
    from bot.screens.render import Speaker
    from bot.screens.screen import Screen
    from bot.use_cases.rules import Rules
    from credit.moment import Moment
    from credit.people import Person
    from storage.work import Work


def rendered(
    work: Work,
    speaker: Speaker,
    _rules: Rules,
    person: Person,
    body: Mapping[str, Any],
    _now: Moment,
) -> Screen | None:
    """Word a judged promise; None when it has moved on, or is not the reader's any more."""
    kept = promises.by_id(work, int(body["promise_id"]))
    if kept is None or kept.promise.state.value != body["state"]:
        return None
    customer = customers.by_id(work, kept.promise.customer)
    if customer is None or not may_see(person, customer.rep_code):
        return None
    author = None
    if kept.promise.author != person.id:
        author = people.by_id(work, kept.promise.author)
    was = PromiseState(body.get("was", PromiseState.OPEN.value))
    return card(speaker, Verdict(customer, kept, was, author.name if author else ""))
