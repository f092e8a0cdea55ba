"""A screen as the body that is stored in the outbox and posted to Telegram as it stands."""

from __future__ import annotations

from base64 import b64encode
from typing import Any

from bot.screens.screen import Button, Screen, fit
from bot.screens.tap import encode

Body = dict[str, Any]
NO_PREVIEW = {"is_disabled": True}


def sending(screen: Screen, chat_id: int) -> Body:
    """Make the body that sends `screen` as a new message."""
    screen = fit(screen)
    params: Body = {"chat_id": chat_id, "parse_mode": "HTML", "protect_content": screen.protected}
    if screen.silent:
        params["disable_notification"] = True
    if screen.rows:
        params["reply_markup"] = keyboard(screen)
    if screen.photo:
        return _body("sendPhoto", {**params, "photo": screen.photo, "caption": screen.text})
    if screen.voice:
        return _body("sendVoice", {**params, "voice": screen.voice, "caption": screen.text})
    if screen.file:
        file = {
            "name": screen.file.name,
            "mime": screen.file.mime,
            "content_base64": b64encode(screen.file.content).decode(),
        }
        method = "sendPhoto" if screen.file.mime.startswith("image/") else "sendDocument"
        return {**_body(method, {**params, "caption": screen.text}), "file": file}
    params |= {"text": screen.text, "link_preview_options": NO_PREVIEW}
    return _body("sendMessage", params)


def editing(screen: Screen, chat_id: int, message_id: int) -> Body:
    """Make the body that puts `screen` in the place of a message; files are sent instead.

    So is what may be forwarded: an edited message keeps the protection it was sent with.
    """
    if screen.photo or screen.voice or screen.file or not screen.protected:
        return sending(screen, chat_id)
    screen = fit(screen)
    params: Body = {
        "chat_id": chat_id,
        "message_id": message_id,
        "parse_mode": "HTML",
        "text": screen.text,
        "link_preview_options": NO_PREVIEW,
        "reply_markup": keyboard(screen),
    }
    return {**_body("editMessageText", params), "fallback": True}


def bare(chat_id: int, message_id: int) -> Body:
    """Make the body that takes the buttons of a message away, and leaves its text."""
    markup: Body = {"inline_keyboard": []}
    params: Body = {"chat_id": chat_id, "message_id": message_id, "reply_markup": markup}
    return _body("editMessageReplyMarkup", params)


def working(chat_id: int) -> Body:
    """Make the body that shows for a few seconds that something is being written."""
    return _body("sendChatAction", {"chat_id": chat_id, "action": "typing"})


def keyboard(screen: Screen) -> Body:
    """Make the inline keyboard of a screen."""
    return {"inline_keyboard": [[_key(button) for button in row] for row in screen.rows]}


def _body(method: str, params: Body) -> Body:
    return {"method": method, "params": params}


def _key(button: Button) -> Body:
    key: Body = {"text": button.label.strip() or "…"}  # a name may be made of nothing visible
    if button.tap is not None:
        key["callback_data"] = encode(button.tap)
    elif button.url is not None:
        key["url"] = button.url
    else:
        key["copy_text"] = {"text": (button.copy or button.label)[:256]}
    if button.style:
        key["style"] = button.style
    return key
