"""Who is meant by what was typed: told at once, or as soon as the names of all are read."""

from __future__ import annotations

from collections.abc import Callable

from bot.handlers import wide
from bot.handlers.request import Answer, Request
from bot.use_cases import search
from bot.use_cases.search import Found, ManyNames


def named(
    request: Request, text: str, then: Callable[[Found], Answer], page: str, **facts: str
) -> Answer:
    """Answer with the accounts that a text may mean.

    Where many names have to be read for it, the page of this name is given the text instead,
    and `then` is not asked.
    """
    try:
        found = search.find(request.work, request.person, text, search.MANY)
    except ManyNames:
        return wide.order(request, page, text=text, **facts)
    return then(found)
