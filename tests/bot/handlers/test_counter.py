"""Real updates through python-telegram-bot: what wakes the product, what does not, what fails."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from sqlalchemy import select, update
from telegram.ext import ApplicationBuilder

from bot.handlers import dispatch
from bot.handlers.counter import Bot, Counter, UnreadableUpdate
from bot.handlers.telegram import ALLOWED_UPDATES
from config.clock import Clock
from credit.people import Role
from storage import inbox, people, tables
from storage.database import Database, connect
from storage.inbox import AlreadyHandled, Received
from tests.bot.handlers.reception import desk, enrolled
from tests.credit.builders import PARIS
from tests.storage.inline import inline

LEA = 4242
WRITER = {"id": LEA, "is_bot": False, "first_name": "Léa", "language_code": "fr"}
PRIVATE = {"id": LEA, "type": "private", "first_name": "Léa"}
GROUP = {"id": -100, "type": "group", "title": "Équipe"}
BOT = {"id": 1, "is_bot": True, "first_name": "Relance", "username": "relance_bot"}


def a_message(text: str | None = "bonjour", **more: Any) -> dict[str, Any]:
    body = {"message_id": 5, "date": 1_790_000_000, "chat": PRIVATE, "from": WRITER, **more}
    if text is not None:
        body["text"] = text
    if text and text.startswith("/"):
        length = len(text.split()[0])
        body["entities"] = [{"type": "bot_command", "offset": 0, "length": length}]
    return body


def a_press(data: str, chat: dict[str, Any] | None = None) -> dict[str, Any]:
    shown = {"message_id": 77, "date": 1_790_000_000, "chat": chat or PRIVATE, "from": BOT}
    return {"id": "q1", "from": WRITER, "chat_instance": "1", "data": data, "message": shown}


def a_membership(status: str, chat: dict[str, Any] | None = None) -> dict[str, Any]:
    old: dict[str, Any] = {"user": BOT, "status": "member"}
    new: dict[str, Any] = {"user": BOT, "status": status}
    if status == "kicked":
        new["until_date"] = 0
    return {
        "chat": chat or PRIVATE,
        "from": WRITER,
        "date": 1_790_000_000,
        "old_chat_member": old,
        "new_chat_member": new,
    }


class Hall:
    """A counter over a real database and an application that never calls Telegram."""

    def __init__(self, database: Database, application: Bot) -> None:
        self.database = database
        self.counter = Counter(application, database, desk(), Clock(0.0, PARIS))
        self.number = 0

    async def receive(self, attempts: int = 0, **update: Any) -> bool:
        self.number += 1
        return await self.again(self.number, attempts, **update)

    async def again(self, number: int, attempts: int = 0, **update: Any) -> bool:
        body = json.dumps({"update_id": number, **update})
        one = Received(number, LEA, body, attempts)
        now = Clock(0.0, PARIS).now()
        await self.database.transact(inbox.store, [one], now)
        return await self.counter.serve(one)

    async def receive_new(self, **update: Any) -> bool:
        self.number += 1
        body = json.dumps({"update_id": self.number, **update})
        return await self.counter.serve(Received(self.number, LEA, body), new=True)

    async def handled(self) -> list[int]:
        """Return the numbers of what is stored, all of it handled."""
        return await self.database.read(
            lambda work: work.scalars(
                select(tables.inbox.c.update_id).where(tables.inbox.c.done_at.is_not(None))
            )
        )

    async def said(self) -> list[str]:
        rows = await self.database.read(
            lambda work: work.scalars(select(tables.outbox.c.body).order_by(tables.outbox.c.id))
        )
        return [
            str(body["params"].get("text", body["method"]))
            for body in rows
            if "params" in body  # facts are worded when they leave
        ]


def inside(url: str, story: Callable[[Hall], Awaitable[None]]) -> None:
    async def told() -> None:
        database = connect(url)
        await database.open()
        application = ApplicationBuilder().token("1:x").updater(None).build()
        application.bot._bot_user = None
        application._initialized = True
        try:
            from telegram import User

            application.bot._bot_user = User.de_json(BOT, application.bot)
            await story(Hall(database, application))
        finally:
            await database.close()

    asyncio.run(told())


@pytest.fixture
def url(sqlite_url: str) -> str:
    with inline(sqlite_url) as work:
        enrolled(work, LEA, Role.REP, "R1")
    return sqlite_url


def test_commands_words_and_presses_wake_the_product(url: str) -> None:
    async def story(hall: Hall) -> None:
        assert await hall.receive(message=a_message("/aide"))
        assert await hall.receive(message=a_message("/aide@relance_bot"))
        assert await hall.receive(message=a_message("/START un deux"))
        assert await hall.receive(message=a_message("/nonsense"))
        assert await hall.receive(message=a_message("ceci n’est pas un client"))
        assert await hall.receive(callback_query=a_press("1la.en"))
        said = await hall.said()
        assert "Ce que je peux faire" in said[0]
        assert said[0] == said[1]
        assert "Bienvenue" in said[2]
        assert "/aide" in said[3]
        assert len(said) >= 6

    inside(url, story)


def test_of_a_pressed_message_only_its_name_is_read(url: str) -> None:
    async def story(hall: Hall) -> None:
        press = a_press("1la.en")
        press["message"] |= {"date": 0, "text": "Langue", "reply_markup": {"inline_keyboard": 7}}
        assert await hall.receive(callback_query=press)
        with inline(url) as work:
            bodies = work.scalars(select(tables.outbox.c.body).order_by(tables.outbox.c.id))
        edited = [one["params"] for one in bodies if one["method"] == "editMessageText"]
        assert [(one["chat_id"], one["message_id"]) for one in edited] == [(LEA, 77)]

    inside(url, story)


def test_what_the_product_does_not_listen_to_is_left_alone(url: str) -> None:
    async def story(hall: Hall) -> None:
        assert not await hall.receive(edited_message=a_message("la même"))  # Telegram's own doing
        moving = {"location": {"latitude": 1.0, "longitude": 2.0}, "edit_date": 1_790_000_100}
        assert not await hall.receive(edited_message=a_message(None, **moving))
        of_a_group = a_message("corrigé", chat=GROUP, edit_date=1_790_000_100)
        assert not await hall.receive(edited_message=of_a_group)
        assert not await hall.receive(message=a_message("bonjour", chat=GROUP))
        assert not await hall.receive(message=a_message("/aide", chat=GROUP))
        channel = {"id": -200, "type": "channel", "title": "c"}
        post = {"message_id": 5, "date": 1_790_000_000, "chat": channel, "text": "x"}
        assert not await hall.receive(channel_post=post)
        assert not await hall.receive(callback_query=a_press("1la.en", GROUP))
        assert not await hall.receive(message=a_message("x", **{"from": BOT}))
        assert not await hall.receive(poll={"id": "1"} | _POLL)
        assert await hall.said() == []

    inside(url, story)


@pytest.mark.parametrize("words", [{"text": "1 500 vendredi"}, {"text": None, "caption": "quai"}])
def test_who_corrects_a_message_in_place_hears_that_it_is_not_read_again(
    url: str, words: dict[str, Any]
) -> None:
    async def story(hall: Hall) -> None:
        assert await hall.receive(edited_message=a_message(**words, edit_date=1_790_000_100))
        (said,) = await hall.said()
        assert "Envoyez la correction dans un nouveau message." in said

    inside(url, story)


_POLL = {
    "question": "q",
    "options": [],
    "total_voter_count": 0,
    "is_closed": False,
    "is_anonymous": True,
    "type": "regular",
    "allows_multiple_answers": False,
    "allows_revoting": False,
    "members_only": False,
}


def test_blocking_and_unblocking_are_noted_but_not_in_groups(url: str) -> None:
    async def story(hall: Hall) -> None:
        person = await hall.database.read(people.by_telegram, LEA)
        assert person is not None

        async def reachable() -> bool:
            return await hall.database.read(people.is_reachable, person.id)

        assert not await hall.receive(my_chat_member=a_membership("kicked", GROUP))
        assert await reachable()
        assert await hall.receive(my_chat_member=a_membership("kicked"))
        assert not await reachable()
        assert await hall.receive(my_chat_member=a_membership("member"))
        assert await reachable()
        assert await hall.said() == []

    inside(url, story)


def test_photos_documents_and_the_rest_are_told_apart(url: str) -> None:
    async def story(hall: Hall) -> None:
        size = {"file_id": "f", "file_unique_id": "u", "width": 1, "height": 1}
        assert await hall.receive(message=a_message(None, photo=[size], caption="/aide"))
        file = {"file_id": "f", "file_unique_id": "u"}
        assert await hall.receive(message=a_message(None, document=file))
        sticker = {"type": "regular", "is_animated": False, "is_video": False, **size}
        assert await hall.receive(message=a_message(None, sticker=sticker))
        assert len(await hall.said()) == 3

    inside(url, story)


@pytest.mark.parametrize(
    "body", ["", "{", "[]", "null", "7", "{}", '{"update_id": 1, "message": 3}']
)
def test_what_is_no_update_is_never_tried_again(url: str, body: str) -> None:
    async def story(hall: Hall) -> None:
        with pytest.raises(UnreadableUpdate):
            await hall.counter.serve(Received(1, LEA, body))

    inside(url, story)


def test_an_update_of_a_kind_nobody_knows_yet_is_left_alone(url: str) -> None:
    async def story(hall: Hall) -> None:
        assert not await hall.receive(something_of_2031={"id": 1})

    inside(url, story)


def test_a_second_delivery_says_so_and_says_nothing_to_the_person(url: str) -> None:
    async def story(hall: Hall) -> None:
        assert await hall.receive(message=a_message("/aide"))
        with pytest.raises(AlreadyHandled):
            await hall.again(hall.number, message=a_message("/aide"))
        assert len(await hall.said()) == 1

    inside(url, story)


def test_a_new_update_is_stored_by_the_transaction_that_handles_it(url: str) -> None:
    async def story(hall: Hall) -> None:
        assert await hall.receive_new(message=a_message("/aide"))
        assert await hall.handled() == [1]
        hall.number = 0
        with pytest.raises(AlreadyHandled):
            await hall.receive_new(message=a_message("/aide"))
        assert len(await hall.said()) == 1
        assert not await hall.receive_new(message=a_message("bonjour", chat=GROUP))
        assert await hall.handled() == [1]

    inside(url, story)


def test_of_a_new_update_that_fails_nothing_is_kept(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError

    async def story(hall: Hall) -> None:
        with monkeypatch.context() as patched:
            patched.setattr(dispatch, "_answer", broken)
            with pytest.raises(ZeroDivisionError):
                await hall.receive_new(message=a_message("/aide"))
        assert await hall.handled() == []
        assert await hall.again(hall.number, message=a_message("/aide"))
        assert await hall.handled() == [1]

    inside(url, story)


def test_a_defect_comes_out_and_on_the_last_try_its_reference_is_told(
    url: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(dispatch, "_answer", broken)

    async def story(hall: Hall) -> None:
        for attempts in range(3):
            with pytest.raises(ZeroDivisionError):
                await hall.again(1_234_567_890, attempts, message=a_message("/aide"))
            assert len(await hall.said()) == (1 if attempts == 2 else 0)
        assert "R34567890" in (await hall.said())[0]
        assert "référence" in (await hall.said())[0]

    inside(url, story)
    assert [
        record.__dict__["reference"] for record in caplog.records if record.msg == "defect"
    ] == ["R34567890"] * 3


def test_a_stranger_hears_nothing_of_a_defect(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(dispatch, "_meet", broken)
    with inline(url) as work:
        work.execute(update(tables.person).values(active=False))

    async def story(hall: Hall) -> None:
        with pytest.raises(ZeroDivisionError):
            await hall.receive(2, message=a_message("/aide"))
        assert await hall.said() == []

    inside(url, story)


def test_telegram_is_asked_for_nothing_more_than_is_listened_to() -> None:
    assert set(ALLOWED_UPDATES) == {"message", "edited_message", "callback_query", "my_chat_member"}
