"""What a few lines cost in a large book, and whom files of no ledger touch."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from bot.jobs import importing
from bot.use_cases import following
from storage import book_customers, book_stage, tables
from storage.work import Work
from tests.bot.store.beside import ASIDE, book, bring, files, left_over, opened, short
from tests.bot.use_cases.ledger import PEOPLE, a_file
from tests.storage.inline import inline


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
    monkeypatch.setattr(book_customers, "MANY", 1)
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
