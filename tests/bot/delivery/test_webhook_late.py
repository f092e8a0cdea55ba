"""A post answered 503 because its commit came too late: its update is handled once all the same."""

from __future__ import annotations

import asyncio

import aiohttp
import pytest

from bot.delivery import webhook
from bot.delivery.intake import Intake
from bot.delivery.webhook import SECRET_HEADER, Webhook
from storage.inbox import Received
from tests.bot.delivery.office import Office, in_office, now, until
from tests.bot.delivery.test_sharing import a_replica, marked, orders, updates
from tests.bot.delivery.test_webhook import JSON, PATH, SECRET, held_up


async def post(hook: Webhook, update: object) -> int:
    headers = {SECRET_HEADER: SECRET, "Content-Type": JSON}
    url = f"http://127.0.0.1:{hook.port}{PATH}"
    async with (
        aiohttp.ClientSession(headers=headers) as session,
        session.post(url, json=update) as answer,
    ):
        return answer.status


async def two_that_come_late(hook: Webhook, url: str, patch: pytest.MonkeyPatch) -> None:
    """Post two updates while nothing can be stored; bring the second again when it can."""
    first, second = updates([1, 2], people=2)
    patch.setattr(webhook, "STORE_SECONDS", 0.3)
    async with held_up(url):
        said = await asyncio.gather(post(hook, first), post(hook, second))
        assert set(said) == {503}
    patch.setattr(webhook, "STORE_SECONDS", 10.0)
    assert await post(hook, second) == 200


def test_among_several_processes_late_commits_and_repeated_posts_are_handled_once(
    postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def story() -> None:
        async with a_replica(postgres_url, "here/1/a") as replica:
            hook = Webhook(replica.intake, f"http://x{PATH}", SECRET, "127.0.0.1", 0)
            await hook.start()
            await two_that_come_late(hook, postgres_url, monkeypatch)
            await until(lambda: len(replica.handled) == 2, 20)
            assert await post(hook, updates([1], people=2)[0]) == 200
            await asyncio.sleep(4)  # longer than a look around takes to come
            assert await replica.database.read(orders, 2) == {1: [2], 2: [1]}
            assert sorted(replica.handled) == [1, 2]
            await hook.stop()

    asyncio.run(story())


def test_on_a_file_what_comes_late_and_is_posted_again_is_handled_once(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    handled: list[int] = []

    async def play(office: Office) -> None:
        async def handle(one: Received) -> bool:
            await office.database.transact(marked, one)
            handled.append(one.update_id)
            return True

        line = await office.serving(handle)
        hook = Webhook(
            Intake(office.database, line, now), f"http://x{PATH}", SECRET, "127.0.0.1", 0
        )
        await hook.start()
        await two_that_come_late(hook, sqlite_url, monkeypatch)  # whom nobody waits for: left out
        assert await post(hook, updates([1], people=2)[0]) == 200
        await until(lambda: len(handled) == 2)
        assert await post(hook, updates([1], people=2)[0]) == 200
        await asyncio.sleep(4)
        assert sorted(handled) == [1, 2]
        assert await office.database.read(orders, 2) == {1: [2], 2: [1]}
        await hook.stop()

    in_office(sqlite_url, play)
