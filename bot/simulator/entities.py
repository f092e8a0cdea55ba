"""Entities of a text: order, checks, clean-up and what Telegram finds by itself."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from bot.simulator.errors import bad_request
from bot.simulator.links import checked_link, mentioned_user
from bot.simulator.utf16 import utf16_length, utf16_positions
from bot.simulator.values import Entity, JsonObject

MOST_ENTITIES = 100
# Outer spans come first where two begin and end together.
_PRIORITY = {
    "blockquote": 0,
    "expandable_blockquote": 0,
    "pre": 11,
    "code": 20,
    "text_link": 49,
    "text_mention": 49,
    "bold": 90,
    "italic": 91,
    "underline": 92,
    "strikethrough": 93,
    "spoiler": 94,
    "date_time": 98,
    "custom_emoji": 99,
}
_FOUND_BY_TELEGRAM = frozenset(
    {"mention", "hashtag", "cashtag", "bot_command", "url", "email", "phone_number"}
)
_COMMAND = re.compile(r"(?<![\w/])/[A-Za-z0-9_]{1,64}(?:@[A-Za-z0-9_]{3,32})?(?![\w/@])")
_URL = re.compile(r"(?<![\w@/])https?://[^\s<>\"'\u00ab\u00bb]*[^\s<>\"'\u00ab\u00bb.,;:!?)\]]")
_VERBATIM = ("code", "pre")


def in_telegram_order(entities: Iterable[Entity]) -> tuple[Entity, ...]:
    """Sort entities by offset, longest first, outer types first."""
    return tuple(
        sorted(entities, key=lambda e: (e.offset, -e.length, _PRIORITY.get(e.type, 50), e.type))
    )


def given_entities(text: str, raw: object) -> tuple[Entity, ...]:
    """Check the `entities` parameter against the text; raise the 400 of Telegram."""
    if not isinstance(raw, list):
        raise bad_request("can't parse entities: expected an Array of MessageEntity")
    positions = utf16_positions(text)
    entities = (_one_given(text, positions, item) for item in raw)
    return in_telegram_order([entity for entity in entities if entity is not None])


def _one_given(text: str, positions: dict[int, int], raw: object) -> Entity | None:
    if not isinstance(raw, dict):
        raise bad_request("can't parse MessageEntity: expected an Object")
    kind, offset, length = raw.get("type"), raw.get("offset"), raw.get("length")
    if not isinstance(offset, int) or not isinstance(length, int):
        raise bad_request('can\'t parse MessageEntity: field "offset" must be of type Number')
    if kind in _FOUND_BY_TELEGRAM:
        return None
    if kind not in _PRIORITY:
        raise bad_request("can't parse MessageEntity: unsupported type specified")
    _check_span(text, positions, offset, length)
    return _styled(str(kind), offset, length, raw) if length else None


def _check_span(text: str, positions: dict[int, int], offset: int, length: int) -> None:
    end = utf16_length(text)
    if offset < 0 or offset > end:
        raise bad_request(f"entity begins after the end of the text at UTF-16 offset {offset}")
    if length < 0 or offset + length > end:
        raise bad_request(
            f"entity beginning at UTF-16 offset {offset} ends after the end of the text "
            f"at UTF-16 offset {offset + length}"
        )
    if offset not in positions:
        where = len(text[: positions[offset - 1]].encode()) + 4
        raise bad_request(f"entity begins in a middle of a UTF-16 symbol at byte offset {where}")
    if offset + length not in positions:
        where = len(text[: positions[offset + length - 1]].encode()) + 4
        raise bad_request(
            f"entity beginning at UTF-16 offset {offset} ends in a middle of a UTF-16 symbol "
            f"at byte offset {where}"
        )


def _styled(kind: str, offset: int, length: int, raw: JsonObject) -> Entity | None:
    entity = Entity(kind, offset, length)
    if kind == "text_link":
        url = str(raw.get("url", ""))
        if (user := mentioned_user(url)) is not None:
            return Entity("text_mention", offset, length, user_id=user)
        checked = checked_link(url)
        if checked is None:
            raise bad_request(f"entity URL '{url}' is invalid: Wrong HTTP URL")
        return replace(entity, url=checked)
    if kind == "text_mention":
        user_object = raw.get("user")
        user_id = user_object.get("id") if isinstance(user_object, dict) else None
        return replace(entity, user_id=user_id) if isinstance(user_id, int) else None
    unix_time = raw.get("unix_time")
    return replace(
        entity,
        language=str(raw.get("language") or ""),
        custom_emoji_id=str(raw.get("custom_emoji_id") or ""),
        unix_time=unix_time if isinstance(unix_time, int) else 0,
        date_time_format=str(raw.get("date_time_format") or ""),
    )


def tidy(text: str, entities: tuple[Entity, ...]) -> tuple[str, tuple[Entity, ...]]:
    """Trim the text as Telegram does, move its entities, drop the useless ones, keep 100."""
    trimmed = text.rstrip(" \t\r\n").lstrip(" \t\r\n")
    skipped = utf16_length(text) - utf16_length(text.lstrip(" \t\r\n"))
    end = utf16_length(trimmed)
    kept: list[Entity] = []
    for entity in entities:
        start = max(entity.offset - skipped, 0)
        stop = min(entity.end - skipped, end)
        moved = replace(entity, offset=start, length=stop - start)
        if stop > start and not _is_inside_code(moved, kept):
            kept.append(moved)
    return trimmed, tuple(kept[:MOST_ENTITIES])


def _is_inside_code(entity: Entity, kept: list[Entity]) -> bool:
    return any(
        outer.type in _VERBATIM and outer.offset <= entity.offset and entity.end <= outer.end
        for outer in kept
    )


def with_found(text: str, entities: tuple[Entity, ...]) -> tuple[Entity, ...]:
    """Add what Telegram finds by itself: commands and web addresses outside links and code."""
    taken = [e for e in entities if e.type in (*_VERBATIM, "text_link", "text_mention")]
    found = list(entities)
    for kind, pattern in (("bot_command", _COMMAND), ("url", _URL)):
        for match in pattern.finditer(text):
            entity = Entity(kind, utf16_length(text[: match.start()]), utf16_length(match[0]))
            if not any(o.offset < entity.end and entity.offset < o.end for o in taken):
                found.append(entity)
                taken.append(entity)
    return in_telegram_order(found)


def entity_json(entity: Entity, users: dict[int, JsonObject]) -> JsonObject:
    """Return an entity as the Bot API shows it."""
    shown: JsonObject = {
        "type": entity.type,
        "offset": entity.offset,
        "length": entity.length,
    }
    if entity.type == "text_mention":
        shown["user"] = users.get(
            entity.user_id, {"id": entity.user_id, "is_bot": False, "first_name": ""}
        )
    for name in ("url", "language", "custom_emoji_id", "unix_time", "date_time_format"):
        if value := getattr(entity, name):
            shown[name] = value
    return shown
