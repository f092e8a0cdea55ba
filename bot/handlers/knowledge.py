"""The cards: /fiche, the themes, a card, and a card offered in the middle of a call."""

from __future__ import annotations

from bot.handlers.registry import EVERYONE, on_command, on_tap
from bot.handlers.request import Answer, Request
from bot.knowledge.cards import shelf
from bot.screens import knowledge as screens
from bot.screens.knowledge import OfferCard, ShowCard, ShowTheme
from bot.use_cases import knowledge
from bot.use_cases.refusals import Outdated


@on_command("fiche", "card", roles=EVERYONE, menu="Cards: law and practice in the pocket")
def cards(request: Request, arguments: str) -> Answer:
    """Show the themes, or what a word finds; a single card is opened at once."""
    typed = arguments.strip()
    if not typed:
        return Answer(screens.home(request.speaker, shelf()))
    found = knowledge.searched(typed)
    facts = knowledge.figures(request.rules, request.now)
    if len(found) == 1:
        return Answer(screens.card(request.speaker, found[0], facts))
    return Answer(screens.found(request.speaker, typed, found, facts))


@on_tap(ShowTheme, roles=EVERYONE)
def show_theme(request: Request, tap: ShowTheme) -> Answer:
    """Show a theme's cards, or every theme."""
    facts = knowledge.figures(request.rules, request.now)
    return Answer(screens.theme(request.speaker, shelf(), tap.theme, facts))


@on_tap(ShowCard, roles=EVERYONE)
def show_card(request: Request, tap: ShowCard) -> Answer:
    """Show a card in place of the list."""
    one = knowledge.by_id(tap.card)
    if one is None:
        return Answer(screens.home(request.speaker, shelf()))
    facts = knowledge.figures(request.rules, request.now)
    return Answer(screens.card(request.speaker, one, facts))


@on_tap(OfferCard, roles=EVERYONE)
def offer_card(request: Request, tap: OfferCard) -> Answer:
    """Show a card below: the conversation that offered it stays where it is."""
    one = knowledge.by_id(tap.card)
    if one is None:
        raise Outdated
    facts = knowledge.figures(request.rules, request.now)
    return Answer(more=(screens.card(request.speaker, one, facts, alone=True),))
