"""The local Telegram: one loopback port for the bot, the web chat and tests."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

from aiohttp import web

from bot.simulator.bot_api import BotApi
from bot.simulator.chat_api import ChatApi, refusals_as_json
from bot.simulator.control_api import ControlApi
from bot.simulator.courier import Courier
from bot.simulator.events import PeopleNews
from bot.simulator.guard import add_headers, loopback_only
from bot.simulator.params import LARGEST_BODY
from bot.simulator.people import person_of
from bot.simulator.world import BotProfile, World

DEFAULT_TOKEN = "123456789:simulator-token-of-35-characters-00"  # noqa: S105 - opens nothing real
_HOST = "127.0.0.1"


class Simulator:
    """A Bot API server and web chat on 127.0.0.1, all in memory.

    `clock` returns seconds since 1970; `seed` makes ids reproducible; `local_webhooks` allows
    plain HTTP webhooks on loopback addresses, as a self-hosted Bot API server does;
    `pace_polling` slows down hurried getUpdates as Telegram does; `webhook_retry` is the first
    pause in seconds after a refused delivery, doubled up to 60.
    """

    def __init__(
        self,
        *,
        token: str = DEFAULT_TOKEN,
        username: str = "relance_bot",
        first_name: str = "Relance",
        clock: Callable[[], float] = time.time,
        seed: int = 0,
        local_webhooks: bool = True,
        pace_polling: bool = True,
        webhook_retry: float = 1.0,
    ) -> None:
        """Build the server without starting it."""
        profile = BotProfile(token, username, first_name)
        self.world = World(profile, clock, seed, local_webhooks=local_webhooks)
        self.world.pace_polling = pace_polling
        self._webhook_retry = webhook_retry
        self._runner: web.AppRunner | None = None
        self._courier: Courier | None = None
        self._news: PeopleNews | None = None
        self.port = 0

    @property
    def token(self) -> str:
        """Return the bot's token."""
        return self.world.profile.token

    @property
    def url(self) -> str:
        """Return the address of the web chat."""
        return f"http://{_HOST}:{self.port}"

    @property
    def api_url(self) -> str:
        """Return the base_url for python-telegram-bot."""
        return f"{self.url}/bot"

    @property
    def file_url(self) -> str:
        """Return the base_file_url for python-telegram-bot."""
        return f"{self.url}/file/bot"

    async def start(self, port: int = 0) -> None:
        """Listen on 127.0.0.1; port 0 takes a free one."""
        self._news = PeopleNews(self.world)
        self._courier = Courier(self.world, self._webhook_retry)
        app = web.Application(
            client_max_size=LARGEST_BODY, middlewares=[loopback_only, refusals_as_json]
        )
        app.on_response_prepare.append(add_headers)
        for api in (BotApi(self.world), ControlApi(self.world), ChatApi(self.world)):
            app.add_routes(api.routes())
        self._runner = web.AppRunner(
            app, access_log=None, handler_cancellation=True, shutdown_timeout=1.0
        )
        await self._runner.setup()
        site = web.TCPSite(self._runner, _HOST, port)
        await site.start()
        self.port = int(self._runner.addresses[0][1])
        self._courier.start()
        self._news.start()

    async def stop(self) -> None:
        """Stop listening, end the open streams and the deliveries."""
        self.world.hub.close_all()
        if self._news is not None:
            await self._news.stop()
        if self._courier is not None:
            await self._courier.stop()
        if self._runner is not None:
            await self._runner.cleanup()

    def add_person(self, id: int, first_name: str, **fields: object) -> None:  # noqa: A002
        """Add a person.

        Fields: last_name, username, language_code, role, start, started, deactivated.
        """
        self.world.add_person(person_of({"id": id, "first_name": first_name, **fields}))

    def set_banner(self, *, fr: Sequence[str], en: Sequence[str]) -> None:
        """Set the lines that the page shows above the people, in both languages."""
        self.world.banner = {"fr": list(fr), "en": list(en)}
