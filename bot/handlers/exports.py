"""Lists as workbooks: ordered by a tap, written when their turn to leave has come."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from bot.handlers import later
from bot.handlers.registry import EVERYONE, on_tap
from bot.handlers.request import Answer, Request
from bot.screens import exports as screens
from bot.screens.export_tap import DAY, Export
from bot.screens.posting import Body, sending
from bot.use_cases import exports

if TYPE_CHECKING:
    from bot.screens.render import Speaker
    from bot.use_cases.rules import Rules
    from credit.moment import Moment
    from credit.people import Person
    from storage.work import Work

EXPORT = "export"


@on_tap(Export, roles=EVERYONE, own=True)
def ask(request: Request, tap: Export) -> Answer:
    """Order a workbook of what the person sees."""
    later.order(request, {"what": tap.what}, kind=EXPORT)
    return Answer(toast=screens.coming(request.speaker))


def rendered(
    work: Work,
    speaker: Speaker,
    rules: Rules,
    person: Person,
    facts: Mapping[str, Any],
    now: Moment,
) -> Body | None:
    """Write the workbook of what the person sees now."""
    if person.telegram_id is None:
        return None
    scope = exports.scope(work, person)
    if facts["what"] == DAY:
        calls = exports.calls(work, person, now, rules)
        screen = screens.day(speaker, scope, calls, now.today)
    else:
        lines = exports.balances(work, person, now)
        screen = screens.balance(speaker, scope, lines, now.today)
    return sending(screen, person.telegram_id)
