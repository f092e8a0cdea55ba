"""Texts and captions of a call: parse mode, entities, lengths."""

from __future__ import annotations

import re

from bot.simulator.entities import given_entities, tidy, with_found
from bot.simulator.errors import bad_request
from bot.simulator.html_parser import HtmlError, parse_html
from bot.simulator.params import Params
from bot.simulator.utf16 import utf16_length
from bot.simulator.values import Entity

LONGEST_TEXT = 4096
LONGEST_CAPTION = 1024
LONGEST_SOURCE_BYTES = 32_768

_CONTROLS = re.compile(r"[\x00-\x09\x0b-\x1f]")

Styled = tuple[str, tuple[Entity, ...]]


def message_text(params: Params) -> Styled:
    """Return the text of sendMessage or editMessageText; 1-4096 UTF-16 units after parsing."""
    source = params.text("text")
    if not source.strip():
        raise bad_request("message text is empty")
    if len(source.encode()) > LONGEST_SOURCE_BYTES:
        raise bad_request("text is too long")
    text, entities = styled(params, source, "entities")
    if not text:
        raise bad_request("text must be non-empty")
    if utf16_length(text) > LONGEST_TEXT:
        raise bad_request("message is too long")
    return text, entities


def caption_text(params: Params) -> Styled:
    """Return a caption; at most 1024 UTF-16 units after parsing."""
    text, entities = styled(params, params.text("caption"), "caption_entities")
    if utf16_length(text) > LONGEST_CAPTION:
        raise bad_request("message caption is too long")
    return text, entities


def styled(params: Params, source: str, entities_name: str) -> Styled:
    """Parse a source by the call's parse mode, or take its entities parameter."""
    source = _without_controls(source)
    mode = params.text("parse_mode").lower()
    if mode == "html":
        try:
            text, entities = parse_html(source)
        except HtmlError as error:
            raise bad_request(f"can't parse entities: {error}") from None
    elif mode in ("markdown", "markdownv2"):
        raise bad_request("can't parse entities: this parse_mode is not supported here")
    elif mode not in ("", "none"):
        raise bad_request("unsupported parse_mode")
    else:
        given = params.json(entities_name, "can't parse entities: wrong JSON")
        text, entities = source, given_entities(source, given) if given else ()
    text, entities = tidy(text, entities)
    return text, with_found(text, entities)


def _without_controls(text: str) -> str:
    """Turn control characters into spaces and drop carriage returns, as the server cleans."""
    return _CONTROLS.sub(" ", text.replace("\r", ""))
