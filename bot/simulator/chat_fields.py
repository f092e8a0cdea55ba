"""What the requests of the chat API carry, read strictly."""

from __future__ import annotations

import json
import re

from aiohttp import web

from bot.simulator.errors import ChatError
from bot.simulator.values import JsonObject


class Fields:
    """The JSON object of a request, read strictly."""

    def __init__(self, values: JsonObject) -> None:
        """Keep the object."""
        self.values = values

    def text(self, name: str) -> str:
        """Return a string, '' when absent."""
        value = self.values.get(name, "")
        if not isinstance(value, str):
            raise ChatError(400, f"{name} must be a string")
        return value

    def number(self, name: str) -> int | None:
        """Return a whole number, None when absent."""
        value = self.values.get(name)
        if value is not None and (not isinstance(value, int) or isinstance(value, bool)):
            raise ChatError(400, f"{name} must be a whole number")
        return value


async def read_fields(request: web.Request) -> Fields:
    """Read a JSON object; requiring its content type keeps plain forms of other sites out."""
    if request.content_type != "application/json":
        raise ChatError(415, "send application/json")
    try:
        values = json.loads(await request.text() or "{}")
    except (ValueError, RecursionError):
        raise ChatError(400, "this is not JSON") from None
    if not isinstance(values, dict):
        raise ChatError(400, "send a JSON object")
    return Fields(values)


def query_number(request: web.Request, name: str) -> int | None:
    """Return a whole number of the query, None when absent."""
    raw = request.query.get(name, "")
    if raw and not re.fullmatch(r"-?[0-9]{1,18}", raw):
        raise ChatError(400, f"{name} must be a whole number")
    return int(raw) if raw else None
