"""People and groups as requests and files describe them, checked."""

from __future__ import annotations

import re

from bot.simulator.errors import ChatError
from bot.simulator.values import Chat, JsonObject, Person

_LARGEST_ID = 2**52
_PAYLOAD = re.compile(r"[A-Za-z0-9_-]{0,64}")
_USERNAME = re.compile(r"[A-Za-z0-9_]{0,32}")
_STATUSES = ("member", "administrator", "left", "kicked", "deleted")


def person_of(raw: JsonObject) -> Person:
    """Return a person from a JSON object; raise ChatError for what Telegram could not hold."""
    number = raw.get("id")
    if not isinstance(number, int) or not 0 < number < _LARGEST_ID:
        raise ChatError(400, "id must be a Telegram user id")
    texts = {
        name: _text(raw, name) for name in ("first_name", "last_name", "username", "role", "start")
    }
    if not texts["first_name"].strip():
        raise ChatError(400, "first_name is empty")
    if not _PAYLOAD.fullmatch(texts["start"]):
        raise ChatError(400, "start must be at most 64 letters, digits, _ or -")
    if not _USERNAME.fullmatch(texts["username"]):
        raise ChatError(400, "username must be at most 32 letters, digits or _")
    return Person(
        id=number,
        first_name=texts["first_name"],
        last_name=texts["last_name"],
        username=texts["username"],
        language_code=_text(raw, "language_code") or "fr",
        role=texts["role"],
        start=texts["start"],
        started=raw.get("started") is True,
        deactivated=raw.get("deactivated") is True,
    )


def group_of(raw: JsonObject, people: dict[int, Person]) -> Chat:
    """Return a group from a JSON object: id, title, type, members, status, migrated_to."""
    number, members = raw.get("id"), raw.get("members")
    kind = raw.get("type", "group")
    status, moved = raw.get("status", "member"), raw.get("migrated_to", 0)
    if not isinstance(number, int) or not -_LARGEST_ID < number < 0:
        raise ChatError(400, "id must be the negative id of a group")
    if kind not in ("group", "supergroup") or status not in _STATUSES:
        raise ChatError(400, "unknown type or status")
    if not isinstance(members, list) or not members or not set(members) <= people.keys():
        raise ChatError(400, "members must be ids of people")
    if not isinstance(moved, int):
        raise ChatError(400, "migrated_to must be a chat id")
    title = _text(raw, "title") or "group"
    return Chat(number, str(kind), title, str(status), moved, set(members))


def _text(raw: JsonObject, name: str) -> str:
    value = raw.get(name, "") or ""
    if not isinstance(value, str):
        raise ChatError(400, f"{name} must be a string")
    return value
