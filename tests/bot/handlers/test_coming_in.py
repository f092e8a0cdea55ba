"""Coming in: invitations work once, strangers get one line, revocation counts at once."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Iterator
from datetime import timedelta

import pytest

from bot.handlers.dispatch import Wish, handle
from bot.screens.access import ChooseLanguage
from credit.people import Role
from storage import inbox, people
from storage.database import Database, connect
from storage.inbox import AlreadyHandled, Received
from storage.work import Work
from tests.bot.handlers.reception import (
    CHAT,
    a_wish,
    an_invitation,
    command,
    deliver,
    desk,
    enrolled,
    events,
    press,
    redeliver,
    says,
    statements,
)
from tests.credit.builders import PARIS
from tests.day.company import MORNING, hire
from tests.storage.inline import inline

STRANGERS_LINE = "Bonjour. Cet assistant est réservé"


@pytest.fixture
def work(database_url: str) -> Iterator[Work]:
    with inline(database_url) as one:
        yield one


def test_an_invitation_lets_in_greets_and_publishes_the_menu(work: Work) -> None:
    an_invitation(work)
    left = command(work, "/start secret")
    assert left.methods == ["sendMessage", "setMyCommands"]
    assert "Bienvenue, Léa Petit" in left.text
    assert "commercial" in left.text
    menu = left.bodies[1]["params"]
    assert menu["scope"] == {"type": "chat", "chat_id": CHAT}
    named = {one["command"] for one in menu["commands"]}
    assert {"aide", "langue"} <= named
    assert "inviter" not in named
    person = people.by_telegram(work, CHAT)
    assert person is not None
    assert (person.role, person.codes, person.locale) == (Role.REP, frozenset({"R1"}), "fr")
    assert len(events(work, "person.enrolled")) == 1


def test_who_comes_in_is_noted_on_the_invitation(work: Work) -> None:
    an_invitation(work)
    command(work, "/start secret")
    row = people.invitation_of(work, hashlib.sha256(b"secret").hexdigest())
    person = people.by_telegram(work, CHAT)
    assert row is not None
    assert person is not None
    assert (row.used_by, row.used_at) == (person.id, MORNING.at)


def test_the_invitation_speaks_the_newcomers_language(work: Work) -> None:
    an_invitation(work, name="Lea P.")
    left = command(work, "/start secret", language="en-GB")
    assert "Welcome, Lea P." in left.text
    assert {"command": "help", "description": "What I can do"} in left.bodies[1]["params"][
        "commands"
    ]


def test_who_invited_is_told(work: Work) -> None:
    boss = hire(work, "Claire", Role.CREDIT_MANAGER)
    an_invitation(work, by=boss)
    left = command(work, "/start secret")
    told = [row for row in left.rows if row.chat_id == boss.telegram_id]
    assert len(told) == 1
    assert "Léa Petit" in told[0].body["params"]["text"]
    assert told[0].body["params"]["disable_notification"] is True


@pytest.mark.parametrize("payload", ["unknown", "used", "expired"])
def test_bad_invitations_all_get_the_same_answer(work: Work, payload: str) -> None:
    an_invitation(work, "used")
    command(work, "/start used", chat=99)
    an_invitation(work, "expired", now=MORNING.plus(timedelta(days=-8)))
    left = command(work, f"/start {payload}")
    assert left.methods == ["sendMessage"]
    assert left.text.startswith(STRANGERS_LINE)
    assert people.by_telegram(work, CHAT) is None


def test_an_invitation_lasts_seven_days(work: Work) -> None:
    an_invitation(work, "secret", now=MORNING.plus(timedelta(days=-7, seconds=1)))
    assert "Bienvenue" in command(work, "/start secret").text


def test_a_stranger_gets_one_line_a_day_and_his_key_stops_waiting(work: Work) -> None:
    assert says(work, "bonjour").text.startswith(STRANGERS_LINE)
    assert says(work, "allô").rows == []
    quiet = press(work, ChooseLanguage("en"))
    assert quiet.bodies == [
        {"method": "answerCallbackQuery", "params": {"callback_query_id": "q9"}}
    ]
    tomorrow = MORNING.plus(timedelta(days=1))
    assert says(work, "bonjour", now=tomorrow).text.startswith(STRANGERS_LINE)


def test_a_stranger_is_answered_in_his_language(work: Work) -> None:
    assert command(work, "/help", language="en").text.startswith("Hello. This assistant")


def test_a_revoked_person_is_a_stranger_at_the_next_tap_and_can_come_back(work: Work) -> None:
    person = enrolled(work, CHAT, Role.REP, "R1")
    assert set(press(work, ChooseLanguage("en")).methods) == {"editMessageText", "setMyCommands"}
    people.revoke(work, person.id, MORNING.at)
    assert press(work, ChooseLanguage("fr")).text.startswith(("Bonjour", "Hello"))
    assert people.by_id(work, person.id).locale == "en"  # type: ignore[union-attr]
    an_invitation(work, "again", Role.SALES_MANAGER, ("R2", "R3"))
    assert "Welcome" in command(work, "/start again").text  # his own choice of language stays
    back = people.by_telegram(work, CHAT)
    assert back is not None
    assert (back.id, back.role, back.codes) == (
        person.id,
        Role.SALES_MANAGER,
        frozenset({"R2", "R3"}),
    )


def test_somebody_who_is_in_does_not_use_up_an_invitation(work: Work) -> None:
    enrolled(work, CHAT, Role.REP, "R1")
    an_invitation(work, "secret", Role.ADMIN, ())
    assert "Bienvenue" in command(work, "/start secret").text
    person = people.by_telegram(work, CHAT)
    assert person is not None
    assert person.role is Role.REP
    assert "Bienvenue" in command(work, "/start secret", chat=99).text
    other = people.by_telegram(work, 99)
    assert other is not None
    assert other.role is Role.ADMIN


def test_leaving_and_coming_back_marks_who_can_be_reached(work: Work) -> None:
    person = enrolled(work, CHAT, Role.REP, "R1")
    assert deliver(work, a_wish(kind="left")).rows == []
    assert not people.is_reachable(work, person.id)
    assert deliver(work, a_wish(kind="back")).rows == []
    assert people.is_reachable(work, person.id)
    deliver(work, a_wish(kind="left"))
    says(work, "me revoilà")
    assert people.is_reachable(work, person.id)


def test_a_stranger_who_leaves_changes_nothing(work: Work) -> None:
    assert deliver(work, a_wish(kind="left")).rows == []
    assert people.by_telegram(work, CHAT) is None


def test_a_second_delivery_of_the_same_update_does_nothing(work: Work) -> None:
    enrolled(work, CHAT, Role.REP, "R1")
    wish = a_wish(press="1la.en", query_id="q", tapped=7)
    assert deliver(work, wish).rows
    with pytest.raises(AlreadyHandled):
        redeliver(work, wish)


def test_two_people_with_one_invitation_let_one_in(database_url: str) -> None:
    with inline(database_url) as work:
        an_invitation(work)

    async def both() -> None:
        database = connect(database_url)
        await database.open()
        try:
            await asyncio.gather(*(_enter(database, chat) for chat in (7001, 7002)))
        finally:
            await database.close()

    async def _enter(database: Database, chat: int) -> None:
        wish = a_wish(chat, command="start", arguments="secret")
        await database.transact(inbox.store, [Received(wish.update_id, chat, "{}")], MORNING)
        await database.transact(handle, wish, desk())

    asyncio.run(both())
    with inline(database_url) as work:
        inside = [chat for chat in (7001, 7002) if people.by_telegram(work, chat)]
        assert len(inside) == 1
        assert len(events(work, "person.enrolled")) == 1


def test_coming_in_takes_few_statements(work: Work) -> None:
    an_invitation(work)
    wish = _stored(work)
    with statements() as seen:
        handle(work, wish, desk())
    assert len(seen) <= 15, seen


def _stored(work: Work) -> Wish:
    wish = a_wish(command="start", arguments="secret")
    inbox.store(work, [Received(wish.update_id, CHAT, "{}")], MORNING)
    return wish


def test_the_zone_of_the_company_decides_what_a_day_is(work: Work) -> None:
    assert MORNING.zone == PARIS
    late = MORNING.plus(timedelta(hours=13, minutes=59))  # 22:59 in Paris
    assert says(work, "a", now=late).rows
    assert says(work, "b", now=late.plus(timedelta(minutes=30))).rows == []
    assert says(work, "c", now=late.plus(timedelta(minutes=62))).rows
