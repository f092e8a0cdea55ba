"""The webhook's address is set by one process, when it differs, and left in the end."""

from __future__ import annotations

import asyncio

import pytest

from bot.delivery import registration
from bot.delivery.registration import Registration
from storage import slots
from storage.database import Database, connect
from storage.work import Work
from tests.bot.delivery.office import Office, in_office, now, until

URL = "https://hooks.example.org/4f2a"
FIRST = "s1"
OTHER = "https://hooks.example.org/other"
ALLOWED = ("message", "callback_query")


def registered(
    office: Office, database: Database, url: str = URL, secret: str = FIRST
) -> Registration:
    return Registration(office.api, database, now, url, secret, ALLOWED)


async def a_process(office: Office, owner: str) -> Database:
    database = connect(office.url, owner)
    await database.open()
    return database


def is_done(work: Work) -> bool:
    row = work.first(slots._SLOT, {"name": registration.SLOT})
    return row is not None and row.owner is None


async def until_done(database: Database) -> None:
    for _ in range(800):
        if await database.read(is_done):
            return
        await asyncio.sleep(0.01)
    raise AssertionError("the webhook was never seen to")


def test_of_two_processes_one_sets_it_and_both_leave_it(database_url: str) -> None:
    async def play(office: Office) -> None:
        one, two = await a_process(office, "h/1/a"), await a_process(office, "h/2/b")
        both = [registered(office, one), registered(office, two)]
        for each in both:
            each.start()
        await until(lambda: office.simulator.world.webhook.url == URL)
        await until_done(one)
        for each in both:
            await each.stop()
        assert len(office.calls("setWebhook")) == 1
        assert office.calls("deleteWebhook") == []
        assert office.simulator.world.webhook.secret == "s1"
        await one.close()
        await two.close()

    in_office(database_url, play)


def test_a_restart_with_the_same_settings_sets_nothing(sqlite_url: str) -> None:
    async def play(office: Office) -> None:
        for owner in ("h/1/a", "h/2/b"):
            database = await a_process(office, owner)
            await database.transact(forget_the_slot)
            one = registered(office, database)
            one.start()
            await until_done(database)
            await one.stop()
            await database.close()
        assert len(office.calls("setWebhook")) == 1

    in_office(sqlite_url, play)


def forget_the_slot(work: Work) -> None:
    from sqlalchemy import delete

    from storage.tables import job_slot

    work.execute(delete(job_slot))


@pytest.mark.parametrize(("url", "secret"), [(OTHER, "s1"), (URL, "s2")])
def test_other_settings_are_set_at_once(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch, url: str, secret: str
) -> None:
    monkeypatch.setattr(registration, "PAUSE_SECONDS", 0.1)

    async def play(office: Office) -> None:
        database = await a_process(office, "h/1/a")
        first = registered(office, database)
        first.start()
        await until_done(database)
        await first.stop()
        second = registered(office, database, url, secret)
        second.start()
        wanted = (url, secret)
        state = office.simulator.world.webhook
        await until(lambda: (state.url, state.secret) == wanted)
        await second.stop()
        await database.close()

    in_office(sqlite_url, play)


def test_what_somebody_else_changed_is_set_right_again(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(registration, "PAUSE_SECONDS", 0.1)

    async def play(office: Office) -> None:
        database = await a_process(office, "h/1/a")
        one = registered(office, database)
        one.start()
        await until_done(database)
        await one.stop()
        office.simulator.world.webhook.url = "https://thief.example.org/"
        await database.transact(forget_the_slot)
        one.start()
        await until(lambda: office.simulator.world.webhook.url == URL)
        await one.stop()
        await database.close()

    in_office(sqlite_url, play)


def test_an_older_process_leaves_alone_what_a_newer_one_has_set(sqlite_url: str) -> None:
    async def play(office: Office) -> None:
        database = await a_process(office, "h/1/a")
        old, new = registered(office, database), registered(office, database, OTHER)
        assert await database.transact(old._begun, now())
        assert await database.transact(new._begun, now())
        await database.transact(forget_the_slot)
        assert not await database.transact(old._claimed, now())
        assert await database.transact(new._claimed, now())
        await database.close()

    in_office(sqlite_url, play)


def test_a_refusal_is_tried_again(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registration, "PAUSE_SECONDS", 0.05)

    async def play(office: Office) -> None:
        office.fault("setWebhook", "429", count=2, retry_after=1)
        office.fault("getWebhookInfo", "502", count=2)
        database = await a_process(office, "h/1/a")
        one = registered(office, database)
        one.start()
        await until(lambda: office.simulator.world.webhook.url == URL)
        await one.stop()
        await database.close()

    in_office(sqlite_url, play)
