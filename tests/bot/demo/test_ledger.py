"""The wholesaler's ledger: always the same, always balanced, every situation inside."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from stdnum.fr import siren

from bot.demo.debtors import HOSTILE, code_of
from bot.demo.exports import write_book, write_examples
from bot.demo.ledger import Ledger
from bot.demo.situations import Place, write_ledger
from storage.sync.reading import Kind, read_file

DAY = date(2026, 11, 23)


def entries(ledger: Ledger, place: Place) -> list[tuple[str, int]]:
    found = ledger.open_of(code_of(place))
    return [(one.number, one.open_cents) for one in found]


def test_the_same_seed_and_day_give_the_same_book() -> None:
    assert write_ledger(DAY, 3) == write_ledger(DAY, 3)
    assert write_ledger(DAY, 3) != write_ledger(DAY, 4)


def test_there_are_sixty_customers_over_three_reps_and_one_has_none() -> None:
    reps = [one.rep for one in write_ledger(DAY).debtors]
    assert len(reps) == 60
    assert sorted({rep: reps.count(rep) for rep in reps}.items()) == [
        ("", 1),
        ("CMO", 20),
        ("JWH", 20),
        ("KHA", 19),
    ]


def test_the_sirens_pass_the_check_and_belong_to_no_company() -> None:
    numbers = [one.siren for one in write_ledger(DAY).debtors if one.siren]
    assert all(siren.is_valid(number) for number in numbers)
    assert all(number.startswith("00") for number in numbers)
    assert len(set(numbers)) == 59


def test_two_years_are_told_and_nothing_is_paid_in_the_future() -> None:
    ledger = write_ledger(DAY)
    first = min(one.issued for one in ledger.paid)
    assert DAY - timedelta(days=780) < first < DAY - timedelta(days=680)
    assert all(one.paid_on and one.paid_on < DAY for one in ledger.paid)
    assert all(one.issued <= DAY for one in ledger.open)


def test_the_odd_cases_are_there() -> None:
    ledger = write_ledger(DAY)
    names = {one.name for one in ledger.debtors}
    assert HOSTILE in names
    kinds = {one.kind for one in ledger.open}
    assert kinds == {"FA", "AV", "RG"}
    assert {one.currency for one in ledger.open} == {"EUR", "CHF"}
    assert any(one.due is None for one in ledger.open if one.kind == "FA")
    instalments = {number for number, _ in entries(ledger, Place.INSTALMENTS)}
    assert len(entries(ledger, Place.INSTALMENTS)) == 3
    assert len(instalments) == 1


@settings(max_examples=12, deadline=None)
@given(day=st.dates(date(2024, 1, 1), date(2031, 12, 31)), seed=st.integers(0, 10_000))
def test_numbers_are_unique_on_any_day(day: date, seed: int) -> None:
    ledger = write_ledger(day, seed)
    whole = [one for one in (*ledger.paid, *ledger.open) if not one.shares]
    assert len({one.number for one in whole}) == len(whole)


@pytest.mark.parametrize("day", [DAY, date(2028, 2, 29), date(2027, 1, 4)])
def test_every_file_is_read_without_a_question(tmp_path: Path, day: date) -> None:
    ledger = write_ledger(day)
    files = [*write_book(ledger, tmp_path), *write_examples(ledger, tmp_path)]
    kinds = []
    for path in files:
        reading = read_file(path)
        rows = list(reading.rows())
        assert reading.certain, (path.name, reading.questions)
        assert rows
        assert reading.rejections == []
        assert reading.warnings == []
        kinds.append(reading.kind)
    payments, items = Kind.PAYMENTS, Kind.RECEIVABLES
    assert kinds == [Kind.CUSTOMERS, Kind.HISTORY, items, payments, payments, items]


def test_the_files_are_what_a_french_package_writes(tmp_path: Path) -> None:
    content = write_book(write_ledger(DAY), tmp_path)[2].read_bytes()
    text = content.decode("cp1252")
    assert "Créances clients ouvertes au 23/11/2026" in text
    assert "Solde dû;Devise\r\n" in text
    assert text.splitlines()[-1].startswith("Total général;")
