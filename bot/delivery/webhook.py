"""The webhook: Telegram brings updates, and hears 200 only once they are stored."""

from __future__ import annotations

import asyncio
import hmac
import logging
from http import HTTPStatus
from typing import Final
from urllib.parse import urlsplit

from aiohttp import web

from bot.delivery.api import parsed
from bot.delivery.intake import Intake

log = logging.getLogger(__name__)

SECRET_HEADER: Final = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - a header's name
LARGEST_BODY: Final = 2**20
RETRY_SECONDS: Final = 2
CLOSE_SECONDS: Final = 5.0
# A megabyte over a poor line; Telegram's posts arrive in one piece.
BODY_SECONDS: Final = 10.0
# Longer than a file that another process has locked is waited for (5 s). A server that has
# stopped answering is not told from a slow one for most of a minute: Telegram keeps the update
# and brings it again.
STORE_SECONDS: Final = 10.0


class Webhook:
    """Listen for one bot's updates at the path of its public address."""

    def __init__(self, intake: Intake, url: str, secret: str, host: str, port: int) -> None:
        self._intake = intake
        self._path = urlsplit(url).path or "/"
        self._secret = secret.encode()
        self._host = host
        self._port = port
        self._runner: web.AppRunner | None = None
        self._refusing = False

    @property
    def running(self) -> bool:
        """Tell whether updates are accepted."""
        return self._runner is not None and not self._refusing

    @property
    def port(self) -> int:
        """Return the port that is listened on: 0 was asked for, or it is not open."""
        addresses = self._runner.addresses if self._runner else []
        return int(addresses[0][1]) if addresses else self._port

    async def start(self) -> None:
        """Begin to listen; raise OSError when the address is taken or not ours."""
        self._refusing = False
        application = web.Application(client_max_size=LARGEST_BODY)
        application.router.add_post(self._path, self._received)
        runner = web.AppRunner(application, access_log=None, shutdown_timeout=CLOSE_SECONDS)
        await runner.setup()
        try:
            await web.TCPSite(runner, self._host, self._port).start()
        except BaseException:
            await runner.cleanup()
            raise
        self._runner = runner

    def refuse(self) -> None:
        """Accept nothing more: Telegram brings again what it hears 503 for."""
        self._refusing = True

    async def stop(self) -> None:
        """Listen no more."""
        self.refuse()
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    async def _received(self, request: web.Request) -> web.Response:
        """Accept an update."""
        if (refusal := self._refusal(request)) is not None:
            return refusal
        try:
            async with asyncio.timeout(BODY_SECONDS):
                body = await request.read()
        except TimeoutError:
            log.warning("webhook: the body does not end", extra={"by": request.remote})
            return web.Response(status=HTTPStatus.REQUEST_TIMEOUT)
        try:
            update = parsed(body)
        except (ValueError, RecursionError):
            return web.Response(status=HTTPStatus.BAD_REQUEST)
        return await self._stored(update)

    def _refusal(self, request: web.Request) -> web.Response | None:
        """Refuse what costs nothing to refuse: the secret before anything is read."""
        if not self._is_telegram(request):
            log.warning("webhook called without the secret", extra={"by": request.remote})
            return web.Response(status=HTTPStatus.FORBIDDEN)
        if self._refusing:
            return _later()
        if request.content_type != "application/json":
            return web.Response(status=HTTPStatus.UNSUPPORTED_MEDIA_TYPE)
        if (request.content_length or 0) > LARGEST_BODY:
            return web.Response(status=HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        return None

    async def _stored(self, update: object) -> web.Response:
        """Say 200 to what is stored, 503 to what is not, or not yet: it is known when it returns.

        A commit under way is not undone: whoever looks for what nobody was told of finds it.
        """
        try:
            async with asyncio.timeout(STORE_SECONDS):
                await self._intake.store_batch([update])
        except TimeoutError:
            log.warning("update not stored in time, not acknowledged")
            return _later()
        except Exception:
            log.exception("update not stored, not acknowledged")
            return _later()
        return web.Response()

    def _is_telegram(self, request: web.Request) -> bool:
        given = request.headers.get(SECRET_HEADER, "").encode("utf-8", "surrogateescape")
        return hmac.compare_digest(given, self._secret)


def _later() -> web.Response:
    return web.Response(
        status=HTTPStatus.SERVICE_UNAVAILABLE, headers={"Retry-After": str(RETRY_SECONDS)}
    )
