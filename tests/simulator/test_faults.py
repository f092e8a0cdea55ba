"""Faults: what the caller sees, and whether the call was carried out."""

from __future__ import annotations

import time

import pytest
from telegram.error import NetworkError, TelegramError

from tests.simulator.stage import LEA, Stage, on_stage


def arrived(stage: Stage) -> int:
    return len(stage.simulator.world.chats[LEA].messages)


@pytest.mark.filterwarnings("ignore::telegram.warnings.PTBDeprecationWarning")
@pytest.mark.parametrize(
    ("kind", "done"),
    [
        ("429", 0),
        ("500", 0),
        ("502", 0),
        ("garbage", 0),
        ("drop", 0),
        ("hang", 0),
        ("half", 1),
        ("lost_answer", 1),
    ],
)
def test_a_fault_strikes_once_before_or_after_the_call(kind: str, done: int) -> None:
    async def play(stage: Stage) -> None:
        await stage.chat(
            "faults", {"faults": [{"method": "sendMessage", "count": 1, "kind": kind}]}
        )
        with pytest.raises(TelegramError):
            await stage.bot.send_message(LEA, "x", read_timeout=0.3)
        assert arrived(stage) == done
        await stage.bot.send_message(LEA, "y")
        assert arrived(stage) == done + 1

    on_stage(play)


def test_a_cut_connection_is_a_network_error() -> None:
    async def play(stage: Stage) -> None:
        faults = [{"method": "*", "count": 2, "kind": "drop"}]
        await stage.chat("faults", {"faults": faults})
        for _ in range(2):
            with pytest.raises(NetworkError):
                await stage.bot.get_me()
        assert (await stage.bot.get_me()).id == stage.bot.id

    on_stage(play)


def test_a_slow_answer_comes_late_and_whole() -> None:
    async def play(stage: Stage) -> None:
        faults = [{"method": "sendMessage", "kind": "slow", "seconds": 0.3}]
        await stage.chat("faults", {"faults": faults})
        began = time.monotonic()
        assert (await stage.bot.send_message(LEA, "x")).text == "x"
        assert time.monotonic() - began >= 0.3

    on_stage(play)


def test_a_malformed_fault_is_refused() -> None:
    async def play(stage: Stage) -> None:
        for wrong in (
            5,
            {"method": "x"},
            {"method": "x", "kind": "fire"},
            {"method": "x", "kind": "ok"},
            {"method": "x", "kind": []},
            {"method": "x", "kind": "500", "count": -1},
            {"method": "x", "kind": "500", "rate": 0},
            {"method": "x", "script": ["500"], "rate": 0.5},
            {"method": "x", "kind": "slow", "done": False},
            {"method": "x", "kind": "500", "done": "yes"},
            {"method": "x", "kind": "500", "chats": 1},
        ):
            assert (await stage.chat("faults", {"faults": [wrong]})).status_code == 400, wrong
        assert (await stage.chat("faults", {"seed": "a"})).status_code == 400
        assert (await stage.chat("faults", {"faults": {}})).status_code == 400

    on_stage(play)


def test_the_log_tells_every_call_and_its_refusal() -> None:
    async def play(stage: Stage) -> None:
        await stage.bot.send_document(LEA, b"hello", filename="a.txt")
        await stage.refusal("sendMessage", chat_id=LEA, text="")
        calls = (await stage.http.get(f"{stage.simulator.url}/chat/log?after=1")).json()["calls"]
        assert [(c["n"], c["method"], c["chat_id"], c["ok"]) for c in calls] == [
            (2, "sendDocument", LEA, True),
            (3, "sendMessage", LEA, False),
        ]
        assert calls[0]["params"]["document"] == {"file": "a.txt", "size": 5}
        assert calls[1]["error"] == "Bad Request: message text is empty"

    on_stage(play)
