"""Updates are stored before they are acknowledged, and come in once."""

from __future__ import annotations

import asyncio
import json
import logging
import os
from typing import Any

import pytest
from sqlalchemy import select

from bot.delivery.api import Reply
from bot.delivery.intake import Intake
from bot.delivery.owner import place
from bot.use_cases import unhandled
from storage import facts, inbox, outbox_care
from storage.inbox import Received
from storage.tables import inbox as table
from storage.work import Work
from tests.bot.delivery.office import (
    LEA,
    MARC,
    Office,
    in_office,
    now,
    posted,
    until,
)
from tests.bot.delivery.test_deadly_updates import an_admin

SENT = {"date": 1_790_000_000, "chat": {"id": LEA, "type": "private"}}


def _echo(work: Work, one: Received) -> None:
    inbox.finish(work, one.update_id, now())
    body = json.loads(one.body)
    posted(work, text=f"écho {body['message']['text']}", chat_id=one.sender)


def echoing(office: Office) -> Any:
    async def handle(one: Received) -> bool:
        await office.database.transact(_echo, one)
        return True

    return handle


def test_a_message_comes_in_and_its_answer_goes_out(sqlite_url: str) -> None:
    async def play(office: Office) -> None:
        await office.sender()
        line = office.line(echoing(office))
        await line.start()
        await office.poller(line)
        for number in range(6):
            office.write(f"{number}")
            office.write(f"{number}", MARC)
        await until(lambda: len(office.shown()) == len(office.shown(MARC)) == 6)
        assert office.shown() == office.shown(MARC) == [f"écho {number}" for number in range(6)]
        await until(lambda: not office.simulator.world.updates.waiting)

    in_office(sqlite_url, play)


def test_what_cannot_be_stored_is_not_acknowledged(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def play(office: Office) -> None:
        promptly, refusals = office.database.promptly, [1, 1]

        async def full(function: Any, *args: Any, **kwargs: Any) -> Any:
            if function is unhandled.store and refusals:
                refusals.pop()
                raise OSError("disk full")
            return await promptly(function, *args, **kwargs)

        monkeypatch.setattr(office.database, "promptly", full)
        await office.sender()
        line = await office.serving(echoing(office))
        office.write("un")
        await office.poller(line)
        await until(lambda: office.shown() == ["écho un"])
        assert not refusals

    in_office(sqlite_url, play)


def test_after_a_kill_between_storing_and_handling_nothing_is_lost_or_doubled(
    sqlite_url: str,
) -> None:
    async def play(office: Office) -> None:
        async def stuck(_: Received) -> bool:
            await asyncio.sleep(60)
            return True

        dead_line = await office.serving(stuck)
        poller = await office.poller(dead_line)
        office.write("un")
        office.write("deux")
        await until(lambda: dead_line.held == 2)
        await poller.stop()
        await dead_line.stop(0)
        await office.sender()
        line = office.line(echoing(office))
        await line.start()
        await office.poller(line)
        office.write("trois")
        await until(lambda: len(office.shown()) == 3)
        await asyncio.sleep(0.2)
        assert office.shown() == ["écho un", "écho deux", "écho trois"]

    in_office(sqlite_url, play)


def test_the_same_update_ten_times_is_handled_once(sqlite_url: str) -> None:
    async def play(office: Office) -> None:
        await office.sender()
        intake = Intake(office.database, await office.serving(echoing(office)), now)
        update = {"update_id": 7, "message": {**SENT, "from": {"id": LEA}, "text": "bis"}}
        for _ in range(5):
            assert await intake.store_batch([update, update]) == 8
        await until(lambda: office.shown() == ["écho bis"])
        await asyncio.sleep(0.1)
        assert office.shown() == ["écho bis"]

    in_office(sqlite_url, play)


@pytest.mark.parametrize("kind", ["500", "502", "garbage", "half", "drop", "lost_answer", "429"])
def test_the_intake_survives_every_fault_and_loses_nothing(sqlite_url: str, kind: str) -> None:
    async def play(office: Office) -> None:
        await office.sender()
        office.fault("getUpdates", kind, count=2)
        line = await office.serving(echoing(office))
        await office.poller(line)
        office.write("malgré tout")
        await until(lambda: office.shown() == ["écho malgré tout"], 12)

    in_office(sqlite_url, play)


def test_a_webhook_left_behind_is_removed(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.delivery.intake.CONFLICT_SECONDS", 0.05)

    async def play(office: Office) -> None:
        await office.api.call("setWebhook", {"url": "https://127.0.0.1:8443/hook"})
        await office.sender()
        await office.poller(await office.serving(echoing(office)))
        await until(lambda: bool(office.calls("deleteWebhook")))
        office.write("un")
        await until(lambda: office.shown() == ["écho un"])

    in_office(sqlite_url, play)


def test_another_bot_on_the_same_token_is_told_in_the_log(
    sqlite_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.ERROR)

    async def play(office: Office) -> None:
        await office.poller(await office.serving(echoing(office)), seconds=20)
        await until(lambda: office.simulator.world.polling is not None)
        await asyncio.sleep(0.3)
        await office.api.call("getUpdates", {"timeout": 0})
        await until(lambda: "two bots poll with one token" in caplog.text)

    in_office(sqlite_url, play)


def test_one_process_polls_at_a_time_and_the_next_takes_over(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.delivery.lease.RENEW_SECONDS", 0.05)

    async def play(office: Office) -> None:
        await office.sender()
        line = await office.serving(echoing(office))
        first = await office.poller(line, host="one", seconds=1)
        await until(lambda: first.last_answer is not None or first._lease.held)
        second = await office.poller(line, host="two", seconds=1)
        await asyncio.sleep(0.3)
        assert first._lease.held
        assert not second._lease.held
        await first.stop()
        await until(lambda: second._lease.held)
        office.write("relève")
        await until(lambda: office.shown() == ["écho relève"])

    in_office(sqlite_url, play)


@pytest.mark.parametrize(
    "owner",
    [
        pytest.param(f"{place('here')}/999999999/abc", id="gone"),
        # the name of a test must be the same in every worker: its number is not
        pytest.param(f"{place('here')}/{os.getpid()}/earlier", id="an-earlier-life"),
    ],
)
def test_the_lease_of_a_killed_process_of_this_machine_is_taken_at_once(
    sqlite_url: str, owner: str
) -> None:
    async def play(office: Office) -> None:
        await office.database.transact(facts.acquire, "poll", owner, now(), _minute() / 4)
        poller = await office.poller(await office.serving(echoing(office)))
        await until(lambda: poller._lease.held, 2)

    in_office(sqlite_url, play)


@pytest.mark.parametrize(
    "owner",
    [
        pytest.param(f"{place('here')}/{os.getppid()}/x", id="living"),
        "there/999999999/x",
        pytest.param(f"{place('there')}/999999999/x", id="there"),
        "here/999999999/x",  # of an older release
        "odd",
    ],
)
def test_the_lease_of_a_living_process_or_of_another_machine_is_respected(
    sqlite_url: str, owner: str
) -> None:
    async def play(office: Office) -> None:
        await office.database.transact(facts.acquire, "poll", owner, now(), _minute() / 4)
        poller = await office.poller(await office.serving(echoing(office)))
        await asyncio.sleep(0.3)
        assert not poller._lease.held

    in_office(sqlite_url, play)


def test_a_poller_whose_lease_is_taken_stops_asking(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.delivery.lease.RENEW_SECONDS", 0.05)

    async def play(office: Office) -> None:
        poller = await office.poller(await office.serving(echoing(office)))
        await until(lambda: poller._lease.held)
        mine = poller._lease.owner
        await office.database.transact(
            facts.acquire, "poll", "there/1/x", now(), _minute() / 4, mine
        )
        await until(lambda: not poller._lease.held)

    in_office(sqlite_url, play)


def test_what_is_begun_when_it_stops_is_ended_and_answered(sqlite_url: str) -> None:
    async def play(office: Office) -> None:
        sender = await office.sender(start=False)

        async def slow(one: Received) -> bool:
            await asyncio.sleep(0.3)
            await office.database.transact(_echo, one)
            return True

        line = office.line(slow)
        await sender.start()
        await line.start()
        poller = await office.poller(line)
        office.write("dernier mot")
        await until(lambda: line.held == 1)
        await poller.stop()
        await line.stop(3)
        await sender.stop(3)
        assert office.shown() == ["écho dernier mot"]
        left = await office.database.read(outbox_care.depths)
        assert left == []

    in_office(sqlite_url, play)


def test_poison_is_stored_for_the_record_and_the_next_update_is_handled(sqlite_url: str) -> None:
    async def play(office: Office) -> None:
        await office.sender()
        intake = Intake(office.database, await office.serving(echoing(office)), now)
        poison: list[object] = [None, 3, "x", [], {}, {"update_id": "1"}, {"update_id": 2**70}]
        message = {**SENT, "from": {"id": LEA}, "text": "\ud800\0 après"}
        good = {"update_id": 9, "message": message}
        assert await intake.store_batch([*poison, good]) == 10
        await until(lambda: office.shown() == ["écho \ufffd\ufffd après"])
        assert await intake.store_batch(poison) is None
        assert await office.database.read(_parked) == len(poison)

    in_office(sqlite_url, play)


def test_what_cannot_be_acknowledged_is_not_asked_for_without_a_pause(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.delivery.intake.FIRST_PAUSE", 3_600.0)

    async def play(office: Office) -> None:
        asked: list[str] = []

        async def call(method: str, *_: object, **__: object) -> Reply:
            asked.append(method)
            return Reply(200, [{"message": "without a number"}])

        poller = await office.poller(await office.serving(echoing(office)))
        monkeypatch.setattr(poller._api, "call", call)
        await until(lambda: bool(asked))
        await asyncio.sleep(0.3)
        assert asked == ["getUpdates"]
        assert await office.database.read(_parked) == 1

    in_office(sqlite_url, play)


def test_who_runs_the_house_is_told_once_of_all_that_is_set_aside_as_it_comes(
    sqlite_url: str,
) -> None:
    async def play(office: Office) -> None:
        await office.database.transact(an_admin)
        for _ in range(2):  # two processes, or two lives of one
            intake = Intake(office.database, office.line(echoing(office)), now)
            for number in range(3):
                await intake.store_batch([{"update_id": number, "message": {"chat": 7}}])
        waiting = await office.database.read(outbox_care.depths)
        assert [(one.kind, one.count) for one in waiting] == [("notice", 1)]

    in_office(sqlite_url, play)


def _minute() -> Any:
    from datetime import timedelta

    return timedelta(minutes=1)


def _parked(work: Work) -> int:
    return len(work.scalars(select(table.c.update_id).where(table.c.parked.is_(True))))
