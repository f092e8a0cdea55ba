"""The commands menu: valid for Telegram, per role and language, and published at the start."""

from __future__ import annotations

import asyncio
import re

import pytest
from telegram import Bot

from bot.handlers import surface
from bot.handlers.menus import commands_of, publish, publish_once
from bot.handlers.registry import REGISTRY
from bot.screens.render import Speaker, speaker
from bot.simulator.faults import Fault, FaultKind
from bot.simulator.server import Simulator
from credit.people import Role
from storage import people
from storage.database import connect
from tests.bot.handlers.reception import enrolled
from tests.credit.builders import PARIS
from tests.day.company import MORNING
from tests.storage.inline import inline

surface.load()


def spoken(locale: str | None) -> Speaker:
    return speaker(locale, PARIS)


@pytest.mark.parametrize("locale", ["fr", "en"])
@pytest.mark.parametrize("role", Role)
def test_every_menu_is_valid_for_telegram(sqlite_url: str, role: Role, locale: str) -> None:
    with inline(sqlite_url) as work:
        person = enrolled(work, 7, role, "R1", locale=locale)
    commands = commands_of(person, spoken(locale))
    assert 3 <= len(commands) <= 100
    for name, words in commands:
        assert re.fullmatch(r"[a-z0-9_]{1,32}", name)
        assert 1 <= len(words) <= 256
    assert len({name for name, _ in commands}) == len(commands)
    last = [name for name, _ in commands][-3:]
    assert {"aide", "help"} & set(last), "the day's work comes first"


def test_every_command_has_names_that_telegram_knows_and_no_other_has() -> None:
    names = [name for command in REGISTRY.commands for name in command.names]
    assert all(re.fullmatch(r"[a-z0-9_]{1,32}", name) for name in names)
    assert len(set(names)) == len(names)


def test_french_menus_are_french(sqlite_url: str) -> None:
    with inline(sqlite_url) as work:
        person = enrolled(work, 7, Role.CREDIT_MANAGER)
    french, english = (dict(commands_of(person, spoken(one))) for one in ("fr", "en"))
    assert not set(french.values()) & set(english.values())


def test_at_the_start_everybody_gets_his_own_menu_and_strangers_next_to_nothing(
    sqlite_url: str,
) -> None:
    with inline(sqlite_url) as work:
        enrolled(work, 1001, Role.REP, "R1")
        gone = enrolled(work, 1002, Role.ADMIN, locale="en")
        enrolled(work, 1003, Role.CREDIT_MANAGER, locale="en")
        people.revoke(work, gone.id, MORNING.at)

    async def story() -> list[dict[str, object]]:
        simulator = Simulator()
        for number in (1001, 1002, 1003):
            simulator.add_person(number, f"P{number}", started=True)
        await simulator.start()
        database = connect(sqlite_url)
        await database.open()
        try:
            async with Bot(simulator.token, base_url=simulator.api_url) as bot:
                await publish(bot, database, spoken)
            return [dict(call) for call in simulator.world.log.after(0)]
        finally:
            await database.close()
            await simulator.stop()

    calls = [one for one in asyncio.run(story()) if str(one["method"]).lower() == "setmycommands"]
    assert all(one["ok"] for one in calls), [one["error"] for one in calls]
    scopes = [str(one["params"]) for one in calls]
    assert len(calls) == 4
    assert sum("all_private_chats" in one for one in scopes) == 2
    assert any("1001" in one and "aujourdhui" in one for one in scopes)
    assert any("1003" in one and "invite" in one and "inviter" not in one for one in scopes)
    assert not any("1002" in one for one in scopes)


def test_a_telegram_that_refuses_the_menus_does_not_stop_the_bot(sqlite_url: str) -> None:
    async def story() -> None:
        database = connect(sqlite_url)
        await database.open()
        try:
            bot = Bot("1:x", base_url="http://127.0.0.1:9/bot")
            await publish(bot, database, spoken)
        finally:
            await database.close()

    asyncio.run(story())


def test_menus_that_telegram_has_are_not_told_again(sqlite_url: str) -> None:
    with inline(sqlite_url) as work:
        enrolled(work, 1001, Role.REP, "R1")

    def told(simulator: Simulator) -> int:
        log = simulator.world.log.after(0)
        return sum(str(one["method"]).lower() == "setmycommands" for one in log)

    async def story() -> None:
        simulator = Simulator()
        simulator.add_person(1001, "Léa", started=True)
        await simulator.start()
        database = connect(sqlite_url)
        await database.open()
        try:
            async with Bot(simulator.token, base_url=simulator.api_url) as bot:
                simulator.world.faults.waiting.append(Fault("setmycommands", (FaultKind("502"),)))
                await publish_once(bot, database, spoken)
                first = told(simulator)
                await publish_once(bot, database, spoken)  # it was refused: once more
                assert told(simulator) == first + 3
                await publish_once(bot, database, spoken)
                assert told(simulator) == first + 3
                await database.transact(enrolled, 1002, Role.ADMIN)
                await publish_once(bot, database, spoken)
                assert told(simulator) == first + 3 + 4
        finally:
            await database.close()
            await simulator.stop()

    asyncio.run(story())
