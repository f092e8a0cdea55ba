"""What the sender does when the answer, the server, the database or the process is lost."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from bot.delivery import sender as sender_module
from bot.delivery.rates import Pace
from storage import alerts, binding
from storage.outbox import Outgoing, Priority
from storage.work import Work
from tests.bot.delivery.office import (
    LEA,
    MARC,
    UNHURRIED,
    Office,
    edit_of,
    enrolled,
    in_office,
    posted,
    text_of,
    until,
    until_state,
)
from tests.day.company import a_customer

CARRIED_OUT = {"lost_answer", "half"}
NEWS = [("alert", Priority.ALERT), ("digest", Priority.DIGEST), ("broadcast", Priority.BROADCAST)]


@pytest.mark.parametrize("fault", ["500", "502", "garbage", "half", "drop", "lost_answer"])
@pytest.mark.parametrize(("kind", "priority"), NEWS)
def test_news_that_may_have_arrived_is_repeated_once_and_then_left_to_a_person(
    sqlite_url: str, fault: str, kind: str, priority: Priority
) -> None:
    async def play(office: Office) -> None:
        await office.sender()
        said = {"priority": priority, "kind": kind, "ready": True}
        office.fault("sendMessage", fault)
        row_id = await office.post(**said)
        await until_state(office, row_id, "sent")
        assert len(office.shown()) == (2 if fault in CARRIED_OUT else 1)
        office.simulator.world.faults.waiting.clear()
        office.fault("sendMessage", fault, count=5)
        row_id = await office.post(**said, chat_id=MARC)
        await until_state(office, row_id, "parked")
        assert (await office.row(row_id))["error"].startswith("in doubt")
        assert len(office.shown(MARC)) == (2 if fault in CARRIED_OUT else 0)
        assert office.simulator.world.faults.waiting[0].as_json()["count"] == 3

    in_office(sqlite_url, play)


def test_what_shows_how_things_stand_is_repeated_more_often_than_news(sqlite_url: str) -> None:
    async def play(office: Office) -> None:
        await office.sender()
        for kind, chat, shown in (("report", LEA, 4), ("alert", MARC, 2)):
            office.fault("sendMessage", "lost_answer", count=9, chat=chat)
            row_id = await office.post(priority=1, kind=kind, chat_id=chat)
            await until_state(office, row_id, "parked")
            assert len(office.shown(chat)) == shown

    in_office(sqlite_url, play)


@pytest.mark.parametrize("url", ["sqlite_url", "postgres_url"])
def test_the_second_copy_of_an_alert_is_the_live_card(
    request: pytest.FixtureRequest, url: str
) -> None:
    async def play(office: Office) -> None:
        person, customer = await office.database.transact(_known_account)
        await office.sender(bind=binding.bind)
        office.fault("sendMessage", "lost_answer")
        card = {"what": "card", "id": customer, "person_id": person, "version": 3}
        body = {**text_of("Alerte"), "bind": [card]}
        row_id = await office.post(body=body, kind="alert", priority=1, person_id=person)
        await until_state(office, row_id, "sent")
        first, second = [one.message_id for one in office.messages() if one.sender_id != LEA]
        live = await office.database.read(alerts.card_of, customer, person)
        assert (first, live) == (first, second)
        assert (await office.row(row_id))["message_id"] == second

    in_office(request.getfixturevalue(url), play)


def _known_account(work: Work) -> tuple[int, int]:
    person = enrolled(work)
    return person, a_customer(work, "C1")


@pytest.mark.parametrize("kind", ["500", "garbage", "half", "drop", "lost_answer"])
def test_an_edit_in_doubt_is_repeated(sqlite_url: str, kind: str) -> None:
    async def play(office: Office) -> None:
        await office.sender()
        first = await office.post(text="Étape 1")
        await until_state(office, first, "sent")
        office.fault("editMessageText", kind)
        message_id = (await office.row(first))["message_id"]
        row_id = await office.post(body=edit_of("Étape 2", message_id), priority=1)
        await until_state(office, row_id, "sent")
        assert office.shown() == ["Étape 2"]

    in_office(sqlite_url, play)


def test_a_young_answer_in_doubt_is_repeated_once_only(sqlite_url: str) -> None:
    async def play(office: Office) -> None:
        await office.sender()
        office.fault("sendMessage", "lost_answer")
        row_id = await office.post(text="une fois perdue")
        await until_state(office, row_id, "sent")
        assert office.shown() == ["une fois perdue"] * 2
        office.fault("sendMessage", "500", count=9)
        row_id = await office.post(text="deux fois")
        await until_state(office, row_id, "parked")
        assert office.simulator.world.faults.waiting[0].as_json()["count"] == 7

    in_office(sqlite_url, play)


def test_a_429_pauses_the_chat_and_loses_nothing(sqlite_url: str) -> None:
    async def play(office: Office) -> None:
        await office.sender(pace=Pace())
        first = await office.post(text="0")
        await until_state(office, first, "sent")
        office.fault("sendMessage", "429", retry_after=1)
        started = asyncio.get_running_loop().time()
        ids = [await office.post(text=str(number)) for number in (1, 2)]
        other = await office.post(text="à Marc", chat_id=MARC)
        await until_state(office, other, "sent")
        assert asyncio.get_running_loop().time() - started < 0.9, "the other chat waited too"
        for row_id in ids:
            await until_state(office, row_id, "sent")
        assert asyncio.get_running_loop().time() - started >= 1
        assert office.shown() == ["0", "1", "2"]

    in_office(sqlite_url, play)


def test_of_answers_that_pile_up_on_one_message_only_the_last_is_shown(sqlite_url: str) -> None:
    async def play(office: Office) -> None:
        await office.sender(pace=replace(UNHURRIED, chat=0.5, chat_burst=1, answer_debt=0))
        first = await office.post(text="Étape 1")
        await until_state(office, first, "sent")
        message = (await office.row(first))["message_id"]
        steps = [edit_of(f"Étape {number}", message) for number in (2, 3, 4)]
        query = {"id": "7", "text": "Noté"}
        card = {"what": "card", "id": 3}
        ids = [await office.post(body={**one, "query": query, "bind": [card]}) for one in steps]
        word = await office.post(text="à part")
        await until_state(office, word, "sent")
        assert [await office.state(one) for one in ids] == ["dropped", "dropped", "sent"]
        assert office.shown() == ["Étape 4", "à part"]
        assert len(office.calls("editMessageText")) == 1
        assert len(office.calls("answerCallbackQuery")) == 3
        unseen = {**card, "unseen": True}
        said = [unseen, unseen, card]
        assert office.bound == [(one, message, what) for one, what in zip(ids, said, strict=True)]

    in_office(sqlite_url, play)


def test_an_overtaken_answer_of_which_nothing_can_be_noted_is_dropped_all_the_same(
    sqlite_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    def torn(*_: object) -> None:
        raise ValueError

    async def play(office: Office) -> None:
        sender = await office.sender(bind=torn, start=False)
        step = {**edit_of("Étape 2", 7), "bind": [{"what": "card", "id": 3}]}
        row = await office.outgoing(await office.post(body=step))
        await sender._carrier.carry(row, sender.rates, overtaken=True)
        assert await office.state(row.id) == "dropped"
        assert (await office.row(row.id))["error"] == "BindFailed('ValueError')"

    in_office(sqlite_url, play)
    assert "nothing written back" in caplog.text


def test_a_429_in_a_quiet_chat_pauses_the_whole_bot(sqlite_url: str) -> None:
    async def play(office: Office) -> None:
        await office.sender(pace=Pace())
        office.fault("sendMessage", "429", retry_after=1)
        await office.post(text="un")
        await until(lambda: bool(office.calls("sendMessage")))
        await asyncio.sleep(0.1)
        await office.post(text="deux", chat_id=MARC)
        await asyncio.sleep(0.5)
        assert office.shown(MARC) == []
        await until(lambda: office.shown(MARC) == ["deux"] and office.shown() == ["un"])

    in_office(sqlite_url, play)


def test_a_server_that_cannot_be_reached_costs_only_time(sqlite_url: str) -> None:
    async def play(office: Office) -> None:
        port = office.simulator.port
        await office.sender()
        await office.simulator.stop()
        ids = [await office.post(text="un", priority=priority) for priority in (0, 1, 2)]
        await asyncio.sleep(0.3)
        await office.simulator.start(port)
        for row_id in ids:
            await until_state(office, row_id, "sent")
        assert office.shown() == ["un"] * 3

    in_office(sqlite_url, play)


def test_order_in_a_chat_is_kept_under_load(sqlite_url: str) -> None:
    async def play(office: Office) -> None:
        await office.sender()
        office.fault("sendMessage", "429", count=5)
        writers = [
            office.post(text=f"{number}", chat_id=chat_id)
            for number in range(40)
            for chat_id in (LEA, MARC)
        ]
        ids = await asyncio.gather(*writers)
        for row_id in ids:
            await until_state(office, row_id, "sent", 20)
        for chat_id in (LEA, MARC):
            assert office.shown(chat_id) == [str(number) for number in range(40)]

    in_office(sqlite_url, play)


def test_an_answer_never_waits_behind_a_broadcast(sqlite_url: str) -> None:
    async def play(office: Office) -> None:
        for number in range(60):
            office.simulator.add_person(5_000 + number, f"P{number}", started=True)
            await office.post(priority=Priority.BROADCAST, chat_id=5_000 + number, kind="notice")
        await office.sender(pace=Pace(overall=10, overall_burst=5))
        await until(lambda: len(office.calls("sendMessage")) >= 5)
        started = asyncio.get_running_loop().time()
        answer = await office.post(text="réponse")
        await until_state(office, answer, "sent")
        assert asyncio.get_running_loop().time() - started < 0.5
        assert len(office.calls("sendMessage")) < 40

    in_office(sqlite_url, play)


def test_a_broadcast_keeps_under_the_limits_of_a_server_that_enforces_them(
    sqlite_url: str,
) -> None:
    async def play(office: Office) -> None:
        for number in range(70):
            office.simulator.add_person(5_000 + number, f"P{number}", started=True)
        await office.sender(pace=Pace())
        started = asyncio.get_running_loop().time()
        posts = [
            office.post(priority=Priority.BROADCAST, chat_id=5_000 + number, kind="notice")
            for number in range(70)
        ]
        ids = await asyncio.gather(*posts)
        for row_id in ids:
            await until_state(office, row_id, "sent", 10)
        elapsed = asyncio.get_running_loop().time() - started
        assert [call["error"] for call in office.calls("sendMessage") if not call["ok"]] == []
        assert elapsed < 70 / 30 * 1.3

    in_office(sqlite_url, play, enforce=True)


def test_a_failing_write_back_does_not_send_the_message_again(sqlite_url: str) -> None:
    def broken(_work: Work, _row: Outgoing, _id: int, _entry: Mapping[str, Any]) -> None:
        raise ZeroDivisionError

    async def play(office: Office) -> None:
        await office.sender(bind=broken)
        row_id = await office.post(body={**text_of("Fiche"), "bind": [{"what": "card"}]})
        await until_state(office, row_id, "sent")
        assert office.shown() == ["Fiche"]
        assert "BindFailed" in (await office.row(row_id))["error"]

    in_office(sqlite_url, play)


def test_two_senders_on_one_database_send_each_message_once(sqlite_url: str) -> None:
    async def play(office: Office) -> None:
        await office.sender(alone=False)
        await office.sender(alone=False)
        writers = [office.post(text=str(number), priority=1) for number in range(20)]
        for row_id in await asyncio.gather(*writers):
            await until_state(office, row_id, "sent")
        assert sorted(office.shown(), key=int) == [str(number) for number in range(20)]

    in_office(sqlite_url, play)


def test_stopping_sends_the_answers_that_are_ready_and_leaves_the_rest(sqlite_url: str) -> None:
    async def play(office: Office) -> None:
        sender = await office.sender(pace=Pace(overall=1, overall_burst=1))
        pushes = [await office.post(priority=3, text="diffusion") for _ in range(5)]
        answers = [await office.post(text="réponse") for _ in range(3)]
        await sender.stop(5)
        for row_id in answers:
            assert await office.state(row_id) == "sent"
        assert [await office.state(row_id) for row_id in pushes[1:]] == ["waiting"] * 4

    in_office(sqlite_url, play)


def test_a_refused_token_costs_only_time(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.delivery.carrier.NO_BOT_PAUSE", 0.2)

    async def play(office: Office) -> None:
        url = office.api._url
        office.api._url = url.replace("token", "other")
        await office.sender()
        row_id = await office.post(priority=1)
        await asyncio.sleep(0.1)
        assert await office.state(row_id) == "waiting"
        office.api._url = url
        await until_state(office, row_id, "sent")

    in_office(sqlite_url, play)


def test_an_outage_of_the_database_repeats_nothing_that_was_sent(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def play(office: Office) -> None:
        sender = await office.sender()
        database, refusals = office.database, [1] * 5
        transact, promptly, read = database.transact, database.promptly, database.read

        def away() -> None:
            if refusals:
                refusals.pop()
                raise OSError("disk I/O error")

        async def refusing(function: Any, *args: Any, **kwargs: Any) -> Any:
            if function is not posted:
                away()
            return await transact(function, *args, **kwargs)

        async def settling(function: Any, *args: Any, **kwargs: Any) -> Any:
            away()
            return await promptly(function, *args, **kwargs)

        async def blind(function: Any, *args: Any, **kwargs: Any) -> Any:
            if function is sender_module._look:
                away()
            return await read(function, *args, **kwargs)

        monkeypatch.setattr(database, "transact", refusing)
        monkeypatch.setattr(database, "promptly", settling)
        monkeypatch.setattr(database, "read", blind)
        answer = await office.post(text="réponse")
        alert = await office.post(text="alerte", priority=1, chat_id=MARC)
        sender.wake()
        await until_state(office, answer, "sent")
        await until_state(office, alert, "sent")
        assert (office.shown(), office.shown(MARC)) == (["réponse"], ["alerte"])

    in_office(sqlite_url, play)
