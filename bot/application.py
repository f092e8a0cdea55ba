"""The composition root: reads what was decided, opens what is remembered, joins the rooms."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, TypeVar
from uuid import uuid4

if TYPE_CHECKING:
    from bot.screens.render import Speaker
    from bot.use_cases.calculations.given import Sources
    from bot.use_cases.rules import Rules
    from config.clock import Clock
    from config.settings import Settings
    from storage.database import Database
    from storage.events import Origin
    from storage.work import Work

P = ParamSpec("P")
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Ground:
    """What is there before any rule is read: all that letting updates in needs."""

    settings: Settings
    clock: Clock
    database: Database


@dataclass(frozen=True, slots=True)
class House:
    """Everything a process needs, joined once: settings, rules, clock, open database."""

    settings: Settings
    rules: Rules
    clock: Clock
    database: Database

    def speaker(self, locale: str | None = None) -> Speaker:
        """Speak a reader's language, or the company's."""
        from bot.screens.render import speaker

        return speaker(locale or self.settings.locale, self.settings.zone)

    def origin(self) -> Origin:
        """Sign what the command line does: nobody's tap, an identity of its own."""
        from storage.events import Origin

        return Origin(None, None, self.clock.now(), f"cli:{uuid4()}")


def load_settings() -> Settings:
    """Read the settings from the environment and `.env`; raises pydantic's ValidationError."""
    from config.settings import Settings

    return Settings()


def build_clock(settings: Settings) -> Clock:
    """Make the one clock of this process."""
    from config.clock import Clock

    return Clock(settings.clock_offset, settings.zone)


def build_rules(settings: Settings, bot_username: str = "") -> Rules:
    """Join policy, calendar, legal rates and scripts into the rules of the house."""
    from bot.scripts.library import load
    from bot.use_cases.rules import Rules
    from config.policy import load_policy
    from config.reference import load_reference
    from config.working_days import french_calendar

    return Rules(
        company=settings.company,
        zone=settings.zone,
        locale=settings.locale,
        policy=load_policy(settings.policy_file),
        calendar=french_calendar(settings.holidays),
        reference=load_reference(settings.reference_dir),
        scripts=load(settings.scripts_dir),
        bot_username=bot_username,
    )


def build_sources(settings: Settings) -> Sources:
    """Join what the calculator rests on: dated law, policy, today."""
    from bot.use_cases.calculations.given import Sources
    from config.policy import load_policy
    from config.reference import load_reference

    today = build_clock(settings).now().today
    return Sources(load_reference(settings.reference_dir), load_policy(settings.policy_file), today)


def release() -> str:
    """Return the version of the product that runs."""
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("relance")
    except PackageNotFoundError:
        return "unknown"


def prepare(settings: Settings) -> None:
    """Make the data folder and bring the database to this release's schema."""
    from storage.migrate import upgrade

    settings.data_dir.mkdir(parents=True, exist_ok=True)
    upgrade(settings.database)


@asynccontextmanager
async def open_ground(settings: Settings, owner: str = "") -> AsyncIterator[Ground]:
    """Prepare and open the database; close it in the end.

    `owner` is the name of a process that stays, among those that share the database.
    """
    from storage.database import connect

    prepare(settings)
    database = connect(settings.database, owner)
    await database.open()
    try:
        yield Ground(settings, build_clock(settings), database)
    finally:
        await database.close()


@asynccontextmanager
async def open_house(settings: Settings) -> AsyncIterator[House]:
    """Prepare and open everything but Telegram; close it in the end."""
    async with open_ground(settings) as ground:
        yield furnish(ground)


def furnish(ground: Ground, bot_username: str = "") -> House:
    """Read the rules of the house that is built on open ground."""
    rules = build_rules(ground.settings, bot_username)
    return House(ground.settings, rules, ground.clock, ground.database)


def transact(
    settings: Settings,
    function: Callable[Concatenate[Work, House, P], T],
    *args: P.args,
    **kwargs: P.kwargs,
) -> T:
    """Open the house, run one function in one transaction, close it: what most verbs do."""
    import asyncio

    async def once() -> T:
        async with open_house(settings) as house:

            def work_in(work: Work) -> T:
                return function(work, house, *args, **kwargs)

            return await house.database.transact(work_in)

    return asyncio.run(once())


async def who_am_i(settings: Settings) -> str:
    """Ask Telegram who the token belongs to and return the bot's username.

    Raise `ConnectionError`, whose words do not hold the token, when it does not say.
    """
    return str((await _asked(settings, "getMe"))["username"])


async def webhook_in_force(settings: Settings) -> str:
    """Ask Telegram where it brings updates: an address, or nothing; raise as `who_am_i`."""
    return str((await _asked(settings, "getWebhookInfo")).get("url", ""))


async def _asked(settings: Settings, method: str) -> Any:  # noqa: ANN401 - any JSON
    from bot.delivery.api import BotApi
    from bot.delivery.wire import MaybeArrived, NeverLeft, Wire

    wire = Wire()
    await wire.open()
    try:
        reply = await BotApi(wire, settings.bot_api_url, settings.token).call(method, {})
    except (NeverLeft, MaybeArrived) as error:
        raise ConnectionError(str(error)) from error
    finally:
        await wire.close()
    if not reply.ok:
        raise ConnectionRefusedError(f"{reply.code} {reply.description}")
    return reply.result
