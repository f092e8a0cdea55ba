"""Pages over more accounts than a transaction has time for: read when their turn to leave comes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Final

from bot.handlers import later, surface
from bot.handlers.news import News
from bot.handlers.request import Answer, Request
from bot.screens import refusal
from bot.screens import wide as screens
from bot.use_cases.refusals import NoSuchPortfolio, NotYours
from bot.use_cases.worklist import EVERYTHING, codes_of, is_vast, portfolio_of
from storage import customers

if TYPE_CHECKING:
    from bot.screens.posting import Body
    from bot.screens.screen import Screen

PAGE = "page"
FEW: Final = 100
"""Customers whose page is read while people wait: some tens of milliseconds."""

Draw = Callable[[Request | News, Mapping[str, Any]], "Screen | None"]
_PAGES: dict[str, Draw] = {}
_HEAVY: set[str] = set()


def page(name: str, *, heavy: bool = False) -> Callable[[Draw], Draw]:
    """Declare who draws a page, at once or later; None: it is no longer its reader's to see.

    `heavy`: what is read of each customer is kept until the page is drawn.
    """

    def register(draw: Draw) -> Draw:
        _PAGES[name] = draw
        if heavy:
            _HEAVY.add(name)
        return draw

    return register


def is_wide(request: Request) -> bool:
    """Tell whether the person sees too many accounts to read them while others wait."""
    return customers.are_more(request.work, codes_of(request.person), FEW)


def show(request: Request, name: str, **facts: int | str) -> Answer:
    """Show a page: at once to who has few accounts, else as soon as it is read.

    Nobody's tap waits for the book of a whole company; the page then takes the place of the
    message that was tapped, as it would have.
    """
    if not is_wide(request):
        return Answer(_PAGES[name](request, facts))
    return order(request, name, **facts)


def order(request: Request, name: str, **facts: int | str) -> Answer:
    """Let a page be drawn when its turn has come."""
    wanted = {"page": name, "facts": facts, "message": request.tapped}
    apart = name in _HEAVY and is_vast(request.work, request.person)
    later.order(request, wanted, kind=PAGE, aside=apart)
    return Answer(toast=screens.coming(request.speaker), working=True)


def check(request: Request, key: int) -> None:
    """Refuse a portfolio that is not the person's to see, before anything is promised.

    Who sees every one of a large company is told later when it is not there: only reading all
    rep codes tells, and nobody's tap waits for that.
    """
    everything = codes_of(request.person) is None
    if key != EVERYTHING and not (everything and is_wide(request)):
        portfolio_of(request.work, request.person, key)


def rendered(news: News) -> Body | None:
    """Draw a page that was asked for, and put it where it belongs; None when not his any more."""
    surface.load()  # who sends need not be who answers taps
    try:
        screen = _PAGES[str(news.facts["page"])](news, news.facts["facts"])
    except NoSuchPortfolio as refused:
        return news.sent(refusal.screen(news.speaker, refused))
    except NotYours:
        return None
    return None if screen is None else news.put(screen, news.facts["message"])
