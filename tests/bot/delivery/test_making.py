"""Messages made ready: digests one after the other, many of them in another process."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from threading import Event, Lock
from typing import Any

from bot.delivery import making, sender
from bot.delivery.making import Aside, Maker, Renderer
from bot.delivery.request import Request
from credit.moment import Moment
from storage.outbox import ASIDE, Outgoing, Priority
from storage.work import Work
from tests.bot.delivery.office import Office, in_office, now, text_of, until, until_state

LONG = 5.0


class Slow:
    """A renderer that takes until it is let go, and counts how many are at work at once."""

    def __init__(self) -> None:
        self.go, self._counting = Event(), Lock()
        self.at_once, self.most, self.made = 0, 0, 0

    def __call__(self, _work: Work, _row: Outgoing, _now: Moment) -> Mapping[str, Any]:
        with self._counting:
            self.at_once += 1
            self.most = max(self.most, self.at_once)
        assert self.go.wait(LONG)
        with self._counting:
            self.at_once -= 1
            self.made += 1
        return text_of("Bonjour")


async def rows(office: Office, kind: str, priority: Priority, count: int) -> list[Outgoing]:
    ids = [
        await office.post(kind=kind, priority=priority, body={}, ready=False, chat_id=chat)
        for chat in range(1, count + 1)
    ]
    return [await office.outgoing(one) for one in ids]


def test_one_digest_is_made_at_a_time_and_an_alert_beside_it(sqlite_url: str) -> None:
    async def play(office: Office) -> None:
        slow = Slow()
        maker = Maker(office.database, {"digest": slow, "alert": lambda *_: text_of("Alerte")})
        digests = await rows(office, "digest", Priority.DIGEST, 3)
        (alert,) = await rows(office, "alert", Priority.ALERT, 1)
        making_them = [asyncio.create_task(maker.request(one, now)) for one in digests]
        await until(lambda: slow.at_once == 1)
        assert await asyncio.wait_for(maker.request(alert, now), LONG) is not None
        # a reader of the database is left for people, whatever is to be made
        assert await asyncio.wait_for(office.database.read(lambda _: "read"), LONG) == "read"
        assert maker.waiting == 3
        slow.go.set()
        assert None not in await asyncio.gather(*making_them)
        assert (slow.most, slow.made, maker.waiting) == (1, 3, 0)

    in_office(sqlite_url, play)


def test_many_digests_are_made_aside_the_first_and_the_last_few_here(sqlite_url: str) -> None:
    async def play(office: Office) -> None:
        async def aside(question: tuple[Outgoing, Moment]) -> Mapping[str, Any] | None:
            row, _ = question
            return text_of("aside") if row.chat_id > 2 else None

        maker = Maker(office.database, {"digest": lambda *_: text_of("here")}, aside)
        digests = await rows(office, "digest", Priority.DIGEST, making.MANY + 2)
        found = await asyncio.gather(*(maker.request(one, now) for one in digests))
        here = ["here"] * (making.MANY - 1)
        assert [_said(one) for one in found] == ["here", None, "aside", *here]
        chats = [one.params["chat_id"] for one in found if one]
        assert chats == [1, *range(3, making.MANY + 3)]

    in_office(sqlite_url, play)


def test_many_alerts_are_made_here(sqlite_url: str) -> None:
    async def play(office: Office) -> None:
        async def aside(_: object) -> None:
            raise AssertionError

        maker = Maker(office.database, {"alert": lambda *_: text_of("here")}, aside)
        alerts = await rows(office, "alert", Priority.ALERT, making.MANY + 2)
        found = await asyncio.gather(*(maker.request(one, now) for one in alerts))
        assert {_said(one) for one in found} == {"here"}

    in_office(sqlite_url, play)


def test_who_asked_for_a_page_does_not_wait_for_another_s(sqlite_url: str) -> None:
    async def play(office: Office) -> None:
        slow = Slow()
        maker = Maker(office.database, {"page": slow, "note": lambda *_: text_of("Note")})
        (long,) = await rows(office, "page", Priority.ALERT, 1)
        (short,) = await rows(office, "note", Priority.ALERT, 1)
        page = asyncio.create_task(maker.request(long, now))
        await until(lambda: slow.at_once == 1)
        assert _said(await asyncio.wait_for(maker.request(short, now), LONG)) == "Note"
        slow.go.set()
        assert await page is not None

    in_office(sqlite_url, play)


def test_what_is_worth_a_process_of_its_own_is_made_there(sqlite_url: str) -> None:
    async def play(office: Office) -> None:
        def elsewhere(where: str) -> Aside:
            async def made(_: object) -> Mapping[str, Any]:
                return text_of(where)

            return made

        known: dict[str, Renderer] = dict.fromkeys(("page", "digest"), lambda *_: text_of("here"))
        maker = Maker(office.database, known, elsewhere("aside"), elsewhere("apart"))
        said = []
        for kind, priority in (("page", Priority.ALERT), ("digest", Priority.DIGEST)):
            for body in ({ASIDE: True}, {}):
                posted = await office.post(kind=kind, priority=priority, body=body, ready=False)
                said.append(_said(await maker.request(await office.outgoing(posted), now)))
        assert said == ["apart", "here", "aside", "here"]

    in_office(sqlite_url, play)


def test_digests_that_wait_to_be_made_leave_room_for_alerts(sqlite_url: str) -> None:
    async def play(office: Office) -> None:
        slow = Slow()
        await rows(office, "digest", Priority.DIGEST, sender.MOST_PUSHES + 10)
        known: dict[str, Renderer] = {"digest": slow, "alert": lambda *_: text_of("Alerte", 1001)}
        its = await office.sender(known)
        await until(lambda: slow.at_once == 1)
        alert = await office.post(kind="alert", priority=Priority.ALERT, body={}, ready=False)
        await until(lambda: office.shown() == ["Alerte"])
        await until_state(office, alert, "sent")
        await until(lambda: its.held == sender.MOST_UNMADE)
        assert slow.made == 0
        slow.go.set()
        await until(lambda: slow.made == sender.MOST_PUSHES + 10)

    in_office(sqlite_url, play)


def _said(request: Request | None) -> str | None:
    return None if request is None else str(request.params["text"])
