"""What people do: write, press, send files, edit, block; each wakes the bot by an update."""

from __future__ import annotations

from dataclasses import replace

from bot.simulator.bot_views import bot_json, chat_json, message_json, person_json, user_json
from bot.simulator.entities import tidy, with_found
from bot.simulator.errors import ApiError, ChatError
from bot.simulator.keyboards import numbered_buttons
from bot.simulator.params import Upload
from bot.simulator.texts import LONGEST_CAPTION, LONGEST_TEXT
from bot.simulator.updates import PRESS_QUEUE
from bot.simulator.utf16 import utf16_length
from bot.simulator.values import Chat, JsonObject, Message, Person, Press
from bot.simulator.world import World

_ACCESSIBLE_SECONDS = 48 * 3600


def _chat_for(world: World, user: int, chat_id: int | None) -> tuple[Person, Chat]:
    person = world.person(user)
    chat = world.chats.get(user if chat_id is None else chat_id)
    if chat is None or user not in chat.members:
        raise ChatError(404, f"{user} is not in the chat {chat_id}")
    if chat.kind == "private" and person.blocked:
        raise ChatError(409, "this person has blocked the bot")
    return person, chat


def _arrive(world: World, person: Person, chat: Chat, message: Message) -> Message:
    """Add a message of a person to the chat and tell the bot."""
    if chat.kind == "private":
        person.started = True
    kept = world.add_message(chat, message)
    if chat.bot_status in ("member", "administrator"):
        world.updates.push("message", message_json(world, kept), chat.id)
    return kept


def _written(world: World, user: int, chat: Chat, text: str) -> Message:
    trimmed, entities = tidy(text, ())
    return Message(
        message_id=0,
        chat_id=chat.id,
        sender_id=user,
        date=world.second(),
        text=trimmed,
        entities=with_found(trimmed, entities),
    )


def _check_length(text: str, longest: int) -> None:
    try:
        text.encode()
    except UnicodeEncodeError:
        raise ChatError(400, "the text has half a character (a lone surrogate)") from None
    if utf16_length(text.strip()) > longest:
        raise ChatError(400, f"the text is longer than {longest} characters")


def write(
    world: World, user: int, text: str, reply_to: int | None = None, chat_id: int | None = None
) -> Message:
    """Send a text of a person; a command at its start is marked as one."""
    person, chat = _chat_for(world, user, chat_id)
    _check_length(text, LONGEST_TEXT)
    if not text.strip():
        raise ChatError(400, "the text is empty")
    target = chat.messages.get(reply_to or 0)
    if reply_to and (target is None or target.deleted):
        raise ChatError(404, f"there is no message {reply_to} to reply to")
    if text.strip() == f"/start {person.start}".strip():
        person.start = ""
    return _arrive(
        world, person, chat, replace(_written(world, user, chat, text), reply_to=reply_to)
    )


def send_file(
    world: World, user: int, kind: str, upload: Upload, caption: str, duration: int = 0
) -> Message:
    """Send a photo, document or voice note of a person, under Telegram's size rules."""
    person, chat = _chat_for(world, user, None)
    _check_length(caption, LONGEST_CAPTION)
    if kind not in ("photo", "document", "voice"):
        raise ChatError(400, "kind must be photo, document or voice")
    try:
        media = world.files.keep(kind, upload, duration)
    except ApiError as error:
        raise ChatError(400, error.description) from None
    return _arrive(world, person, chat, replace(_written(world, user, chat, caption), media=media))


def share_contact(world: World, user: int, phone: str, of_user: int | None) -> Message:
    """Share a phone number: the person's own, that of `of_user`, or of nobody known (0)."""
    person, chat = _chat_for(world, user, None)
    owner = user if of_user is None else of_user
    contact: JsonObject = {"phone_number": phone, "first_name": person.first_name}
    if owner:
        contact["user_id"] = owner
    return _arrive(world, person, chat, replace(_written(world, user, chat, ""), contact=contact))


def edit(world: World, user: int, message_id: int, text: str) -> Message:
    """Edit a person's own message; the bot gets an edited_message."""
    _, chat = _chat_for(world, user, None)
    message = chat.messages.get(message_id)
    if message is None or message.deleted or message.sender_id != user:
        raise ChatError(404, f"there is no message {message_id} of this person")
    _check_length(text, LONGEST_CAPTION if message.media else LONGEST_TEXT)
    if not text.strip() and not message.media:
        raise ChatError(400, "the text is empty")
    words = _written(world, user, chat, text)
    changed = replace(message, text=words.text, entities=words.entities, edit_date=world.second())
    world.put_message(chat, changed)
    world.updates.push("edited_message", message_json(world, changed), chat.id)
    return changed


def press(
    world: World, user: int, message_id: int, index: int | None, data: str | None = None
) -> Press:
    """Press the button `index` of a message; with `data`, a forged press of a modified client."""
    _, chat = _chat_for(world, user, None)
    message = chat.messages.get(message_id)
    if message is None or message.sender_id != world.profile.id:
        raise ChatError(404, f"there is no message {message_id} of the bot")
    if data is None:
        data = _data_of(message, index)
    made = Press(
        id=str(world.rng.randrange(10**17, 10**18)),
        person_id=user,
        chat_id=chat.id,
        message_id=message_id,
        pressed_at=world.now(),
    )
    world.add_press(made)
    payload: JsonObject = {
        "id": made.id,
        "from": person_json(world.people[user]),
        "message": _pressed_message(world, chat, message),
        "chat_instance": str(chat.id * 1_000_003),
        "data": data,
    }
    world.updates.push("callback_query", payload, user + PRESS_QUEUE)
    return made


def _data_of(message: Message, index: int | None) -> str:
    if message.deleted:
        raise ChatError(404, "this message was deleted")
    button = dict(numbered_buttons(message)).get(-1 if index is None else index)
    if button is None:
        raise ChatError(404, f"the message {message.message_id} has no button {index}")
    if "callback_data" not in button:
        raise ChatError(400, f"the button {index} does not call the bot")
    return str(button["callback_data"])


def _pressed_message(world: World, chat: Chat, message: Message) -> JsonObject:
    """Return the message of a press, an inaccessible one when deleted or old."""
    if message.deleted or world.now() - message.date > _ACCESSIBLE_SECONDS:
        return {"chat": chat_json(world, chat), "message_id": message.message_id, "date": 0}
    return message_json(world, message)


def set_blocked(world: World, user: int, *, blocked: bool) -> None:
    """Block or unblock the bot; it gets a my_chat_member."""
    person = world.person(user)
    if person.blocked == blocked:
        return
    person.blocked = blocked
    old, new = ("member", "kicked") if blocked else ("kicked", "member")
    world.updates.push("my_chat_member", _standing(world, world.chats[user], user, old, new), user)
    world.people_changed()


def _standing(world: World, chat: Chat, user: int, old: str, new: str) -> JsonObject:
    return {
        "chat": chat_json(world, chat),
        "from": user_json(world, user),
        "date": world.second(),
        "old_chat_member": _member(world, old),
        "new_chat_member": _member(world, new),
    }


def _member(world: World, status: str) -> JsonObject:
    until: JsonObject = {"until_date": 0} if status == "kicked" else {}
    return {"user": bot_json(world), "status": status, **until}


def put_bot_in_group(world: World, chat: Chat, by: int) -> None:
    """Add a group, or change the bot's standing in a known one; it gets a my_chat_member."""
    old = world.chats[chat.id].bot_status if chat.id in world.chats else "left"
    if chat.id in world.chats:
        known = world.chats[chat.id]
        known.bot_status, known.migrated_to = chat.bot_status, chat.migrated_to
        known.members |= chat.members
    else:
        world.chats[chat.id] = chat
    if chat.bot_status not in (old, "deleted"):
        payload = _standing(world, world.chats[chat.id], by, old, chat.bot_status)
        world.updates.push("my_chat_member", payload, chat.id)


def read(world: World, user: int) -> None:
    """Mark a person's chat as read."""
    person = world.person(user)
    if person.unread:
        person.unread = 0
        world.people_changed()
