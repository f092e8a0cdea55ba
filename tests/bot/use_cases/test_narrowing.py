"""An export compared with the one before it leaves the book that comparing all of it leaves."""

from __future__ import annotations

import shutil
import tempfile
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from bot.use_cases import imports, narrowing
from bot.use_cases.import_report import ImportReport
from bot.use_cases.imports import Wish
from bot.use_cases.refusals import MappingUncertain
from bot.use_cases.taking import take
from storage import former_export, tables
from storage.sync.reading import Kind
from storage.sync.reading.study import study
from storage.work import Work
from tests.bot.use_cases.ledger import ITEMS, PAID, PEOPLE, TODAY, rules, signed
from tests.storage.inline import inline

KEPT = (
    *(tables.customer_row, tables.item_row, tables.payment_row, tables.settlement_row),
    *(tables.import_run, tables.event, tables.alert),
)


@pytest.fixture(autouse=True)
def any_length(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let exports of any length be narrowed, however much of them is new."""
    monkeypatch.setattr(narrowing, "LEAST", 1)
    monkeypatch.setattr(narrowing, "ONE_IN", 0.01)


@dataclass(frozen=True)
class Sent:
    """A file of some day, as the ledger writes it."""

    day: date
    header: str
    lines: tuple[str, ...]
    kind: Kind = Kind.RECEIVABLES
    partial: bool = False


def a_line(
    number: str,
    opened: str,
    customer: str = "C1",
    due: str = "01/10/2026",
    total: str = "900,00",
    currency: str = "EUR",
    rep: str = "R1",
) -> str:
    name = '"Client; fils"' if customer == "C5" else f"Client {customer}"
    return f"{customer};{name};{number};01/09/2026;{due};{total};{opened};{currency};{rep}"


def taken(
    work: Work, sent: Sent, folder: Path, number: int, former: Path | None
) -> ImportReport | None:
    """Import a file; None when what its lines add up to has to be asked first."""
    path = folder / f"file-{number}.csv"
    path.write_text("\n".join([sent.header, *sent.lines]) + "\n", encoding="utf-8")
    origin = replace(signed(sent.day), key=f"test:{number}")
    wish = Wish(path, "cli", kind=sent.kind, partial=sent.partial, former=former)
    try:
        return imports.carry_out(work, origin, wish, rules())
    except MappingUncertain:
        return None


def book(work: Work) -> dict[str, list[tuple[Any, ...]]]:
    return {
        one.name: [tuple(row) for row in work.all(select(one).order_by(*one.primary_key))]
        for one in KEPT
    }


lines = st.builds(
    a_line,
    number=st.sampled_from(["F1", "F2", "F3", "F4", "F5", ""]),
    opened=st.sampled_from(["900,00", "900,00", "300,00", "0,00", "-300,00"]),
    customer=st.sampled_from(["C1", "C2", "C3", "C4", "C5"]),
    due=st.sampled_from(["01/10/2026", "01/10/2026", "15/12/2026"]),
    total=st.sampled_from(["900,00", "900,00", "-900,00"]),
    currency=st.sampled_from(["EUR", "EUR", "USD"]),
    rep=st.sampled_from(["R1", "R1", "R2"]),
)
payments = st.builds(
    lambda customer, day, minor, number, ref: f"{customer};{day};{minor};EUR;{number};{ref}",
    customer=st.sampled_from(["C1", "C2", "C3"]),
    day=st.sampled_from(["18/11/2026", "21/11/2026", "24/11/2026"]),
    minor=st.sampled_from(["300,00", "900,00"]),
    number=st.sampled_from(["F1", "F2", ""]),
    ref=st.sampled_from(["V1", "V2"]),
)
people = st.builds(
    lambda customer, rep: f"{customer};Maison {customer};{rep};1000;Ann;0102030405",
    customer=st.sampled_from(["C1", "C2"]),
    rep=st.sampled_from(["R1", "R3"]),
)
odd = st.sampled_from(["", "C2;Client C2;F2;99/99/2026;;x;y;EUR;R1"])


@st.composite
def weeks(draw: st.DrawFn) -> list[Sent]:
    """Draw exports of which most lines stay, with other files between them."""
    known, day = draw(st.lists(lines, min_size=1, max_size=10)), TODAY
    known += draw(st.lists(st.sampled_from(known), max_size=2))
    sent = [Sent(day, ITEMS, tuple(known))]
    for _ in range(draw(st.integers(1, 4))):
        day += timedelta(days=draw(st.sampled_from([0, 1, 1, 3])))
        between = draw(st.sampled_from(["", "", "", "paid", "people", "partial"]))
        if between == "paid":
            sent.append(Sent(day, PAID, (draw(payments),), Kind.PAYMENTS))
        elif between == "people":
            sent.append(Sent(day, PEOPLE, (draw(people),), Kind.CUSTOMERS))
        elif between:
            sent.append(Sent(day, ITEMS, (draw(lines),), partial=True))
        known = [one for one in known if draw(st.integers(0, 5))]
        known[draw(st.integers(0, len(known))) : 0] = draw(st.lists(lines, max_size=2))
        strange = draw(st.integers(0, 5)) == 0
        shown = list(known) or [a_line("F9", "1,00")]
        sent.append(Sent(day, ITEMS, (*shown, draw(odd)) if strange else tuple(shown)))
    return sent


@settings(max_examples=60, deadline=None)
@given(weeks())
def test_a_narrowed_export_leaves_the_book_of_the_whole_one(
    sqlite_template: Path, week: list[Sent]
) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        near, whole = folder / "near.db", folder / "whole.db"
        for one in (near, whole):
            shutil.copyfile(sqlite_template, one)
        former = former_export.beside(near)
        with inline(f"sqlite:///{near}") as narrow, inline(f"sqlite:///{whole}") as all_of_it:
            for number, sent in enumerate(week):
                told = taken(narrow, sent, folder, number, former)
                expected = taken(all_of_it, sent, folder, number, None)
                assert told == expected
                assert book(narrow) == book(all_of_it)


KEPT_TEXT = "kept.export"
FIVE = tuple(a_line(f"F{n}", "900,00", customer=f"C{n}") for n in range(1, 6))
TOMORROW = TODAY + timedelta(days=1)


def compared(
    folder: Path, url: str, monkeypatch: pytest.MonkeyPatch, *week: Sent
) -> list[list[str]]:
    """Import files one after the other; return whose lines were set down of each."""
    seen: list[list[str]] = []

    def watched(work: Work, kind: Kind, rows: Any, *others: Any) -> Any:
        kept = list(rows)
        seen.append([row.customer_code for some in kept for row in some])
        return take(work, kind, kept, *others)

    monkeypatch.setattr("bot.use_cases.imports.take", watched)
    former = folder / KEPT_TEXT
    with inline(url) as work:
        for number, sent in enumerate(week):
            taken(work, sent, folder, number, former)
    return seen


def test_only_customers_of_whom_it_says_anything_new_are_compared(
    database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    changed = a_line("F2", "100,00", customer="C2")
    more = a_line("F9", "900,00", customer="C4")
    first = Sent(TODAY, ITEMS, FIVE)
    second = Sent(TOMORROW, ITEMS, (FIVE[0], changed, FIVE[3], more, FIVE[4]))  # C3 has paid
    third = Sent(TOMORROW, ITEMS, (FIVE[0], changed, FIVE[3], more))
    *_, two, three = compared(tmp_path, database_url, monkeypatch, first, second, third)
    assert two == ["C2", "C4", "C4"]
    # what was settled today is looked at once more; the others stand
    assert "C1" not in three
    with inline(database_url) as work:
        item = tables.item
        rows = work.all(select(item.c.key, item.c.open_minor).order_by(item.c.key))
        assert {row.key: row.open_minor for row in rows} == {
            "F1#1": 90_000,
            "F2#1": 10_000,
            "F3#1": 0,
            "F4#1": 90_000,
            "F5#1": 0,
            "F9#1": 90_000,
        }


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (Sent(TODAY, ITEMS, (*FIVE, "C2;;F2;99/99/2026;;x;y;EUR;R1")), Sent(TOMORROW, ITEMS, FIVE)),
        (Sent(TODAY, ITEMS, FIVE), Sent(TOMORROW, ITEMS, (*FIVE, "C2;;F2;99/99/2026;;x;y;EUR;"))),
        (Sent(TODAY, ITEMS, FIVE), Sent(TOMORROW, f"{ITEMS};Note", tuple(f"{x};" for x in FIVE))),
        (Sent(TODAY, ITEMS, FIVE), Sent(TOMORROW, ITEMS, ("", *FIVE))),
        (Sent(TOMORROW, ITEMS, FIVE), Sent(TODAY, ITEMS, FIVE[:4])),
    ],
    ids=[
        "a rejected line before",
        "a rejected line now",
        "another header",
        "a gap",
        "an older day",
    ],
)
def test_what_is_not_plain_is_compared_whole(
    database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, first: Sent, second: Sent
) -> None:
    *_, last = compared(tmp_path, database_url, monkeypatch, first, second)
    assert last == [f"C{n}" for n in range(1, 1 + len(set(last)))]
    assert len(last) >= 4


def test_who_was_changed_by_another_file_is_compared_again(
    database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    paid = Sent(TODAY, PAID, ("C2;20/11/2026;300,00;EUR;F2;V1",), Kind.PAYMENTS)
    first, second = Sent(TODAY, ITEMS, FIVE), Sent(TOMORROW, ITEMS, FIVE)
    *_, last = compared(tmp_path, database_url, monkeypatch, first, paid, second)
    assert last == ["C2"]


@pytest.mark.parametrize(
    ("line", "studies"),
    [
        (a_line("F9", "100,00"), 0),
        (a_line("F9", "1.000"), 0),
        (a_line("F9", "100.00"), 1),
        (a_line("F9", "100,00", due="09/30/2026"), 1),
    ],
    ids=["as before", "thousands", "another mark", "another order"],
)
def test_only_what_is_new_is_studied_unless_it_is_read_in_another_way(
    database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, line: str, studies: int
) -> None:
    days = Sent(TODAY, ITEMS, FIVE), Sent(TOMORROW, ITEMS, (*FIVE, line))
    studied: list[str] = []

    def watched(*seen: Any) -> Any:
        studied.append("all of it")
        return study(*seen)

    monkeypatch.setattr("storage.sync.reading.opening.study", watched)
    compared(tmp_path, database_url, monkeypatch, *days)
    assert len(studied) == 1 + studies


def test_a_text_that_is_another_one_now_tells_nothing(
    database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        compared(tmp_path, database_url, patched, Sent(TODAY, ITEMS, FIVE))
    kept = tmp_path / KEPT_TEXT
    assert kept.stat().st_mode & 0o777 == 0o600
    kept.write_bytes(kept.read_bytes().replace(b"F1", b"F7"))
    [last] = compared(tmp_path, database_url, monkeypatch, Sent(TOMORROW, ITEMS, FIVE[1:]))
    assert last == ["C2", "C3", "C4", "C5"]


def test_a_text_that_cannot_be_kept_keeps_no_import_from_being_taken(
    database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = tmp_path / KEPT_TEXT
    kept.mkdir()  # nothing can be written there
    days = Sent(TODAY, ITEMS, FIVE), Sent(TOMORROW, ITEMS, FIVE[1:])
    first, second = compared(tmp_path, database_url, monkeypatch, *days)
    assert (len(first), second) == (5, ["C2", "C3", "C4", "C5"])
