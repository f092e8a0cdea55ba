"""Raw calls to the Bot API: JSON in, a reply out, nothing turned into objects."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import aiohttp

from bot.delivery.wire import MaybeArrived, Patience, Wire

LONGEST_NUMBER: Final = 100  # digits; Python refuses to read some thousands
UNREADABLE: Final = "no readable reply"


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file to send along, in the named part of the form."""

    part: str
    name: str
    mime: str
    content: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Reply:
    """What the Bot API said."""

    code: int
    result: Any = None
    description: str = ""
    retry_after: float = 0.0
    migrate_to: int | None = None

    @property
    def ok(self) -> bool:
        """Tell whether the call was carried out."""
        return self.code == 200  # noqa: PLR2004 - the Bot API knows no other success


class BotApi:
    """One bot at one Bot API server."""

    def __init__(self, wire: Wire, base_url: str, token: str) -> None:
        """Keep the address, which ends in `/bot` like Telegram's own."""
        self.wire = wire
        self._url = f"{base_url}{token}/"

    async def call(
        self,
        method: str,
        params: Mapping[str, Any],
        file: Attachment | None = None,
        patience: Patience | None = None,
    ) -> Reply:
        """Call a method; raise `NeverLeft` or `MaybeArrived` when there is no readable reply."""
        body = json.dumps(params).encode() if file is None else _form(params, file)
        code, payload = await self.wire.send("POST", self._url + method, body, patience)
        return _reply(code, payload)


def _form(params: Mapping[str, Any], file: Attachment) -> aiohttp.FormData:
    form = aiohttp.FormData()
    for name, value in params.items():
        if value is not None:
            form.add_field(name, value if isinstance(value, str) else json.dumps(value))
    form.add_field(file.part, file.content, filename=file.name, content_type=file.mime)
    return form


def parsed(payload: bytes) -> Any:  # noqa: ANN401 - any JSON value
    """Read JSON; a number too long to be one stays text. Raise ValueError or RecursionError."""
    try:
        return json.loads(payload)
    except json.JSONDecodeError:
        raise
    except ValueError:  # one field must not keep all that came with it from being read
        return json.loads(payload, parse_int=_number)


def _number(digits: str) -> int | str:
    return int(digits) if len(digits) <= LONGEST_NUMBER else digits


def _reply(code: int, payload: bytes) -> Reply:
    try:
        answer = parsed(payload)
    except (ValueError, RecursionError):
        answer = None
    if not isinstance(answer, dict):
        if code < 500 and code != 200:  # noqa: PLR2004 - refused by something before the Bot API
            return Reply(code, description=UNREADABLE)
        raise MaybeArrived(f"unreadable reply, status {code}")
    if answer.get("ok") is True:
        return Reply(200, answer.get("result"))
    given = answer.get("parameters")
    parameters = given if isinstance(given, dict) else {}
    pause, moved = parameters.get("retry_after"), parameters.get("migrate_to_chat_id")
    told = answer.get("error_code")
    said = told if isinstance(told, int) and told != 200 else 500  # noqa: PLR2004
    return Reply(
        code if code != 200 else said,  # noqa: PLR2004
        description=str(answer.get("description", "")),
        retry_after=float(pause) if isinstance(pause, int | float) else 0.0,
        migrate_to=moved if isinstance(moved, int) else None,
    )
