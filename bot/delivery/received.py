"""Read of an update only what storing it needs; what cannot be read is kept for the record."""

from __future__ import annotations

import hashlib
import json
import re
from typing import Any, Final

from bot.delivery.shape import misshapen
from storage.inbox import Received

LARGEST: Final = 2**63 - 1
NOBODY: Final = 0
# an escaped NUL, but not an escaped backslash before the letters u0000
NUL: Final = re.compile(r"(?<!\\)((?:\\\\)*)\\u0000")


def received(update: object) -> Received:
    """Return an update as a row; without a usable number it is parked under one of our own.

    One that has a field of a wrong type, or lacks one that it cannot lack, is parked as well.
    Half a surrogate pair and NUL, which no database keeps, become the replacement character.
    """
    body, error = _spelled(update)
    fields = update if isinstance(update, dict) else {}
    number = _number(fields.get("update_id"))
    if number is not None and number >= 0:
        wrong = None if error else misshapen(fields)
        error = error if wrong is None else f"wrong or missing: {wrong}"
        return Received(number, _sender(fields), body, error=error)
    # below zero: Telegram's numbers are not, and the same text keeps the same number
    own = -1 - int.from_bytes(hashlib.sha256(body.encode()).digest()[:7])
    return Received(own, NOBODY, body, error=error or "no usable update_id")


def _spelled(update: object) -> tuple[str, str | None]:
    try:
        text = json.dumps(update, ensure_ascii=False)
    except RecursionError:
        return "{}", "nested too deeply"
    try:
        text.encode()
    except UnicodeEncodeError:
        text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return NUL.sub(r"\1\\ufffd", text) if r"\u0000" in text else text, None


def _sender(update: dict[str, Any]) -> int:
    parts = [part for part in update.values() if isinstance(part, dict)]
    for key in ("from", "user", "chat"):
        for part in parts:
            whole = part.get(key)
            number = _number(whole.get("id")) if isinstance(whole, dict) else None
            if number is not None:
                return number
    return NOBODY


def _number(value: object) -> int | None:
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) <= LARGEST:
        return value
    return None
