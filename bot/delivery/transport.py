"""HTTP to the Bot API over aiohttp, for python-telegram-bot and for the raw calls alike."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import aiohttp
from telegram.error import NetworkError, TelegramError, TimedOut
from telegram.request import BaseRequest, RequestData

from bot.delivery.meters import Tally

KEEPALIVE_SECONDS: Final = 20.0
NOT_EVEN_CONNECTED: Final = (
    aiohttp.ConnectionTimeoutError,
    aiohttp.ClientConnectorError,
    aiohttp.InvalidURL,
)
JSON_HEADERS: Final = {"Content-Type": "application/json"}


class NeverLeft(NetworkError):
    """The request did not leave: no connection, or none free in time. It may be repeated."""


class MaybeArrived(TimedOut):
    """The request left and its answer is unknown: it may have been carried out."""


@dataclass(frozen=True, slots=True)
class Patience:
    """How many seconds to wait for each part of a request."""

    connect: float = 5.0  # a connection, new or free in the pool
    read: float = 10.0  # silence of the server
    total: float = 60.0  # the whole of it: a file may take a while

    def waiting_longer(self, seconds: float) -> Patience:
        """Return the patience for an answer that the server may hold back on purpose."""
        return Patience(self.connect, self.read + seconds, self.total + seconds)


class Wire:
    """A pool of connections that tells what never left from what may have arrived."""

    def __init__(
        self,
        connections: int = 128,
        patience: Patience | None = None,
        calls: Tally | None = None,
    ) -> None:
        """Count each call by method and status in `calls`; 0 is no answer."""
        self.patience = patience or Patience()
        self._calls = calls or Tally()
        self._connections = connections
        self._session: aiohttp.ClientSession | None = None
        self._proxies: dict[str, str | None] = {}

    async def open(self) -> None:
        """Make the pool; proxies come from the environment."""
        if self._session is None or self._session.closed:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(
                    limit=self._connections, keepalive_timeout=KEEPALIVE_SECONDS
                ),
                cookie_jar=aiohttp.DummyCookieJar(),
            )
            self._proxies = {}

    async def close(self) -> None:
        """Close every connection."""
        if self._session is not None:
            await self._session.close()

    async def send(
        self,
        method: str,
        url: str,
        body: bytes | aiohttp.FormData | None = None,
        patience: Patience | None = None,
    ) -> tuple[int, bytes]:
        """Return the status and the body; raise `NeverLeft` or `MaybeArrived`.

        The errors name a class of fault only: the address of the Bot API holds the token.
        """
        if self._session is None or self._session.closed:
            raise NeverLeft("the pool of connections is closed")
        waits = patience or self.patience
        timeout = aiohttp.ClientTimeout(
            total=waits.total, connect=waits.connect, sock_read=waits.read
        )
        headers = JSON_HEADERS if isinstance(body, bytes) else None
        status = 0
        try:
            async with self._session.request(
                method,
                url,
                data=body,
                headers=headers,
                timeout=timeout,
                allow_redirects=False,
                proxy=self._proxy(url),
            ) as response:
                content = await response.read()
                status = response.status
                return status, content
        except NOT_EVEN_CONNECTED as error:
            raise NeverLeft(type(error).__name__) from None
        except (aiohttp.ClientError, OSError) as error:
            raise MaybeArrived(type(error).__name__) from None
        finally:
            if method == "POST":  # what is fetched by GET is a file, whose name tells something
                self._calls.add(url.rpartition("/")[2], str(status))

    def _proxy(self, url: str) -> str | None:
        """Return the proxy the environment names for a server.

        It is asked once: aiohttp's `trust_env` asks in another thread at every request,
        which costs more than the request.
        """
        server = url[: url.find("/", len("https://"))]
        if server not in self._proxies:
            parts = urlsplit(server)
            bypass = parts.hostname is None or proxy_bypass(parts.hostname)
            self._proxies[server] = None if bypass else getproxies().get(parts.scheme)
        return self._proxies[server]


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
        return await self.wire.send(method, url, _body_of(request_data), patience)

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
