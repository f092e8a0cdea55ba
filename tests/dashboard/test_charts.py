"""Charts that people ask for: drawn when sent, in their language, from their own figures."""

from __future__ import annotations

import base64
import struct
from collections.abc import Mapping
from typing import Any

import pytest
from sqlalchemy import update

from bot.handlers.rendering import renderers
from bot.screens.dashboard import CHARTED, ShowChart
from bot.screens.render import speaker
from credit.people import Person
from storage import tables
from storage.work import Work
from tests.credit.builders import PARIS
from tests.dashboard.test_dashboard import a_book
from tests.day import company
from tests.day.company import MORNING, rules
from tests.storage.inline import inline


def drawn(work: Work) -> list[Mapping[str, Any] | None]:
    render = renderers(rules(), lambda locale: speaker(locale, PARIS))["chart"]
    return [render(work, row, MORNING) for row in company.waiting(work, "chart")]


def picture(body: Mapping[str, Any] | None) -> bytes:
    assert body is not None
    assert body["method"] == "sendPhoto"
    assert body["file"]["mime"] == "image/png"
    return base64.b64decode(body["file"]["content_base64"])


@pytest.mark.parametrize("block", CHARTED)
def test_a_chart_is_a_picture_as_wide_as_a_telephone(sqlite_url: str, block: str) -> None:
    with inline(sqlite_url) as work:
        lea, _ = a_book(work)
        told = company.taps(work, lea, ShowChart(block))
        (body,) = drawn(work)
    png = picture(body)
    assert "Le graphique arrive" in told.toast
    assert png.startswith(b"\x89PNG")
    assert struct.unpack(">II", png[16:24]) == (1080, 900)
    assert body is not None
    assert "Votre portefeuille (R1)" in body["params"]["caption"]


def test_other_figures_make_another_picture(sqlite_url: str) -> None:
    with inline(sqlite_url) as work:
        lea, chief = a_book(work)
        for who in (lea, chief):
            company.taps(work, who, ShowChart("volume"))
        mine, all_of_it = drawn(work)
    assert picture(mine) != picture(all_of_it)


def test_a_portfolio_that_was_taken_away_is_not_drawn(sqlite_url: str) -> None:
    with inline(sqlite_url) as work:
        lea, _ = a_book(work)
        company.taps(work, lea, ShowChart("volume"))
        _move(work, lea)
        (body,) = drawn(work)
    assert body is not None
    assert body["method"] == "sendMessage"
    assert "Rien à dessiner" in body["params"]["text"]


def _move(work: Work, lea: Person) -> None:
    del lea
    work.execute(update(tables.customer_row).values(rep_code="R9"))
