"""The command menus: per scope and language, the most specific one wins."""

from __future__ import annotations

import re

from bot.simulator.errors import bad_request
from bot.simulator.params import Params
from bot.simulator.values import Chat, JsonObject

MOST_COMMANDS = 100
LONGEST_COMMAND = 32
LONGEST_DESCRIPTION = 256
_NAME = re.compile(r"[a-z0-9_]{1,32}")
_PLAIN_SCOPES = ("default", "all_private_chats", "all_group_chats", "all_chat_administrators")
Scope = tuple[str, int, int]
Commands = list[JsonObject]


class CommandBook:
    """The lists of commands the bot set, by scope and language."""

    def __init__(self) -> None:
        """Start with no command."""
        self._lists: dict[tuple[Scope, str], Commands] = {}

    def put(self, scope: Scope, language: str, commands: Commands) -> None:
        """Set a list; an empty one deletes it."""
        if commands:
            self._lists[scope, language] = commands
        else:
            self._lists.pop((scope, language), None)

    def of(self, scope: Scope, language: str) -> Commands:
        """Return the list set for exactly this scope and language."""
        return self._lists.get((scope, language), [])

    def shown_to(self, user: int, language: str) -> Commands:
        """Return the menu a person sees in their private chat with the bot."""
        scopes: tuple[Scope, ...] = (
            ("chat_member", user, user),
            ("chat", user, 0),
            ("all_private_chats", 0, 0),
            ("default", 0, 0),
        )
        for scope in scopes:
            for code in (language[:2], ""):
                if found := self._lists.get((scope, code)):
                    return found
        return []


def scope_of(params: Params, chats: dict[int, Chat]) -> Scope:
    """Return the scope of a call; raise Telegram's 400."""
    raw = params.json("scope", "can't parse BotCommandScope: wrong JSON")
    if raw is None:
        return "default", 0, 0
    if not isinstance(raw, dict):
        raise bad_request("can't parse BotCommandScope: expected an Object")
    kind = raw.get("type")
    if kind in _PLAIN_SCOPES:
        return str(kind), 0, 0
    if kind not in ("chat", "chat_administrators", "chat_member"):
        raise bad_request("can't parse BotCommandScope: unsupported type specified")
    inner = Params(raw)
    chat = chats.get(inner.integer("chat_id"))
    if chat is None:
        raise bad_request("chat not found")
    if kind != "chat" and chat.kind == "private":
        raise bad_request("can't use specified scope in private chats")
    return str(kind), chat.id, inner.integer("user_id") if kind == "chat_member" else 0


def language_of(params: Params) -> str:
    """Return the two-letter language code of a call, '' without one."""
    code = params.text("language_code")
    if code and not re.fullmatch(r"[a-z]{2}", code):
        raise bad_request("invalid language code specified")
    return code


def commands_of(params: Params) -> Commands:
    """Return the checked commands of a call; raise Telegram's 400."""
    raw = params.json("commands", "can't parse commands JSON object")
    if raw is None:
        return []
    if not isinstance(raw, list):
        raise bad_request("expected an Array of BotCommand")
    if len(raw) > MOST_COMMANDS:
        raise bad_request("BOT_COMMANDS_TOO_MUCH")
    return [_command(item) for item in raw]


def _command(raw: object) -> JsonObject:
    if not isinstance(raw, dict):
        raise bad_request("can't parse BotCommand: expected an Object")
    name = str(raw.get("command") or "").strip().removeprefix("/")
    description = str(raw.get("description") or "").strip()
    if not name:
        raise bad_request("command must be non-empty")
    if len(name) > LONGEST_COMMAND:
        raise bad_request(f"command length must not exceed {LONGEST_COMMAND}")
    if not description:
        raise bad_request("command description must be non-empty")
    if len(description) > LONGEST_DESCRIPTION:
        raise bad_request(f"command description length must not exceed {LONGEST_DESCRIPTION}")
    if not _NAME.fullmatch(name):
        raise bad_request("BOT_COMMAND_INVALID")
    return {"command": name, "description": description}
