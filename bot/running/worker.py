"""What handles and sends: PTB, the line, the sender and the clock's jobs, joined."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from telegram.ext import ApplicationBuilder

from bot.application import furnish
from bot.delivery.api import BotApi
from bot.delivery.carrier import Carrier
from bot.delivery.line import Line, Unreadable
from bot.delivery.owner import is_gone
from bot.delivery.rates import Pace
from bot.delivery.sender import Sender
from bot.delivery.sharing import Sharing
from bot.delivery.transport import Transport
from bot.delivery.wire import Wire
from bot.handlers.counter import Bot, Counter, UnreadableUpdate
from bot.handlers.dispatch import Desk
from bot.handlers.fetching import fetch
from bot.handlers.menus import publish_once
from bot.handlers.rendering import renderers
from bot.jobs.child import Companion
from bot.jobs.timetable import Bench, Timetable
from bot.running.aside import made
from storage import facts
from storage.binding import bind
from storage.inbox import Received

if TYPE_CHECKING:
    from bot.application import Ground, House
    from bot.delivery.meters import Meters
    from bot.running.entrance import Entrance
    from config.settings import Settings

log = logging.getLogger(__name__)

STOP_SECONDS: Final = 10.0


@asynccontextmanager
async def working(ground: Ground, meters: Meters, entrance: Entrance | None) -> AsyncIterator[None]:
    """Take up what was left, answers before new updates; in the end finish what is begun."""
    async with _telegram(ground.settings, meters) as (application, api):
        username = str(application.bot.username)
        # in a thread: what comes meanwhile is stored
        house = await asyncio.to_thread(_furnished, ground, username)
        await house.database.transact(facts.put, "bot_username", username)
        # no script is spoken there, and they do not travel
        bare = replace(house.rules, scripts={})
        aside, apart = (Companion(made, house.database.url, bare) for _ in range(2))
        sender = _sender(house, api, aside, apart)
        line = _line(house, application, sender, meters)
        jobs = Timetable(_bench(house, application))
        await sender.start()
        if entrance is not None:
            entrance.attach(line)
        await line.start()
        jobs.start()
        telling = publish_once(application.bot, house.database, house.speaker)
        published = asyncio.create_task(telling)
        try:
            yield
        finally:
            published.cancel()
            await asyncio.wait([published])
            await line.stop(STOP_SECONDS)
            await jobs.stop()
            await sender.stop(STOP_SECONDS)
            aside.close()
            apart.close()


def _furnished(ground: Ground, username: str) -> House:
    """Read the rules and what the first taps would read in the loop: the words, the holidays."""
    house = furnish(ground, username)
    house.speaker().say("Begin")
    house.rules.calendar.is_working(ground.clock.now().today)
    return house


@asynccontextmanager
async def _telegram(settings: Settings, meters: Meters) -> AsyncIterator[tuple[Bot, BotApi]]:
    """Open PTB without its Updater, and a wire for what is posted as stored."""
    application = (
        ApplicationBuilder()
        .token(settings.token)
        .base_url(settings.bot_api_url)
        .base_file_url(settings.bot_file_url)
        .request(Transport(calls=meters.calls))
        .get_updates_request(Transport(connections=1, calls=meters.calls))
        .updater(None)
        .build()
    )
    wire = Wire(calls=meters.calls)
    await wire.open()
    try:
        async with application.bot, application:  # PTB leaves its wires open when `getMe` fails
            yield application, BotApi(wire, settings.bot_api_url, settings.token)
    finally:
        await wire.close()


def _line(house: House, application: Bot, sender: Sender, meters: Meters) -> Line:
    database, now = house.database, house.clock.now
    counter = Counter(application, database, Desk(house.rules, house.speaker), house.clock)

    async def handle(one: Received) -> bool:
        try:
            return await counter.serve(one)
        except UnreadableUpdate as error:
            raise Unreadable(str(error)) from error

    if database.dialect == "postgresql":
        sharing = Sharing(database, now, sender)
        return Line(database, handle, now, sharing=sharing, meters=meters)
    return Line(database, handle, now, at_once=partial(counter.serve, new=True), meters=meters)


def _sender(
    house: House, api: BotApi, aside: Companion[Any, Any], apart: Companion[Any, Any]
) -> Sender:
    database, now, settings = house.database, house.clock.now, house.settings
    known = renderers(house.rules, house.speaker)
    carrier = Carrier(database, api, known, bind, now, aside.ask, apart.ask)
    pace = Pace(overall=settings.rate_overall, chat=settings.rate_per_chat)
    return Sender(database, carrier, now, pace, alone=database.dialect == "sqlite")


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
