"""Workbooks that people ask for: read back as a spreadsheet program would."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from datetime import date
from io import BytesIO
from typing import Any
from zipfile import ZipFile

from python_calamine import CalamineWorkbook

from bot.documents.workbooks import Sheet, workbook
from bot.handlers.rendering import renderers
from bot.screens.export_tap import BALANCE, DAY, Export
from bot.screens.render import speaker
from credit.money import Money
from credit.people import Role
from storage.work import Work
from tests.credit.builders import PARIS
from tests.dashboard.test_dashboard import a_book
from tests.day import company
from tests.day.company import MORNING, rules
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


def test_a_day_leaves_in_the_order_of_the_calls(database_url: str) -> None:
    with inline(database_url) as work:
        a_book(work)
        chief = company.hire(work, "Ada", Role.CREDIT_MANAGER, locale="en")
        company.taps(work, chief, Export(DAY))
        lines = read(sent(work), "Whom to call")
    assert lines[3][:4] == ["Rank", "Code", "Customer", "Amount"]
    assert [line[:6] for line in lines[4:]] == [
        [1, "C1", "ALPHA", 4000, "EUR", 70],
        [2, "C2", "BETA", 1000, "EUR", 100],
    ]


def test_an_empty_list_is_still_a_workbook(sqlite_url: str) -> None:
    with inline(sqlite_url) as work:
        lea = company.hire(work, "Léa", Role.REP, "R1")
        company.taps(work, lea, Export(BALANCE))
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
