"""Safe HTML for the page: the text escaped, its entities as a short list of harmless tags."""

from __future__ import annotations

from html import escape
from itertools import pairwise
from urllib.parse import urlsplit

from bot.simulator.entities import in_telegram_order
from bot.simulator.utf16 import utf16_positions
from bot.simulator.values import Entity

_TAGS = {
    "bold": ("<b>", "</b>"),
    "italic": ("<i>", "</i>"),
    "underline": ("<u>", "</u>"),
    "strikethrough": ("<s>", "</s>"),
    "code": ("<code>", "</code>"),
    "pre": ("<pre>", "</pre>"),
    "blockquote": ("<blockquote>", "</blockquote>"),
    "expandable_blockquote": ("<blockquote>", "</blockquote>"),
    "spoiler": ('<span class="spoiler">', "</span>"),
}
_LINKS = ("text_link", "url")
_SAFE_SCHEMES = ("http", "https", "tg", "mailto", "tel")


def safe_html(text: str, entities: tuple[Entity, ...]) -> str:
    """Return HTML whose only tags are b i u s code pre blockquote span.spoiler a."""
    positions = utf16_positions(text)
    shown = [e for e in in_telegram_order(entities) if e.type in _TAGS or e.type in _LINKS]
    edges = {0, max(positions)}
    for entity in shown:
        edges |= {offset for offset in (entity.offset, entity.end) if offset in positions}
    pieces: list[str] = []
    opened: list[Entity] = []
    for start, stop in pairwise(sorted(edges)):
        active = [e for e in shown if e.offset <= start and e.end >= stop]
        _switch(pieces, opened, active, text, positions)
        pieces.append(escape(text[positions[start] : positions[stop]]))
    _switch(pieces, opened, [], text, positions)
    return "".join(pieces)


def _switch(
    pieces: list[str],
    opened: list[Entity],
    active: list[Entity],
    text: str,
    positions: dict[int, int],
) -> None:
    """Close what ended and open what begins, so that tags nest even where entities overlap."""
    same = 0
    while same < min(len(opened), len(active)) and opened[same] is active[same]:
        same += 1
    while len(opened) > same:
        pieces.append(_tags(opened.pop(), text, positions)[1])
    for entity in active[same:]:
        opened.append(entity)
        pieces.append(_tags(entity, text, positions)[0])


def _tags(entity: Entity, text: str, positions: dict[int, int]) -> tuple[str, str]:
    if entity.type not in _LINKS:
        return _TAGS[entity.type]
    url = entity.url or text[positions[entity.offset] : positions[entity.end]]
    if urlsplit(url).scheme.lower() not in _SAFE_SCHEMES:
        return "", ""
    return f'<a href="{escape(url)}" target="_blank" rel="noopener noreferrer">', "</a>"
