"""A digest made in another process is the one that would have been made here."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from pydantic import SecretStr

from bot.application import House, furnish
from bot.delivery.making import body_of
from bot.handlers import wide
from bot.handlers.exports import EXPORT
from bot.handlers.rendering import renderers
from bot.jobs.child import Companion
from bot.jobs.timetable import Timetable
from bot.running import serve, worker
from bot.running.aside import made
from bot.screens import render
from bot.screens.export_tap import BALANCE, Export
from bot.simulator.server import Simulator
from bot.use_cases import digests, worklist
from bot.use_cases.worklist import EVERYTHING
from config.settings import Settings
from credit.people import Role
from storage import outbox, people
from storage.work import Work
from tests.day import company
from tests.day.company import MORNING, rules, signed, waiting
from tests.storage.inline import inline


def a_morning(work: Work) -> None:
    for number, locale in enumerate(("fr", "en", "fr"), start=1):
        rep = company.hire(work, f"Rep {number}", Role.REP, f"R{number}")
        people.set_locale(work, rep.id, locale)
        customer = company.a_customer(work, f"C{number}", f"ALPHA {number} SA", f"R{number}")
        company.an_invoice(work, customer, f"F{number}", 500_000, late=45)
        company.planned(work, customer, rep)
    digests.queue(work, signed(), [1, 2, 3])


def test_a_digest_made_aside_says_what_it_says_here(database_url: str) -> None:
    house = rules()
    with inline(database_url) as work:
        a_morning(work)
        rows = waiting(work, "digest")
        known = renderers(house, lambda locale: render.speaker(locale or house.locale, house.zone))
        here = [body_of(work, row, MORNING, known) for row in rows]

    async def aside() -> list[Mapping[str, Any] | None]:
        companion = Companion(made, database_url, house)
        found = [await companion.ask((row, MORNING)) for row in rows]
        companion.close()
        return found

    assert asyncio.run(aside()) == here
    assert ["ALPHA" in str(one) for one in here] == [True] * 3
    assert "overdue" in str(here[1])


def test_pages_and_workbooks_made_apart_are_those_made_here(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wide, "FEW", 1)
    monkeypatch.setattr(worklist, "VAST", 1)
    with inline(database_url) as work:
        a_morning(work)
        boss = company.hire(work, "Claire", Role.CREDIT_MANAGER)
        company.says(work, boss, "/tableau")
        company.taps(work, boss, Export(BALANCE, EVERYTHING))
        digests.queue(work, signed(), [boss.id])
        kinds = (wide.PAGE, EXPORT, "digest")
        posted = [row for kind in kinds for row in waiting(work, kind)]
        rows = [row for row in posted if row.person_id == boss.id]
        assert [row.body.get(outbox.ASIDE) for row in rows] == [True] * 3
        here = [company.rendered(work, row).bodies for row in rows]

    async def apart() -> list[Mapping[str, Any] | None]:
        bare = replace(rules(), scripts={})
        companion = Companion(made, database_url, bare)
        found = [await companion.ask((row, MORNING)) for row in rows]
        companion.close()
        return found

    for there, (mine,) in zip(asyncio.run(apart()), here, strict=True):
        assert there is not None
        assert there["method"] == mine["method"]
        assert there["params"].get("text") == mine["params"].get("text")
        assert there.get("files", {}).keys() == mine.get("files", {}).keys()


def test_the_rules_and_the_words_are_read_beside_the_loop(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    render._catalogue.cache_clear()
    render._translated.cache_clear()  # what other tests have said would not ask for it
    told = Event()
    where: list[threading.Thread] = []
    known: list[int] = []

    def furnished(*args: Any) -> House:
        where.append(threading.current_thread())
        return furnish(*args)

    class Noting(Timetable):
        def start(self) -> None:
            known.append(render._catalogue.cache_info().currsize)
            super().start()
            told.set()

    monkeypatch.setattr(worker, "furnish", furnished)
    monkeypatch.setattr(worker, "Timetable", Noting)

    async def play() -> None:
        simulator = Simulator(pace_polling=False)
        await simulator.start()
        stop = asyncio.Event()
        url = simulator.api_url
        settings = Settings(
            bot_token=SecretStr(simulator.token), bot_api_url=url, data_dir=tmp_path
        )
        serving = asyncio.create_task(serve(settings, stop))
        assert await asyncio.to_thread(told.wait, 20)
        stop.set()
        await serving
        await simulator.stop()

    asyncio.run(play())
    assert where[0] is not threading.main_thread()
    assert known == [1]
