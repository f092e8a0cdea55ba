"""The running bot: PTB, delivery and the clock's jobs on one open house, until told to stop."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from telegram.ext import ApplicationBuilder

from bot.application import House, open_house
from bot.delivery.api import BotApi
from bot.delivery.carrier import Carrier
from bot.delivery.delivery import Delivery
from bot.delivery.intake import Intake, Poller
from bot.delivery.lease import Lease
from bot.delivery.line import Line, Unreadable
from bot.delivery.owner import is_gone
from bot.delivery.sender import Sender
from bot.delivery.transport import Transport, Wire
from bot.handlers import telegram
from bot.handlers.counter import Bot, Counter, UnreadableUpdate
from bot.handlers.dispatch import Desk
from bot.handlers.fetching import fetch
from bot.handlers.menus import publish
from bot.handlers.rendering import renderers
from bot.jobs.timetable import Bench, Timetable
from storage import facts
from storage.binding import bind
from storage.inbox import Received

if TYPE_CHECKING:
    from config.settings import Settings
    from storage.work import Work

log = logging.getLogger(__name__)


async def serve(settings: Settings, stop: asyncio.Event) -> None:
    """Run the bot until `stop` is set, then let it finish what it has begun."""
    async with open_house(settings) as opened, _telegram(settings) as (application, api, polling):
        username = str(application.bot.username)
        house = replace(opened, rules=replace(opened.rules, bot_username=username))
        await house.database.transact(_note, username)
        delivery = _delivery(house, application, api, polling)
        jobs = Timetable(_bench(house, application))
        await delivery.start()
        jobs.start()
        published = asyncio.create_task(publish(application.bot, house.database, house.speaker))
        log.info("ready", extra={"bot": username})
        await stop.wait()
        published.cancel()
        await jobs.stop()
        await delivery.stop()


@asynccontextmanager
async def _telegram(settings: Settings) -> AsyncIterator[tuple[Bot, BotApi, BotApi]]:
    """Open PTB without its Updater, a wire for sending and one for the long polls."""
    application = (
        ApplicationBuilder()
        .token(settings.token)
        .base_url(settings.bot_api_url)
        .base_file_url(settings.bot_file_url)
        .request(Transport())
        .get_updates_request(Transport(connections=1))
        .updater(None)
        .build()
    )
    sending, polling = Wire(), Wire(connections=1)
    await sending.open()
    await polling.open()
    apis = [BotApi(wire, settings.bot_api_url, settings.token) for wire in (sending, polling)]
    try:
        async with application.bot, application:  # PTB leaves its wires open when `getMe` fails
            yield application, apis[0], apis[1]
    finally:
        await sending.close()
        await polling.close()


def _delivery(house: House, application: Bot, api: BotApi, polling: BotApi) -> Delivery:
    now = house.clock.now
    desk = Desk(house.rules, house.speaker)
    counter = Counter(application, house.database, desk, house.clock)

    async def handle(one: Received) -> bool:
        try:
            return await counter.serve(one)
        except UnreadableUpdate as error:
            raise Unreadable(str(error)) from error

    carrier = Carrier(house.database, api, renderers(house.rules, house.speaker), bind, now)
    line = Line(house.database, handle, now)
    poller = Poller(
        polling,
        Intake(house.database, line, now),
        house.database,
        Lease(house.database, "poller", now),
        now,
        allowed=telegram.ALLOWED_UPDATES,
    )
    return Delivery(poller, line, Sender(house.database, carrier, now))


def _bench(house: House, application: Bot) -> Bench:
    uploads = house.settings.data_dir.absolute() / "uploads"
    return Bench(
        house.database,
        house.rules,
        house.clock,
        house.settings.store_folder,
        uploads,
        partial(fetch, application.bot),
        is_gone=lambda owner: is_gone(owner, house.database.owner),
    )


def _note(work: Work, username: str) -> Any:  # noqa: ANN401 - a fact of any kind
    facts.put(work, "bot_username", username)
