"""Lists as workbooks: ordered by a tap, written when their turn to leave has come."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from bot.handlers import later
from bot.handlers.registry import EVERYONE, on_tap
from bot.handlers.request import Answer, Request
from bot.screens import exports as screens
from bot.screens.export_tap import ALERTS, DAY, DISPUTES, ORDERS, PROMISES, Export
from bot.screens.posting import Body, sending
from bot.use_cases import exports
from bot.use_cases.refusals import NotYours
from bot.use_cases.worklist import EVERYTHING

if TYPE_CHECKING:
    from bot.screens.render import Speaker
    from bot.screens.screen import Screen
    from bot.use_cases.exports import Scope
    from bot.use_cases.rules import Rules
    from credit.moment import Moment
    from credit.people import Person
    from storage.work import Work

EXPORT = "export"


@on_tap(Export, roles=EVERYONE, own=True)
def ask(request: Request, tap: Export) -> Answer:
    """Order a workbook of what the person sees, or of one portfolio he may see."""
    exports.scope(request.work, request.person, tap.key)
    later.order(request, {"what": tap.what, "key": tap.key}, kind=EXPORT)
    return Answer(toast=screens.coming(request.speaker))


def rendered(
    work: Work,
    speaker: Speaker,
    rules: Rules,
    person: Person,
    facts: Mapping[str, Any],
    now: Moment,
) -> Body | None:
    """Write the workbook of what the person sees now; None of a portfolio taken from him."""
    if person.telegram_id is None:
        return None
    try:
        scope = exports.scope(work, person, int(facts.get("key", EVERYTHING)))
    except NotYours:
        return None
    screen = _written(work, speaker, rules, person, str(facts["what"]), scope, now)
    return sending(screen, person.telegram_id)


def _written(
    work: Work,
    speaker: Speaker,
    rules: Rules,
    person: Person,
    what: str,
    scope: Scope,
    now: Moment,
) -> Screen:
    codes, today = scope.codes, now.today
    if what == DAY:
        return screens.day(speaker, scope, exports.calls(work, codes, now, rules), today)
    if what == ALERTS:
        alarms = exports.alarms(work, person, codes, now, rules)
        return screens.alerts(speaker, scope, alarms, today)
    if what == PROMISES:
        return screens.promises(speaker, scope, exports.promises(work, codes, now), today)
    if what == DISPUTES:
        return screens.disputes(speaker, scope, exports.disputes(work, codes, now), today)
    if what == ORDERS:
        asked, held = exports.requests(work, codes, now), exports.held(work, codes)
        return screens.orders(speaker, scope, asked, held, today)
    return screens.balance(speaker, scope, exports.balances(work, codes, now), today)
