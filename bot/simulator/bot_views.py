"""Users, chats and messages as the Bot API shows them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.simulator.entities import entity_json
from bot.simulator.values import Chat, JsonObject, Media, Message, Person, StoredFile

if TYPE_CHECKING:
    from bot.simulator.world import World


def person_json(person: Person) -> JsonObject:
    """Return a person as a User object."""
    shown: JsonObject = {"id": person.id, "is_bot": False, "first_name": person.first_name}
    for name in ("last_name", "username", "language_code"):
        if value := getattr(person, name):
            shown[name] = value
    return shown


def bot_json(world: World) -> JsonObject:
    """Return the bot as a User object."""
    profile = world.profile
    return {
        "id": profile.id,
        "is_bot": True,
        "first_name": profile.names.get("", profile.first_name),
        "username": profile.username,
    }


def user_json(world: World, user: int) -> JsonObject:
    """Return the bot or a person as a User object."""
    return bot_json(world) if user == world.profile.id else person_json(world.people[user])


def chat_json(world: World, chat: Chat) -> JsonObject:
    """Return a Chat object."""
    if chat.kind != "private":
        return {"id": chat.id, "type": chat.kind, "title": chat.title}
    person = world.people[chat.id]
    names = {
        name: value
        for name in ("first_name", "last_name", "username")
        if (value := getattr(person, name))
    }
    return {"id": chat.id, "type": "private", **names}


def file_json(stored: StoredFile) -> JsonObject:
    """Return a File object with what the kind adds to it."""
    shown: JsonObject = {
        "file_id": stored.file_id,
        "file_unique_id": stored.unique_id,
        "file_size": len(stored.content),
    }
    if stored.kind == "photo":
        return {**shown, "width": stored.width, "height": stored.height}
    if stored.kind == "voice":
        return {**shown, "duration": stored.duration, "mime_type": stored.mime}
    return {**shown, "file_name": stored.name, "mime_type": stored.mime}


def media_json(media: Media) -> JsonObject:
    """Return the media field of a message."""
    if media.kind == "photo":
        return {"photo": [file_json(size) for size in media.sizes]}
    return {media.kind: file_json(media.best)}


def message_json(world: World, message: Message, *, with_reply: bool = True) -> JsonObject:
    """Return a Message object; the replied message inside has no reply of its own."""
    chat = world.chats[message.chat_id]
    shown: JsonObject = {
        "message_id": message.message_id,
        "from": user_json(world, message.sender_id),
        "chat": chat_json(world, chat),
        "date": message.date,
    }
    if message.edit_date:
        shown["edit_date"] = message.edit_date
    if message.media:
        shown |= media_json(message.media)
    if message.contact:
        shown["contact"] = message.contact
    shown |= _words(world, message)
    if message.markup and "inline_keyboard" in message.markup:
        shown["reply_markup"] = message.markup
    if message.protected:
        shown["has_protected_content"] = True
    if message.album:
        shown["media_group_id"] = message.album
    if message.forward_origin:
        shown["forward_origin"] = message.forward_origin
    replied = chat.messages.get(message.reply_to or 0)
    if with_reply and replied is not None and not replied.deleted:
        shown["reply_to_message"] = message_json(world, replied, with_reply=False)
    return shown


def _words(world: World, message: Message) -> JsonObject:
    if not message.text:
        return {}
    name = "caption" if message.media else "text"
    shown: JsonObject = {name: message.text}
    if message.entities:
        users = (
            {user: person_json(person) for user, person in world.people.items()}
            if any(entity.type == "text_mention" for entity in message.entities)
            else {}
        )
        key = "caption_entities" if message.media else "entities"
        shown[key] = [entity_json(entity, users) for entity in message.entities]
    return shown
