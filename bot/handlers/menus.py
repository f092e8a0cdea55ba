"""The commands menu, per role and language."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import TYPE_CHECKING

from telegram import Bot, BotCommand, BotCommandScopeAllPrivateChats, BotCommandScopeChat
from telegram.error import TelegramError

from bot.handlers import surface
from bot.handlers.registry import REGISTRY
from storage import people

if TYPE_CHECKING:
    from bot.screens.render import Speaker
    from credit.people import Person
    from storage.database import Database

log = logging.getLogger(__name__)
Speak = Callable[[str | None], "Speaker"]


def commands_of(person: Person, speaker: Speaker) -> list[BotCommand]:
    """List the commands of a person's role under the names of his language."""
    place = 0 if speaker.locale == "fr" else -1
    return [
        BotCommand(one.names[place], speaker.say(one.menu))
        for one in REGISTRY.commands
        if one.menu and person.role in one.roles
    ]


async def publish(bot: Bot, database: Database, speaker: Speak) -> None:
    """Tell Telegram the menus: next to nothing for strangers, each person's own in his chat."""
    surface.load()
    try:
        for language in ("", "fr"):
            spoken = speaker(language or "en")
            await bot.set_my_commands(
                [BotCommand("start", spoken.say("Begin"))],
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
