"""A press that waited too long: its toast is refused, its work counts all the same."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from telegram import User
from telegram.ext import ApplicationBuilder

from bot.handlers.counter import Counter
from bot.screens.access import languages
from bot.screens.posting import sending
from bot.screens.render import speaker
from bot.simulator import gestures
from config.clock import Clock
from storage import people
from tests.bot.delivery.office import LEA, Office, in_office, until, until_state
from tests.bot.handlers.reception import desk, enrolled
from tests.bot.handlers.test_counter import BOT
from tests.credit.builders import PARIS


def at_work(url: str, story: Callable[[Office, int], Awaitable[None]]) -> None:
    """Let the whole of it work over real HTTP, with a message of two buttons on the screen."""

    async def play(office: Office) -> None:
        application = ApplicationBuilder().token("1:x").updater(None).build()
        application.bot._bot_user = User.de_json(BOT, application.bot)
        application._initialized = True
        counter = Counter(application, office.database, desk(), Clock(0.0, PARIS))
        person = await office.database.transact(enrolled, LEA)
        screen = languages(speaker("fr", PARIS), person)
        await office.sender()
        shown = await office.post(body=sending(screen, LEA))
        await until_state(office, shown, "sent")
        line = office.line(counter.serve)
        await line.start()
        await office.poller(line)
        await story(office, (await office.row(shown))["message_id"])

    in_office(url, play)


def pressed_long_ago(office: Office, message_id: int, data: str) -> None:
    made = gestures.press(office.simulator.world, LEA, message_id, None, data)
    made.pressed_at -= 160


def test_an_old_press_does_its_work_and_shows_it_though_its_toast_is_refused(
    sqlite_url: str,
) -> None:
    async def story(office: Office, message_id: int) -> None:
        (before,) = office.shown()
        pressed_long_ago(office, message_id, "1la.en")
        await until(lambda: office.shown() != [before])
        (after,) = office.shown()
        assert after == "Which language do you read?"
        person = await office.database.read(people.by_telegram, LEA)
        assert person is not None
        assert person.locale == "en"
        await until(lambda: bool(office.calls("answerCallbackQuery")))
        (toast,) = office.calls("answerCallbackQuery")
        assert "query is too old" in toast["error"]

    at_work(sqlite_url, story)


def test_what_only_a_toast_would_say_to_an_old_press_is_said_by_a_message(sqlite_url: str) -> None:
    async def story(office: Office, message_id: int) -> None:
        (before,) = office.shown()
        pressed_long_ago(office, message_id, "nothing of ours")
        await until(lambda: len(office.shown()) == 2)
        first, second = office.shown()
        assert first == before
        (toast,) = office.calls("answerCallbackQuery")
        assert second == toast["params"]["text"]

    at_work(sqlite_url, story)
