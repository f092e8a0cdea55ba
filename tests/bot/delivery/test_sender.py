"""Every message leaves once, in its turn, whatever the Bot API does."""

from __future__ import annotations

import asyncio
import base64
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from bot.simulator import gestures
from credit.moment import Moment
from storage import outbox, people
from storage.outbox import Outgoing, Priority
from storage.tables import person
from storage.work import Work
from tests.bot.delivery.office import (
    LEA,
    MARC,
    Office,
    edit_of,
    enrolled,
    in_office,
    now,
    text_of,
    until,
    until_state,
)


def test_an_answer_leaves_as_soon_as_it_is_committed_and_is_written_back(sqlite_url: str) -> None:
    async def play(office: Office) -> None:
        await office.sender()
        started = asyncio.get_running_loop().time()
        body = {**text_of("Bonjour"), "bind": [{"what": "card", "id": 3}]}
        row_id = await office.post(body=body)
        await until(lambda: bool(office.bound))
        assert asyncio.get_running_loop().time() - started < 0.9, "it waited for the poll"
        await until_state(office, row_id, "sent")
        row = await office.row(row_id)
        assert office.bound == [(row_id, row["message_id"], {"what": "card", "id": 3})]
        assert row["message_id"] == office.messages()[-1].message_id
        assert row["sent_at"] is not None
        assert office.shown() == ["Bonjour"]

    in_office(sqlite_url, play)


def test_it_works_the_same_on_postgresql(postgres_url: str) -> None:
    async def play(office: Office) -> None:
        sender = await office.sender({"alert": lambda _w, _r, _n: text_of("Alerte")})
        answer = await office.post()
        alert = await office.post(kind="alert", priority=1, body={"customer_id": 1}, ready=False)
        await until_state(office, answer, "sent")
        await until_state(office, alert, "sent")
        await until(lambda: sender.held == 0)
        assert sorted(office.shown()) == ["Alerte", "Bonjour"]

    in_office(postgres_url, play)


def test_what_another_process_wrote_is_found_within_seconds(sqlite_url: str) -> None:
    async def play(office: Office) -> None:
        sender = await office.sender()
        office.database._listeners.clear()  # type: ignore[attr-defined]
        row_id = await office.post(priority=Priority.ALERT, kind="notice")
        await until_state(office, row_id, "sent", 3)
        sender.wake()
        other = await office.post(priority=Priority.ALERT, kind="notice")
        sender.wake()
        await until_state(office, other, "sent", 3)

    in_office(sqlite_url, play)


def test_a_deferred_message_waits_for_its_moment(sqlite_url: str) -> None:
    async def play(office: Office) -> None:
        await office.sender()
        soon = now().at + timedelta(seconds=1.2)
        row_id = await office.post(priority=Priority.ALERT, not_before=soon)
        await asyncio.sleep(0.6)
        assert office.shown() == []
        await until_state(office, row_id, "sent", 4)
        assert now().at >= soon

    in_office(sqlite_url, play)


def test_a_message_of_facts_is_rendered_when_its_turn_comes(sqlite_url: str) -> None:
    figures = ["old"]

    def rendered(_work: Work, row: Outgoing, _now: Moment) -> Mapping[str, Any]:
        return text_of(f"{figures[0]} {row.body['customer_id']}")

    async def play(office: Office) -> None:
        sender = await office.sender({"alert": rendered}, start=False)
        row_id = await office.post(
            kind="alert", priority=Priority.ALERT, body={"customer_id": 5}, ready=False
        )
        figures[0] = "new"
        await sender.start()
        await until_state(office, row_id, "sent")
        assert office.shown() == ["new 5"]

    in_office(sqlite_url, play)


def test_an_overtaken_message_is_dropped(sqlite_url: str) -> None:
    async def play(office: Office) -> None:
        await office.sender({"alert": lambda _w, _r, _n: None})
        row_id = await office.post(kind="alert", priority=1, body={"customer_id": 5}, ready=False)
        await until_state(office, row_id, "dropped")
        assert office.shown() == []

    in_office(sqlite_url, play)


def test_a_message_that_cannot_be_rendered_is_parked_and_the_rest_flows(sqlite_url: str) -> None:
    def broken(_work: Work, _row: Outgoing, _now: Moment) -> Mapping[str, Any]:
        raise ZeroDivisionError

    async def play(office: Office) -> None:
        await office.sender({"alert": broken})
        bad = await office.post(kind="alert", priority=1, body={"customer_id": 5}, ready=False)
        good = await office.post(kind="notice", priority=1, text="À Marc", chat_id=MARC)
        await until_state(office, good, "sent")
        await until_state(office, bad, "parked")
        row = await office.row(bad)
        assert row["error"] == "ZeroDivisionError()"
        assert office.calls("sendMessage")[0]["chat_id"] == MARC

    in_office(sqlite_url, play)


def test_who_is_revoked_or_unreachable_gets_answers_only(sqlite_url: str) -> None:
    async def play(office: Office) -> None:
        await office.sender()
        rep = await office.database.transact(enrolled)
        await office.database.transact(people.revoke, rep, now().at)
        alert = await office.post(priority=1, person_id=rep, text="Alerte")
        answer = await office.post(person_id=rep, text="Accès fermé")
        await until_state(office, alert, "dropped")
        await until_state(office, answer, "sent")
        assert office.shown() == ["Accès fermé"]

    in_office(sqlite_url, play)


def test_a_reader_who_blocked_the_bot_is_marked(sqlite_url: str) -> None:
    async def play(office: Office) -> None:
        await office.sender()
        rep = await office.database.transact(enrolled)
        gestures.set_blocked(office.simulator.world, LEA, blocked=True)
        row_id = await office.post(priority=2, person_id=rep)
        await until_state(office, row_id, "dropped")
        assert not await office.database.read(outbox.may_read, rep)
        since = await office.database.read(_unreachable_since, rep)
        assert since is not None

    in_office(sqlite_url, play)


def test_a_second_edit_with_the_same_words_is_success(sqlite_url: str) -> None:
    async def play(office: Office) -> None:
        await office.sender()
        first = await office.post(text="Étape 1")
        await until_state(office, first, "sent")
        message_id = (await office.row(first))["message_id"]
        for _ in range(2):
            row_id = await office.post(body=edit_of("Étape 2", message_id))
            await until_state(office, row_id, "sent")
            assert (await office.row(row_id))["message_id"] == message_id
        assert office.shown() == ["Étape 2"]

    in_office(sqlite_url, play)


def test_an_edit_of_a_message_that_is_gone_becomes_a_new_message(sqlite_url: str) -> None:
    async def play(office: Office) -> None:
        await office.sender()
        row_id = await office.post(body={**edit_of("Étape", 4_242), "bind": [{"what": "card"}]})
        await until_state(office, row_id, "sent")
        assert office.shown() == ["Étape"]
        assert office.bound[0][1] == office.messages()[-1].message_id != 4_242

    in_office(sqlite_url, play)


def test_words_whose_format_is_refused_are_sent_plain(sqlite_url: str) -> None:
    async def play(office: Office) -> None:
        await office.sender()
        body = text_of("<b>A &amp; B")
        body["params"]["parse_mode"] = "HTML"
        row_id = await office.post(body=body)
        await until_state(office, row_id, "sent")
        assert office.shown() == ["A & B"]

    in_office(sqlite_url, play)


def test_a_message_refused_for_good_is_failed_and_the_next_flows(sqlite_url: str) -> None:
    async def play(office: Office) -> None:
        await office.sender()
        bad = await office.post(text="")
        unknown = await office.post(chat_id=999)
        good = await office.post(text="après")
        await until_state(office, bad, "failed")
        await until_state(office, unknown, "failed")
        await until_state(office, good, "sent")
        assert "text is empty" in (await office.row(bad))["error"]

    in_office(sqlite_url, play)


def test_the_toast_goes_beside_the_edit_and_an_old_one_harms_nothing(sqlite_url: str) -> None:
    async def play(office: Office) -> None:
        await office.sender()
        query = {"id": "12345", "text": "Noté", "show_alert": True}
        row_id = await office.post(body={**text_of("Étape"), "query": query})
        toast = await office.post(body={"method": "", "params": {}, "query": query})
        await until_state(office, row_id, "sent")
        await until_state(office, toast, "sent")
        await until(lambda: len(office.calls("answerCallbackQuery")) == 2)
        (call, _) = office.calls("answerCallbackQuery")
        assert "query is too old" in call["error"]
        assert call["params"]["text"] == "Noté"

    in_office(sqlite_url, play)


def test_a_document_is_sent_from_its_stored_bytes(sqlite_url: str) -> None:
    async def play(office: Office) -> None:
        await office.sender()
        content = base64.b64encode(b"%PDF-1.7 lettre").decode()
        file = {"name": "relance.pdf", "mime": "application/pdf", "content_base64": content}
        params = {"chat_id": LEA, "caption": "Lettre", "reply_markup": {"inline_keyboard": []}}
        row_id = await office.post(body={"method": "sendDocument", "params": params, "file": file})
        await until_state(office, row_id, "sent")
        media = office.messages()[-1].media
        assert media is not None
        assert office.shown() == ["Lettre"]

    in_office(sqlite_url, play)


def _unreachable_since(work: Work, person_id: int) -> object:
    return work.scalar(select(person.c.unreachable_since).where(person.c.id == person_id))
