"""News about release requests, worded when they leave: who decides, and who asked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from bot.screens import order as screens
from bot.screens.order import Thresholds
from bot.screens.posting import Body, sending
from bot.use_cases import orders
from bot.use_cases.orders import ASK, DECIDERS
from bot.use_cases.refusals import NotYours

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
    """Word a request or its decision; None when it was decided, or is no longer his to see."""
    if person.telegram_id is None:
        return None
    try:
        found = orders.show(work, person, int(facts["request"]), now, rules)
    except NotYours:
        return None
    days = Thresholds.of(rules.policy.orders)
    if facts["what"] == ASK:
        if not found.open or person.role not in DECIDERS:
            return None
        screen = screens.asked(speaker, found, days)
    else:
        screen = screens.told(speaker, found, days)
    return sending(screen, person.telegram_id)
