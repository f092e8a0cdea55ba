"""Orders of faults: which calls they strike, how often, and the count of what was injected."""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path
from typing import Any

import httpx
import pytest

from bot.simulator.fault_orders import order
from bot.simulator.faults import Faults
from tests.simulator.stage import LEA, MARC, NO_CERTIFICATES, Stage, on_stage


def desk(*faults: dict[str, Any], **options: Any) -> Faults:
    made = Faults()
    order(made, {"faults": list(faults), **options})
    return made


def fates(faults: Faults, calls: int, chat: int = LEA, method: str = "sendmessage") -> list[str]:
    taken = [faults.take(method, chat) for _ in range(calls)]
    return [strike.kind.value if strike else "ok" for strike in taken]


async def send(stage: Stage, text: str, chat: int = LEA, timeout: float = 5) -> str:
    """Send by plain HTTP; return the status, or the class of what went wrong."""
    address = f"{stage.simulator.api_url}{stage.simulator.token}/sendMessage"
    try:
        answer = await stage.http.post(
            address, json={"chat_id": chat, "text": text}, timeout=timeout
        )
        answer.json()
    except (httpx.HTTPError, ValueError) as error:
        return type(error).__name__
    return str(answer.status_code)


async def read(stage: Stage, path: str) -> Any:
    return (await stage.http.get(f"{stage.simulator.url}/chat/{path}")).json()


def test_a_script_decides_call_after_call_and_ends() -> None:
    faults = desk({"method": "sendMessage", "script": ["ok", "429", "lost_answer"]})
    assert fates(faults, 5) == ["ok", "429", "lost_answer", "ok", "ok"]
    assert faults.waiting == []


def test_an_order_for_one_chat_leaves_the_others_alone() -> None:
    faults = desk({"method": "send*", "kind": "500", "chat": MARC, "count": 2})
    assert fates(faults, 3) == ["ok"] * 3
    assert fates(faults, 3, MARC) == ["500", "500", "ok"]
    assert fates(faults, 1, MARC, "editmessagetext") == ["ok"]


def test_a_script_for_each_chat_begins_anew_in_every_chat() -> None:
    faults = desk({"method": "*", "script": ["ok", "500"], "each_chat": True})
    assert [fates(faults, 3, chat) for chat in (LEA, MARC)] == [["ok", "500", "ok"]] * 2


def test_a_count_begins_after_the_calls_to_skip() -> None:
    faults = desk({"method": "*", "kind": "502", "skip": 2, "count": 1})
    assert fates(faults, 4) == ["ok", "ok", "502", "ok"]


def test_a_count_of_zero_has_no_end() -> None:
    assert fates(desk({"method": "*", "kind": "502", "count": 0}), 50) == ["502"] * 50


def test_the_first_order_that_strikes_wins_and_the_next_waits() -> None:
    faults = desk({"method": "sendmessage", "kind": "500"}, {"method": "*", "kind": "502"})
    assert fates(faults, 3) == ["500", "502", "ok"]


def test_a_rate_strikes_its_share_and_the_same_calls_for_the_same_seed() -> None:
    storm = {"method": "*", "kind": ["500", "lost_answer"], "rate": 0.3}
    first, again, other = (fates(desk(storm, seed=seed), 2000) for seed in (7, 7, 8))
    assert first == again != other
    struck = [fate for fate in first if fate != "ok"]
    assert 0.25 < len(struck) / 2000 < 0.35
    assert 0.4 < struck.count("500") / len(struck) < 0.6


def test_the_pace_of_one_chat_does_not_change_the_fate_of_another() -> None:
    storm = {"method": "*", "kind": "500", "rate": 0.5}
    apart, mixed = desk(storm), desk(storm)
    expected = fates(apart, 100, LEA)
    found = []
    for _ in range(100):
        fates(mixed, 3, MARC)
        fates(mixed, 1, LEA, "getupdates")
        found += fates(mixed, 1, LEA)
    assert found == expected


def test_a_rate_with_a_count_strikes_so_often_and_no_more() -> None:
    faults = desk({"method": "*", "kind": "500", "rate": 0.5, "count": 5})
    assert fates(faults, 500).count("500") == 5


def test_orders_replace_those_that_wait_or_follow_them() -> None:
    faults = desk({"method": "*", "kind": "500"})
    order(faults, {"faults": [{"method": "*", "kind": "502"}], "add": True})
    assert fates(faults, 1) == ["500"]
    order(faults, {"faults": [{"method": "*", "kind": "garbage"}]})
    assert fates(faults, 2) == ["garbage", "ok"]


def test_what_was_injected_is_counted_until_it_is_reset() -> None:
    faults = desk({"method": "*", "script": ["500", "500", "half"]})
    fates(faults, 5)
    shown = faults.as_json()
    assert shown["injected"] == [
        {"method": "sendmessage", "chat_id": LEA, "kind": "500", "done": False, "count": 2},
        {"method": "sendmessage", "chat_id": LEA, "kind": "half", "done": True, "count": 1},
    ]
    assert shown["total"] == 3
    order(faults, {"faults": []})
    assert faults.as_json()["total"] == 3
    order(faults, {"reset": True})
    assert faults.as_json()["total"] == 0


@pytest.mark.parametrize(
    ("kind", "seen"),
    [
        ("500", "500"),
        ("502", "JSONDecodeError"),
        ("garbage", "JSONDecodeError"),
        ("drop", "ReadError|RemoteProtocolError"),
        ("hang", "ReadTimeout"),
        ("half", "ReadError|RemoteProtocolError"),
    ],
)
@pytest.mark.parametrize("done", [False, True])
def test_a_fault_shows_the_same_whether_the_call_was_carried_out(
    kind: str, seen: str, done: bool
) -> None:
    async def play(stage: Stage) -> None:
        fault = {"method": "sendMessage", "kind": kind, "done": done}
        await stage.chat("faults", {"faults": [fault]})
        assert await send(stage, "x", timeout=0.3) in seen.split("|")
        counts = await read(stage, "counts")
        assert counts["chats"].get(str(LEA), {}).get("sent", 0) == int(done)
        assert counts["calls"]["sendmessage"] == {
            "ok": int(done),
            "refused": int(not done),
            "struck": 1,
        }
        [injected] = (await read(stage, "faults"))["injected"]
        assert (injected["kind"], injected["done"], injected["count"]) == (kind, done, 1)

    on_stage(play)


def test_a_late_call_is_carried_out_after_its_caller_gave_up() -> None:
    async def play(stage: Stage) -> None:
        fault = {"method": "sendMessage", "kind": "late", "seconds": 0.3}
        await stage.chat("faults", {"faults": [fault]})
        assert await send(stage, "x", timeout=0.1) == "ReadTimeout"
        assert (await read(stage, "counts"))["chats"] == {}
        async with asyncio.timeout(60):
            while not (await read(stage, "counts"))["chats"]:
                await asyncio.sleep(0.02)
        [arrived] = (await read(stage, "deliveries"))["deliveries"]
        assert arrived["text"] == "x"

    on_stage(play)


def test_an_answer_to_a_press_belongs_to_the_chat_of_the_press() -> None:
    async def play(stage: Stage) -> None:
        markup = {"inline_keyboard": [[{"text": "Oui", "callback_data": "y"}]]}
        sent = await stage.answer("sendMessage", chat_id=LEA, text="?", reply_markup=markup)
        query = stage.press(sent["result"]["message_id"])
        fault = {"method": "answerCallbackQuery", "kind": "500", "chat": LEA}
        await stage.chat("faults", {"faults": [fault]})
        assert (await stage.answer("answerCallbackQuery", callback_query_id=query))[
            "error_code"
        ] == 500
        assert (await stage.answer("answerCallbackQuery", callback_query_id=query))["ok"]

    on_stage(play)


def test_a_call_that_a_limit_refuses_is_not_delivered_by_a_lost_answer() -> None:
    async def play(stage: Stage) -> None:
        await stage.chat("limits", {"burst": 1})
        await stage.chat("faults", {"faults": [{"method": "*", "kind": "lost_answer", "skip": 1}]})
        assert await send(stage, "a") == "200"
        assert await send(stage, "b") != "200"
        assert (await read(stage, "counts"))["chats"][str(LEA)]["sent"] == 1
        [*_, lost] = (await read(stage, "log"))["calls"]
        assert (lost["ok"], lost["fault"]) == (False, "lost_answer")
        assert lost["error"].startswith("Too Many Requests")

    on_stage(play, enforce=True)


def test_a_lost_answer_to_get_updates_brings_the_updates_again() -> None:
    async def play(stage: Stage) -> None:
        stage.write("bonjour")
        await stage.chat("faults", {"faults": [{"method": "getUpdates", "kind": "lost_answer"}]})
        address = f"{stage.simulator.api_url}{stage.simulator.token}/getUpdates"
        with pytest.raises(httpx.TransportError):
            await stage.http.post(address, json={})
        [update] = (await stage.answer("getUpdates"))["result"]
        assert update["message"]["text"] == "bonjour"

    on_stage(play)


def test_the_command_line_takes_faults_and_limits(tmp_path: Path) -> None:
    orders = tmp_path / "faults.json"
    orders.write_text(json.dumps({"faults": [{"method": "getMe", "kind": "500"}], "seed": 1}))

    async def run() -> None:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "bot.simulator", "--faults", str(orders), "--fault-seed", "5"),
            *("--overall", "7", "--overall-burst", "1", "--per-chat", "2", "--burst", "4"),
            stdout=asyncio.subprocess.PIPE,
        )
        assert process.stdout is not None
        url = json.loads(await process.stdout.readline())["url"]
        async with httpx.AsyncClient(verify=NO_CERTIFICATES) as http:
            faults = (await http.get(f"{url}/chat/faults")).json()
            limits = (await http.post(f"{url}/chat/limits", json={})).json()
        process.terminate()
        assert await process.wait() == 0
        assert (faults["seed"], faults["faults"][0]["method"]) == (5, "getme")
        assert limits == {
            "enforce": True,
            "overall": 7.0,
            "overall_burst": 1.0,
            "per_chat": 2.0,
            "per_group_minute": 20.0,
            "burst": 4.0,
            "penalty": False,
        }

    asyncio.run(run())


def test_the_command_line_refuses_a_malformed_fault(tmp_path: Path) -> None:
    orders = tmp_path / "faults.json"
    orders.write_text(json.dumps({"faults": [{"method": "getMe", "kind": "fire"}]}))

    async def run() -> tuple[int, str]:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "bot.simulator", "--faults", str(orders)),
            stderr=asyncio.subprocess.PIPE,
        )
        _, complaint = await process.communicate()
        return process.returncode or 0, complaint.decode()

    code, complaint = asyncio.run(run())
    assert code == 1
    assert "this is not a fault" in complaint
