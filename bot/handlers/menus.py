"""The commands menu, per role and language."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable
from typing import TYPE_CHECKING

from telegram import Bot, BotCommandScopeAllPrivateChats, BotCommandScopeChat
from telegram.error import BadRequest, Forbidden, TelegramError

from bot.handlers import surface
from bot.handlers.registry import REGISTRY, CommandHandler
from storage import facts, outbox, people

if TYPE_CHECKING:
    from bot.screens.render import Speaker
    from credit.moment import Moment
    from credit.people import Person
    from storage.database import Database
    from storage.people import Reader
    from storage.work import Work

log = logging.getLogger(__name__)
FACT = "menus"
Speak = Callable[[str | None], "Speaker"]


def commands_of(person: Person | Reader, speaker: Speaker) -> list[tuple[str, str]]:
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


async def publish_once(bot: Bot, database: Database, speaker: Speak) -> None:
    """Tell Telegram the menus unless they are as a process has told them before.

    Of several processes that start together one does it: ten thousand menus take minutes.
    """
    surface.load()
    mark = await database.read(_mark, bot.id, speaker)
    if not await database.transact(facts.change, FACT, mark):
        return
    taken = False
    try:
        taken = await publish(bot, database, speaker)
    finally:
        if not taken:
            await database.transact(facts.put, FACT, "")  # the next start tells them


def _mark(work: Work, bot_id: int, speaker: Speak) -> str:
    """Sum up who is to see which commands in one short text."""
    menus: dict[tuple[str, str], object] = {}
    seen = hashlib.sha256(str(bot_id).encode())
    for person in people.readers(work):
        kind = (person.role.value, person.locale)
        if kind not in menus:
            menus[kind] = commands_of(person, speaker(person.locale))
        seen.update(f"{person.telegram_id}{kind}".encode())
    seen.update(repr(sorted(menus.items())).encode())
    return seen.hexdigest()


async def publish(bot: Bot, database: Database, speaker: Speak) -> bool:
    """Tell Telegram the menus: next to nothing for strangers, each person's own in his chat.

    Return whether Telegram has taken them all.
    """
    surface.load()
    taken = True
    try:
        for language in ("", "fr"):
            spoken = speaker(language or "en")
            await bot.set_my_commands(
                [("start", spoken.say("Begin"))],
                scope=BotCommandScopeAllPrivateChats(),
                language_code=language or None,
            )
        for person in await database.read(people.readers):
            taken = await publish_to(bot, person, speaker) and taken
    except TelegramError as error:
        log.warning("menus not published", extra={"error": type(error).__name__})
        return False
    return taken


async def publish_to(bot: Bot, person: Reader, speaker: Speak) -> bool:
    """Tell Telegram the menu of one person, in the language he chose; False when refused."""
    if person.telegram_id is None:
        return True
    try:
        await bot.set_my_commands(
            commands_of(person, speaker(person.locale)),
            scope=BotCommandScopeChat(person.telegram_id),
        )
    except TelegramError as error:
        log.info("menu not published", extra={"error": type(error).__name__})
        return isinstance(error, BadRequest | Forbidden)  # he has left: asking again is of no use
    return True
