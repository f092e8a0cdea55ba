"""Start, help, language and invitations from the chat."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from secrets import token_urlsafe
from typing import TYPE_CHECKING, Any

from bot.handlers import menus, wide
from bot.handlers.news import News
from bot.handlers.registry import CREDIT, EVERYONE, on_command, on_tap
from bot.handlers.request import Answer, Request
from bot.screens import access as screens
from bot.screens import marks
from bot.screens.access import ChooseLanguage, InviteFor, InviteRole, ShowPortfolios
from bot.screens.render import speaker
from bot.use_cases import access, portfolios
from bot.use_cases.refusals import NotYourRole, NotYours
from credit.people import Role, may_invite

if TYPE_CHECKING:
    from bot.screens.screen import Screen

SECRET_BYTES = 16
PORTFOLIOS = "portfolios"


@on_command("start", roles=EVERYONE)
def start(request: Request, _payload: str) -> Answer:
    """Greet somebody who is already in; a payload changes nothing for him."""
    return Answer(screens.welcome(request.speaker, request.person))


@on_command("aide", "help", roles=EVERYONE, menu="What I can do")
def guide(request: Request, _arguments: str) -> Answer:
    """List the commands of the person's role in his language."""
    commands = menus.commands_of(request.person, request.speaker)
    return Answer(screens.guide(request.speaker, request.person, commands))


@on_command("langue", "language", roles=EVERYONE, menu="Choose your language")
def language(request: Request, _arguments: str) -> Answer:
    """Offer the languages."""
    return Answer(screens.languages(request.speaker, request.person))


@on_tap(ChooseLanguage, roles=EVERYONE)
def choose_language(request: Request, tap: ChooseLanguage) -> Answer:
    """Remember the language, answer in it and rename the commands."""
    locale = access.choose_language(request.work, request.person, tap.locale)
    spoken = speaker(locale, request.rules.zone)
    person = replace(request.person, locale=locale)
    menus.post(request.work, person, spoken, request.now, f"menu:{request.origin.key}")
    return Answer(screens.languages(spoken, person), toast=screens.language_chosen(spoken))


@on_command("inviter", "invite", roles=CREDIT, menu="Invite a colleague")
def invite(request: Request, arguments: str) -> Answer:
    """Ask which role the colleague will have; for a rep, a portfolio may be named at once."""
    if wanted := arguments.strip():
        return wide.show(request, PORTFOLIOS, page=0, wanted=wanted)
    return Answer(screens.invite_whom(request.speaker, request.person))


@on_tap(InviteRole, roles=CREDIT)
def invite_role(request: Request, tap: InviteRole) -> Answer:
    """Make the invitation, or ask for the rep's portfolio first."""
    role = _role(request, tap.role)
    if role is Role.REP:
        return wide.show(request, PORTFOLIOS, page=0, wanted="")
    return _invited(request, role, ())


@on_tap(ShowPortfolios, roles=CREDIT)
def show_portfolios(request: Request, tap: ShowPortfolios) -> Answer:
    """Turn the pages of the portfolios that a rep may be invited for."""
    return wide.show(request, PORTFOLIOS, page=tap.page, wanted="")


@wide.page(PORTFOLIOS)
def _portfolios(asked: Request | News, facts: Mapping[str, Any]) -> Screen:
    if not may_invite(asked.person, Role.REP):  # it may have changed while the page waited
        raise NotYours
    found = portfolios.offered(asked.work, int(facts["page"]), str(facts["wanted"]))
    return screens.invite_for(asked.speaker, found)


@on_tap(InviteFor, roles=CREDIT)
def invite_for(request: Request, tap: InviteFor) -> Answer:
    """Make the invitation of a rep for one portfolio."""
    role = _role(request, tap.role)
    code = portfolios.by_mark(request.work, tap.mark, marks.code_in, marks.digest_of)
    return _invited(request, role, (code,))


def _role(request: Request, name: str) -> Role:
    if name not in set(Role) or not may_invite(request.person, Role(name)):
        raise NotYourRole
    return Role(name)


def _invited(request: Request, role: Role, codes: tuple[str, ...]) -> Answer:
    offer = access.Invitation(role, None, codes, token_urlsafe(SECRET_BYTES))
    access.invite(request.work, request.origin, request.person, offer)
    link = f"https://t.me/{request.rules.bot_username}?start={offer.payload}"
    holders = portfolios.holders(request.work, codes) if role is Role.REP else ()
    return Answer(screens.invitation(request.speaker, role, codes, link, holders))
