"""Coming in: the stranger's line, welcome, help, language, invitations."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.screens import formats
from bot.screens.account import pager
from bot.screens.render import Speaker
from bot.screens.screen import Button, Screen
from bot.screens.tap import Tap, verb
from bot.screens.uploads import portfolio_keys
from bot.screens.worklist import OWN, ShowDay
from bot.use_cases.portfolios import Offered
from credit.people import INVITABLE, Person, Role

LANGUAGES = {"fr": "Français", "en": "English"}


@verb("la")
@dataclass(frozen=True, slots=True)
class ChooseLanguage(Tap):
    """Read everything in this language from now on."""

    locale: str


@verb("iv")
@dataclass(frozen=True, slots=True)
class InviteRole(Tap):
    """Invite a colleague into this role."""

    role: str


@verb("ip")
@dataclass(frozen=True, slots=True)
class InviteFor(Tap):
    """Invite a rep for the portfolio of this mark: a place would move with the next import."""

    role: str
    mark: str


@verb("iw")
@dataclass(frozen=True, slots=True)
class ShowPortfolios(Tap):
    """Show a page of the portfolios that a rep may be invited for."""

    page: int


def role_name(speaker: Speaker, role: Role) -> str:
    """Say a role in the reader's words."""
    names = {
        Role.REP: speaker.say("sales rep"),
        Role.SALES_MANAGER: speaker.say("sales manager"),
        Role.CREDIT_MANAGER: speaker.say("credit manager"),
        Role.ADMIN: speaker.say("administrator"),
    }
    return names[role]


def stranger(speaker: Speaker) -> Screen:
    """Answer somebody who is not enrolled: one polite line and nothing else."""
    return Screen(speaker.page("access/stranger.html"))


def welcome(speaker: Speaker, person: Person) -> Screen:
    """Greet somebody who has just come in, and say what to do first."""
    text = speaker.page(
        "access/welcome.html",
        person=person,
        role=role_name(speaker, person.role),
        rep=person.role is Role.REP,
        credit=person.role in {Role.CREDIT_MANAGER, Role.ADMIN},
    )
    return Screen(text)


def arrived(speaker: Speaker, person: Person) -> Screen:
    """Tell who invited that the invitation was used."""
    text = speaker.page("access/arrived.html", person=person, role=role_name(speaker, person.role))
    return Screen(text, silent=True)


def outdated(speaker: Speaker) -> str:
    """Say that a button is of another time, or never was ours."""
    return speaker.say("This button is no longer valid. Type /start to carry on.")


def not_understood(speaker: Speaker, *, attached: bool = False) -> Screen:
    """Say what can be typed when a message was not understood, or where an attachment goes."""
    text = speaker.page("access/not_understood.html", attached=attached)
    return Screen(text, ((Button(speaker.say("📞 Whom to call"), ShowDay(0, OWN)),),))


def not_read_again(speaker: Speaker) -> Screen:
    """Say that what was corrected in place stands as it was read."""
    said = speaker.say(
        "I do not read a message again once it is edited: what I made of it stands."
        " Send the correction as a new message."
    )
    return Screen(said)


def unknown_command(speaker: Speaker, typed: str, near: str = "") -> Screen:
    """Say that a command does not exist; `near` is the one that may have been meant."""
    text = speaker.page("access/unknown_command.html", typed=f"/{typed}", near=near)
    return Screen(text, ((Button(speaker.say("📞 Whom to call"), ShowDay(0, OWN)),),))


def guide(speaker: Speaker, person: Person, commands: Sequence[tuple[str, str]]) -> Screen:
    """List what the person's role can do: (command, description) pairs."""
    text = speaker.page(
        "access/guide.html", role=role_name(speaker, person.role), commands=commands
    )
    return Screen(text)


def languages(speaker: Speaker, person: Person) -> Screen:
    """Offer the languages, the present one marked."""
    return Screen(speaker.page("access/language.html"), (language_keys(person),))


def language_keys(person: Person) -> tuple[Button, ...]:
    """Make a button for each language, the present one marked."""
    return tuple(
        Button(marked(name, on=code == person.locale), ChooseLanguage(code))
        for code, name in LANGUAGES.items()
    )


def marked(words: str, *, on: bool) -> str:
    """Mark the choice that holds now."""
    return f"✓ {words}" if on else words


def language_chosen(speaker: Speaker) -> str:
    """Confirm the language in that language."""
    return speaker.say("From now on I write to you in English.")


def invite_whom(speaker: Speaker, person: Person) -> Screen:
    """Ask which role the new colleague will have."""
    rows = tuple(
        (Button(role_name(speaker, role).capitalize(), InviteRole(role.value)),)
        for role in Role
        if role in INVITABLE[person.role]
    )
    return Screen(speaker.page("access/invite_whom.html"), rows)


def invite_for(speaker: Speaker, offered: Offered) -> Screen:
    """Ask which portfolio the new rep will look after."""
    rows = (
        *portfolio_keys(offered, lambda mark: InviteFor(Role.REP.value, mark)),
        *pager(offered.page, offered.pages, ShowPortfolios),
    )
    return Screen(speaker.page("access/invite_for.html", offered=offered), rows)


def invitation(
    speaker: Speaker, role: Role, codes: Sequence[str], link: str, holders: Sequence[str]
) -> Screen:
    """Show an invitation, ready to forward; name who has the portfolio already."""
    text = speaker.page(
        "access/invitation.html",
        role=role_name(speaker, role),
        codes=", ".join(formats.name(code) for code in codes),
        link=link,
        holders=", ".join(formats.name(one, 40) for one in holders),
    )
    rows = ((Button(speaker.say("Copy the link"), copy=link),),)
    return Screen(text, rows, protected=False)
