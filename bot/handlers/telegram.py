"""Telegram's updates turned into wishes, and the whole surface registered with PTB."""

from __future__ import annotations

import json
import logging
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

from telegram import Bot, CallbackQuery, Chat, InaccessibleMessage, Message, Update, User
from telegram.constants import ChatType
from telegram.ext import (
    Application,
    CallbackQueryHandler,
    ChatMemberHandler,
    CommandHandler,
    MessageHandler,
    filters,
)

from bot.handlers.dispatch import Wish
from bot.handlers.registry import REGISTRY
from bot.handlers.request import Attached, Incoming
from credit.moment import Clock, Moment

ALLOWED_UPDATES = ("message", "edited_message", "callback_query", "my_chat_member")
PRESSED = frozenset({"update_id", "callback_query"})
Carry = Callable[[Wish], Awaitable[None]]
log = logging.getLogger(__name__)


def register(
    application: Application[Any, Any, Any, Any, Any, Any], carry: Carry, clock: Clock
) -> None:
    """Tell PTB everything that can wake the product; each update becomes one wish."""

    async def on_update(update: Update, _context: object) -> None:
        wish = wish_of(update, clock)
        if wish is not None:
            await carry(wish)

    names = [name for command in REGISTRY.commands for name in command.names]
    private = filters.ChatType.PRIVATE & filters.UpdateType.MESSAGE
    application.add_handler(CallbackQueryHandler(on_update))
    application.add_handler(CommandHandler(names, on_update, filters=private))
    application.add_handler(MessageHandler(private, on_update))
    corrected = filters.ChatType.PRIVATE & filters.UpdateType.EDITED_MESSAGE
    application.add_handler(MessageHandler(corrected, on_update))
    application.add_handler(ChatMemberHandler(on_update, ChatMemberHandler.MY_CHAT_MEMBER))


def update_of(body: str, bot: Bot) -> Update:
    """Read a stored update; raise whatever PTB raises.

    A press is read without what PTB makes of the message under its button: the words and
    keys are our own, and an object of ninety fields takes most of the time.
    """
    given = json.loads(body)
    if given.keys() == PRESSED and _is_whole(press := given["callback_query"]):
        return Update(given["update_id"], callback_query=_query_of(press, bot))
    return Update.de_json(given, bot)


def _is_whole(press: object) -> bool:
    """Tell whether a press says who pressed and where, as all but hostile ones do."""
    message = press.get("message") if isinstance(press, dict) else None
    known = isinstance(press, dict) and isinstance(press.get("from"), dict)
    return known and isinstance(message, dict) and isinstance(message.get("chat"), dict)


def _query_of(press: dict[str, Any], bot: Bot) -> CallbackQuery:
    """Make a press on a message of which only the name is known, as if it were out of reach."""
    named = press["message"]
    return CallbackQuery(
        id=press["id"],
        from_user=User.de_json(press["from"], bot),
        chat_instance=press["chat_instance"],
        message=InaccessibleMessage(Chat.de_json(named["chat"], bot), named["message_id"]),
        data=press.get("data"),
    )


def wish_of(update: Update, clock: Clock) -> Wish | None:
    """Read an update as a wish; None for what the product does not listen to."""
    user, chat = update.effective_user, update.effective_chat
    if user is None or chat is None or user.is_bot or not _is_number(user.id):
        return None
    common: dict[str, Any] = {
        "update_id": update.update_id,
        "telegram_id": user.id,
        "chat_id": user.id,
        "first_name": user.full_name,
        "language": user.language_code,
        "now": clock.now(),
    }
    if chat.type != ChatType.PRIVATE:
        return None  # a group tells nothing about the person who changed it
    if update.callback_query is not None:
        return _press(update, common)
    if update.my_chat_member is not None:
        left = update.my_chat_member.new_chat_member.status in {"kicked", "left"}
        return Wish(**common, kind="left" if left else "back")
    return _written(update, common, clock)


def _written(update: Update, common: dict[str, Any], clock: Clock) -> Wish | None:
    edited = update.edited_message
    if edited is not None:
        return Wish(**common, kind="edited") if _is_corrected(edited) else None
    return None if update.message is None else _message(update.message, common, clock)


def _is_corrected(message: Message) -> bool:
    """Tell a person's correction from a place that moves, and from what Telegram itself changes."""
    return message.edit_date is not None and bool(message.text or message.caption)


def _is_number(found: object) -> bool:
    """Tell whether a sender can be known by this; Telegram's numbers fit 52 bits."""
    return isinstance(found, int) and not isinstance(found, bool) and abs(found) < 2**52


def _press(update: Update, common: dict[str, Any]) -> Wish | None:
    query = update.callback_query
    if query is None or query.data is None:
        return None
    tapped = query.message.message_id if query.message else None
    return Wish(**common, press=query.data, query_id=query.id, tapped=tapped)


def _message(message: Message, common: dict[str, Any], clock: Clock) -> Wish:
    sent = message.date + timedelta(seconds=clock.offset_seconds)
    text = message.text or message.caption or ""
    incoming = Incoming(
        message_id=message.message_id,
        text=text,
        written_on=Moment(sent, clock.zone).today,
        photo=_photo(message),
        document=_document(message),
        voice=_voice(message),
    )
    command, arguments = _command(text) if message.text else (None, "")
    return Wish(
        **common, command=command, arguments=arguments, kind=_kind(message), incoming=incoming
    )


def _kind(message: Message) -> str:
    if message.text is not None:
        return "text"
    if message.photo:
        return "photo"
    if message.voice:
        return "voice"
    return "document" if message.document else "other"


def _command(text: str) -> tuple[str | None, str]:
    """Split « /start abc » and « /start@relance_bot abc » into the name and the rest."""
    if not text.startswith("/"):
        return None, ""
    word, *rest = text[1:].split(maxsplit=1) or [""]
    return word.split("@")[0].lower(), rest[0].strip() if rest else ""


def _photo(message: Message) -> Attached | None:
    if not message.photo:
        return None
    largest = message.photo[-1]
    return Attached(
        largest.file_id, largest.file_unique_id, mime="image/jpeg", size=largest.file_size or 0
    )


def _voice(message: Message) -> Attached | None:
    one = message.voice
    if one is None:
        return None
    return Attached(
        one.file_id,
        one.file_unique_id,
        mime=one.mime_type or "",
        size=one.file_size or 0,
        seconds=_seconds(one.duration),
    )


def _seconds(length: int | timedelta) -> int:
    """Read a length, which the library gives as a number or, if told so, as a span."""
    return int(length.total_seconds()) if isinstance(length, timedelta) else length


def _document(message: Message) -> Attached | None:
    one = message.document
    if one is None:
        return None
    return Attached(
        one.file_id,
        one.file_unique_id,
        one.file_name or "",
        one.mime_type or "",
        one.file_size or 0,
    )
