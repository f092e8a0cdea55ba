"""What cannot be sent: gone, moved, poisoned; what a database that refuses to write does to it."""

from __future__ import annotations

import asyncio
import logging
from typing import Any

import pytest

from bot.delivery import outcome
from bot.delivery.api import Reply
from bot.handlers import notices
from bot.handlers.news import News
from bot.screens.render import speaker
from bot.simulator import gestures
from bot.simulator.people import group_of
from credit.people import Role
from storage import people
from storage.outbox import Outgoing, Priority
from storage.sqlite_database import SqliteDatabase
from storage.work import Work
from tests.bot.delivery.office import (
    LEA,
    MARC,
    PARIS,
    Office,
    edit_of,
    enrolled,
    goes_away,
    in_office,
    now,
    until,
    until_state,
)
from tests.day.company import rules

GROUP, SUPERGROUP = -4_001, -1_004_001


def says_first(office: Office, monkeypatch: pytest.MonkeyPatch, replies: list[Reply]) -> None:
    """Let the Bot API give these replies, the last one first, and then its own."""
    real = office.api.call

    async def call(*args: Any, **more: Any) -> Reply:
        return replies.pop() if replies else await real(*args, **more)

    monkeypatch.setattr(office.api, "call", call)


def test_an_edit_of_a_card_that_is_gone_is_dropped_without_a_word(
    sqlite_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    async def play(office: Office) -> None:
        await office.sender()
        pointer = {**edit_of("plus ici", 4_242), "fallback": False}
        row_id = await office.post(body=pointer, priority=1, kind="card_moved")
        await until_state(office, row_id, "dropped")
        assert office.shown() == []

    with caplog.at_level(logging.INFO):
        in_office(sqlite_url, play)
    assert [one.getMessage() for one in caplog.records if one.levelno >= logging.WARNING] == []


def test_a_chat_that_has_got_another_number_is_followed(database_url: str) -> None:
    async def play(office: Office) -> None:
        world = office.simulator.world
        for number, moved in ((SUPERGROUP, 0), (GROUP, SUPERGROUP)):
            raw: dict[str, Any] = {"id": number, "members": [LEA], "migrated_to": moved}
            gestures.put_bot_in_group(world, group_of(raw, world.people), by=LEA)
        person = await office.database.transact(enrolled, GROUP)
        await office.sender()
        first = await office.post(text="un", chat_id=GROUP, person_id=person)
        await until_state(office, first, "sent")
        push = await office.post(text="deux", chat_id=GROUP, priority=1, kind="notice")
        await until_state(office, push, "sent")
        assert [(await office.row(one))["chat_id"] for one in (first, push)] == [SUPERGROUP] * 2
        found = await office.database.read(people.by_id, person)
        assert found is not None
        assert found.telegram_id == SUPERGROUP
        assert office.shown(SUPERGROUP) == ["un", "deux"]

    in_office(database_url, play)


@pytest.mark.parametrize(
    "body",
    [
        {"method": "sendDocument", "params": {}, "file": {"name": "a"}},
        {"method": "sendMessage", "params": "no parameters"},
        {"method": "sendMessage", "params": {"chat_id": LEA}, "bind": 3},
    ],
    ids=["file", "params", "bind"],
)
@pytest.mark.parametrize("priority", [Priority.ANSWER, Priority.ALERT])
def test_poison_is_parked_and_the_rest_of_its_chat_flows(
    sqlite_url: str, body: dict[str, Any], priority: Priority
) -> None:
    async def play(office: Office) -> None:
        await office.sender()
        bad = await office.post(body=body, priority=priority, kind="notice")
        good = await office.post(text="après", priority=priority, kind="notice")
        await until_state(office, bad, "parked")
        await until_state(office, good, "sent")
        assert office.shown() == ["après"]

    in_office(sqlite_url, play)


def test_who_runs_the_house_is_told_once_a_day_that_messages_are_parked(sqlite_url: str) -> None:
    def told(work: Work, row: Outgoing, at: Any) -> Any:
        person = people.by_id(work, row.person_id or 0)
        assert person is not None
        voice = speaker("fr", PARIS)
        return notices.rendered(News(work, voice, rules(), person, row.chat_id, row.body, at))

    async def play(office: Office) -> None:
        for number, role in ((LEA, Role.ADMIN), (MARC, Role.REP)):
            await office.database.transact(_a_person, number, role)
        office.simulator.add_person(1_003, "Sophie", started=True)
        await office.database.transact(_a_person, 1_003, Role.CREDIT_MANAGER)
        await office.sender({"notice": told})
        office.fault("sendMessage", "lost_answer", count=2, chat=MARC)
        doubted = await office.post(priority=1, chat_id=MARC, kind="alert")
        await until_state(office, doubted, "parked")
        await until(lambda: bool(office.shown()) and bool(office.shown(1_003)))
        body = {"method": "sendMessage", "params": 7}
        poison = await office.post(body=body, priority=1, chat_id=MARC, kind="alert")
        await until_state(office, poison, "parked")
        assert [len(office.shown(one)) for one in (LEA, 1_003, MARC)] == [1, 1, 2]
        (text,) = office.shown()
        assert "1 message n’est pas parti" in text
        assert "alertes (1)" in text
        assert "peut-être arrivé" in text

    in_office(sqlite_url, play)


def test_a_database_that_refuses_to_write_loses_and_doubles_nothing(sqlite_url: str) -> None:
    async def play(office: Office) -> None:
        await office.sender()
        office.fault("sendMessage", "slow", seconds=0.9, chat=LEA)
        alert = await office.post(text="alerte", priority=1, chat_id=MARC, kind="notice")
        answer = await office.post(text="réponse")
        await until(lambda: office.shown() == ["réponse"])
        await _writable(office, on=False)  # its answer has not come yet
        await asyncio.sleep(1.5)
        assert await office.state(answer) == "waiting", "its outcome cannot be written"
        await _writable(office, on=True)
        await until_state(office, answer, "sent")
        await until_state(office, alert, "sent")
        assert (office.shown(), office.shown(MARC)) == (["réponse"], ["alerte"])

    in_office(sqlite_url, play)


def test_who_comes_back_is_written_to_again(sqlite_url: str) -> None:
    async def play(office: Office) -> None:
        await office.sender()
        person = await office.database.transact(enrolled)
        gestures.set_blocked(office.simulator.world, LEA, blocked=True)
        lost = await office.post(priority=1, person_id=person, kind="notice")
        await until_state(office, lost, "dropped")
        gestures.set_blocked(office.simulator.world, LEA, blocked=False)
        await office.database.transact(people.met, LEA, now().at)
        again = await office.post(priority=1, person_id=person, kind="notice", text="de retour")
        await until_state(office, again, "sent")
        assert office.shown() == ["de retour"]

    in_office(sqlite_url, play)


def _a_person(work: Work, telegram_id: int, role: Role) -> int:
    return people.add(
        work,
        telegram_id=telegram_id,
        name="Camille",
        role=role,
        locale="fr",
        codes=[],
        at=now().at,
    )


async def _writable(office: Office, *, on: bool) -> None:
    """Let SQLite refuse every write, as a file system mounted read-only does; or no longer."""
    assert isinstance(office.database, SqliteDatabase)
    seat = office.database._at_work()
    await seat.run(seat.raw.execute, f"pragma query_only={'off' if on else 'on'}")


@pytest.mark.parametrize("said", [float("inf"), float("nan"), 1e300])
def test_a_pause_that_no_clock_can_count_holds_nobody_up_for_ever(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch, said: float
) -> None:
    monkeypatch.setattr(outcome, "LONGEST_TOLD", 1.5)

    async def play(office: Office) -> None:
        replies = [Reply(429, retry_after=said)]
        says_first(office, monkeypatch, replies)
        await office.sender()
        row_id = await office.post(text="réponse")
        await until_state(office, row_id, "sent")
        assert office.shown() == ["réponse"]

    in_office(sqlite_url, play)


def test_what_was_sent_is_counted_though_the_database_was_away(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def play(office: Office) -> None:
        sender = await office.sender(start=False)
        sender.rates.spent = 5
        with monkeypatch.context() as patch:
            goes_away(office, patch, "transact", 1)
            with pytest.raises(OSError, match="disk"):
                await sender._draw(3)
            assert sender.rates.spent == 5
        await sender._draw(3)
        assert sender.rates.spent == 0

    in_office(sqlite_url, play)


def test_numbers_that_no_database_keeps_do_not_send_a_message_again(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def play(office: Office) -> None:
        replies = [
            Reply(200, {"message_id": 10**30}),
            Reply(400, description="upgraded", migrate_to=10**30),
        ]
        says_first(office, monkeypatch, replies)
        await office.sender()
        row_id = await office.post(text="réponse")
        await until_state(office, row_id, "sent")
        assert (await office.row(row_id))["message_id"] is None
        assert (await office.row(row_id))["chat_id"] == LEA

    in_office(sqlite_url, play)
