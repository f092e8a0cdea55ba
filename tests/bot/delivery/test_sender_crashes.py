"""What becomes of messages whose process died: only what had left is in doubt."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from bot.delivery.carrier import Carried
from bot.delivery.rates import Pace
from credit.people import Role
from storage import outbox_turns, people, workers
from storage.outbox import Priority
from storage.tables import outbox as table
from storage.work import Work
from tests.bot.delivery.office import (
    LEA,
    MARC,
    Office,
    edit_of,
    goes_away,
    in_office,
    now,
    seized,
    until,
    until_left,
    until_state,
)

NEWS = [("alert", Priority.ALERT), ("digest", Priority.DIGEST), ("broadcast", Priority.BROADCAST)]


def test_after_a_crash_edits_young_answers_and_what_had_not_left_go_on(
    sqlite_url: str,
) -> None:
    async def play(office: Office) -> None:
        async def crashed(**changes: Any) -> int:
            row_id = await office.post(**changes)
            assert row_id is not None
            await office.database.transact(seized, row_id)
            return row_id

        first = await office.sender()
        shown = await office.post(text="Étape 1")
        await until_state(office, shown, "sent")
        await first.stop(1)
        message_id = (await office.row(shown))["message_id"]
        edit = await crashed(body=edit_of("Étape 2", message_id), priority=1)
        drawn = await crashed(text="Alerte qui n'était pas partie", priority=1, kind="odd")
        young = await crashed(text="réponse")
        old = await crashed(text="vieille réponse", age=timedelta(minutes=5))
        never_claimed = await office.post(text="Résumé", priority=2)
        await office.sender()
        await until_state(office, edit, "sent")
        await until_state(office, drawn, "sent")
        assert (await office.row(drawn))["doubts"] == 0
        await until_state(office, young, "sent")
        await until_state(office, old, "dropped")
        await until_state(office, never_claimed, "sent")
        shown_now = ["Étape 2", "réponse", "Alerte qui n'était pas partie", "Résumé"]
        assert sorted(office.shown()) == sorted(shown_now)

    in_office(sqlite_url, play)


def test_what_another_process_left_half_way_is_found_while_running(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.delivery.sender.POLL_SECONDS", 0.05)
    monkeypatch.setattr("bot.delivery.sender.SWEEP_SECONDS", 0.1)

    async def play(office: Office) -> None:
        other = "elsewhere/1/x"
        alert, answer = await office.post(priority=1), await office.post(text="réponse")
        for row_id in (alert, answer):
            await office.database.transact(seized, row_id, other)
        await office.database.transact(workers.beat, other, "all", now())
        await office.sender(alone=False)
        await asyncio.sleep(0.5)
        assert await office.state(alert) == "sending", "its owner lives"
        assert await office.state(answer) == "waiting", "its owner lives"
        await office.database.transact(workers.leave, other)
        await until_state(office, alert, "sent")
        await until_state(office, answer, "sent")
        assert len(office.calls("sendMessage")) == 2

    in_office(sqlite_url, play)


@pytest.mark.parametrize("url", ["sqlite_url", "postgres_url"])
def test_news_whose_request_had_left_when_the_process_died_is_repeated_once(
    request: pytest.FixtureRequest, url: str
) -> None:
    async def play(office: Office) -> None:
        await (await office.sender()).stop(1)  # one that goes on might send them first
        told: dict[str, int | None] = {}
        for kind, priority in NEWS:
            told[kind] = await office.post(text=kind, kind=kind, priority=priority)
            await office.database.transact(seized, told[kind], left=True)
        await office.sender()
        for row_id in told.values():
            await until_state(office, row_id, "sent")
            assert (await office.row(row_id))["doubts"] == 1
        assert sorted(office.shown()) == sorted(told)

    in_office(request.getfixturevalue(url), play)


def test_what_two_processes_died_over_after_it_had_left_is_parked(sqlite_url: str) -> None:
    async def play(office: Office) -> None:
        row_id = await office.post(kind="alert", priority=1)
        for _ in range(2):
            await office.database.transact(seized, row_id, left=True)
            sender = await office.sender(start=False)
            await office.database.transact(sender._around.take_up, now(), [], fresh=True)
        sender = await office.sender()
        await until_state(office, row_id, "parked")
        assert office.shown() == []

    in_office(sqlite_url, play)


def test_a_row_that_another_process_has_taken_is_not_sent(sqlite_url: str) -> None:
    async def play(office: Office) -> None:
        sender = await office.sender(start=False)
        row_id = await office.post(kind="alert", priority=1)
        row = await office.outgoing(row_id)
        await office.database.transact(seized, row_id)
        assert await sender._carrier.carry(row, sender.rates) == Carried(0)
        assert office.calls("sendMessage") == []
        assert await office.state(row_id) == "sending"

    in_office(sqlite_url, play)


def test_a_message_that_kills_who_makes_it_is_parked_and_told_of(sqlite_url: str) -> None:
    async def play(office: Office) -> None:
        await office.database.transact(an_admin)
        row_id = await office.post(kind="export", priority=1)
        for _ in range(outbox_turns.MOST_DEATHS):
            assert await office.state(row_id) == "waiting"
            await office.database.transact(seized, row_id)
            sender = await office.sender(start=False)
            await office.database.transact(sender._around.take_up, now(), [], fresh=True)
        assert (await office.row(row_id))["state"] == "parked"
        kinds = await office.database.read(_kinds_waiting)
        assert kinds == ["notice"]

    in_office(sqlite_url, play)


def test_however_many_answers_were_left_none_is_overtaken_by_a_new_one(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.delivery.around.MOST_ADOPTED", 2)

    async def play(office: Office) -> None:
        for chat in (MARC, MARC, LEA):
            left = await office.post(text="d’abord", chat_id=chat)
            await office.database.transact(seized, left)
        await office.sender()
        await office.post(text="ensuite")
        await until(lambda: len(office.shown()) == 2)
        assert office.shown() == ["d’abord", "ensuite"]

    in_office(sqlite_url, play)


def test_a_stop_while_the_database_is_away_ends_all_the_same(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def play(office: Office) -> None:
        sender = await office.sender()
        row_id = await office.post(
            text="alerte", priority=1, not_before=now().at + timedelta(hours=1)
        )
        await office.database.transact(seized, row_id, office.database.owner)
        sender._lanes.rest(LEA, asyncio.get_running_loop().time() + 60)
        sender.offer([await office.outgoing(row_id)])
        sender._pushes += 1
        with monkeypatch.context() as patch:
            goes_away(office, patch, "transact", 9)
            await sender.stop(0.1)
        assert sender.held == 0

    in_office(sqlite_url, play)


def an_admin(work: Work) -> int:
    return people.add(
        work, telegram_id=MARC, name="Marc", role=Role.ADMIN, locale="fr", codes=[], at=now().at
    )


def _kinds_waiting(work: Work) -> list[str]:
    return work.scalars(select(table.c.kind).where(table.c.state == "waiting"))


def test_a_flight_cut_off_at_the_deadline_is_in_doubt_at_the_next_start(sqlite_url: str) -> None:
    async def play(office: Office) -> None:
        sender = await office.sender()
        office.fault("sendMessage", "slow", seconds=0.9)
        row_id = await office.post(priority=1, kind="alert")
        await until_left(office, row_id)
        await sender.stop(0.05)
        assert await office.state(row_id) == "sending"
        await office.sender()
        await until_state(office, row_id, "sent")
        assert (await office.row(row_id))["doubts"] == 1

    in_office(sqlite_url, play)


def test_an_answer_that_rested_when_the_process_died_leaves_before_younger_ones(
    sqlite_url: str,
) -> None:
    async def play(office: Office) -> None:
        first = await office.sender(pace=Pace())
        await until_state(office, await office.post(text="bonjour"), "sent")
        office.fault("sendMessage", "429", retry_after=2)
        resting = await office.post(text="d’abord")
        while (await office.row(resting))["error"] is None:
            await asyncio.sleep(0.005)
        await first.stop(0)
        await office.sender(pace=Pace())
        await office.post(text="ensuite")
        await until(lambda: len(office.shown()) == 3)
        assert office.shown() == ["bonjour", "d’abord", "ensuite"]

    in_office(sqlite_url, play)


def test_what_a_clock_of_tomorrow_left_holds_nobody_up(sqlite_url: str) -> None:
    async def play(office: Office) -> None:
        left = await office.post(text="d’abord", age=-timedelta(days=1))
        await office.database.transact(seized, left)
        await office.sender()
        await office.post(text="ensuite")
        await until(lambda: len(office.shown()) == 2)
        assert office.shown() == ["d’abord", "ensuite"]

    in_office(sqlite_url, play)


def test_news_that_a_clock_a_day_ahead_has_dated_is_sent_by_the_next_process(
    sqlite_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    async def play(office: Office) -> None:
        row_id = await office.post(age=-timedelta(days=1), kind="alert", priority=Priority.ALERT)
        await office.sender()
        await until_state(office, row_id, "sent")

    in_office(sqlite_url, play)
    assert "dated by a clock that was ahead" in caplog.text
