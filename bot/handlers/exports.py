"""Lists as workbooks: ordered by a tap, written when their turn to leave has come."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.handlers import later, wide
from bot.handlers.news import News
from bot.handlers.registry import EVERYONE, on_tap
from bot.handlers.request import Answer, Request
from bot.screens import exports as screens
from bot.screens import refusal
from bot.screens.export_tap import ALERTS, DAY, DISPUTES, ORDERS, PROMISES, Export
from bot.screens.posting import Body
from bot.use_cases import broadcasts, exports
from bot.use_cases.refusals import NoSuchPortfolio, NotYours
from bot.use_cases.worklist import EVERYTHING, is_vast

if TYPE_CHECKING:
    from bot.screens.screen import Screen
    from bot.use_cases.exports import Scope

EXPORT = "export"


@on_tap(Export, roles=EVERYONE, own=True)
def ask(request: Request, tap: Export) -> Answer:
    """Order a workbook of what the person sees, or of one portfolio he may see."""
    wide.check(request, tap.key)
    wanted = {"what": tap.what, "key": tap.key}
    later.order(request, wanted, kind=EXPORT, aside=is_vast(request.work, request.person))
    return Answer(toast=screens.coming(request.speaker))


def rendered(news: News) -> Body | None:
    """Write the workbook of what the person sees now; None of what is not his any more."""
    try:
        if "broadcast_id" in news.facts:
            return news.sent(_readers(news, int(news.facts["broadcast_id"])))
        scope = exports.scope(news.work, news.person, int(news.facts.get("key", EVERYTHING)))
    except NoSuchPortfolio as refused:
        return news.sent(refusal.screen(news.speaker, refused))
    except NotYours:
        return None
    return news.sent(_written(news, str(news.facts["what"]), scope))


def _readers(news: News, broadcast_id: int) -> Screen:
    found, rows = broadcasts.readers(news.work, news.person, broadcast_id)
    return screens.readers(news.speaker, found, rows, news.now.today)


def _written(news: News, what: str, scope: Scope) -> Screen:
    codes, today = scope.codes, news.now.today
    if what == DAY:
        return screens.day(
            news.speaker, scope, exports.calls(news.work, codes, news.now, news.rules), today
        )
    if what == ALERTS:
        alarms = exports.alarms(news.work, news.person, codes, news.now, news.rules)
        return screens.alerts(news.speaker, scope, alarms, today)
    if what == PROMISES:
        return screens.promises(
            news.speaker, scope, exports.promises(news.work, codes, news.now), today
        )
    if what == DISPUTES:
        return screens.disputes(
            news.speaker, scope, exports.disputes(news.work, codes, news.now), today
        )
    if what == ORDERS:
        asked, held = exports.requests(news.work, codes, news.now), exports.held(news.work, codes)
        return screens.orders(news.speaker, scope, asked, held, today)
    return screens.balance(news.speaker, scope, exports.balances(news.work, codes, news.now), today)
