"""The types of the fields that routing and handlers rely on: one of a wrong type is a defect.

Trying such an update again is of no use, so it is set aside when it is stored. A field that is
missing or null is python-telegram-bot's and the handlers' matter, who know what is optional; but
for those without which routing itself fails, where no handler is asked.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

Holds = Callable[[Any], bool]
Shape = Mapping[str, "Holds | Shape | list[Shape] | Needed"]


@dataclass(frozen=True, slots=True)
class Needed:
    """A field that must be there."""

    wanted: Holds | Shape


LATEST: Final = 2**34  # seconds: the year 2514, which every date can hold


def is_scalar(found: object) -> bool:
    """Tell whether a value may be looked up: who has no number is nobody to the handlers."""
    return not isinstance(found, list | dict)


def is_text(found: object) -> bool:
    """Tell whether a value is a text."""
    return isinstance(found, str)


def is_number(found: object) -> bool:
    """Tell whether a value is a number that any database keeps."""
    return isinstance(found, int) and not isinstance(found, bool) and abs(found) < 2**63


def is_date(found: object) -> bool:
    """Tell whether a value is a moment as Telegram writes it: seconds since 1970."""
    return isinstance(found, int) and not isinstance(found, bool) and 0 <= found < LATEST


USER: Final[Shape] = {
    "id": is_scalar,
    "first_name": is_text,
    "last_name": is_text,
    "username": is_text,
    "language_code": is_text,
}
CHAT: Final[Shape] = {"id": is_scalar, "type": is_text}
FILE: Final[Shape] = {
    "file_id": is_text,
    "file_unique_id": is_text,
    "file_name": is_text,
    "mime_type": is_text,
    "file_size": is_number,
}
MESSAGE: Final[Shape] = {
    "message_id": is_number,
    "date": Needed(is_date),
    "edit_date": is_date,
    "from": USER,
    "sender_chat": CHAT,
    "chat": Needed(CHAT),
    "text": is_text,
    "entities": [{"type": is_text, "offset": is_number, "length": is_number}],
    "caption": is_text,
    "photo": [FILE],
    "document": FILE,
    "voice": FILE,
}
MEMBER: Final[Shape] = {"status": is_text, "user": USER}
PRESSED: Final[Shape] = {**MESSAGE, "chat": CHAT, "date": is_date}  # it may be out of reach
UPDATE: Final[Shape] = {
    "message": MESSAGE,
    "edited_message": MESSAGE,
    "channel_post": MESSAGE,
    "edited_channel_post": MESSAGE,
    "callback_query": {"id": is_text, "from": USER, "data": is_text, "message": PRESSED},
    "my_chat_member": {
        "chat": Needed(CHAT),
        "from": USER,
        "date": is_date,
        "new_chat_member": Needed(MEMBER),
    },
}


def misshapen(value: Any, shape: Shape = UPDATE) -> str | None:  # noqa: ANN401 - anything at all
    """Name the first field that is wrong or missing: `message.chat.id`; None when none is."""
    if not isinstance(value, dict):
        return ""
    for name, wanted in shape.items():
        found = value.get(name)
        needed = isinstance(wanted, Needed)
        wrong = None if found is None and not needed else _wrong(found, wanted)
        if wrong is not None:
            return f"{name}.{wrong}".rstrip(".")
    return None


def _wrong(found: object, wanted: Holds | Shape | list[Shape] | Needed) -> str | None:
    if isinstance(wanted, Needed):
        return _wrong(found, wanted.wanted)
    if isinstance(wanted, Mapping):
        return misshapen(found, wanted)
    if not isinstance(wanted, list):
        return None if wanted(found) else ""
    if not isinstance(found, list):
        return ""
    wrongs = (misshapen(one, wanted[0]) for one in found)
    return next((wrong for wrong in wrongs if wrong is not None), None)
