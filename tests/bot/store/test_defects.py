"""A defect that a file meets: the file is given up and told, the others go on."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from bot.jobs import store
from bot.screens.uploads import ImportUpload
from bot.use_cases import sync
from bot.use_cases.uploads import MOST_TRIES
from storage import facts, tables
from storage.work import Work
from tests.bot.store.bench import CLAIRE, OPEN, Company, with_company
from tests.bot.store.test_chat_import import ONE, Talk, telegram
from tests.storage.inline import inline

TWO = "C2;Durand;F2;01/09/2026;01/10/2026;300,00;300,00;EUR;R1"


def defect(work: Work) -> None:
    """Let the database refuse one invoice, as a defect of ours would."""
    work.execute(
        text(
            "create trigger defect before insert on item_row when new.number = 'F1' "
            "begin select raise(abort, 'defect'); end"
        )
    )


def repaired(work: Work) -> None:
    work.execute(text("drop trigger defect"))


def test_a_sent_file_that_meets_a_defect_is_given_up_and_its_sender_told(
    sqlite_url: str, tmp_path: Path
) -> None:
    async def broken(_file_id: str, _target: Path) -> None:
        raise ValueError("a defect")

    async def story(company: Company) -> None:
        talk = Talk(company)
        await talk.file(CLAIRE)
        for tries in range(MOST_TRIES):
            (row,) = await company.rows(tables.upload)
            assert (row.state, row.tries) == ("waiting", tries)
            await store.fetch_uploads(company.bench)
        (row,) = await company.rows(tables.upload)
        assert row.state == "refused"
        (card,) = await company.cards(CLAIRE)
        assert "échoué trois fois sur export.csv" in card
        assert "journal du serveur" in card

    with_company(sqlite_url, tmp_path, story, broken)


def locked() -> OperationalError:
    error = sqlite3.OperationalError("database is locked")
    error.sqlite_errorcode = sqlite3.SQLITE_BUSY
    return OperationalError("begin immediate", {}, error)


class Killed(BaseException):
    """What the process is when it dies over a file: nothing after it is done."""


def test_a_sent_file_over_which_processes_die_is_given_up_and_its_sender_told(
    sqlite_url: str, tmp_path: Path
) -> None:
    async def deadly(_file_id: str, _target: Path) -> None:
        raise Killed

    async def story(company: Company) -> None:
        talk = Talk(company)
        await talk.file(CLAIRE)
        for tries in range(MOST_TRIES):
            (row,) = await company.rows(tables.upload)
            assert (row.state, row.tries) == ("waiting", tries)
            reborn = replace(company.bench, entrance=store.Entrance())
            with pytest.raises(Killed):
                await store.fetch_uploads(reborn)
        await store.fetch_uploads(replace(company.bench, entrance=store.Entrance()))
        (row,) = await company.rows(tables.upload)
        assert row.state == "refused"
        (card,) = await company.cards(CLAIRE)
        assert "échoué trois fois sur export.csv" in card

    with_company(sqlite_url, tmp_path, story, deadly)


@pytest.mark.parametrize(
    "trouble",
    [TimeoutError(), asyncio.CancelledError(), locked()],
)
def test_what_is_no_fault_of_a_file_never_counts(
    sqlite_url: str, tmp_path: Path, trouble: BaseException
) -> None:
    async def away(_file_id: str, _target: Path) -> None:
        raise trouble

    async def story(company: Company) -> None:
        talk = Talk(company)
        await talk.file(CLAIRE)
        for _ in range(2 * MOST_TRIES):
            with suppress(OperationalError, asyncio.CancelledError):
                await store.fetch_uploads(company.bench)
        (row,) = await company.rows(tables.upload)
        assert row.state == "waiting"
        assert row.tries <= 1

    with_company(sqlite_url, tmp_path, story, away)


def test_a_defect_that_goes_away_is_forgotten(sqlite_url: str, tmp_path: Path) -> None:
    async def story(company: Company) -> None:
        talk = Talk(company)
        await talk.read_file(CLAIRE)
        await talk.tap(CLAIRE, ImportUpload(1))
        await company.database.transact(defect)
        await store.fetch_uploads(company.bench)
        (row,) = await company.rows(tables.upload)
        assert (row.state, row.tries) == ("accepted", 1)
        await company.database.transact(repaired)
        await store.fetch_uploads(company.bench)
        (row,) = await company.rows(tables.upload)
        assert (row.state, row.tries) == ("imported", 0)

    with_company(sqlite_url, tmp_path, story, telegram(OPEN, ONE))


def test_a_dropped_file_that_meets_a_defect_is_put_aside_and_the_next_one_comes_in(
    sqlite_url: str, tmp_path: Path
) -> None:
    async def story(company: Company) -> None:
        await company.database.transact(defect)
        company.drop("a.csv", OPEN, ONE)
        company.drop("b.csv", OPEN, TWO)
        became = []
        for _ in range(MOST_TRIES):
            became += await company.look()
        assert became.count(("a.csv", "refused")) == MOST_TRIES
        assert became.count(("b.csv", "imported")) == 1
        all_put_aside(company)

    with_company(sqlite_url, tmp_path, story)


def test_a_dropped_file_over_which_processes_die_is_put_aside_and_the_next_one_comes_in(
    sqlite_url: str, tmp_path: Path
) -> None:
    async def story(company: Company) -> None:
        company.drop("a.csv", OPEN, ONE)
        for n in range(MOST_TRIES):  # all that a process leaves which dies over it
            await company.database.transact(sync.begin, Path("a.csv"), f"life {n}")
        company.drop("b.csv", OPEN, TWO)
        became = await company.look()
        assert ("a.csv", "refused") in became
        assert ("b.csv", "imported") in became
        all_put_aside(company)
        company.drop("a.csv", OPEN, ONE)  # mended, it comes in
        assert ("a.csv", "imported") in await company.look()

    with_company(sqlite_url, tmp_path, story)


def test_a_death_over_a_dropped_file_that_comes_in_after_it_is_forgotten(
    sqlite_url: str, tmp_path: Path
) -> None:
    async def story(company: Company) -> None:
        company.drop("a.csv", OPEN, ONE)
        for n in range(MOST_TRIES - 1):
            await company.database.transact(sync.begin, Path("a.csv"), f"life {n}")
        assert await company.look() == [("a.csv", "imported")]
        assert await company.database.read(facts.get, sync.COMING_IN) == {}

    with_company(sqlite_url, tmp_path, story)


def test_a_dropped_file_that_met_an_outage_counts_once_as_long_as_its_process_lives(
    database_url: str,
) -> None:
    with inline(database_url) as work:
        path = Path("a.csv")
        assert [sync.begin(work, path, life) for life in ("one", "one", "two")] == [1, 1, 2]
        sync.met_a_defect(work, path)
        assert sync.begin(work, path, "two") == 3
        sync.ended(work, path)
        assert sync.begin(work, path, "two") == 1


def all_put_aside(company: Company) -> None:
    assert company.rooms()["in"] == []
    notes = [path.read_text("utf-8") for path in company.bench.folder.rglob("*.txt")]
    assert any("trois fois" in note for note in notes)


def test_a_file_that_another_machine_has_fetched_is_fetched_once_more(
    database_url: str, tmp_path: Path
) -> None:
    async def story(company: Company) -> None:
        talk = Talk(company)
        await talk.file(CLAIRE)
        await store.fetch_uploads(company.bench)
        await elsewhere(company)
        await store.fetch_uploads(company.bench)
        assert "1 nouvelle" in (await company.cards(CLAIRE))[-1]
        await talk.tap(CLAIRE, ImportUpload(1))
        await elsewhere(company)
        await store.fetch_uploads(company.bench)
        assert len(await company.rows(tables.item)) == 1

    with_company(database_url, tmp_path, story, telegram(OPEN, ONE))


async def elsewhere(company: Company) -> None:
    """Let the file lie on another machine."""
    for path in company.bench.uploads.iterdir():
        path.unlink()


def test_what_was_fetched_here_and_taken_further_elsewhere_goes_after_a_month(
    sqlite_url: str, tmp_path: Path
) -> None:
    async def story(company: Company) -> None:
        old, fresh = (company.bench.uploads / name for name in ("7.csv", "8.csv"))
        company.bench.uploads.mkdir()
        for path, days in ((old, 40), (fresh, 1)):
            path.write_text("x")
            aged(path, days, company)
        await store.fetch_uploads(company.bench)
        assert [path.exists() for path in (old, fresh)] == [False, True]

    with_company(sqlite_url, tmp_path, story)


def aged(path: Path, days: int, company: Any) -> None:
    import os

    at = company.bench.clock.now().at.timestamp() - days * 86_400
    os.utime(path, (at, at))
