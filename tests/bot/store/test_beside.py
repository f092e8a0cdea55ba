"""A long import is written beside the taps and seen all at once, or not at all."""

from __future__ import annotations

import asyncio
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select, text

from bot.jobs import importing
from bot.jobs.importing import Turn
from bot.jobs.timetable import Bench
from bot.use_cases.imports import Wish
from bot.use_cases.refusals import ImportRunning
from storage import book_stage, book_versions, tables
from storage.sqlite_path import path_of
from storage.work import Work
from tests.bot.store.beside import ASIDE, book, bring, files, left_over, opened, short
from tests.bot.use_cases.ledger import ITEMS, a_file, line
from tests.storage.inline import inline

ROOT = Path(__file__).parents[3]


@pytest.mark.usefixtures("long_way")
def test_a_server_knows_how_large_the_book_is_after_a_long_import(
    postgres_url: str, tmp_path: Path
) -> None:
    size = text("select reltuples from pg_class where relname = 'item_row'")
    bring(postgres_url, files(tmp_path)[:2])
    with inline(postgres_url) as work:
        assert work.scalar(size) == 8


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
