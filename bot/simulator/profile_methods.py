"""The Bot API methods about the bot itself: who it is, its commands, its descriptions."""

from __future__ import annotations

from bot.simulator.bot_views import bot_json
from bot.simulator.commands import commands_of, language_of, scope_of
from bot.simulator.errors import bad_request, too_many_requests
from bot.simulator.params import Params
from bot.simulator.values import JsonObject
from bot.simulator.world import World

LONGEST_NAME = 64
LONGEST_DESCRIPTION = 512
LONGEST_SHORT_DESCRIPTION = 120
_MENU_TYPES = ("default", "commands", "web_app")


def get_me(world: World, _params: Params) -> object:
    """Return the bot as a User object."""
    return {
        **bot_json(world),
        "can_join_groups": True,
        "can_read_all_group_messages": False,
        "supports_inline_queries": False,
        "can_connect_to_business": False,
        "has_main_web_app": False,
    }


def set_my_commands(world: World, params: Params) -> object:
    """Set the commands of a scope and language."""
    scope, language = scope_of(params, world.chats), language_of(params)
    world.commands.put(scope, language, commands_of(params))
    world.people_changed()
    return True


def get_my_commands(world: World, params: Params) -> object:
    """Return the commands set for exactly this scope and language."""
    return world.commands.of(scope_of(params, world.chats), language_of(params))


def delete_my_commands(world: World, params: Params) -> object:
    """Delete the commands of a scope and language."""
    world.commands.put(scope_of(params, world.chats), language_of(params), [])
    world.people_changed()
    return True


def _set_text(texts: dict[str, str], params: Params, name: str, longest: int) -> bool:
    text, language = params.text(name), language_of(params)
    if len(text) > longest:
        raise bad_request(f"{name.replace('_', ' ')} is too long")
    if text:
        texts[language] = text
    else:
        texts.pop(language, None)
    return True


def _get_text(texts: dict[str, str], params: Params, name: str) -> JsonObject:
    return {name: texts.get(language_of(params), texts.get("", ""))}


def set_my_name(world: World, params: Params) -> object:
    """Set the bot's name in a language; at most 64 characters."""
    return _set_text(world.profile.names, params, "name", LONGEST_NAME)


def get_my_name(world: World, params: Params) -> object:
    """Return the bot's name in a language."""
    profile = world.profile
    return _get_text({"": profile.first_name, **profile.names}, params, "name")


def set_my_description(world: World, params: Params) -> object:
    """Set what an empty chat shows; at most 512 characters."""
    return _set_text(world.profile.descriptions, params, "description", LONGEST_DESCRIPTION)


def get_my_description(world: World, params: Params) -> object:
    """Return what an empty chat shows."""
    return _get_text(world.profile.descriptions, params, "description")


def set_my_short_description(world: World, params: Params) -> object:
    """Set the line of the bot's profile; at most 120 characters."""
    texts = world.profile.short_descriptions
    return _set_text(texts, params, "short_description", LONGEST_SHORT_DESCRIPTION)


def get_my_short_description(world: World, params: Params) -> object:
    """Return the line of the bot's profile."""
    return _get_text(world.profile.short_descriptions, params, "short_description")


def set_chat_menu_button(world: World, params: Params) -> object:
    """Set the menu button of a private chat, or of all without chat_id."""
    chat_id = _menu_chat(world, params)
    raw = params.json("menu_button", "can't parse menu button JSON object")
    button = raw if isinstance(raw, dict) else {"type": "default"}
    if button.get("type") not in _MENU_TYPES:
        raise bad_request("can't parse MenuButton: unsupported type specified")
    world.profile.menu_buttons[chat_id] = button
    return True


def get_chat_menu_button(world: World, params: Params) -> object:
    """Return the menu button of a private chat, or the default one."""
    buttons = world.profile.menu_buttons
    return buttons.get(_menu_chat(world, params), buttons.get(0, {"type": "commands"}))


def _menu_chat(world: World, params: Params) -> int:
    if not params.text("chat_id"):
        return 0
    chat = world.chat(params)
    if chat.kind != "private":
        raise bad_request("chat_id must be of a private chat")
    return chat.id


def log_out(world: World, _params: Params) -> object:
    """Log out of the cloud server; nothing else is answered for ten minutes."""
    world.logged_out_at = world.now()
    return True


def close(world: World, _params: Params) -> object:
    """Close the bot instance; refused in the first ten minutes after the start."""
    remaining = 600 - (world.now() - world.started_at)
    if remaining > 0:
        raise too_many_requests(int(remaining) + 1)
    return True
