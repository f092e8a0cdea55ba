"""How updates come in: asked for by one process at a time, or brought to all by Telegram."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING, Final

from bot.delivery.api import BotApi
from bot.delivery.intake import ALLOWED, Intake, Poller
from bot.delivery.lease import Lease
from bot.delivery.wire import Wire
from bot.running.faults import listening

if TYPE_CHECKING:
    from bot.application import Ground
    from bot.delivery.line import Line
    from bot.delivery.meters import Meters
    from bot.delivery.registration import Registration
    from bot.delivery.webhook import Webhook

BEGIN_SECONDS: Final = 1.0


class Entrance:
    """The poller or the webhook of one process."""

    def __init__(self, ground: Ground, meters: Meters) -> None:
        settings, now = ground.settings, ground.clock.now
        self._listen = settings.listen
        self._wire = Wire(connections=1, calls=meters.calls)
        api = BotApi(self._wire, settings.bot_api_url, settings.token)
        self._intake = Intake(ground.database, None, now, meters)
        self._poller: Poller | None = None
        self._webhook: Webhook | None = None
        self._registration: Registration | None = None
        if settings.webhook_url:
            from bot.delivery.registration import Registration  # noqa: PLC0415 - a poller has no use for it
            from bot.delivery.webhook import Webhook  # noqa: PLC0415 - same

            url, secret = settings.webhook_url, settings.webhook_secret.get_secret_value()
            self._webhook = Webhook(self._intake, url, secret, *settings.listen_on)
            self._registration = Registration(api, ground.database, now, url, secret, ALLOWED)
        else:
            lease = Lease(ground.database, "poller", now)
            self._poller = Poller(api, self._intake, ground.database, lease, now)

    @property
    def well(self) -> bool:
        """Tell whether updates come in, or could."""
        if self._poller is not None:
            return self._poller.well
        return self._webhook is not None and self._webhook.running

    async def start(self) -> None:
        """Let updates in; they are stored from now on."""
        await self._wire.open()
        if self._poller is not None:
            self._poller.start()
        if self._webhook is not None:
            with listening("RELANCE_LISTEN", self._listen):
                await self._webhook.start()
        if self._registration is not None:
            self._registration.start()

    async def begun(self) -> None:
        """Wait until the first question to Telegram is on its way, a moment at most."""
        if self._poller is not None:
            with suppress(TimeoutError):
                async with asyncio.timeout(BEGIN_SECONDS):
                    await self._poller.asked.wait()

    def attach(self, line: Line) -> None:
        """Hand what comes from now on to a line of this process."""
        self._intake.attach(line)

    async def close(self) -> None:
        """Let nothing in any more; a webhook asks Telegram to come again."""
        if self._poller is not None:
            await self._poller.stop()
        if self._registration is not None:
            await self._registration.stop()
        if self._webhook is not None:
            self._webhook.refuse()

    async def stop(self) -> None:
        """End what `close` has left: the listening, the connections."""
        await self.close()
        if self._webhook is not None:
            await self._webhook.stop()
        await self._wire.close()
