"""A line that stands twice in a file counts twice, and the report says so every day it does."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.screens import importing, upload_words
from bot.screens.render import speaker
from bot.use_cases import narrowing
from storage import facts, former_export
from tests.bot.store.beside import ASIDE, bring
from tests.bot.use_cases.ledger import ITEMS, TODAY, a_file, items, line, take
from tests.bot.use_cases.test_narrowing import FIVE, TOMORROW, Sent, compared, taken
from tests.storage.inline import inline

YESTERDAY = TODAY - timedelta(days=1)
REFERRED = f"{ITEMS};Libellé"
MANY = 5_200  # as long as a first book that is written without its indexes


def noticed(report: Any) -> Any:
    return [(one.code, one.data["n"], one.data.get("lines")) for one in report.notices]


def test_lines_that_repeat_others_exactly_are_counted_and_named(
    database_url: str, tmp_path: Path
) -> None:
    first, second = line("F1", "60"), line("F2", "40", customer="C2")
    with inline(database_url) as work:
        report = take(work, a_file(tmp_path, ITEMS, first, second, first, line("F3", "5"), second))
        assert report.new == 5
        assert items(work) == {"F1#1": 6000, "F1#2": 6000, "F2#1": 4000, "F2#2": 4000, "F3#1": 500}
        assert noticed(report) == [("doubled_lines", 2, [4, 6])]
        assert report.as_json()["notices"] == [{"code": "doubled_lines", "n": 2, "lines": [4, 6]}]


@pytest.mark.parametrize(
    "other",
    [
        line("F1", "60", due="01/11/2026"),
        line("F1", "60", issued="02/09/2026"),
        line("F1", "60", total="90"),
        line("F1", "50", total="60"),
        line("F1", "60", currency="USD"),
        line("F1", "60", customer="C2"),
        line("F2", "60"),
        line("F1", "-60"),
    ],
    ids=["due", "issued", "total", "open", "currency", "customer", "number", "credit"],
)
def test_instalments_and_other_lines_of_one_number_are_no_repeats(
    database_url: str, tmp_path: Path, other: str
) -> None:
    with inline(database_url) as work:
        report = take(work, a_file(tmp_path, ITEMS, line("F1", "60"), other))
        assert (report.new, noticed(report)) == (2, [])


def test_a_text_beside_the_number_tells_lines_apart(database_url: str, tmp_path: Path) -> None:
    one = line("VT", "60")
    with inline(database_url) as work:
        path = a_file(tmp_path, REFERRED, f"{one};Chantier A", f"{one};Chantier B")
        assert noticed(take(work, path)) == []
        path = a_file(tmp_path, REFERRED, *[f"{one};Chantier A"] * 2)
        assert noticed(take(work, path)) == [("doubled_lines", 1, [3])]


def test_lines_without_a_number_are_repeated_too(database_url: str, tmp_path: Path) -> None:
    one, other = line("", "60"), line("", "60", due="02/10/2026")
    with inline(database_url) as work:
        report = take(work, a_file(tmp_path, ITEMS, one, other, one, line("F1", "5")))
        assert noticed(report) == [("doubled_lines", 1, [4])]


def test_the_next_day_says_it_again_until_the_line_is_gone(
    database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(narrowing, "LEAST", 1)
    monkeypatch.setattr(narrowing, "ONE_IN", 0.01)
    doubled = (*FIVE, FIVE[1])
    days = [TODAY + timedelta(days=n) for n in range(4)]
    week = (
        Sent(days[0], ITEMS, doubled),
        Sent(days[1], ITEMS, doubled),
        Sent(days[2], ITEMS, doubled[1:]),
        Sent(days[3], ITEMS, FIVE[1:]),
    )
    first, *others = compared(tmp_path, database_url, monkeypatch, *week)
    # nobody is read but who has the line twice, and who is not listed any more
    assert (len(first), others) == (6, [["C2", "C2"], ["C2", "C2"], ["C2"]])
    with inline(database_url) as work:
        run = former_export.last(work)
    assert run is not None
    assert run.doubled == ()


def test_reports_of_every_day_tell_it(
    sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(narrowing, "LEAST", 1)
    monkeypatch.setattr(narrowing, "ONE_IN", 0.01)
    former = tmp_path / "kept"
    with inline(sqlite_url) as work:
        for number, (lines, told) in enumerate(
            [
                ((*FIVE, FIVE[1]), [("doubled_lines", 1, [7])]),
                ((*FIVE, FIVE[1]), [("doubled_lines", 1, [7])]),
                ((*FIVE[1:], FIVE[1]), [("doubled_lines", 1, [6])]),
                (FIVE[1:], [("withdrawn_repeats", 1, None)]),
            ]
        ):
            sent = Sent(TODAY + timedelta(days=number), ITEMS, lines)
            report = taken(work, sent, tmp_path, number, former)
            assert report is not None
            assert noticed(report) == told


@pytest.mark.parametrize("most", [0, 1])
def test_where_many_customers_have_repeated_lines_the_next_day_is_compared_whole(
    sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, most: int
) -> None:
    monkeypatch.setattr(narrowing, "LEAST", 1)
    monkeypatch.setattr(narrowing, "ONE_IN", 0.01)
    monkeypatch.setattr(narrowing, "MOST_DOUBLED", most)
    sent = Sent(TODAY, ITEMS, (*FIVE, FIVE[1]))
    _, last = compared(tmp_path, sqlite_url, monkeypatch, sent, Sent(TOMORROW, ITEMS, sent.lines))
    assert len(last) == (2 if most else 6)


def test_an_export_that_an_older_release_took_is_compared_whole(
    sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(narrowing, "LEAST", 1)
    monkeypatch.setattr(narrowing, "ONE_IN", 0.01)
    compared(tmp_path, sqlite_url, monkeypatch, Sent(TODAY, ITEMS, (*FIVE, FIVE[1])))
    with inline(sqlite_url) as work:
        told = facts.get(work, "former_export_told")
        assert told
        facts.put(work, "former_export", {k: v for k, v in told.items() if k != "doubled"})
        facts.put(work, "former_export_told", {})
    [last] = compared(tmp_path, sqlite_url, monkeypatch, Sent(TOMORROW, ITEMS, (*FIVE, FIVE[1])))
    assert len(last) == 6


@ASIDE
def test_a_long_first_export_tells_it_and_so_does_the_next_one(
    aside: bool, database_url: str, tmp_path: Path
) -> None:
    lines = [line(f"F{n}", "900,00", customer=f"C{n % 200}") for n in range(MANY)]
    doubled = [*lines, *lines[100:107]]
    paid = [*doubled[1:], line("N1", "70,00", customer="C3")]
    paths = [a_file(tmp_path, ITEMS, *some) for some in (doubled, paid)]
    first, second = bring(database_url, paths, aside=aside)
    assert noticed(first) == [("doubled_lines", 7, [MANY + n for n in range(2, 7)])]
    assert noticed(second) == [("doubled_lines", 7, [MANY + n for n in range(1, 6)])]


@pytest.mark.parametrize(
    ("data", "french", "english"),
    [
        (
            {"n": 1, "lines": [1204]},
            ("1 ligne en répète exactement une autre", "les deux comptent", "(ligne 1204) :"),
            ("1 line says exactly what another one says", "both count", "(line 1204):"),
        ),
        (
            {"n": 1200, "lines": [7, 8, 1204]},
            ("1 200 lignes en répètent", "toutes comptent", "(lignes 7, 8, 1204, …) :"),
            ("1,200 lines say exactly", "all of them count", "(lines 7, 8, 1204, …):"),
        ),
    ],
    ids=["one", "many"],
)
def test_the_notice_in_words(
    data: dict[str, Any], french: tuple[str, ...], english: tuple[str, ...]
) -> None:
    for locale, expected in (("fr", french), ("en", english)):
        who = speaker(locale, ZoneInfo("Europe/Paris"))
        said = importing.notice(who, "doubled_lines", data)
        plain = " ".join(said.split())
        assert [one for one in expected if one not in plain] == []
        assert upload_words.notice(who, {"code": "doubled_lines", **data}) == said
