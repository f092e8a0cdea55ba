"""Faults of what comes and goes: the same update again, updates and messages that never work."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from credit.moment import Moment
from storage import outbox, tables
from tests.chaos import place
from tests.chaos.deeds import a_promise
from tests.chaos.doorstep import Doorstep
from tests.chaos.oracle import DAWN
from tests.chaos.reps import Load, Rep
from tests.chaos.scene import SECRET, Found, Scene, opened
from tests.journeys.harness import PARIS, PATIENCE
from tests.journeys.story import WEDNESDAY, plain
from tests.storage.inline import inline

TIMES = 10
ROUNDS = 3
PARKED = "📭"
GIVEN_UP = "🧩"


def brought_ten_times(folder: Path, _url: str = "") -> Found:
    """Bring every update ten times to a process that asks for them."""
    with opened(folder) as scene:
        return _again_and_again(scene, "each update ten times, asked for")


def posted_ten_times(folder: Path, _url: str = "") -> Found:
    """Bring every update ten times to a process that Telegram calls."""
    with opened(folder, webhook=True) as scene:
        return _again_and_again(scene, "each update ten times, brought")


def _again_and_again(scene: Scene, fault: str) -> Found:
    scene.company.chat.bring(times=TIMES)
    scene.ask()
    scene.hear()
    scene.company.until(lambda: not scene.waiting(), "every copy to be brought", PATIENCE)
    scene.stop()
    once = scene.count(tables.inbox) == len(scene.asked)
    return scene.found(fault, stored_once=once)


def poisoned(folder: Path, _url: str = "") -> Found:
    """Bring updates that can never be handled and put a message that can never be rendered."""
    with opened(folder) as scene:
        person = {"id": scene.people[0].id, "is_bot": False, "first_name": "x"}
        chat = {"id": scene.people[0].id, "type": "private"}
        unsound = {"message_id": 1, "date": "never", "chat": chat, "from": person, "text": "x"}
        scene.ask(1)
        scene.company.chat.bring(update={"message": unsound})
        scene.company.chat.bring(update={"callback_query": []})
        _post_what_cannot_be_said(scene)
        scene.ask(1)
        scene.hear()
        boss = scene.company.chat.person(place.BOSS)
        boss.wait_for(lambda shown: shown.text.startswith(PARKED), PATIENCE, anywhere=True)
        boss.wait_for(lambda shown: shown.text.startswith(GIVEN_UP), PATIENCE, anywhere=True)
        parked = scene.company.rows("select update_id from inbox where parked")
        stuck = scene.company.rows("select id from outbox where state = 'parked'")
        scene.ask(1)
        scene.hear()
        return scene.found(
            "poisoned", updates_parked=len(parked) == 2, message_parked=len(stuck) == 1
        )


def _post_what_cannot_be_said(scene: Scene) -> None:
    """Put an alert about nobody in the outbox: it waits for its turn like any other."""
    with inline(scene.company.database) as work:
        reader = work.scalar(select(func.max(tables.person.c.id)))
        outbox.post(
            work,
            kind="alert",
            person_id=reader,
            chat_id=scene.people[-1].id,
            body={},
            priority=outbox.Priority.ALERT,
            at=Moment(scene.company.now, PARIS),
            ready=False,
        )


def clock_jumps(folder: Path, _url: str = "") -> Found:
    """Start on the next morning, on the day before, and on the morning again."""
    with opened(folder) as scene:
        place.bring(scene.company, len(scene.people), 2)
        began = scene.company.at
        for moment in (WEDNESDAY, began, WEDNESDAY):
            scene.ask(1)
            scene.hear()
            scene.bots[0].kill()
            scene.company.set_clock(moment)
            scene.start()
        scene.ask(1)
        scene.hear()
        scene.doubts = 3 * len(scene.people)  # each was killed with an answer just heard
        scene.company.until(lambda: len(_mornings(scene)) == len(scene.people), "the digests")
        scene.stop()
        days = Counter((row["person_id"], str(row["body"])) for row in _digests(scene))
        return scene.found(
            "clock jumps",
            digest_once=set(_mornings(scene).values()) == {1},
            day_once=set(days.values()) == {1},
        )


def _digests(scene: Scene) -> list[dict[str, Any]]:
    return scene.company.rows("select person_id, body from outbox where kind = 'digest'")


def _mornings(scene: Scene) -> Counter[int]:
    """Count the digests of Wednesday that reached each representative."""
    sent = (one for one in scene.company.chat.deliveries() if one["what"] == "sent")
    return Counter(
        int(str(one["chat_id"])) for one in sent if plain(str(one["text"])).startswith(DAWN)
    )


def at_the_same_instant(folder: Path, url: str) -> Found:
    """Bring updates to two processes at one instant: each to both, and two presses of one."""
    with opened(folder, url, bots=2, webhook=True) as scene:
        place.bring(scene.company, len(scene.people), 1)
        one = scene.people[0]
        rep = Rep(1, one, 1, Load())
        rep.carry_out(replace(a_promise(1, 1), done=("À relire",)), 1)
        shown = rep.live(place.name_of(1, 1))
        door = Doorstep(scene.doors, SECRET)
        sign = _data_of(scene, "Valider la promesse")
        accepted = door.bring_everywhere(door.press(one.id, shown.id, sign) for _ in range(2))
        for _ in range(ROUNDS):
            asked = [(person.id, scene.words()) for person in scene.people]
            accepted &= door.bring_everywhere(door.text(*each) for each in asked)
            scene.asked += asked
            scene.hear()
        scene.until_told("", 0)
        return scene.found(
            "two replicas at one instant",
            accepted=accepted,
            one_promise=scene.count(tables.promise) == 1,
        )


def _data_of(scene: Scene, label: str) -> str:
    """Return what the last button with a label carries, as the bot stored it."""
    for row in scene.company.rows("select body from outbox order by id desc"):
        body = row["body"] if isinstance(row["body"], dict) else json.loads(row["body"])
        markup = body.get("params", {}).get("reply_markup") or {}
        keyboard = json.loads(markup) if isinstance(markup, str) else markup
        for line in keyboard.get("inline_keyboard", []):
            for button in line:
                if button["text"] == label:
                    return str(button["callback_data"])
    raise AssertionError(f"no button {label!r} was ever sent")
