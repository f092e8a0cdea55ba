"""The Bot API methods that change or remove messages, and pin them."""

from __future__ import annotations

from dataclasses import replace

from bot.simulator.bot_views import message_json
from bot.simulator.errors import bad_request
from bot.simulator.keyboards import inline_markup, same_markup
from bot.simulator.media import edited_media
from bot.simulator.params import Params
from bot.simulator.sending import message_numbers
from bot.simulator.texts import caption_text, message_text
from bot.simulator.values import Chat, Media, Message
from bot.simulator.world import World

DELETABLE_SECONDS = 48 * 3600
_NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same "
    "as a current content and reply markup of the message"
)


def _target(world: World, params: Params) -> tuple[Chat, Message]:
    chat = world.reachable_chat(params)
    number = params.integer("message_id")
    if number <= 0:
        raise bad_request("message identifier is not specified")
    message = chat.messages.get(number)
    if message is None or message.deleted:
        raise bad_request("message to edit not found")
    is_own = message.sender_id == world.profile.id and not message.forward_origin
    if not is_own or (message.markup and "inline_keyboard" not in message.markup):
        raise bad_request("message can't be edited")
    return chat, message


def _save(world: World, chat: Chat, old: Message, new: Message) -> object:
    same = replace(new, markup=old.markup, media=old.media) == old
    if same and same_markup(old.markup, new.markup) and _same_media(old.media, new.media):
        raise bad_request(_NOT_MODIFIED)
    only_keyboard = same and _same_media(old.media, new.media)
    kept = new if only_keyboard else replace(new, edit_date=world.second())
    world.put_message(chat, kept)
    return message_json(world, kept)


def _same_media(old: Media | None, new: Media | None) -> bool:
    if old is None or new is None:
        return old is new
    return (old.kind, old.best.unique_id, old.best.name) == (
        new.kind,
        new.best.unique_id,
        new.best.name,
    )


def edit_message_text(world: World, params: Params) -> object:
    """Change the text and keyboard of a text message."""
    chat, message = _target(world, params)
    if message.media or message.contact:
        raise bad_request("there is no text in the message to edit")
    text, entities = message_text(params)
    changed = replace(message, text=text, entities=entities, markup=inline_markup(params))
    return _save(world, chat, message, changed)


def edit_message_caption(world: World, params: Params) -> object:
    """Change the caption and keyboard of a message with media."""
    chat, message = _target(world, params)
    if not message.media:
        raise bad_request("there is no caption in the message to edit")
    text, entities = caption_text(params)
    changed = replace(message, text=text, entities=entities, markup=inline_markup(params))
    return _save(world, chat, message, changed)


def edit_message_media(world: World, params: Params) -> object:
    """Replace the photo or document of a message, its caption and keyboard."""
    chat, message = _target(world, params)
    item = edited_media(world, params)
    if message.media is not None and message.media.kind == "voice":
        raise bad_request("message media can't be edited")
    if message.album and message.media and item.media.kind != message.media.kind:
        raise bad_request("message can't be edited")
    changed = replace(message, media=item.media, text=item.text, entities=item.entities)
    return _save(world, chat, message, replace(changed, markup=inline_markup(params)))


def edit_message_reply_markup(world: World, params: Params) -> object:
    """Change only the keyboard of a message."""
    chat, message = _target(world, params)
    return _save(world, chat, message, replace(message, markup=inline_markup(params)))


def _delete(world: World, chat: Chat, message: Message) -> None:
    gone = replace(message, deleted=True, text="", entities=(), media=None, markup=None)
    if message.message_id in chat.pinned:
        chat.pinned.remove(message.message_id)
    world.put_message(chat, replace(gone, contact=None))


def delete_message(world: World, params: Params) -> object:
    """Delete a message less than 48 hours old, of either side of a private chat."""
    chat = world.chat(params)
    message = chat.messages.get(params.integer("message_id"))
    if message is None or message.deleted:
        raise bad_request("message to delete not found")
    is_foreign = chat.kind != "private" and message.sender_id != world.profile.id
    if is_foreign or world.now() - message.date > DELETABLE_SECONDS:
        raise bad_request("message can't be deleted for everyone")
    _delete(world, chat, message)
    return True


def delete_messages(world: World, params: Params) -> object:
    """Delete 1-100 messages; those that cannot be found are skipped."""
    chat = world.chat(params)
    for number in message_numbers(params):
        message = chat.messages.get(number)
        if message is None or message.deleted:
            continue
        if world.now() - message.date > DELETABLE_SECONDS:
            raise bad_request("message can't be deleted for everyone")
        _delete(world, chat, message)
    return True


def pin_chat_message(world: World, params: Params) -> object:
    """Pin a message of a chat."""
    chat = world.reachable_chat(params)
    number = params.integer("message_id")
    message = chat.messages.get(number)
    if message is None or message.deleted:
        raise bad_request("message to pin not found")
    chat.pinned = [number, *(pinned for pinned in chat.pinned if pinned != number)]
    return True


def unpin_chat_message(world: World, params: Params) -> object:
    """Unpin a message, the last pinned one without a number."""
    chat = world.reachable_chat(params)
    number = params.integer("message_id") or (chat.pinned[0] if chat.pinned else 0)
    if number not in chat.pinned:
        raise bad_request("message to unpin not found")
    chat.pinned.remove(number)
    return True


def unpin_all_chat_messages(world: World, params: Params) -> object:
    """Unpin everything in a chat."""
    world.reachable_chat(params).pinned = []
    return True
