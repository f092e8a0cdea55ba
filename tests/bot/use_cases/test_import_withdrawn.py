"""A line that stood twice and stands once again was withdrawn: nobody paid it."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from bot.screens import importing
from bot.screens.render import speaker
from storage import integrity, tables
from storage.work import Work
from tests.bot.use_cases.ledger import ITEMS, PAID, PARIS, PEOPLE, TODAY, a_file, items, line, take
from tests.storage.inline import inline

TOMORROW, LATER = TODAY + timedelta(days=1), TODAY + timedelta(days=2)
ONE, OTHER = line("F1", "100"), line("F2", "40")


def settled(work: Work) -> list[int]:
    return work.scalars(select(tables.settlement.c.amount_minor).order_by(tables.settlement.c.id))


def amounts(work: Work) -> dict[str, int]:
    rows = work.all(select(tables.item.c.key, tables.item.c.amount_minor))
    return {row.key: row.amount_minor for row in rows}


def codes(report: Any) -> dict[str, int]:
    return {one.code: one.data.get("n", 0) for one in report.notices}


@pytest.mark.parametrize("times", [2, 3])
def test_a_repeat_that_is_taken_out_is_withdrawn_and_not_paid(
    database_url: str, tmp_path: Path, times: int
) -> None:
    with inline(database_url) as work:
        take(work, a_file(tmp_path, ITEMS, *[ONE] * times, OTHER))
        report = take(work, a_file(tmp_path, ITEMS, ONE, OTHER), on=TOMORROW)
        assert (report.settled, codes(report)) == (0, {"withdrawn_repeats": times - 1})
        assert settled(work) == []
        assert sum(items(work).values()) == 14_000
        assert sum(amounts(work).values()) == 14_000  # no sale that never was
        assert integrity.unbalanced_items(work).count == 0


def test_without_a_number_two_lines_alike_may_be_two_debts(
    database_url: str, tmp_path: Path
) -> None:
    bare = line("", "100")
    with inline(database_url) as work:
        take(work, a_file(tmp_path, ITEMS, bare, bare, OTHER))
        report = take(work, a_file(tmp_path, ITEMS, bare, OTHER), on=TOMORROW)
        assert (report.settled, codes(report)) == (1, {})
        assert settled(work) == [10_000]


@pytest.mark.parametrize(
    ("second", "left"),
    [
        (line("F1", "100", due="01/12/2026"), [line("F1", "100")]),
        (line("F1", "60", total="100"), [line("F1", "100")]),
        (ONE, [line("F1", "30", total="100")]),
        (ONE, []),
    ],
    ids=["instalments", "part paid", "the other one paid in part", "both gone"],
)
def test_what_was_no_repeat_or_has_no_twin_left_is_settled(
    database_url: str, tmp_path: Path, second: str, left: list[str]
) -> None:
    with inline(database_url) as work:
        take(work, a_file(tmp_path, ITEMS, ONE, second, OTHER))
        report = take(work, a_file(tmp_path, ITEMS, *left, OTHER), on=TOMORROW)
        assert "withdrawn_repeats" not in codes(report)
        assert sum(amount > 0 for amount in settled(work)) >= 1


def test_a_repeat_that_comes_back_is_open_again(database_url: str, tmp_path: Path) -> None:
    twice = a_file(tmp_path, ITEMS, OTHER, ONE, ONE)
    with inline(database_url) as work:
        take(work, a_file(tmp_path, ITEMS, ONE, ONE, OTHER))
        take(work, a_file(tmp_path, ITEMS, ONE, OTHER), on=TOMORROW)
        report = take(work, twice, on=LATER)
        assert codes(report) == {"doubled_lines": 1}
        assert sum(items(work).values()) == 24_000
        assert sum(amounts(work).values()) == 24_000
        assert sum(settled(work)) == 0
        assert integrity.unbalanced_items(work).count == 0


def test_payments_that_repeat_others_exactly_are_counted_and_named(
    database_url: str, tmp_path: Path
) -> None:
    paid = "C1;20/11/2026;50,00;EUR;F1;VIR1"
    with inline(database_url) as work:
        take(work, a_file(tmp_path, PEOPLE, "C1;Un;R1;;;"))
        other = "C1;20/11/2026;50,00;EUR;F1;VIR2"
        report = take(work, a_file(tmp_path, PAID, paid, other, paid, paid))
        assert [(one.code, one.data) for one in report.notices if "doubled" in one.code] == [
            ("doubled_payments", {"n": 2, "lines": [4, 5]})
        ]
        assert report.new == 4


def test_what_is_told_of_repeats_reads_in_french() -> None:
    who = speaker("fr", PARIS)
    said = importing.notice(who, "doubled_payments", {"n": 1, "lines": [4]})
    assert "1 ligne répète exactement une autre" in said
    assert "(ligne 4)" in said
    gone = importing.notice(who, "withdrawn_repeats", {"n": 1})
    assert "elle est retirée, sans compter comme réglée." in gone
