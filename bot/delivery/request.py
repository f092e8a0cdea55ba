"""A message ready to post: what is stored in a ready outbox row, or made from its facts."""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from html import unescape
from typing import Any, Final

from bot.delivery.api import Attachment

PARTS: Final = {"sendDocument": "document", "sendPhoto": "photo"}
TOAST: Final = "answerCallbackQuery"
SIGN: Final = "sendChatAction"
"""That something is being written: it passes by itself."""
PLACE: Final = ("message_id", "callback_query_id", "show_alert")
TAG: Final = re.compile(r"</?[a-zA-Z][^<>]*>")


@dataclass(frozen=True, slots=True)
class Request:
    """One call to the Bot API, what goes beside it and what is written back after it."""

    method: str
    params: Mapping[str, Any]
    binds: tuple[Mapping[str, Any], ...] = ()
    query: Mapping[str, Any] | None = None
    fallback: bool = False
    file: Attachment | None = None

    @property
    def repeatable(self) -> bool:
        """Tell whether doing it twice is the same as doing it once."""
        return self.method == SIGN or not self.method.startswith("send")

    def to_chat(self, chat_id: int) -> Request:
        """Return the same request for the chat where the row goes: it may have moved since."""
        if self.params.get("chat_id", chat_id) == chat_id:
            return self
        return replace(self, params={**self.params, "chat_id": chat_id})

    def as_new_message(self, chat_id: int) -> Request:
        """Return the same text as a message of its own, its buttons with it."""
        params = {key: value for key, value in self.params.items() if key not in PLACE}
        return replace(
            self, method="sendMessage", params={**params, "chat_id": chat_id}, fallback=False
        )

    def as_plain_text(self) -> Request:
        """Return the same words without any format."""
        params = {key: value for key, value in self.params.items() if key != "parse_mode"}
        for name in ("text", "caption"):
            if name in params:
                params[name] = unescape(TAG.sub("", params[name]))
        return replace(self, params=params)


def request_of(body: Mapping[str, Any]) -> Request:
    """Read a ready body; raise `KeyError`, `TypeError` or `ValueError` on anything else."""
    method = str(body.get("method") or "")
    given = body.get("file")
    return Request(
        method=method,
        params=dict(body.get("params") or {}),
        binds=tuple(body.get("bind") or ()),
        query=body.get("query"),
        fallback=_may_be_new(method, body),
        file=_attachment(method, given) if given else None,
    )


def _may_be_new(method: str, body: Mapping[str, Any]) -> bool:
    """Tell whether the words go as a message of their own when their place is gone."""
    if method == TOAST:  # a press that waited too long: its toast is refused, its words are not
        return bool((body.get("params") or {}).get("text"))
    return bool(body.get("fallback")) and method == "editMessageText"


def _attachment(method: str, given: Mapping[str, str]) -> Attachment:
    content = base64.b64decode(given["content_base64"], validate=True)
    return Attachment(PARTS[method], given["name"], given["mime"], content)
