"""Long polling: order, confirmation, expiry, conflicts."""

from __future__ import annotations

import asyncio
import time

import pytest
from telegram import InlineKeyboardButton, InlineKeyboardMarkup
from telegram.error import BadRequest, Conflict

from tests.simulator.stage import LEA, Stage, on_stage

YES = InlineKeyboardMarkup([[InlineKeyboardButton("Oui", callback_data="y")]])


def test_updates_stay_until_a_higher_offset_confirms_them() -> None:
    async def play(stage: Stage) -> None:
        for text in "abc":
            stage.write(text)
        first = await stage.bot.get_updates(limit=2)
        assert [u.message.text for u in first if u.message] == ["a", "b"]
        assert await stage.bot.get_updates(limit=2) == first
        rest = await stage.bot.get_updates(offset=first[-1].update_id + 1)
        assert [u.message.text for u in rest if u.message] == ["c"]
        assert rest[0].update_id == first[-1].update_id + 1
        assert await stage.bot.get_updates(offset=rest[-1].update_id + 1) == ()

    on_stage(play)


def test_a_negative_offset_forgets_all_but_the_last() -> None:
    async def play(stage: Stage) -> None:
        for text in "abc":
            stage.write(text)
        [last] = await stage.bot.get_updates(offset=-1)
        assert last.message is not None
        assert last.message.text == "c"
        assert len(await stage.bot.get_updates()) == 1

    on_stage(play)


def test_a_long_poll_answers_as_soon_as_something_happens() -> None:
    async def play(stage: Stage) -> None:
        poll = asyncio.create_task(stage.bot.get_updates(timeout=10))
        await asyncio.sleep(0.1)
        began = time.monotonic()
        stage.write("enfin")
        [update] = await poll
        assert update.message is not None
        assert time.monotonic() - began < 2

    on_stage(play)


def test_a_second_poller_ends_the_wait_of_the_first() -> None:
    async def play(stage: Stage) -> None:
        first = asyncio.create_task(stage.bot.get_updates(timeout=10))
        await asyncio.sleep(0.1)
        address = f"{stage.simulator.api_url}{stage.simulator.token}/getUpdates"
        second = await stage.http.post(address, json={})
        assert second.json() == {"ok": True, "result": []}
        with pytest.raises(Conflict, match=r"(?i)terminated by other getUpdates request"):
            await first

    on_stage(play)


def test_a_webhook_and_polling_exclude_each_other() -> None:
    async def play(stage: Stage) -> None:
        poll = asyncio.create_task(stage.bot.get_updates(timeout=10))
        await asyncio.sleep(0.1)
        await stage.bot.set_webhook("https://example.org/hook")
        with pytest.raises(Conflict, match=r"(?i)terminated by setwebhook request"):
            await poll
        assert await stage.refusal("getUpdates") == (
            "Conflict: can't use getUpdates method while webhook is active; "
            "use deleteWebhook to delete the webhook first"
        )
        await stage.bot.delete_webhook()
        assert await stage.bot.get_updates() == ()

    on_stage(play)


def test_a_press_is_kept_150_seconds_and_a_message_a_day() -> None:
    async def play(stage: Stage) -> None:
        sent = await stage.bot.send_message(LEA, "?", reply_markup=YES)
        stage.write("texte")
        stage.press(sent.message_id)
        stage.clock.now += 149
        assert len(await stage.bot.get_updates()) == 2
        stage.clock.now += 2
        assert [bool(u.message) for u in await stage.bot.get_updates()] == [True]
        stage.clock.now += 24 * 3600
        assert await stage.bot.get_updates() == ()

    on_stage(play)


def test_the_allowed_updates_are_remembered() -> None:
    async def play(stage: Stage) -> None:
        sent = await stage.bot.send_message(LEA, "?", reply_markup=YES)
        await stage.bot.get_updates(allowed_updates=["callback_query"])
        stage.write("perdu")
        stage.press(sent.message_id)
        assert [bool(u.callback_query) for u in await stage.bot.get_updates()] == [True]
        await stage.bot.get_updates(allowed_updates=[])
        stage.write("gardé")
        assert len(await stage.bot.get_updates()) == 2

    on_stage(play)


def test_a_hurried_poller_is_slowed_down() -> None:
    async def play(stage: Stage) -> None:
        stage.write("a")
        stage.write("b")
        assert len(await stage.bot.get_updates()) == 2
        assert len(await stage.bot.get_updates()) == 1
        stage.clock.now += 4
        assert len(await stage.bot.get_updates()) == 2

    on_stage(play, pace_polling=True)


@pytest.mark.parametrize(
    ("params", "reason"),
    [
        ({"url": "http://example.org"}, "bad webhook: An HTTPS URL must be provided for webhook"),
        (
            {"url": "https://example.org:8000"},
            "bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443",
        ),
        ({"url": "https://example.org", "secret_token": "x" * 257}, "secret token is too long"),
        (
            {"url": "https://example.org", "secret_token": "é"},
            "secret token contains unallowed characters",
        ),
    ],
)
def test_a_wrong_webhook_is_refused(params: dict[str, str], reason: str) -> None:
    async def play(stage: Stage) -> None:
        assert await stage.refusal("setWebhook", **params) == f"Bad Request: {reason}"

    on_stage(play)


def test_a_strict_server_refuses_plain_http_even_here() -> None:
    async def play(stage: Stage) -> None:
        with pytest.raises(BadRequest, match=r"(?i)https url must be provided"):
            await stage.bot.set_webhook("http://127.0.0.1:9/hook")

    on_stage(play, local_webhooks=False)


def test_the_webhook_can_be_set_once_a_second() -> None:
    async def play(stage: Stage) -> None:
        await stage.bot.set_webhook("https://example.org")
        answer = await stage.answer("setWebhook", url="https://example.org")
        assert (answer["error_code"], answer["parameters"]) == (429, {"retry_after": 1})
        stage.clock.now += 1
        assert await stage.bot.set_webhook("https://example.org", max_connections=5)
        info = await stage.bot.get_webhook_info()
        assert (info.url, info.max_connections) == ("https://example.org", 5)

    on_stage(play)


def test_an_update_is_brought_as_often_as_ordered_whatever_is_confirmed() -> None:
    async def play(stage: Stage) -> None:
        await order(stage, times=3)
        stage.write("trois fois")
        offset, seen = 0, []
        while found := await stage.bot.get_updates(offset=offset):
            seen += [one.update_id for one in found]
            offset = found[-1].update_id + 1
        assert len(seen) == 3
        assert len(set(seen)) == 1

    on_stage(play)


def test_an_unsound_update_is_brought_as_it_is() -> None:
    async def play(stage: Stage) -> None:
        assert await order(stage, update={"message": {"date": "never"}}) == {
            "times": 1,
            "waiting": 1,
        }
        [found] = (await stage.answer("getUpdates"))["result"]
        assert found["message"] == {"date": "never"}
        refused: list[dict[str, object]] = [
            {"times": 0},
            {"update": []},
            {"update": {"a": 1, "b": 2}},
        ]
        for wrong in refused:
            assert "error" in await order(stage, **wrong)

    on_stage(play)


async def order(stage: Stage, **wish: object) -> dict[str, object]:
    address = f"{stage.simulator.url}/chat/updates"
    said: dict[str, object] = (await stage.http.post(address, json=wish)).json()
    return said
