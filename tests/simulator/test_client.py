"""The client that journeys use, against a simulator in a process of its own."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from bot.simulator.client import Chat, Refused
from tests.simulator.stage import a_png

ROOT = Path(__file__).parents[2]
LEA = 1001
TOKEN = "4242:client-test-token-client-test-token"


class SmallBot(threading.Thread):
    """A bot in twenty lines: it answers what it is told to, over plain HTTP."""

    def __init__(
        self, api: str, answer: Callable[[dict[str, Any]], list[tuple[str, dict[str, Any]]]]
    ) -> None:
        super().__init__(daemon=True)
        self.api, self.answer, self.over = api, answer, threading.Event()

    def call(self, method: str, **params: Any) -> Any:
        request = urllib.request.Request(  # noqa: S310 - loopback
            f"{self.api}{TOKEN}/{method}",
            json.dumps(params).encode(),
            {"Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=10) as reply:  # noqa: S310 - loopback
            return json.load(reply)["result"]

    def run(self) -> None:
        offset = 0
        while not self.over.is_set():
            for update in self.call("getUpdates", offset=offset, timeout=1):
                offset = update["update_id"] + 1
                for method, params in self.answer(update):
                    self.call(method, **params)


@contextmanager
def a_simulator(tmp_path: Path) -> Iterator[dict[str, Any]]:
    people = tmp_path / "people.json"
    people.write_text(
        json.dumps([{"id": LEA, "first_name": "Léa", "start": "abc"}]), encoding="utf-8"
    )
    command = [
        sys.executable,
        "-m",
        "bot.simulator",
        "--no-limits",
        "--token",
        TOKEN,
        "--people",
        str(people),
    ]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield json.loads(process.stdout.readline())
        finally:
            process.terminate()
            assert process.wait(10) == 0


def menu(update: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    """Answer a text by a question with buttons, a press by an edit."""
    if "message" in update:
        buttons = [
            [{"text": "Oui ✅", "callback_data": "yes"}, {"text": "Non", "callback_data": "no"}]
        ]
        said = update["message"].get("text", "un fichier")
        text = f"<b>{said.replace('<', '&lt;')}</b> ?"
        return [
            (
                "sendMessage",
                {
                    "chat_id": LEA,
                    "text": text,
                    "parse_mode": "HTML",
                    "reply_markup": {"inline_keyboard": buttons},
                },
            )
        ]
    press = update["callback_query"]
    number = press["message"]["message_id"]
    return [
        ("answerCallbackQuery", {"callback_query_id": press["id"], "text": "noté"}),
        (
            "editMessageText",
            {"chat_id": LEA, "message_id": number, "text": f"réponse : {press['data']}"},
        ),
    ]


def test_a_person_writes_presses_uploads_and_reads(tmp_path: Path) -> None:
    with a_simulator(tmp_path) as where:
        bot = SmallBot(where["api_url"], menu)
        bot.start()
        chat = Chat(where["url"])
        lea = chat.person(LEA)

        asked = lea.ask("/start abc", "?")
        assert (asked.text, asked.html) == ("/start abc ?", "<b>/start abc</b> ?")
        assert lea.buttons() == asked.labels == ["Oui ✅", "Non"]

        query = lea.press(asked, "oui")
        assert lea.wait_for("réponse").text == "réponse : yes"
        assert lea.wait_for_answer(query)["text"] == "noté"
        assert lea.last().text == "réponse : yes"

        lea.forge(asked, "zzz")
        assert lea.wait_for(lambda shown: "zzz" in shown.text).id == asked.id

        lea.upload("photo", a_png(), "facture.png", "le reçu")
        lea.wait_for("un fichier")
        [photo] = [shown for shown in lea.messages() if shown.file]
        assert lea.download(photo) == a_png()
        lea.upload("voice", b"OggS", "note.ogg", seconds=12)
        [voice] = [shown for shown in lea.messages() if shown.raw["voice"]]
        assert voice.file is not None
        assert (voice.file["duration"], lea.download(voice)) == (12, b"OggS")
        assert lea.wait_for("zzz", anywhere=True).id == asked.id
        assert {call["method"] for call in chat.log()} >= {"getUpdates", "sendMessage"}
        assert len(chat.log("editmessagetext")) == 2
        bot.over.set()
        bot.join(10)


def test_a_wait_in_vain_prints_the_conversation_and_the_refusals(tmp_path: Path) -> None:
    with a_simulator(tmp_path) as where:
        chat = Chat(where["url"])
        lea = chat.person(LEA)
        lea.send("bonjour\nça va ?")
        bot = SmallBot(where["api_url"], menu)
        keyboard = {"inline_keyboard": [[{"text": "Oui", "callback_data": "y"}]]}
        bot.call("sendMessage", chat_id=LEA, text="bien", reply_markup=keyboard)
        with pytest.raises(OSError, match="400"):
            bot.call("sendMessage", chat_id=LEA, text="")
        with pytest.raises(AssertionError) as failure:
            lea.wait_for("au revoir", timeout=0.1)
        assert str(failure.value) == (
            "waited 0.1 s for 'au revoir'\n"
            "Conversation of 1001:\n"
            "   1 > bonjour\n"
            "       ça va ?\n"
            "   2 < bien\n"
            "       [Oui]\n"
            "  refused: sendMessage: Bad Request: message text is empty"
        )
        with pytest.raises(AssertionError, match="0 buttons fit 'Non'"):
            lea.press(None, "Non")
        with pytest.raises(AssertionError, match="silence was expected, the bot wrote 'bien'"):
            lea.stays_silent(0.01)
        lea.send("plus rien")
        lea.stays_silent(0.05)


def test_the_client_orders_faults_limits_time_and_people(tmp_path: Path) -> None:
    with a_simulator(tmp_path) as where:
        chat = Chat(where["url"])
        zoe = chat.add_person(7, "Zoé", started=True)
        bot = SmallBot(where["api_url"], menu)
        chat.fault("sendMessage", "500")
        with pytest.raises(OSError, match="500"):
            bot.call("sendMessage", chat_id=7, text="x")
        assert chat.limits(burst=1, enforce=True)["burst"] == 1
        bot.call("sendMessage", chat_id=7, text="x")
        with pytest.raises(OSError, match="429"):
            bot.call("sendMessage", chat_id=7, text="x")
        chat.advance(49 * 3600)
        with pytest.raises(OSError, match="400"):
            bot.call("deleteMessage", chat_id=7, message_id=1)
        bot.call("setMyCommands", commands=[{"command": "aide", "description": "x"}])
        assert zoe.commands() == ["aide"]
        zoe.block()
        with pytest.raises(Refused, match="409"):
            zoe.send("x")
        zoe.unblock()
        zoe.share_contact("+336")
        number = zoe.send("un")
        zoe.edit(number, "deux")
        assert [shown.text for shown in zoe.messages()] == ["x", "", "deux"]
        chat.add_group(-9, [7], title="Ventes")
        zoe.read()
        assert isinstance(chat.state()["people"], list)
