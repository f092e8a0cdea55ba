"""The demo's book through the real import and the real use cases: every signal is lit."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from bot.application import House, build_rules
from bot.commands import demo_past
from bot.demo.cast import CREDIT_MANAGER, REPS, STAFF
from bot.demo.debtors import code_of
from bot.demo.deeds import LAST_EXPORT_DAYS
from bot.demo.exports import OPEN, RECEIPTS, write_book, write_examples
from bot.demo.situations import Place, write_ledger
from bot.demo.tidings import NOTICES, write_known, write_news
from bot.use_cases import access
from bot.use_cases.imports import import_file
from config.clock import Clock
from config.settings import Settings
from credit.moment import Moment
from storage import tables
from storage.database import connect
from storage.work import Work
from tests.storage.databases import furnish
from tests.storage.inline import inline

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)  # a Monday


class StoppedClock(Clock):
    def now(self) -> Moment:
        return Moment(NOW, self.zone)


@dataclass(frozen=True)
class Played:
    """The demo as it stands when its cards leave."""

    house: House
    folder: Path

    def look(self, function: Callable[..., Any], name: str = "relance.db") -> Any:
        with inline(f"sqlite:///{self.folder / name}") as work:
            return function(work)


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Played:
    folder = tmp_path_factory.mktemp("demo")
    url = f"sqlite:///{folder / 'relance.db'}"
    furnish(url)
    house = asyncio.run(_played(url, folder))
    return Played(house, folder)


async def _played(url: str, folder: Path) -> House:
    settings = Settings(_env_file=None, database_url=url, company="Comptoir")
    database = connect(url)
    await database.open()
    try:
        clock = StoppedClock(0, settings.zone)
        house = House(settings, build_rules(settings), clock, database)
        today = clock.now().today
        ledger = write_ledger(today)
        before = write_book(ledger, folder / "old", today - timedelta(days=LAST_EXPORT_DAYS))
        before += write_known(ledger, folder / "old")
        write_news(ledger, folder / "new")
        write_book(ledger, folder / "new")
        write_examples(ledger, folder / "examples")
        await database.transact(demo_past.play_past, house, before)
        await database.transact(_come_in, house)
        files = [folder / "new" / name for name in (OPEN, RECEIPTS, NOTICES)]
        await database.transact(demo_past.bring_today, house, files)
    finally:
        await database.close()
    return house


def _come_in(work: Work, house: House) -> None:
    """Open every invitation, as the chat does."""
    origin = demo_past.Stage(house).origin("come in", 0)
    for user, payload in demo_past.invite_everybody(work, house).items():
        access.enrol(
            work, origin, telegram_id=user, payload=payload, name="", locale=STAFF[0].language
        )


def lit(work: Work) -> dict[str, set[str]]:
    rows = work.all(
        select(tables.customer.c.code, tables.alert.c.signals, tables.alert.c.level).select_from(
            tables.alert.join(tables.customer)
        )
    )
    return {row.code: {one["id"] for one in row.signals} for row in rows if row.level}


WANTED = {
    Place.VERY_LATE: "C1-01",
    Place.GROWING_DELAY: "C1-02",
    Place.OVERDUE_SHARE: "C1-03",
    Place.BROKEN_PROMISE: "C1-04",
    Place.TWO_BROKEN_PROMISES: "C1-04",
    Place.ODD_PAYMENTS: "C1-06",
    Place.WANTS_TIME: "C1-08",
    Place.LATE_DISPUTES: "C1-09",
    Place.OVER_LIMIT: "C1-10",
    Place.FAR_OVER_LIMIT: "C1-10",
    Place.FIRST_PURCHASE: "C1-11",
    Place.LEFT_ASIDE: "C1-12",
    Place.SILENT: "C1-13",
    Place.SWISS: "C1-01",
    Place.ORPHAN: "C1-01",
    Place.HOSTILE: "C1-01",
    Place.RED_ALERT: "C2-01",
    Place.ODD_ORDER: "C2-02",
    Place.INSURER_LEAVES: "C3-04",
    Place.INSOLVENT: "C3-01",
}


def test_every_signal_is_lit_on_the_customer_who_lives_it(
    played: Played,
) -> None:
    signals = played.look(lit)
    missing = {
        place.name: signal
        for place, signal in WANTED.items()
        if signal not in signals.get(code_of(place), set())
    }
    assert missing == {}
    assert code_of(Place.AT_PEACE) not in signals
    assert code_of(Place.NEW_ALERT) not in signals


def test_every_rep_gets_cards_once_and_nobody_hears_of_the_past(
    played: Played,
) -> None:
    def cards(work: Work) -> list[tuple[int, int]]:
        rows = work.all(select(tables.outbox).where(tables.outbox.c.kind == "alert"))
        return [(row.chat_id, row.body["customer_id"]) for row in rows]

    found = played.look(cards)
    assert len(found) == len(set(found))
    assert {rep.telegram_id for rep in REPS} <= {chat for chat, _ in found}
    assert all(sum(chat == rep.telegram_id for chat, _ in found) <= 12 for rep in REPS)
    assert CREDIT_MANAGER.telegram_id in {chat for chat, _ in found}  # the customer without a rep


def test_the_promises_stand_as_the_story_says(played: Played) -> None:
    def states(work: Work) -> dict[str, list[str]]:
        rows = work.all(
            select(tables.customer.c.code, tables.promise.c.state)
            .select_from(tables.promise.join(tables.customer))
            .order_by(tables.promise.c.id)
        )
        found: dict[str, list[str]] = {}
        for row in rows:
            found.setdefault(row.code, []).append(row.state)
        return found

    assert played.look(states) == {
        code_of(Place.TWO_BROKEN_PROMISES): ["broken", "broken"],
        code_of(Place.BROKEN_PROMISE): ["broken"],
        code_of(Place.RED_ALERT): ["broken"],
        code_of(Place.PROMISE_DUE_TODAY): ["open"],
        code_of(Place.PROMISE_RUNNING): ["open"],
    }


def test_visits_raise_two_accounts_to_a_red_alert_and_a_notice_freezes_a_third(
    played: Played,
) -> None:
    def levels(work: Work) -> dict[str, int]:
        joined = tables.alert.join(tables.customer)
        rows = work.all(select(tables.customer.c.code, tables.alert.c.level).select_from(joined))
        return {row.code: row.level for row in rows}

    def told(work: Work) -> set[tuple[int, str]]:
        codes = {row.id: row.code for row in work.all(select(tables.customer))}
        rows = work.all(select(tables.outbox).where(tables.outbox.c.kind == "alert"))
        return {(row.chat_id, codes[row.body["customer_id"]]) for row in rows}

    known = played.look(levels)
    heard = played.look(told)
    assert known[code_of(Place.ODD_ORDER)] == 2
    for place, rep in ((Place.RED_ALERT, 0), (Place.INSURER_LEAVES, 2), (Place.INSOLVENT, 1)):
        assert known[code_of(place)] == (4 if place is Place.INSOLVENT else 3)
        both = {REPS[rep].telegram_id, CREDIT_MANAGER.telegram_id}
        assert {chat for chat, code in heard if code == code_of(place)} == both


def test_a_freeze_dates_its_tasks_and_a_held_order_waits_for_the_credit_manager(
    played: Played,
) -> None:
    def tasks(work: Work) -> list[str]:
        return work.scalars(select(tables.task.c.kind).where(tables.task.c.done_at.is_(None)))

    def asked(work: Work) -> list[tuple[str, list[str]]]:
        table = tables.release_request
        return [(row.state, row.rules) for row in work.all(select(table))]

    kinds = played.look(tasks)
    assert {"claim_declaration", "claim_goods", "claim_relief", "seek_goods"} <= set(kinds)
    [(state, codes)] = played.look(asked)
    assert state == "asked"
    assert codes


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_the_two_files_to_drop_keep_a_promise_and_raise_an_alert(
    played: Played, order: tuple[int, int]
) -> None:
    def drop(work: Work) -> tuple[str, set[str]]:
        names = ("paiements_du_jour.csv", "nouvelles_echeances.csv")
        for place in order:
            path = played.folder / "examples" / names[place]
            origin = demo_past.Stage(played.house).origin(f"drop:{place}", 0)
            import_file(work, origin, path, rules=played.house.rules, channel="folder")
        state = work.scalar(
            select(tables.promise.c.state)
            .select_from(tables.promise.join(tables.customer))
            .where(tables.customer.c.code == code_of(Place.PROMISE_DUE_TODAY))
        )
        return state, lit(work).get(code_of(Place.NEW_ALERT), set())

    copy = f"copy{order[0]}.db"
    shutil.copyfile(played.folder / "relance.db", played.folder / copy)
    state, signals = played.look(drop, copy)
    assert state == "kept"
    assert "C1-01" in signals
