"""What the bot says of itself: commands by scope and language, descriptions, menu, files."""

from __future__ import annotations

import pytest
from telegram import (
    BotCommand,
    BotCommandScopeAllPrivateChats,
    BotCommandScopeChat,
    MenuButtonCommands,
)
from telegram.error import BadRequest

from bot.simulator.page_views import page_person
from tests.simulator.stage import LEA, MARC, Stage, on_stage


def menu(stage: Stage, user: int) -> list[object]:
    world = stage.simulator.world
    commands = page_person(world, world.people[user])["commands"]
    assert isinstance(commands, list)
    return [command["description"] for command in commands]


def test_the_most_specific_scope_wins_then_the_language() -> None:
    async def play(stage: Stage) -> None:
        async def put(text: str, scope: object = None, language: str = "") -> None:
            command = [BotCommand("start", text)]
            await stage.bot.set_my_commands(command, scope, language_code=language or None)  # type: ignore[arg-type]

        await put("default")
        await put("défaut", language="fr")
        assert (menu(stage, LEA), menu(stage, MARC)) == (["défaut"], ["default"])
        await put("private", BotCommandScopeAllPrivateChats())
        assert menu(stage, LEA) == ["private"]
        await put("à Léa", BotCommandScopeChat(LEA), "fr")
        assert (menu(stage, LEA), menu(stage, MARC)) == (["à Léa"], ["private"])
        await stage.bot.delete_my_commands(BotCommandScopeChat(LEA), language_code="fr")
        assert menu(stage, LEA) == ["private"]
        assert await stage.bot.get_my_commands() == (BotCommand("start", "default"),)

    on_stage(play)


@pytest.mark.parametrize(
    ("params", "reason"),
    [
        ({"commands": [{"command": "Start", "description": "x"}]}, "BOT_COMMAND_INVALID"),
        (
            {"commands": [{"command": "a" * 33, "description": "x"}]},
            "command length must not exceed 32",
        ),
        (
            {"commands": [{"command": "a", "description": ""}]},
            "command description must be non-empty",
        ),
        (
            {"commands": [{"command": "a", "description": "x" * 257}]},
            "command description length must not exceed 256",
        ),
        ({"commands": [{"command": "", "description": "x"}]}, "command must be non-empty"),
        (
            {"commands": [{"command": f"a{n}", "description": "x"} for n in range(101)]},
            "BOT_COMMANDS_TOO_MUCH",
        ),
        ({"commands": [], "language_code": "fra"}, "invalid language code specified"),
        ({"commands": [], "scope": {"type": "chat", "chat_id": 9}}, "chat not found"),
        (
            {"commands": [], "scope": {"type": "chat_member", "chat_id": LEA, "user_id": LEA}},
            "can't use specified scope in private chats",
        ),
        (
            {"commands": [], "scope": {"type": "moon"}},
            "can't parse BotCommandScope: unsupported type specified",
        ),
    ],
)
def test_wrong_commands_are_refused(params: dict[str, object], reason: str) -> None:
    async def play(stage: Stage) -> None:
        assert await stage.refusal("setMyCommands", **params) == f"Bad Request: {reason}"

    on_stage(play)


def test_names_and_descriptions_are_kept_by_language() -> None:
    async def play(stage: Stage) -> None:
        await stage.bot.set_my_name("Relance FR", language_code="fr")
        await stage.bot.set_my_description("d")
        await stage.bot.set_my_short_description("s", language_code="en")
        assert (await stage.bot.get_my_name("fr")).name == "Relance FR"
        assert (await stage.bot.get_my_name("en")).name == "Relance"
        assert (await stage.bot.get_my_description("fr")).description == "d"
        assert (await stage.bot.get_my_short_description()).short_description == ""
        with pytest.raises(BadRequest, match="too long"):
            await stage.bot.set_my_name("x" * 65)
        assert await stage.bot.set_chat_menu_button(LEA, MenuButtonCommands())
        assert isinstance(await stage.bot.get_chat_menu_button(LEA), MenuButtonCommands)

    on_stage(play)


def test_a_file_over_20_mib_can_be_sent_but_not_downloaded() -> None:
    async def play(stage: Stage) -> None:
        stage.send_file("document", "gros.bin", b"x" * (20 * 1024 * 1024 + 1))
        [update] = await stage.bot.get_updates()
        assert update.message is not None
        assert update.message.document is not None
        with pytest.raises(BadRequest, match="File is too big"):
            await update.message.document.get_file()

    on_stage(play)


def test_a_call_over_the_upload_cap_is_refused() -> None:
    async def play(stage: Stage) -> None:
        address = f"{stage.simulator.api_url}{stage.simulator.token}/sendDocument"
        for size, reason in (
            (50_000_001, "Bad Request: file is too big"),
            (56_000_000, "Request Entity Too Large"),
        ):
            answer = await stage.http.post(
                address, data={"chat_id": LEA}, files={"document": b"x" * size}
            )
            assert answer.json()["description"] == reason

    on_stage(play)


def test_a_file_path_needs_the_token() -> None:
    async def play(stage: Stage) -> None:
        stage.send_file("document", "a.txt", b"x")
        answer = await stage.http.get(f"{stage.simulator.url}/file/bot1:no/documents/file_0.txt")
        assert answer.status_code == 401
        answer = await stage.http.get(
            f"{stage.simulator.file_url}{stage.simulator.token}/../../etc/passwd"
        )
        assert answer.status_code == 404

    on_stage(play)


def test_logging_out_silences_the_server_for_ten_minutes() -> None:
    async def play(stage: Stage) -> None:
        assert (await stage.answer("close"))["parameters"] == {"retry_after": 601}
        assert await stage.bot.log_out()
        assert await stage.refusal("getMe") == "Bad Request: Logged out"
        stage.clock.now += 601
        assert (await stage.answer("close"))["ok"]

    on_stage(play)
