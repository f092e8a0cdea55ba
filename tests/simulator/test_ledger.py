"""The ledger of the far end: what arrived in each chat, in order, and how much of it."""

from __future__ import annotations

from typing import Any

from tests.simulator.stage import LEA, MARC, Stage, on_stage


async def read(stage: Stage, query: str = "") -> Any:
    return (await stage.http.get(f"{stage.simulator.url}/chat/deliveries{query}")).json()


async def a_conversation(stage: Stage) -> None:
    stage.write("bonjour")
    sent = await stage.bot.send_message(LEA, "un")
    await stage.bot.send_document(MARC, b"x", filename="a.txt", caption="deux")
    await stage.bot.edit_message_text("trois", LEA, sent.message_id)
    await stage.bot.delete_message(LEA, sent.message_id)


def test_every_change_is_told_once_in_order() -> None:
    async def play(stage: Stage) -> None:
        await a_conversation(stage)
        body = await read(stage)
        assert [(d["seq"], d["what"], d["chat_id"], d["text"]) for d in body["deliveries"]] == [
            (1, "received", LEA, "bonjour"),
            (2, "sent", LEA, "un"),
            (3, "sent", MARC, "deux"),
            (4, "edited", LEA, "trois"),
            (5, "deleted", LEA, ""),
        ]
        assert (body["seq"], body["more"]) == (5, False)
        assert [body["deliveries"][2][name] for name in ("media", "file")] == ["document", "a.txt"]

    on_stage(play)


def test_a_long_ledger_is_read_page_by_page_and_by_chat() -> None:
    async def play(stage: Stage) -> None:
        await a_conversation(stage)
        first = await read(stage, f"?chat={LEA}&limit=2")
        assert ([d["text"] for d in first["deliveries"]], first["more"]) == (
            ["bonjour", "un"],
            True,
        )
        rest = await read(stage, f"?chat={LEA}&limit=2&after={first['seq']}")
        assert ([d["what"] for d in rest["deliveries"]], rest["more"]) == (
            ["edited", "deleted"],
            False,
        )
        assert (await read(stage, "?after=9"))["seq"] == 9

    on_stage(play)


def test_counts_by_chat_and_method_add_up() -> None:
    async def play(stage: Stage) -> None:
        await a_conversation(stage)
        await stage.refusal("sendMessage", chat_id=5, text="x")
        counts = (await stage.http.get(f"{stage.simulator.url}/chat/counts")).json()
        assert counts["chats"] == {
            str(LEA): {"sent": 1, "edited": 1, "deleted": 1, "received": 1},
            str(MARC): {"sent": 1, "edited": 0, "deleted": 0, "received": 0},
        }
        assert counts["calls"]["sendmessage"] == {"ok": 1, "refused": 1, "struck": 0}
        assert (counts["faults"], counts["updates_waiting"]) == (0, 1)

    on_stage(play)
