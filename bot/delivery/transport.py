"""What python-telegram-bot speaks through: our wire in the place of its own transport."""

from __future__ import annotations

import json
from typing import Any

import aiohttp
from telegram.error import NetworkError, TelegramError, TimedOut
from telegram.request import BaseRequest, RequestData

from bot.delivery.meters import Tally
from bot.delivery.wire import MaybeArrived, NeverLeft, Patience, Wire


class Transport(BaseRequest):
    """What python-telegram-bot speaks through, instead of httpx."""

    def __init__(
        self,
        connections: int = 128,
        patience: Patience | None = None,
        calls: Tally | None = None,
    ) -> None:
        self.wire = Wire(connections, patience, calls)

    @property
    def read_timeout(self) -> float | None:
        """Return the seconds of silence that are borne."""
        return self.wire.patience.read

    async def initialize(self) -> None:
        """Make the pool of connections."""
        await self.wire.open()

    async def shutdown(self) -> None:
        """Close every connection."""
        await self.wire.close()

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: object = BaseRequest.DEFAULT_NONE,
        write_timeout: object = BaseRequest.DEFAULT_NONE,
        connect_timeout: object = BaseRequest.DEFAULT_NONE,
        pool_timeout: object = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        """Send one request of the library and return the status and the body."""
        known = self.wire.patience
        # writing is bounded by the whole, waiting for the pool is part of connecting
        read = _seconds(read_timeout, known.read)
        written = _seconds(write_timeout, 0.0)
        connect = max(_seconds(connect_timeout, known.connect), _seconds(pool_timeout, 0.0))
        patience = Patience(connect, read, max(known.total, connect + written + read))
        try:
            return await self.wire.send(method, url, _body_of(request_data), patience)
        except NeverLeft as error:
            raise NetworkError(str(error)) from error
        except MaybeArrived as error:
            raise TimedOut(str(error)) from error

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        """Read an answer; unlike the library's own, keep its text out of the logs."""
        try:
            answer = json.loads(payload.decode("utf-8", "replace"))
        except (ValueError, RecursionError) as error:
            raise TelegramError("Invalid server response") from error
        if not isinstance(answer, dict):
            raise TelegramError("Invalid server response")
        return answer


def _seconds(given: object, known: float) -> float:
    return float(given) if isinstance(given, int | float) else known


def _body_of(data: RequestData | None) -> bytes | aiohttp.FormData | None:
    if data is None:
        return None
    if not data.contains_files:
        return json.dumps(data.parameters).encode()
    form = aiohttp.FormData()
    for name, value in data.json_parameters.items():
        form.add_field(name, value)
    for name, (filename, content, mime) in data.multipart_data.items():
        form.add_field(name, content, filename=filename, content_type=mime)
    return form
