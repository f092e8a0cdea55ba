"""The commands menu, per role and language."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import TYPE_CHECKING

from telegram import Bot, BotCommandScopeAllPrivateChats, BotCommandScopeChat
from telegram.error import TelegramError

from bot.handlers import surface
from bot.handlers.registry import REGISTRY, CommandHandler
from storage import outbox, people

if TYPE_CHECKING:
    from bot.screens.render import Speaker
    from credit.moment import Moment
    from credit.people import Person
    from storage.database import Database
    from storage.work import Work

log = logging.getLogger(__name__)
Speak = Callable[[str | None], "Speaker"]


def commands_of(person: Person, speaker: Speaker) -> list[tuple[str, str]]:
    """List the commands of a person's role, named and described in his language.

    The day's work comes first, help and language last.
    """
    place = 0 if speaker.locale == "fr" else -1
    return [
        (one.names[place], speaker.say(one.menu))
        for one in sorted(REGISTRY.commands, key=_rank)
        if one.menu and person.role in one.roles
    ]


def _rank(command: CommandHandler) -> tuple[bool, int]:
    module = command.function.__module__.rpartition(".")[2]
    known = surface.MODULES.index(module) if module in surface.MODULES else len(surface.MODULES)
    return (module == "access", known)


def post(work: Work, person: Person, speaker: Speaker, at: Moment, dedupe: str) -> None:
    """Put the menu of a person in the outbox: the commit that changes it publishes it."""
    if person.telegram_id is None:
        return
    commands = [
        {"command": name, "description": words} for name, words in commands_of(person, speaker)
    ]
    scope = {"type": "chat", "chat_id": person.telegram_id}
    outbox.post(
        work,
        kind="menu",
        person_id=person.id,
        chat_id=person.telegram_id,
        body={"method": "setMyCommands", "params": {"commands": commands, "scope": scope}},
        priority=outbox.Priority.ANSWER,
        at=at,
        dedupe=dedupe,
    )


async def publish(bot: Bot, database: Database, speaker: Speak) -> None:
    """Tell Telegram the menus: next to nothing for strangers, each person's own in his chat."""
    surface.load()
    try:
        for language in ("", "fr"):
            spoken = speaker(language or "en")
            await bot.set_my_commands(
                [("start", spoken.say("Begin"))],
                scope=BotCommandScopeAllPrivateChats(),
                language_code=language or None,
            )
        for person in await database.read(people.active):
            await publish_to(bot, person, speaker)
    except TelegramError as error:
        log.warning("menus not published", extra={"error": type(error).__name__})


async def publish_to(bot: Bot, person: Person, speaker: Speak) -> None:
    """Tell Telegram the menu of one person, in the language he chose."""
    if person.telegram_id is None:
        return
    try:
        await bot.set_my_commands(
            commands_of(person, speaker(person.locale)),
            scope=BotCommandScopeChat(person.telegram_id),
        )
    except TelegramError as error:
        log.info("menu not published", extra={"error": type(error).__name__})
