"""HTTP to the Bot API over aiohttp: what never left is told from what may have arrived."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import aiohttp

from bot.delivery.meters import Tally

KEEPALIVE_SECONDS: Final = 20.0
NOT_EVEN_CONNECTED: Final = (
    aiohttp.ConnectionTimeoutError,
    aiohttp.ClientConnectorError,
    aiohttp.InvalidURL,
)
JSON_HEADERS: Final = {"Content-Type": "application/json"}


class NeverLeft(Exception):
    """The request did not leave: no connection, or none free in time. It may be repeated."""


class MaybeArrived(Exception):
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
