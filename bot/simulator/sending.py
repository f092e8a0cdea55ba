"""The Bot API methods that send: text, files, albums, copies and forwards."""

from __future__ import annotations

from dataclasses import replace

from bot.simulator.bot_views import message_json, user_json
from bot.simulator.errors import bad_request
from bot.simulator.keyboards import reply_markup
from bot.simulator.media import album_items, media_of
from bot.simulator.params import Params
from bot.simulator.texts import caption_text, message_text
from bot.simulator.values import Chat, JsonObject, Message
from bot.simulator.world import World

MOST_IN_BULK = 100
_ACTIONS = frozenset(
    {
        "typing",
        "upload_photo",
        "record_video",
        "upload_video",
        "record_voice",
        "upload_voice",
        "upload_document",
        "choose_sticker",
        "find_location",
        "record_video_note",
        "upload_video_note",
    }
)


def _draft(world: World, chat: Chat, params: Params) -> Message:
    """Return a message of the bot with the options every send method has."""
    return Message(
        message_id=0,
        chat_id=chat.id,
        sender_id=world.profile.id,
        date=world.second(),
        markup=reply_markup(params),
        reply_to=_reply_target(chat, params),
        protected=params.flag("protect_content"),
        silent=params.flag("disable_notification"),
    )


def _reply_target(chat: Chat, params: Params) -> int | None:
    raw = params.json("reply_parameters", "can't parse reply parameters JSON object")
    reply = Params(raw) if isinstance(raw, dict) else params
    number = reply.integer("message_id" if isinstance(raw, dict) else "reply_to_message_id")
    target = chat.messages.get(number)
    if target is not None and not target.deleted:
        return number
    if number and not reply.flag("allow_sending_without_reply"):
        raise bad_request("message to be replied not found")
    return None


def send_message(world: World, params: Params) -> object:
    """Send a text."""
    chat = world.reachable_chat(params)
    text, entities = message_text(params)
    draft = replace(_draft(world, chat, params), text=text, entities=entities)
    return message_json(world, world.add_message(chat, draft))


def _send_media(kind: str, world: World, params: Params) -> object:
    chat = world.reachable_chat(params)
    media = media_of(world, params, kind)
    text, entities = caption_text(params)
    draft = replace(_draft(world, chat, params), media=media, text=text, entities=entities)
    return message_json(world, world.add_message(chat, draft))


def send_photo(world: World, params: Params) -> object:
    """Send a photo: upload or file_id."""
    return _send_media("photo", world, params)


def send_document(world: World, params: Params) -> object:
    """Send a document: upload or file_id."""
    return _send_media("document", world, params)


def send_voice(world: World, params: Params) -> object:
    """Send a voice note: upload or file_id."""
    return _send_media("voice", world, params)


def send_media_group(world: World, params: Params) -> object:
    """Send an album of 2-10 photos or 2-10 documents."""
    chat = world.reachable_chat(params)
    items = album_items(world, params)
    draft = replace(_draft(world, chat, params), album=str(world.rng.randrange(10**16, 10**17)))
    sent = [
        world.add_message(
            chat, replace(draft, media=item.media, text=item.text, entities=item.entities)
        )
        for item in items
    ]
    return [message_json(world, message) for message in sent]


def _source(world: World, params: Params, number: int, verb: str) -> Message:
    origin = world.chat(params, "from_chat_id")
    message = origin.messages.get(number)
    if message is None or message.deleted:
        raise bad_request(f"message to {verb} not found")
    if message.protected:
        participle = {"copy": "copied", "forward": "forwarded"}[verb]
        raise bad_request(f"message can't be {participle}")
    return message


def copy_message(world: World, params: Params) -> object:
    """Send the content of a message again, as a message of the bot."""
    chat = world.reachable_chat(params)
    source = _source(world, params, params.integer("message_id"), "copy")
    draft = _draft(world, chat, params)
    kept = replace(draft, text=source.text, entities=source.entities, media=source.media)
    kept = replace(kept, contact=source.contact, markup=draft.markup or source.markup)
    if source.media and "caption" in params.values:
        text, entities = caption_text(params)
        kept = replace(kept, text=text, entities=entities)
    return {"message_id": world.add_message(chat, kept).message_id}


def _forward(world: World, chat: Chat, params: Params, number: int) -> Message:
    source = _source(world, params, number, "forward")
    origin: JsonObject = source.forward_origin or {
        "type": "user",
        "sender_user": user_json(world, source.sender_id),
        "date": source.date,
    }
    draft = replace(_draft(world, chat, params), forward_origin=origin, contact=source.contact)
    draft = replace(draft, text=source.text, entities=source.entities, media=source.media)
    return world.add_message(chat, draft)


def forward_message(world: World, params: Params) -> object:
    """Forward a message, with its origin."""
    chat = world.reachable_chat(params)
    return message_json(world, _forward(world, chat, params, params.integer("message_id")))


def message_numbers(params: Params) -> list[int]:
    """Return the 1-100 message numbers of a bulk call."""
    raw = params.json("message_ids", "can't parse message identifiers JSON object")
    if not isinstance(raw, list) or not raw:
        raise bad_request("message identifiers are not specified")
    if len(raw) > MOST_IN_BULK:
        raise bad_request("too many message identifiers specified")
    if not all(isinstance(number, int) and number > 0 for number in raw):
        raise bad_request("invalid message identifier specified")
    return raw


def _bulk(world: World, params: Params, verb: str) -> object:
    world.reachable_chat(params)
    method = {"copy": copy_message, "forward": forward_message}[verb]
    sent = []
    origin = world.chat(params, "from_chat_id")
    for number in message_numbers(params):
        source = origin.messages.get(number)
        # The server skips what it cannot find or copy.
        if source is None or source.deleted or source.protected:
            continue
        result = method(world, Params({**params.values, "message_id": str(number)}))
        sent.append({"message_id": result["message_id"]} if isinstance(result, dict) else result)
    return sent


def copy_messages(world: World, params: Params) -> object:
    """Copy 1-100 messages, skipping those that cannot be."""
    return _bulk(world, params, "copy")


def forward_messages(world: World, params: Params) -> object:
    """Forward 1-100 messages, skipping those that cannot be."""
    return _bulk(world, params, "forward")


def send_chat_action(world: World, params: Params) -> object:
    """Show that the bot is at work."""
    chat = world.reachable_chat(params)
    if params.text("action") not in _ACTIONS:
        raise bad_request("wrong parameter action in request")
    for user in chat.members:
        world.hub.publish(user, "typing", {})
    return True
