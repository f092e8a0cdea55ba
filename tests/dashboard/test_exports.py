"""Workbooks that people ask for: read back as a spreadsheet program would."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from datetime import date, timedelta
from io import BytesIO
from typing import Any
from zipfile import ZipFile

from python_calamine import CalamineWorkbook
from sqlalchemy import delete, insert

from bot.documents.workbooks import Sheet, workbook
from bot.handlers.rendering import renderers
from bot.screens.dashboard import ShowDashboard
from bot.screens.export_tap import BALANCE, DAY, Export
from bot.screens.render import speaker
from bot.use_cases.worklist import EVERYTHING, key_of
from credit.money import Money
from credit.people import Role
from storage import tables
from storage.work import Work
from tests.credit.builders import PARIS, TODAY
from tests.dashboard.test_dashboard import a_book
from tests.dashboard.test_deeds import asked, customer
from tests.day import company
from tests.day.company import MORNING, rules
from tests.day.test_worklist import alarmed
from tests.storage.inline import inline

HOSTILE = '=HYPERLINK("http://evil.test";"x")'


def sent(work: Work) -> bytes:
    render = renderers(rules(), lambda locale: speaker(locale, PARIS))["export"]
    (row,) = company.waiting(work, "export")
    body = render(work, row, MORNING)
    assert body is not None
    assert body["method"] == "sendDocument"
    assert body["file"]["name"].endswith(".xlsx")
    return base64.b64decode(body["file"]["content_base64"])


def read(content: bytes, sheet: str) -> Sequence[Sequence[Any]]:
    return CalamineWorkbook.from_filelike(BytesIO(content)).get_sheet_by_name(sheet).to_python()


def test_a_balance_leaves_with_a_sheet_per_currency_and_only_ones_own(database_url: str) -> None:
    with inline(database_url) as work:
        lea, _ = a_book(work)
        one = company.a_customer(work, "C3", HOSTILE)
        company.an_invoice(work, one, "F9", 80_000, currency="USD")
        key = company.says(work, lea, "/balance").data("Exporter (XLSX)")
        told = company.taps(work, lea, key)
        content = sent(work)
    euros, dollars = read(content, "EUR"), read(content, "USD")
    assert "Le classeur arrive" in told.toast
    assert euros[0][0] == "Balance âgée"
    assert euros[1][0].startswith("Votre portefeuille (R1)")
    assert euros[4] == ["C1", "ALPHA", "R1", 2000, 1000, 0, 3000, 0, 0, 0, 0, 4000, 6000, 5000]
    assert len(euros) == 5
    assert dollars[4][1] == HOSTILE


def test_the_balance_opens_on_the_currency_of_most_lines(sqlite_url: str) -> None:
    with inline(sqlite_url) as work:
        lea, _ = a_book(work)
        one = company.a_customer(work, "C3", "SUISSE")
        company.an_invoice(work, one, "F9", 80_000, currency="CHF")
        company.an_invoice(work, company.a_customer(work, "C4", "DE PLUS"), "F10", 80_000)
        key = company.says(work, lea, "/balance").data("Exporter (XLSX)")
        company.taps(work, lea, key)
        names = CalamineWorkbook.from_filelike(BytesIO(sent(work))).sheet_names
    assert names == ["EUR", "CHF"]


def test_a_day_leaves_in_the_order_of_the_calls(database_url: str) -> None:
    with inline(database_url) as work:
        a_book(work)
        chief = company.hire(work, "Ada", Role.CREDIT_MANAGER, locale="en")
        company.taps(work, chief, Export(DAY, EVERYTHING))
        lines = read(sent(work), "Whom to call")
    assert lines[3][:4] == ["Rank", "Code", "Customer", "Amount"]
    assert [line[:6] for line in lines[4:]] == [
        [1, "C1", "ALPHA", 4000, "EUR", 70],
        [2, "C2", "BETA", 1000, "EUR", 100],
    ]


def test_one_portfolio_leaves_alone_and_says_its_name(database_url: str) -> None:
    with inline(database_url) as work:
        _, chief = a_book(work)
        nobody_s = company.a_customer(work, "C3", rep=None)
        company.an_invoice(work, nobody_s, "F9", 80_000)
        company.taps(work, chief, Export(BALANCE, key_of("R2")))
        mine = read(sent(work), "EUR")
        work.execute(delete(tables.outbox))
        company.taps(work, chief, Export(BALANCE, key_of(None)))
        orphans = read(sent(work), "EUR")
    assert mine[1][0].startswith("Portefeuille R2")
    assert [line[0] for line in mine[4:]] == ["C2"]
    assert orphans[1][0].startswith("Sans commercial")
    assert [line[0] for line in orphans[4:]] == ["C3"]


def test_a_portfolio_taken_away_before_the_workbook_is_written_does_not_leave(
    sqlite_url: str,
) -> None:
    with inline(sqlite_url) as work:
        lea, _ = a_book(work)
        company.taps(work, lea, Export(BALANCE, key_of("R1")))
        refused = company.taps(work, lea, Export(BALANCE, key_of("R2")))
        work.execute(delete(tables.portfolio))
        render = renderers(rules(), lambda locale: speaker(locale, PARIS))["export"]
        bodies = [render(work, row, MORNING) for row in company.waiting(work, "export")]
    assert "votre portefeuille" in refused.toast
    assert bodies == [None]


def test_sums_stand_over_the_columns_of_one_currency(sqlite_url: str) -> None:
    with inline(sqlite_url) as work:
        _, chief = a_book(work)
        company.taps(work, chief, Export(BALANCE, EVERYTHING))
        content = sent(work)
    euros = read(content, "EUR")
    assert euros[2] == ["Total", "", "", 2000, 1000, 0, 3000, 1000, 0, 0, 0, 5000, 7000, 5000]
    page = ZipFile(BytesIO(content)).read("xl/worksheets/sheet1.xml").decode()
    assert "<f>SUBTOTAL(109,D5:D6)</f>" in page


def test_promises_leave_with_an_instalment_a_line(database_url: str) -> None:
    with inline(database_url) as work:
        lea, _ = a_book(work)
        one, two = company.a_customer(work, "C3"), company.a_customer(work, "C4", rep="R2")
        company.promised(work, one, lea, 50_000, date(2026, 12, 4))
        company.promised(work, one, lea, 70_000, TODAY, state="kept")
        company.promised(work, one, lea, 90_000, TODAY, state="withdrawn")
        company.promised(work, two, lea, 10_000, TODAY)
        told = company.taps(work, lea, ShowDashboard("promises"))
        company.taps(work, lea, told.data("Exporter (XLSX)"))
        lines = read(sent(work), "Promesses")
    made = TODAY - timedelta(days=5)
    assert lines[2][5] == 1200
    assert lines[4:] == [
        [
            "C3",
            "Client C3",
            "R1",
            made,
            date(2026, 12, 4),
            500,
            0,
            0,
            "EUR",
            "en cours",
            "virement",
            "ferme",
            "Léa",
        ],
        [
            "C3",
            "Client C3",
            "R1",
            made,
            TODAY,
            700,
            0,
            0,
            "EUR",
            "tenue",
            "virement",
            "ferme",
            "Léa",
        ],
    ]


def test_disputes_leave_with_their_invoice_and_their_days(database_url: str) -> None:
    with inline(database_url) as work:
        lea, _ = a_book(work)
        one = company.a_customer(work, "C3")
        invoice = company.an_invoice(work, one, "F9", 80_000)
        company.disputed(work, one, lea, 30_000, item=invoice)
        told = company.taps(work, lea, ShowDashboard("disputes"))
        company.taps(work, lea, told.data("Exporter (XLSX)"))
        (line,) = read(sent(work), "Litiges")[4:]
    opened, target = TODAY - timedelta(days=4), TODAY + timedelta(days=3)
    known = ["livraison", "F9", 300, "EUR", opened, target, "en cours", "", "Léa"]
    assert line[3:] == [*known, "", ""]


def test_alerts_leave_the_gravest_first_with_what_is_late(database_url: str) -> None:
    with inline(database_url) as work:
        _lea, chief = a_book(work)
        alarmed(work, customer(work, "C1"), 2)
        alarmed(work, customer(work, "C2"), 3)
        told = company.taps(work, chief, ShowDashboard("risk"))
        company.taps(work, chief, told.data("Exporter (XLSX)"))
        lines = read(sent(work), "Alertes")[4:]
    assert [line[:6] for line in lines] == [
        ["C2", "BETA", "R2", 3, "Alerte rouge", "sans réponse"],
        ["C1", "ALPHA", "R1", 2, "Alerte", "sans réponse"],
    ]
    assert [line[8] for line in lines] == [1000, 4000]
    assert lines[0][10]


def test_orders_leave_as_asked_and_as_held(database_url: str) -> None:
    with inline(database_url) as work:
        lea, chief = a_book(work)
        one = customer(work, "C1")
        asked(work, one, lea, 3, "deposit", deposit_minor=90_000)
        order = {"customer_id": one, "number": "K1", "ordered_on": TODAY, "currency": "EUR"}
        work.execute(insert(tables.sales_order), {**order, "amount_minor": 5_000, "status": "held"})
        told = company.taps(work, chief, ShowDashboard("orders"))
        company.taps(work, chief, told.data("Exporter (XLSX)"))
        content = sent(work)
    (request,) = read(content, "Demandes de déblocage")[4:]
    (held,) = read(content, "Retenues par l’ADV")[4:]
    at = MORNING.local.replace(tzinfo=None) - timedelta(days=2)
    assert request[3:7] == [3000, "EUR", "B03", "chantier"]
    assert request[7:] == [
        at,
        "accordée contre acompte",
        at + timedelta(hours=3),
        3,
        900,
        "Léa",
    ]
    assert held == ["C1", "ALPHA", "R1", "K1", TODAY, 50, "EUR"]


def test_an_empty_list_is_still_a_workbook(sqlite_url: str) -> None:
    with inline(sqlite_url) as work:
        lea = company.hire(work, "Léa", Role.REP, "R1")
        company.taps(work, lea, Export(BALANCE, EVERYTHING))
        lines = read(sent(work), "Balance âgée")
    assert len(lines) == 4


def test_no_typed_text_becomes_a_formula_and_a_date_stays_a_date() -> None:
    amount = Money.from_minor(123_456, "EUR")
    sheet = Sheet(
        "a/b[c]", "T", "n", ["x"] * 5, [[HOSTILE, "@cmd", "00123", date(2026, 11, 22), amount]]
    )
    content = workbook([sheet])
    assert read(content, "abc")[4] == [HOSTILE, "@cmd", "00123", date(2026, 11, 22), 1234.56]
    page = ZipFile(BytesIO(content)).read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in page
    assert "hyperlink" not in page.lower()
    assert '<autoFilter ref="A4:E5"' in page
    assert 'state="frozen"' in page
