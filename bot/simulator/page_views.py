"""People and messages as the web chat shows them."""

from __future__ import annotations

from itertools import islice, takewhile
from typing import TYPE_CHECKING

from bot.simulator.html_writer import safe_html
from bot.simulator.keyboards import inline_buttons
from bot.simulator.values import Chat, JsonObject, Message, Person, StoredFile

if TYPE_CHECKING:
    from bot.simulator.world import World

HISTORY = 200


def page_person(world: World, person: Person) -> JsonObject:
    """Return a person for the list of the page."""
    return {
        "id": person.id,
        "first_name": person.first_name,
        "last_name": person.last_name,
        "username": person.username,
        "language_code": person.language_code,
        "role": person.role,
        "start": person.start,
        "unread": person.unread,
        "last": person.last,
        "last_at": person.last_at,
        "blocked": person.blocked,
        "commands": world.commands.shown_to(person.id, person.language_code),
    }


def page_people(world: World) -> list[JsonObject]:
    """Return everybody, in the order they were added."""
    return [page_person(world, person) for person in world.people.values()]


def page_state(world: World) -> JsonObject:
    """Return what the page needs when it opens."""
    profile = world.profile
    return {
        "bot": {
            "id": profile.id,
            "username": profile.username,
            "first_name": profile.names.get("", profile.first_name),
            "descriptions": profile.descriptions,
        },
        "banner": world.banner,
        "people": page_people(world),
    }


def page_history(world: World, user: int, chat: Chat, after: int | None) -> JsonObject:
    """Return the last 200 messages, or those that changed since sequence number `after`."""
    if after is None:
        latest = (m.message_id for m in reversed(chat.messages.values()) if not m.deleted)
        ids = list(islice(latest, HISTORY))
    else:
        ids = list(takewhile(lambda n: chat.changes[n] > after, reversed(chat.changes)))
    return {
        "seq": world.sequence,
        "messages": [page_message(user, chat.messages[number]) for number in sorted(ids)],
        "answers": world.people[user].answers,
    }


def page_message(user: int, message: Message) -> JsonObject:
    """Return a message for the page of `user`; what a deleted one said is gone."""
    media = message.media
    words = "" if message.deleted else message.text
    return {
        "message_id": message.message_id,
        "date": message.date,
        "edit_date": message.edit_date,
        "out": message.sender_id == user,
        "html": safe_html(words, message.entities) if words else "",
        "text": words,
        "photo": None,
        "document": None,
        "voice": None,
        **({media.kind: _file(media.best)} if media and not message.deleted else {}),
        "contact": message.contact,
        "caption": words if media else None,
        "reply_to": message.reply_to,
        "buttons": [] if message.deleted else page_buttons(message),
        "reply_keyboard": _reply_keyboard(message),
        "protected": message.protected,
        "silent": message.silent,
        "deleted": message.deleted,
        "album": message.album,
        "chat_id": message.chat_id,
    }


def page_buttons(message: Message) -> list[list[JsonObject]]:
    """Return the inline buttons with their running number."""
    rows: list[list[JsonObject]] = []
    number = 0
    for row in inline_buttons(message):
        rows.append([])
        for button in row:
            rows[-1].append(_button(number, button))
            number += 1
    return rows


def _button(number: int, button: JsonObject) -> JsonObject:
    copy = button.get("copy_text")
    kind = "url" if "url" in button else "copy" if copy else "callback"
    return {
        "index": number,
        "text": button["text"],
        "style": button.get("style", ""),
        "kind": kind,
        "url": button.get("url", ""),
        "copy": copy["text"] if isinstance(copy, dict) else "",
    }


def _reply_keyboard(message: Message) -> list[list[object]] | None:
    rows = (message.markup or {}).get("keyboard")
    if not isinstance(rows, list):
        return [] if (message.markup or {}).get("remove_keyboard") else None
    return [[button["text"] for button in row] for row in rows]


def _file(stored: StoredFile) -> JsonObject:
    return {
        "file_id": stored.file_id,
        "file_name": stored.name,
        "mime_type": stored.mime,
        "file_size": len(stored.content),
        "width": stored.width,
        "height": stored.height,
        "duration": stored.duration,
        "url": f"/chat/file/{stored.file_id}",
    }
