"""Long exports, day after day: each is told from the one before it."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.jobs import importing
from storage import former_export
from storage.sqlite_path import path_of
from tests.bot.store.beside import ASIDE, book, bring, left_over, short
from tests.bot.use_cases.ledger import ITEMS, a_file, line
from tests.storage.inline import inline

MANY = 5_200  # as long as a first book that is written without its indexes


def days(folder: Path) -> list[Path]:
    """Write the exports of three days: a hundredth is paid in part, some is gone, some new."""
    first = [line(f"F{n}", "900,00", customer=f"C{n % 200}") for n in range(MANY)]
    second = list(first)
    for n in range(0, MANY, 100):
        second[n] = line(f"F{n}", "300,00", total="900,00", customer=f"C{n % 200}")
    third = [*second[5:700], line("N1", "70,00", customer="C3"), *second[700:]]
    return [a_file(folder, ITEMS, *some) for some in (first, second, third)]


@ASIDE
def test_exports_told_from_each_other_leave_the_book_of_whole_ones(
    aside: bool,
    two_urls: tuple[str, str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    one, other = two_urls
    paths = days(tmp_path)
    assert paths[0].stat().st_size > importing.SHORT_FILE
    told = bring(one, paths, aside=aside)
    expected = short(other, paths, monkeypatch)
    assert told == expected
    assert [report.changed for report in told] == [0, MANY // 100, 0]
    assert book(one) == book(other)
    assert left_over(one) == 0
    with inline(one) as work:
        last = former_export.last(work)
    assert last is not None
    assert (last.rows, last.totals) == (MANY - 4, told[-1].totals)
    place = path_of(one) if one.startswith("sqlite") else tmp_path / "relance"
    assert former_export.lies_at(former_export.beside(place), last.sha256)


def test_on_a_server_another_machine_compares_the_whole_and_keeps_its_own_text(
    postgres_url: str, tmp_path: Path
) -> None:
    here, there = tmp_path / "here", tmp_path / "there"
    here.mkdir()
    there.mkdir()
    [first], [_, second, third] = days(here)[:1], days(there)
    told = [bring(postgres_url, [path])[0] for path in (first, second, third)]
    assert [report.changed for report in told] == [0, MANY // 100, 0]
    with inline(postgres_url) as work:
        last = former_export.last(work)
    assert last is not None
    assert former_export.lies_at(there / "relance.export", last.sha256)
    assert not former_export.lies_at(here / "relance.export", last.sha256)


def test_a_dry_run_keeps_no_text(sqlite_url: str, tmp_path: Path) -> None:
    first, second, _ = days(tmp_path)
    kept = former_export.beside(path_of(sqlite_url))
    bring(sqlite_url, [first])
    before = kept.read_bytes()
    bring(sqlite_url, [second], dry_run=True)
    assert kept.read_bytes() == before
