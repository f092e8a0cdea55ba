"""A long import is written beside the taps and seen all at once, or not at all."""

from __future__ import annotations

import asyncio
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select, text

from bot.jobs import importing
from bot.jobs.importing import Turn
from bot.jobs.timetable import Bench
from bot.use_cases import following
from bot.use_cases.import_report import ImportReport
from bot.use_cases.imports import Wish
from bot.use_cases.refusals import ImportRunning
from credit.moment import Moment
from storage import book_customers, book_stage, book_versions, migrate, tables
from storage.database import connect
from storage.events import Origin
from storage.sqlite_path import path_of
from storage.work import Work
from tests.bot.store.bench import Clock
from tests.bot.use_cases.ledger import ITEMS, PAID, PEOPLE, a_file, line, rules
from tests.storage.inline import inline

ROOT = Path(__file__).parents[3]
VERSIONED = (tables.customer, tables.item, tables.payment, tables.settlement)
OTHERS = (tables.customer_contact, tables.import_run, tables.alert, tables.outbox, tables.event)
ASIDE = pytest.mark.parametrize("aside", [False, True], ids=["here", "in a process of its own"])


REJECTS = "Code client;Code rejet;Date rejet;Montant"


@pytest.fixture
def long_way(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every file be a long one, written two rows at a time."""
    monkeypatch.setattr(importing, "SHORT_FILE", -1)
    monkeypatch.setattr(importing, "BRIEF_FILE", -1)
    monkeypatch.setattr(book_stage, "PIECE", 2)
    monkeypatch.setattr(book_stage, "ALONE_PIECE", 2)
    monkeypatch.setattr(following, "ALONE", 2)


def files(folder: Path) -> list[Path]:
    """A week of exports: everything a book goes through."""
    open_items = [line(f"F{n}", f"{n}00,00", customer=f"C{n % 4}") for n in range(1, 9)]
    partly_paid = line("F2", "50,00", total="200,00", customer="C2")
    return [
        a_file(folder, PEOPLE, "C1;Alpha;R1;1000;Ann;0102030405", "C9;Neuf;R2;;;"),
        a_file(folder, ITEMS, *open_items),
        a_file(folder, PAID, "C3;18/11/2026;120,00;EUR;F3;REF1", "C1;19/11/2026;77,00;EUR;;REF2"),
        a_file(folder, ITEMS, *open_items[2:], partly_paid, line("N1", "5,00", customer="C7")),
        a_file(folder, PEOPLE, "C1;Alpha & Co;R2;2000;Bob;0102030406", "C9;Neuf;R2;;;"),
        a_file(folder, ITEMS, *open_items[4:], line("F1", "100,00", customer="C1")),
        a_file(folder, REJECTS, "C2;AM04;18/11/2026;120,00", "C3;AC04;18/11/2026;50,00"),
    ]


class StillClock(Clock):
    """A clock that counts no looks at it: how many there are depends on the machine."""

    def now(self) -> Moment:
        return Moment(self.at, self.zone)


async def opened(url: str, story: Callable[[Bench], Awaitable[Any]], folder: Path) -> Any:
    database = connect(url)
    await database.open()
    try:
        bench = Bench(database, rules(), StillClock(), folder, folder, is_gone=lambda _owner: True)
        return await story(bench)
    finally:
        await database.close()


def bring(
    url: str, paths: Sequence[Path], *, aside: bool = False, partial: bool = False, **how: Any
) -> list[Any]:
    """Import files one after the other; each is signed by its name."""

    async def story(bench: Bench) -> list[ImportReport]:
        return [
            await importing.bring(
                bench,
                Origin(None, None, bench.clock.now(), f"test:{path.name}"),
                Wish(path, "cli", partial=partial),
                aside=aside,
                **how,
            )
            for path in paths
        ]

    return list(asyncio.run(opened(url, story, paths[0].parent)))


def book(url: str) -> dict[str, list[tuple[Any, ...]]]:
    """Read everything an import leaves to be seen."""
    with inline(url) as work:
        return {
            table.name: [tuple(row) for row in work.all(select(table).order_by(*table.primary_key))]
            for table in (*VERSIONED, *OTHERS)
        }


def left_over(url: str) -> int:
    """Count the rows of versions that are neither seen nor the one before."""
    with inline(url) as work:
        standing = book_versions.standing(work)
        assert standing.pending is None
        lists = (tables.book_touched, tables.book_later, tables.book_follow)
        rows = sum(work.scalar(select(func.count()).select_from(one)) for one in lists)
        for one in book_versions.ROWS:
            wrong = (one.c.since > standing.version) | (one.c.until <= standing.previous)
            rows += work.scalar(select(func.count()).select_from(one).where(wrong))
        return int(rows)


@pytest.mark.usefixtures("long_way")
def test_a_server_knows_how_large_the_book_is_after_a_long_import(
    postgres_url: str, tmp_path: Path
) -> None:
    size = text("select reltuples from pg_class where relname = 'item_row'")
    bring(postgres_url, files(tmp_path)[:2])
    with inline(postgres_url) as work:
        assert work.scalar(size) == 8


def short(
    url: str, paths: Sequence[Path], monkeypatch: pytest.MonkeyPatch, **how: Any
) -> list[Any]:
    with monkeypatch.context() as patched:
        patched.setattr(importing, "SHORT_FILE", 1_000_000)
        return bring(url, paths, **how)


@pytest.fixture
def two_urls(request: pytest.FixtureRequest, database_url: str, tmp_path: Path) -> tuple[str, str]:
    """Two databases of one kind, as of today nothing in them."""
    if database_url.startswith("sqlite"):
        other = tmp_path / "other.db"
        shutil.copyfile(path_of(database_url), other)
        return database_url, f"sqlite:///{other}"
    other_url: str = request.getfixturevalue("blank_postgres_url")
    migrate.upgrade(other_url)
    return database_url, other_url


@ASIDE
@pytest.mark.usefixtures("long_way")
def test_the_long_way_ends_with_the_book_of_the_short_one(
    aside: bool, two_urls: tuple[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, other = two_urls
    paths = files(tmp_path)
    told = bring(one, paths, aside=aside)
    expected = short(other, paths, monkeypatch)
    assert told == expected
    assert book(one) == book(other)
    assert left_over(one) == 0
    assert not list(tmp_path.glob("*.import-*"))


@pytest.mark.usefixtures("long_way")
def test_a_few_lines_are_written_at_once_into_a_large_book(
    two_urls: tuple[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, other = two_urls
    people, first, *others = files(tmp_path)
    bring(one, [people, first])
    short(other, [people, first], monkeypatch)
    monkeypatch.setattr(importing, "BRIEF_FILE", 1_000_000)
    copied, copy = [], book_stage.copy

    def noted(database: Path, target: Path) -> None:
        copied.append(target)
        copy(database, target)

    monkeypatch.setattr(book_stage, "copy", noted)
    payments, export, customers, *_ = others
    assert bring(one, [payments, customers]) == short(other, [payments, customers], monkeypatch)
    assert bring(one, [export], partial=True) == short(other, [export], monkeypatch, partial=True)
    assert not copied
    assert book(one) == book(other)
    assert left_over(one) == 0
    bring(one, [export])  # a whole export says something of every item
    assert bool(copied) == one.startswith("sqlite")


@pytest.mark.usefixtures("long_way")
def test_a_few_lines_are_read_with_nobody_but_their_customers(
    database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bring(database_url, files(tmp_path)[:2])
    monkeypatch.setattr(importing, "BRIEF_FILE", 1_000_000)
    read: list[str] = []
    known = book_customers._KNOWN

    class Noted:
        def rows(self, work: Work, values: Any) -> Any:
            read.append("everybody")
            return known.rows(work, values)

    monkeypatch.setattr(book_customers, "_KNOWN", Noted())
    bring(database_url, files(tmp_path)[2:3])
    bring(database_url, files(tmp_path)[6:])
    bring(database_url, files(tmp_path)[4:5])
    assert not read
    monkeypatch.setattr(book_customers, "FEW", 1)
    bring(database_url, [a_file(tmp_path, PEOPLE, "C1;Alpha;R1;;;", "C2;Beta;R1;;;")])
    assert read == ["everybody"]


@ASIDE
@pytest.mark.usefixtures("long_way")
def test_whom_a_file_of_no_ledger_touches_is_looked_at_by_pieces(
    aside: bool, database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    *before, rejects = files(tmp_path)
    bring(database_url, before)
    alerts = book(database_url)["alert"]
    monkeypatch.setattr(following, "_look", _dies)
    with pytest.raises(RuntimeError, match="killed"):
        bring(database_url, [rejects], aside=aside)
    assert book(database_url)["alert"] == alerts
    monkeypatch.undo()
    asyncio.run(opened(database_url, importing.resume, tmp_path))
    found = book(database_url)
    assert found["alert"] != alerts
    assert left_over(database_url) == 0
    with inline(database_url) as work:
        run = work.first(select(tables.import_run).order_by(tables.import_run.c.id.desc()))
    assert run is not None
    assert sum(run.report["alerts"].values()) > 0


def _dies(*_: Any) -> None:
    raise RuntimeError("killed")


@ASIDE
@pytest.mark.usefixtures("long_way")
def test_a_dry_run_of_a_file_of_no_ledger_tells_the_same_and_changes_nothing(
    aside: bool, database_url: str, tmp_path: Path
) -> None:
    *before, rejects = files(tmp_path)
    bring(database_url, before)
    stood = book(database_url)
    [told] = bring(database_url, [rejects], dry_run=True, aside=aside)
    assert book(database_url) == stood
    assert not list(tmp_path.glob("*.import-*"))
    [done] = bring(database_url, [rejects], aside=aside)
    assert sum(done.alerts.values()) > 0
    assert (told.dry_run, told.new, told.alerts) == (True, 2, done.alerts)


@pytest.mark.usefixtures("long_way")
def test_a_long_dry_run_tells_the_same_and_changes_nothing(
    database_url: str, tmp_path: Path
) -> None:
    first, second, *_ = files(tmp_path)
    bring(database_url, [first])
    before = book(database_url)
    [told] = bring(database_url, [second], dry_run=True)
    assert book(database_url) == before
    assert (told.dry_run, told.new, told.totals) == (True, 8, {"EUR": 360_000})
    [done] = bring(database_url, [second])
    assert (done.new, done.alerts) == (told.new, told.alerts)


@pytest.mark.usefixtures("long_way")
def test_taps_between_the_pieces_are_answered_and_see_all_or_nothing(
    sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    paths = files(tmp_path)
    bring(sqlite_url, paths[:2])
    seen: list[tuple[int, bool]] = []
    one_piece = Turn.piece

    def tap(work: Work) -> tuple[int, bool]:
        pending = book_versions.standing(work).pending is not None
        return work.scalar(select(func.count()).select_from(tables.item)), pending

    async def watched(turn: Turn, *args: Any, **kwargs: Any) -> Any:
        result = await one_piece(turn, *args, **kwargs)
        seen.append(await turn.bench.database.transact(tap))
        return result

    monkeypatch.setattr(Turn, "piece", watched)
    bring(sqlite_url, paths[3:4])
    begun = next(n for n, (_, pending) in enumerate(seen) if pending)
    assert {count for count, _ in seen[:begun]} == {8}
    assert {count for count, pending in seen[begun:] if pending} == {8}
    assert {count for count, pending in seen[begun:] if not pending} == {9}


@pytest.mark.usefixtures("long_way")
def test_a_book_is_begun_in_one_transaction_unless_a_bot_runs(
    sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    people, items, *_ = files(tmp_path)
    [served] = copies(sqlite_url, "served", 1)
    written: list[str] = []
    apply = book_stage.apply

    def noted(work: Work, piece: book_stage.Piece, version: int, owner: str) -> None:
        written.append(piece.table)
        apply(work, piece, version, owner)

    monkeypatch.setattr(book_stage, "apply", noted)
    bring(sqlite_url, [people, items])
    assert not written
    bring(served, [people, items], aside=True)
    assert {"customer_row", "item_row"} <= set(written)
    assert book(sqlite_url) == book(served)


@pytest.mark.parametrize("where", ["before", "after"])
def test_an_import_killed_anywhere_leaves_nothing_or_is_finished(
    where: str, sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    paths = files(tmp_path)
    short(sqlite_url, paths[:3], monkeypatch)
    before = book(sqlite_url)
    [undisturbed] = copies(sqlite_url, "undisturbed", 1)
    pieces, _ = killed(paths[3], "never", [undisturbed])
    after = book(undisturbed)
    urls = copies(sqlite_url, "killed", int(pieces))
    assert killed(paths[3], where, urls) == ["-9"] * len(urls)
    ends = set()
    for url in urls:
        asyncio.run(opened(url, importing.resume, tmp_path))
        found = book(url)
        ends.add("nothing" if found == before else "all")
        assert found == before or told_once(found) == told_once(after)
        assert left_over(url) == 0
        assert not list(tmp_path.glob(f"{path_of(url).name}.import-*"))
    assert ends == {"all", "nothing"}


def copies(url: str, name: str, count: int) -> list[str]:
    """Copy a database so many times beside itself."""
    file = path_of(url)
    made = [file.with_name(f"{name}-{n}.db") for n in range(count)]
    for one in made:
        shutil.copyfile(file, one)
    return [f"sqlite:///{one}" for one in made]


def told_once(found: dict[str, list[tuple[Any, ...]]]) -> dict[str, Any]:
    """Leave out moments and the keys made of them: a finished import ends later."""
    exact = {one: found[one] for one in ("customer", "item", "payment", "settlement")}
    return {**exact, **{one: len(found[one]) for one in ("alert", "outbox", "event", "import_run")}}


def killed(path: Path, where: str, urls: Sequence[str]) -> list[str]:
    """Import a file into each database; the n-th process is killed at its n-th piece."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.bot.store.killed", str(path), where, *urls],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.split()


def test_one_import_at_a_time_changes_the_book(database_url: str, tmp_path: Path) -> None:
    path = files(tmp_path)[1]

    async def story(bench: Bench) -> None:
        async with importing._turn(bench, aside=True):
            with pytest.raises(ImportRunning):
                await importing.bring(bench, bench.origin("second"), Wish(path, "cli"))
        report = await importing.bring(bench, bench.origin("third"), Wish(path, "cli"))
        assert report.new == 8

    asyncio.run(opened(database_url, story, tmp_path))


exports = st.lists(
    st.lists(
        st.tuples(st.integers(1, 6), st.integers(1, 40), st.integers(1, 3)),
        min_size=1,
        max_size=6,
        unique_by=lambda one: one[0],
    ),
    min_size=1,
    max_size=4,
)


@settings(deadline=None, max_examples=12)
@given(story=exports)
def test_any_exports_come_in_the_long_way_as_the_short_one(
    story: list[list[tuple[int, int, int]]], sqlite_template: Path
) -> None:
    with tempfile.TemporaryDirectory() as name, pytest.MonkeyPatch.context() as patched:
        folder = Path(name)
        one, other = folder / "one.db", folder / "other.db"
        for copy in (one, other):
            shutil.copyfile(sqlite_template, copy)
        paths = [
            a_file(folder, ITEMS, *(line(f"F{n}", f"{m},00", customer=f"C{c}") for n, m, c in rows))
            for rows in story
        ]
        short(f"sqlite:///{other}", paths, patched)
        patched.setattr(importing, "SHORT_FILE", -1)
        patched.setattr(book_stage, "PIECE", 3)
        patched.setattr(book_stage, "ALONE_PIECE", 3)
        bring(f"sqlite:///{one}", paths)
        assert book(f"sqlite:///{one}") == book(f"sqlite:///{other}")
        # other bytes, or a file known of today would not be read at all
        lines = paths[-1].read_text("utf-8").splitlines()[1:]
        _, report = bring(
            f"sqlite:///{one}",
            [a_file(folder, ITEMS, *lines, *empty) for empty in ([""], ["", ""])],
        )
        assert (report.new, report.changed, report.settled) == (0, 0, 0)
        assert left_over(f"sqlite:///{one}") == 0
