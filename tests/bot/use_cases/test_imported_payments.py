"""Payments come in: before, after and on the day of the export, matched or not."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from storage import tables
from storage.work import Work
from tests.bot.use_cases.ledger import (
    BARE,
    ITEMS,
    PAID,
    TODAY,
    a_file,
    balanced,
    bare,
    item,
    items,
    line,
    settlements,
    take,
    total,
)
from tests.storage.inline import inline

HISTORY = "Code client;Client;Facture;Date facture;Échéance;Total TTC;Date de règlement"
THEN = TODAY - timedelta(days=10)


def paid(
    amount: str,
    number: str = "",
    *,
    on: date = TODAY,
    reference: str = "",
    customer: str = "C1",
    currency: str = "EUR",
) -> str:
    """Write a line under `PAID`."""
    return f"{customer};{on:%d/%m/%Y};{amount};{currency};{number};{reference}"


def payment_items(work: Work) -> list[tuple[str | None, int]]:
    """Read the credits that payments files made: number and what is open."""
    found = work.all(select(tables.item).where(tables.item.c.key.startswith("payment:")))
    return [(row.number, row.open_minor) for row in found]


def test_money_received_after_the_export_reduces_the_invoice(
    database_url: str, tmp_path: Path
) -> None:
    with inline(database_url) as work:
        take(work, a_file(tmp_path, BARE, bare("F1", "100"), bare("F2", "50")), on=THEN)
        report = take(work, a_file(tmp_path, PAID, paid("40", "F1"), paid("50", "F2", on=TODAY)))
        assert (report.kind, report.new, report.settled) == ("payments", 2, 1)
        assert items(work) == {"F1#1": 6000, "F2#1": 0}
        assert settlements(work, "F1#1") == [(TODAY, 4000, True)]
        assert item(work, "F2#1").settled_on == TODAY
        assert total(work, TODAY - timedelta(days=1)) == {("C1", "EUR"): "150.00"}
        balanced(work)


def test_payments_read_again_change_nothing(database_url: str, tmp_path: Path) -> None:
    lines = [paid("40", "F1"), paid("40", "F1"), paid("5", reference="VIR 9")]
    with inline(database_url) as work:
        take(work, a_file(tmp_path, BARE, bare("F1", "100")), on=THEN)
        take(work, a_file(tmp_path, PAID, *lines))
        before = items(work)
        assert before["F1#1"] == 2000
        report = take(work, a_file(tmp_path, PAID, *reversed(lines)))
        assert (report.new, report.changed, report.unchanged) == (0, 0, 3)
        assert items(work) == before


def test_money_received_before_the_export_is_in_its_figures(
    database_url: str, tmp_path: Path
) -> None:
    with inline(database_url) as work:
        take(work, a_file(tmp_path, BARE, bare("F1", "60")), on=TODAY)
        take(work, a_file(tmp_path, PAID, paid("40", "F1", on=THEN)))
        assert items(work) == {"F1#1": 6000}
        balanced(work)


def test_a_known_total_tells_whether_earlier_money_was_counted(
    database_url: str, tmp_path: Path
) -> None:
    lines = [line("F1", "60", total="100"), line("F2", "100")]
    with inline(database_url) as work:
        take(work, a_file(tmp_path, ITEMS, *lines), on=TODAY)
        take(work, a_file(tmp_path, PAID, paid("40", "F1", on=THEN), paid("40", "F2", on=THEN)))
        assert items(work) == {"F1#1": 6000, "F2#1": 6000}
        assert settlements(work, "F1#1") == [(THEN, 4000, True)]
        assert settlements(work, "F2#1") == [(THEN, 4000, True)]
        balanced(work)


@pytest.mark.parametrize(("amount", "left"), [("40", 6000), ("100", 0), ("140", 10000)])
def test_money_of_the_same_day_reduces_when_it_fits(
    sqlite_url: str, tmp_path: Path, amount: str, left: int
) -> None:
    with inline(sqlite_url) as work:
        take(work, a_file(tmp_path, BARE, bare("F1", "100")), on=TODAY)
        take(work, a_file(tmp_path, PAID, paid(amount, "F1", on=TODAY)))
        assert items(work) == {"F1#1": left}
        balanced(work)


def test_money_without_an_invoice_is_a_credit_of_the_account(
    database_url: str, tmp_path: Path
) -> None:
    with inline(database_url) as work:
        take(work, a_file(tmp_path, BARE, bare("F1", "100")), on=THEN)
        report = take(work, a_file(tmp_path, PAID, paid("30", reference="VIR 12")))
        assert [n.code for n in report.notices] == ["unapplied"]
        assert payment_items(work) == [("VIR 12", -3000)]
        assert items(work)["F1#1"] == 10000
        assert total(work) == {("C1", "EUR"): "70.00"}
        balanced(work)


def test_money_beyond_the_invoice_is_a_credit_of_the_account(
    database_url: str, tmp_path: Path
) -> None:
    with inline(database_url) as work:
        take(work, a_file(tmp_path, BARE, bare("F1", "100")), on=THEN)
        take(work, a_file(tmp_path, PAID, paid("130", "F1", reference="VIR 3")))
        assert items(work)["F1#1"] == 0
        assert payment_items(work) == [("VIR 3", -3000)]
        balanced(work)


def test_money_without_an_invoice_from_before_the_export_is_no_news(
    sqlite_url: str, tmp_path: Path
) -> None:
    with inline(sqlite_url) as work:
        take(work, a_file(tmp_path, BARE, bare("F1", "100")), on=TODAY)
        take(work, a_file(tmp_path, PAID, paid("30", reference="VIR 12", on=THEN)))
        assert payment_items(work) == []
        assert total(work) == {("C1", "EUR"): "100.00"}


def test_unapplied_cash_that_the_ledger_lists_is_not_doubled(
    database_url: str, tmp_path: Path
) -> None:
    credit = line("REGL7", "-30", issued=f"{TODAY:%d/%m/%Y}", due="")
    with inline(database_url) as work:
        take(work, a_file(tmp_path, ITEMS, line("F1", "100")), on=THEN)
        take(work, a_file(tmp_path, PAID, paid("30", reference="VIR 12")))
        later = TODAY + timedelta(days=3)
        take(work, a_file(tmp_path, ITEMS, line("F1", "100"), credit), on=later)
        assert total(work, later) == {("C1", "EUR"): "70.00"}
        assert sorted(items(work).values()) == [-3000, 10000]
        assert total(work, TODAY) == {("C1", "EUR"): "70.00"}
        balanced(work)


def test_cash_that_the_ledger_listed_first_is_not_doubled(
    database_url: str, tmp_path: Path
) -> None:
    credit = line("VIR 12", "-30", issued=f"{TODAY:%d/%m/%Y}", due="")
    with inline(database_url) as work:
        take(work, a_file(tmp_path, ITEMS, line("F1", "100"), credit), on=TODAY)
        take(work, a_file(tmp_path, PAID, paid("30", reference="VIR 12", on=TODAY)))
        assert payment_items(work) == []
        assert total(work) == {("C1", "EUR"): "70.00"}


def test_cash_that_finds_its_invoice_is_a_credit_no_more(database_url: str, tmp_path: Path) -> None:
    with inline(database_url) as work:
        take(work, a_file(tmp_path, BARE, bare("F1", "100")), on=THEN)
        take(work, a_file(tmp_path, PAID, paid("30", reference="VIR 12")))
        report = take(work, a_file(tmp_path, PAID, paid("30", "F1", reference="VIR 12")))
        assert (report.new, report.changed) == (0, 1)
        assert items(work)["F1#1"] == 7000
        assert payment_items(work) == [("VIR 12", 0)]
        balanced(work)


def test_the_next_export_decides_what_is_left_of_unapplied_cash(
    database_url: str, tmp_path: Path
) -> None:
    with inline(database_url) as work:
        take(work, a_file(tmp_path, BARE, bare("F1", "100")), on=THEN)
        take(work, a_file(tmp_path, PAID, paid("30", reference="VIR 12")))
        later = TODAY + timedelta(days=3)
        take(work, a_file(tmp_path, BARE, bare("F1", "70")), on=later)
        assert total(work, later) == {("C1", "EUR"): "70.00"}
        assert total(work, TODAY) == {("C1", "EUR"): "70.00"}
        balanced(work)


def test_a_payment_explains_what_had_vanished(database_url: str, tmp_path: Path) -> None:
    with inline(database_url) as work:
        take(work, a_file(tmp_path, BARE, bare("F1", "100"), bare("F2", "9")), on=THEN)
        take(work, a_file(tmp_path, BARE, bare("F2", "9")), on=TODAY)
        assert settlements(work, "F1#1") == [(TODAY, 10000, False)]
        on = TODAY - timedelta(days=2)
        take(work, a_file(tmp_path, PAID, paid("60", "F1", on=on), paid("40", "F1", on=TODAY)))
        assert settlements(work, "F1#1") == [(on, 6000, True), (TODAY, 4000, True)]
        balanced(work)


def test_an_item_that_vanishes_is_dated_by_its_known_payment(
    database_url: str, tmp_path: Path
) -> None:
    with inline(database_url) as work:
        take(work, a_file(tmp_path, BARE, bare("F1", "100"), bare("F2", "9")), on=THEN)
        before = THEN - timedelta(days=1)
        take(work, a_file(tmp_path, PAID, paid("100", "F1", on=before)), on=THEN)
        assert items(work)["F1#1"] == 10000
        take(work, a_file(tmp_path, BARE, bare("F2", "9")), on=TODAY)
        assert settlements(work, "F1#1") == [(before, 10000, True)]
        assert item(work, "F1#1").settled_on == before


def test_an_export_of_a_day_before_the_money_does_not_undo_it(
    database_url: str, tmp_path: Path
) -> None:
    with inline(database_url) as work:
        take(work, a_file(tmp_path, BARE, bare("F1", "100")), on=THEN)
        take(work, a_file(tmp_path, PAID, paid("40", "F1", on=TODAY)))
        before = TODAY - timedelta(days=1)
        report = take(work, a_file(tmp_path, BARE, bare("F1", "100"), ""), as_of=before)
        assert items(work) == {"F1#1": 6000}
        assert report.settled == 0
        balanced(work)


def test_a_cheque_that_came_back_opens_the_invoice_again(database_url: str, tmp_path: Path) -> None:
    with inline(database_url) as work:
        take(work, a_file(tmp_path, BARE, bare("F1", "100")), on=THEN)
        on = TODAY - timedelta(days=2)
        take(work, a_file(tmp_path, PAID, paid("100", "F1", on=on)))
        assert items(work)["F1#1"] == 0
        take(work, a_file(tmp_path, PAID, paid("100", "F1", on=on), paid("-100", "F1", on=TODAY)))
        assert items(work)["F1#1"] == 10000
        assert item(work, "F1#1").settled_on is None
        balanced(work)


def test_instalments_take_money_from_the_oldest_on(database_url: str, tmp_path: Path) -> None:
    with inline(database_url) as work:
        dues = ("01/10/2026", "01/11/2026")
        take(work, a_file(tmp_path, BARE, *(bare("F1", "100", due=due) for due in dues)), on=THEN)
        take(work, a_file(tmp_path, PAID, paid("150", "F1")))
        assert items(work) == {"F1#1": 0, "F1#2": 5000}
        balanced(work)


def test_money_of_another_currency_pays_nothing_here(sqlite_url: str, tmp_path: Path) -> None:
    with inline(sqlite_url) as work:
        take(work, a_file(tmp_path, BARE, bare("F1", "100")), on=THEN)
        take(work, a_file(tmp_path, PAID, paid("100", "F1", currency="USD")))
        assert total(work) == {("C1", "EUR"): "100.00", ("C1", "USD"): "-100.00"}


def test_money_of_an_unknown_customer_is_rejected_with_its_line(
    sqlite_url: str, tmp_path: Path
) -> None:
    with inline(sqlite_url) as work:
        take(work, a_file(tmp_path, BARE, bare("F1", "100")), on=THEN)
        report = take(work, a_file(tmp_path, PAID, paid("1", "F1"), paid("1", "F1", customer="X")))
        assert (report.new, report.rejected) == (1, 1)
        [fault] = report.rejections
        assert (fault.line, fault.value, fault.reason) == (3, "X", "unknown_customer")


def test_a_history_settles_what_is_open_with_its_payment(database_url: str, tmp_path: Path) -> None:
    with inline(database_url) as work:
        take(work, a_file(tmp_path, ITEMS, line("F1", "100"), line("F2", "50")), on=THEN)
        day = f"{TODAY:%d/%m/%Y}"
        lines = [
            f"C1;Client C1;F1;01/09/2026;01/10/2026;100;{day}",
            "C1;;F0;;01/01/2026;7;02/01/2026",
        ]
        report = take(work, a_file(tmp_path, HISTORY, *lines))
        assert (report.kind, report.new, report.changed) == ("history", 1, 1)
        assert items(work) == {"F0#1": 0, "F1#1": 0, "F2#1": 5000}
        assert settlements(work, "F1#1") == [(TODAY, 10000, True)]
        balanced(work)
        again = take(work, a_file(tmp_path, HISTORY, *reversed(lines)))
        assert (again.new, again.changed, again.unchanged) == (0, 0, 2)


def test_a_history_and_a_payments_file_tell_of_the_same_money_once(
    database_url: str, tmp_path: Path
) -> None:
    with inline(database_url) as work:
        lines = [
            "C1;Un;F1;01/09/2026;01/10/2026;100;05/10/2026",
            "C1;Un;F2;01/09/2026;01/10/2026;5;",
        ]
        take(work, a_file(tmp_path, HISTORY, *lines))
        on = date(2026, 10, 5)
        report = take(work, a_file(tmp_path, PAID, paid("100", "F1", on=on, reference="VIR 1")))
        assert (report.new, report.unchanged) == (0, 1)
        assert items(work) == {"F1#1": 0, "F2#1": 500}
        balanced(work)
