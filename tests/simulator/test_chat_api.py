"""The page's side: what people do over HTTP, the event stream, and the fence around it."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import httpx
import pytest
from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from tests.simulator.stage import LEA, Stage, a_png, on_stage

YES = InlineKeyboardMarkup([[InlineKeyboardButton("Oui", callback_data="y")]])


async def shown(stage: Stage, query: str = "") -> dict[str, Any]:
    address = f"{stage.simulator.url}/chat/{LEA}/messages{query}"
    body: dict[str, Any] = (await stage.http.get(address)).json()
    return body


def test_the_page_is_told_of_the_bot_the_banner_and_the_people() -> None:
    async def play(stage: Stage) -> None:
        await stage.chat("banner", {"fr": ["Données inventées"], "en": ["Invented data"]})
        await stage.chat(
            "people", {"id": 7, "first_name": "Zoé", "start": "invite_1", "role": "Commerciale"}
        )
        state = (await stage.http.get(f"{stage.simulator.url}/chat/state")).json()
        assert state["bot"]["username"] == "relance_bot"
        assert state["banner"]["fr"] == ["Données inventées"]
        assert state["people"][-1] == {
            "id": 7,
            "first_name": "Zoé",
            "last_name": "",
            "username": "",
            "language_code": "fr",
            "role": "Commerciale",
            "start": "invite_1",
            "unread": 0,
            "last": "",
            "last_at": 0,
            "blocked": False,
            "commands": [],
        }
        await stage.chat("7/send", {"text": "/start invite_1"})
        assert stage.simulator.world.people[7].start == ""

    on_stage(play)


def test_a_command_typed_by_a_person_is_marked_as_one() -> None:
    async def play(stage: Stage) -> None:
        answer = await stage.chat(f"{LEA}/send", {"text": "/aide maintenant"})
        assert answer.json() == {"message_id": 1}
        [update] = await stage.bot.get_updates()
        assert update.message is not None
        [entity] = update.message.entities
        assert (entity.type, entity.offset, entity.length) == ("bot_command", 0, 5)

    on_stage(play)


def test_history_after_a_sequence_number_tells_only_what_changed() -> None:
    async def play(stage: Stage) -> None:
        sent = await stage.bot.send_message(LEA, "un")
        await stage.bot.send_message(LEA, "deux")
        seq = (await shown(stage))["seq"]
        assert (await shown(stage, f"?after={seq}"))["messages"] == []
        await sent.edit_text("un bis")
        await stage.bot.delete_message(LEA, sent.message_id + 1)
        changed = (await shown(stage, f"?after={seq}"))["messages"]
        assert [(m["text"], m["deleted"]) for m in changed] == [("un bis", False), ("", True)]
        assert [m["text"] for m in (await shown(stage))["messages"]] == ["un bis"]

    on_stage(play)


def test_unread_messages_are_counted_until_read() -> None:
    async def play(stage: Stage) -> None:
        await stage.bot.send_message(LEA, "un\ndeux")
        person = stage.simulator.world.people[LEA]
        assert (person.unread, person.last) == (1, "un deux")
        await stage.chat(f"{LEA}/read", {})
        assert person.unread == 0

    on_stage(play)


def test_presses_are_checked_unless_forged() -> None:
    async def play(stage: Stage) -> None:
        sent = await stage.bot.send_message(LEA, "?", reply_markup=YES)
        press = f"{LEA}/press"
        assert (
            await stage.chat(press, {"message_id": sent.message_id, "index": 1})
        ).status_code == 404
        assert (await stage.chat(press, {"message_id": 99, "index": 0})).status_code == 404
        assert (
            "query" in (await stage.chat(press, {"message_id": sent.message_id, "index": 0})).json()
        )
        assert (
            "query"
            in (
                await stage.chat(press, {"message_id": sent.message_id, "data": "\u0000<b>"})
            ).json()
        )
        datas = [u.callback_query.data for u in await stage.bot.get_updates() if u.callback_query]
        assert datas == ["y", "\u0000<b>"]

    on_stage(play)


async def read_events(stage: Stage, wanted: int, found: list[tuple[str, Any]]) -> None:
    name = ""
    async with stage.http.stream("GET", f"{stage.simulator.url}/chat/{LEA}/events") as stream:
        assert stream.headers["content-type"] == "text/event-stream"
        async for line in stream.aiter_lines():
            if line.startswith("event: "):
                name = line[7:]
            elif line.startswith("data: "):
                found.append((name, json.loads(line[6:])))
            if sum(event != "people" for event, _ in found) >= wanted and found[-1][0] == "people":
                return


def test_the_event_stream_follows_the_chat() -> None:
    async def play(stage: Stage) -> None:
        found: list[tuple[str, Any]] = []
        reading = asyncio.create_task(read_events(stage, 6, found))
        while not stage.simulator.world.hub.is_watched:
            await asyncio.sleep(0.01)
        sent = await stage.bot.send_message(LEA, "?", reply_markup=YES)
        await stage.bot.send_chat_action(LEA, "typing")
        query = stage.press(sent.message_id)
        await stage.bot.answer_callback_query(query, "vu")
        await sent.edit_text("!")
        await sent.delete()
        await asyncio.wait_for(reading, 60)
        events = [event for event, _ in found if event != "people"]
        assert events == ["message", "typing", "answered", "toast", "message", "deleted"]
        assert dict(found)["toast"] == {"text": "vu", "alert": False}
        assert dict(found)["people"]["people"][0]["unread"] == 1

    on_stage(play)


def test_the_stream_ends_when_the_server_stops() -> None:
    async def play(stage: Stage) -> None:
        reading = asyncio.create_task(read_events(stage, 99, []))
        while not stage.simulator.world.hub.is_watched:
            await asyncio.sleep(0.01)
        stage.simulator.world.hub.close_all()
        await asyncio.wait_for(reading, 60)

    on_stage(play)


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1.evil.example", "", "[::2]:80", "evil@x"]
)
def test_a_foreign_host_is_refused(host: str) -> None:
    async def play(stage: Stage) -> None:
        for path in ("/chat/state", "/", f"/bot{stage.simulator.token}/getMe"):
            answer = await stage.http.get(stage.simulator.url + path, headers={"Host": host})
            assert answer.status_code == 403

    on_stage(play)


def test_the_names_of_this_machine_are_let_in_other_sites_are_not() -> None:
    async def play(stage: Stage) -> None:
        state = f"{stage.simulator.url}/chat/state"
        for host in ("localhost:1", "127.0.0.1", "[::1]:8080"):
            assert (await stage.http.get(state, headers={"Host": host})).status_code == 200
        send = f"{stage.simulator.url}/chat/{LEA}/send"
        foreign = {"Origin": "https://evil.example"}
        assert (await stage.http.post(send, json={"text": "x"}, headers=foreign)).status_code == 403
        assert (await stage.http.post(send, content='{"text": "x"}')).status_code == 415
        assert not stage.simulator.world.chats[LEA].messages

    on_stage(play)


HOSTILE = '../../etc/pa"sswd\\..\\<img src=x>\u202e.png'


@pytest.mark.parametrize("kind", ["photo", "document", "voice"])
def test_an_uploaded_file_with_a_hostile_name_is_only_ever_a_name(kind: str) -> None:
    async def play(stage: Stage) -> None:
        address = f"{stage.simulator.url}/chat/{LEA}/upload"
        files = {"file": (HOSTILE, a_png(), "text/html")}
        answer = await stage.http.post(
            address, data={"kind": kind, "caption": "<b>c</b>"}, files=files
        )
        assert answer.json() == {"message_id": 1}
        [message] = (await shown(stage))["messages"]
        assert message["html"] == "&lt;b&gt;c&lt;/b&gt;"
        assert not set("/\\\u202e") & set(message[kind]["file_name"])
        stored = await stage.http.get(stage.simulator.url + message[kind]["url"])
        assert stored.content == a_png()
        assert "sandbox" in stored.headers["content-security-policy"]
        assert stored.headers["content-type"] in (
            "image/png",
            "application/octet-stream",
            "audio/ogg",
        )
        if kind == "document":
            assert stored.headers["content-disposition"] == "attachment"
        [update] = await stage.bot.get_updates()
        assert update.message is not None
        assert update.message.caption == "<b>c</b>"

    on_stage(play)


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        (f"{LEA}/send", {"text": ""}, 400),
        (f"{LEA}/send", {"text": "x" * 4097}, 400),
        (f"{LEA}/send", {"text": 5}, 400),
        (f"{LEA}/send", {"text": "x", "reply_to": 99}, 404),
        (f"{LEA}/send", [], 400),
        ("9/send", {"text": "x"}, 404),
        (f"{LEA}/edit", {"message_id": 1, "text": "x"}, 404),
        ("people", {"id": -1, "first_name": "x"}, 400),
        ("people", {"id": 9, "first_name": "x", "start": "é"}, 400),
        ("people", {"id": 9, "first_name": "x", "start": "x" * 65}, 400),
        ("groups", {"id": -1, "members": [9]}, 400),
        ("clock", {"advance": -1}, 400),
    ],
)
def test_a_wrong_request_is_refused_in_json(path: str, body: object, status: int) -> None:
    async def play(stage: Stage) -> None:
        answer = await stage.chat(path, body)
        assert answer.status_code == status
        assert answer.json()["error"]

    on_stage(play)


def test_a_person_who_blocked_the_bot_cannot_write() -> None:
    async def play(stage: Stage) -> None:
        await stage.chat(f"{LEA}/block", {})
        assert (await stage.chat(f"{LEA}/send", {"text": "x"})).status_code == 409
        await stage.chat(f"{LEA}/unblock", {})
        assert (await stage.chat(f"{LEA}/send", {"text": "x"})).status_code == 200

    on_stage(play)


def test_a_shared_contact_tells_whose_number_it_is() -> None:
    async def play(stage: Stage) -> None:
        await stage.chat(f"{LEA}/contact", {"phone_number": "+33600000000"})
        await stage.chat(f"{LEA}/contact", {"phone_number": "+33611111111", "user_id": 55})
        contacts = [u.message.contact for u in await stage.bot.get_updates() if u.message]
        assert [contact.user_id for contact in contacts if contact] == [LEA, 55]

    on_stage(play)


def test_the_same_seed_and_gestures_give_the_same_identifiers() -> None:
    found: list[list[object]] = []

    async def play(stage: Stage) -> None:
        sent = await stage.bot.send_document(LEA, b"x", filename="a.txt", reply_markup=YES)
        query = stage.press(sent.message_id)
        [update] = await stage.bot.get_updates()
        assert sent.document is not None
        found.append([sent.document.file_id, query, update.update_id])

    on_stage(play, seed=7)
    on_stage(play, seed=7)
    on_stage(play, seed=8)
    assert found[0] == found[1] != found[2]


def test_the_page_itself_is_served_with_a_strict_policy() -> None:
    async def play(stage: Stage) -> None:
        page = await stage.http.get(stage.simulator.url)
        assert page.status_code == 200
        assert "default-src 'self'" in page.headers["content-security-policy"]
        script = await stage.http.get(f"{stage.simulator.url}/static/app.js")
        assert script.status_code == 200
        lost = await stage.http.get(httpx.URL(f"{stage.simulator.url}/static/%2e%2e/server.py"))
        assert lost.status_code in (403, 404)

    on_stage(play)
