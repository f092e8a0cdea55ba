"""Reply markups: inline keyboards, reply keyboards, and every rule about their buttons."""

from __future__ import annotations

from collections.abc import Iterator

from bot.simulator.errors import bad_request
from bot.simulator.links import WrongUrl, http_url, mentioned_user
from bot.simulator.params import Params
from bot.simulator.values import JsonObject, Message

MOST_IN_A_ROW = 8
MOST_BUTTONS = 100
LONGEST_DATA_BYTES = 64
LONGEST_COPY = 256
STYLES = ("danger", "success", "primary")
_OTHER_ACTIONS = (
    "web_app",
    "login_url",
    "switch_inline_query",
    "switch_inline_query_current_chat",
    "switch_inline_query_chosen_chat",
    "callback_game",
    "pay",
)
_REPLY_ACTIONS = ("request_contact", "request_location", "request_poll", "request_users", "web_app")
_UNREADABLE = "can't parse reply keyboard markup JSON object"


def reply_markup(params: Params) -> JsonObject | None:
    """Return the checked markup of a call, None without one."""
    raw = params.json("reply_markup", _UNREADABLE)
    if raw is None:
        return None
    if not isinstance(raw, dict):
        raise bad_request("object expected as reply markup")
    if "inline_keyboard" in raw:
        rows = [[_inline(b) for b in row] for row in _rows(raw, "inline_keyboard")]
        return {"inline_keyboard": [row for row in rows if row]}
    if "keyboard" in raw:
        rows = [[_reply(b) for b in row] for row in _rows(raw, "keyboard")]
        return {**raw, "keyboard": [row for row in rows if row]}
    if raw.get("remove_keyboard") is True or raw.get("force_reply") is True:
        return raw
    if not raw:
        return None
    raise bad_request(_UNREADABLE)


def inline_markup(params: Params) -> JsonObject | None:
    """Return the inline keyboard of an edit; other markups are refused there."""
    markup = reply_markup(params)
    if markup is not None and "inline_keyboard" not in markup:
        raise bad_request("inline keyboard expected")
    return markup if markup and markup["inline_keyboard"] else None


def _rows(markup: JsonObject, name: str) -> list[list[object]]:
    rows = markup[name]
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        kind = "InlineKeyboardMarkup" if name == "inline_keyboard" else "ReplyKeyboardMarkup"
        raise bad_request(f'field "{name}" of the {kind} must be an Array of Arrays')
    sizes = [len(row) for row in rows]
    if sum(sizes) > MOST_BUTTONS or any(size > MOST_IN_A_ROW for size in sizes):
        raise bad_request("reply markup is too long")
    return rows


def _text_of(button: JsonObject, kind: str) -> str:
    text = button.get("text")
    if text is None:
        raise bad_request(f"can't parse {kind}: Can't find field \"text\"")
    if not isinstance(text, str):
        raise bad_request(f'can\'t parse {kind}: Field "text" must be of type String')
    if not text.strip():
        raise bad_request("BUTTON_TEXT_INVALID")
    return text


def _style_of(button: JsonObject) -> JsonObject:
    style = button.get("style")
    if style is None:
        return {}
    if style not in STYLES:
        raise bad_request("BUTTON_STYLE_INVALID")
    return {"style": style}


def _inline(button: object) -> JsonObject:
    kind = "inline keyboard button"
    if not isinstance(button, dict):
        raise bad_request(f"can't parse {kind}: Object expected")
    shown: JsonObject = {"text": _text_of(button, kind), **_style_of(button)}
    if button.get("icon_custom_emoji_id"):
        shown["icon_custom_emoji_id"] = button["icon_custom_emoji_id"]
    action = _data(button) or _url(button) or _copy(button) or _other(button)
    if not action:
        raise bad_request(f"can't parse {kind}: Text buttons are unallowed in the inline keyboard")
    return {**shown, **action}


def _data(button: JsonObject) -> JsonObject:
    data = button.get("callback_data")
    if not data:
        return {}
    if not isinstance(data, str):
        raise bad_request(
            'can\'t parse inline keyboard button: Field "callback_data" must be of type String'
        )
    if len(data.encode("utf-8", "surrogatepass")) > LONGEST_DATA_BYTES:
        raise bad_request("BUTTON_DATA_INVALID")
    return {"callback_data": data}


def _url(button: JsonObject) -> JsonObject:
    url = button.get("url")
    if not url:
        return {}
    if mentioned_user(str(url)) is not None:
        return {"url": url}
    try:
        return {"url": http_url(str(url))}
    except WrongUrl as error:
        raise bad_request(f"inline keyboard button URL '{url}' is invalid: {error}") from None


def _copy(button: JsonObject) -> JsonObject:
    if "copy_text" not in button:
        return {}
    copy = button["copy_text"]
    text = copy.get("text") if isinstance(copy, dict) else None
    if not isinstance(text, str) or not 1 <= len(text) <= LONGEST_COPY:
        raise bad_request("BUTTON_COPY_TEXT_INVALID")
    return {"copy_text": {"text": text}}


def _other(button: JsonObject) -> JsonObject:
    return {name: button[name] for name in _OTHER_ACTIONS if name in button}


def _reply(button: object) -> JsonObject:
    if isinstance(button, str):
        button = {"text": button}
    if not isinstance(button, dict):
        raise bad_request("can't parse keyboard button: Object expected")
    shown: JsonObject = {"text": _text_of(button, "keyboard button"), **_style_of(button)}
    return shown | {name: button[name] for name in _REPLY_ACTIONS if button.get(name)}


def inline_buttons(message: Message) -> list[list[JsonObject]]:
    """Return the rows of inline buttons of a message, none without an inline keyboard."""
    rows = (message.markup or {}).get("inline_keyboard")
    return rows if isinstance(rows, list) else []


def numbered_buttons(message: Message) -> Iterator[tuple[int, JsonObject]]:
    """Yield the inline buttons of a message with their running number."""
    yield from enumerate(button for row in inline_buttons(message) for button in row)


def same_markup(old: JsonObject | None, new: JsonObject | None) -> bool:
    """Tell whether two markups are the same; no markup equals an empty one."""
    return (old or None) == (new or None)
