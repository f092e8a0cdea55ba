"""Faults that kill: one update or one file over which every process dies that takes it up.

A lock in the database keeps each process at work on it until it is killed.
"""

from __future__ import annotations

from pathlib import Path

import psycopg

from bot.simulator.client import Person
from bot.use_cases.unhandled import MOST_DEATHS
from bot.use_cases.uploads import MOST_TRIES
from tests.chaos import place
from tests.chaos.scene import Found, Scene, opened
from tests.chaos.update_faults import GIVEN_UP
from tests.journeys.harness import PATIENCE

OWNED_UP = "Je n’ai pas pu traiter ce message"
REFUSED = "échoué trois fois sur maudit.csv"
HOLD_PERSON = "select id from person where telegram_id = %s for no key update"
HOLD_IMPORTS = "lock table import_run in share row exclusive mode"
STANDING = "from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'"


def over_an_update(folder: Path, url: str) -> Found:
    """Kill every process while it handles one update: that one is given up, nothing else is."""
    with opened(folder, url) as scene, psycopg.connect(url) as other:
        unlucky, lucky = scene.people
        other.execute(HOLD_PERSON, (unlucky.id,))
        unlucky.send("maudit")
        for deaths in range(MOST_DEATHS + 1):  # the first one is not counted: it was fresh
            _die(scene, url, "select begun as n from inbox where done_at is null", deaths, lucky)
        scene.company.until(lambda: _parked(scene) == 1, "the update to be given up", PATIENCE)
        other.rollback()
        scene.ask(1)
        scene.hear()
        boss = scene.company.chat.person(place.BOSS)
        boss.wait_for(lambda shown: shown.text.startswith(GIVEN_UP), PATIENCE, anywhere=True)
        unlucky.wait_for(lambda shown: OWNED_UP in shown.text, PATIENCE, anywhere=True)
        scene.stop()
        parked, told = _parked(scene) == 1, _told(scene, OWNED_UP) == 1
        return scene.found("processes die over one update", parked=parked, told_once=told)


def over_a_file(folder: Path, url: str) -> Found:
    """Kill every process while it reads one file: it is given up, and the next one is read."""
    with opened(folder, url) as scene, psycopg.connect(url) as other:
        boss = scene.company.chat.person(place.BOSS)
        other.execute(HOLD_IMPORTS)
        boss.upload("document", place.receivables(1, 1), "maudit.csv")
        for deaths in range(1, MOST_TRIES + 1):
            _die(scene, url, "select tries as n from upload", deaths, scene.people[0])
        boss.wait_for(lambda shown: REFUSED in shown.text, PATIENCE, anywhere=True)
        other.rollback()
        boss.upload("document", place.receivables(2, 1), "encours.csv")
        boss.wait_for(lambda shown: "encours.csv" in shown.text, PATIENCE, anywhere=True)
        scene.ask(1)
        scene.hear()
        scene.stop()
        told = _told(scene, REFUSED) == 1
        return scene.found("processes die over one file", told_once=told)


def _die(scene: Scene, url: str, counted: str, times: int, lucky: Person) -> None:
    """Kill the process once it stands at the lock, taken up so often; start another one."""
    scene.company.until(
        lambda: (
            [int(row["n"]) for row in scene.company.rows(counted)] == [times]
            and scene.company.rows(f"select pid {STANDING}")
        ),
        f"it to be in hand, counted {times} times",
    )
    scene.ask(1, [lucky])
    scene.hear()
    scene.doubts += 1  # killed with an answer just heard
    scene.bots[0].kill()
    with psycopg.connect(url, autocommit=True) as undertaker:
        # who waits for a lock does not notice that who asked has died
        undertaker.execute(f"select pg_terminate_backend(pid) {STANDING}".encode())
    scene.start()


def _parked(scene: Scene) -> int:
    return len(scene.company.rows("select update_id from inbox where parked"))


def _told(scene: Scene, words: str) -> int:
    """Count the messages that say so, at the far end."""
    return sum(words in str(one["text"]) for one in scene.company.chat.deliveries())
