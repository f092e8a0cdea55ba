"""The Bot API methods about chats and the files in them."""

from __future__ import annotations

from bot.simulator.bot_views import bot_json, chat_json, message_json, person_json
from bot.simulator.errors import bad_request
from bot.simulator.files import LARGEST_DOWNLOAD
from bot.simulator.params import Params
from bot.simulator.values import JsonObject
from bot.simulator.world import World

_RIGHTS = (
    "can_send_messages",
    "can_send_audios",
    "can_send_documents",
    "can_send_photos",
)


def get_chat(world: World, params: Params) -> object:
    """Return a chat with what only this method tells."""
    chat = world.chat(params)
    shown: JsonObject = {
        **chat_json(world, chat),
        "accent_color_id": 0,
        "max_reaction_count": 11,
        "accepted_gift_types": {
            "unlimited_gifts": False,
            "limited_gifts": False,
            "unique_gifts": False,
            "premium_subscription": False,
            "gifts_from_channels": False,
        },
    }
    if chat.kind != "private":
        shown["permissions"] = dict.fromkeys(_RIGHTS, True)
    if chat.pinned:
        shown["pinned_message"] = message_json(world, chat.messages[chat.pinned[0]])
    return shown


def get_chat_member(world: World, params: Params) -> object:
    """Return the standing of a user in a chat."""
    chat = world.chat(params)
    user = params.integer("user_id")
    if user == world.profile.id:
        status = chat.bot_status if chat.kind != "private" else "member"
        return {"user": bot_json(world), "status": status}
    person = world.people.get(user)
    if person is None:
        raise bad_request("user not found")
    if user not in chat.members:
        raise bad_request("member not found")
    return {"user": person_json(person), "status": "member"}


def get_chat_member_count(world: World, params: Params) -> object:
    """Return how many are in a chat, the bot included."""
    return len(world.chat(params).members) + 1


def leave_chat(world: World, params: Params) -> object:
    """Leave a group."""
    chat = world.chat(params)
    if chat.kind == "private":
        raise bad_request("chat member status can't be changed in private chats")
    world.reachable_chat(params)
    chat.bot_status = "left"
    return True


def get_file(world: World, params: Params) -> object:
    """Return the path to download a file of at most 20 MiB."""
    if not params.text("file_id"):
        raise bad_request("file_id is not specified")
    stored = world.files.of_id(params.text("file_id"))
    if len(stored.content) > LARGEST_DOWNLOAD:
        raise bad_request("file is too big")
    return {
        "file_id": stored.file_id,
        "file_unique_id": stored.unique_id,
        "file_size": len(stored.content),
        "file_path": stored.path,
    }
