"""What an account file lets its account order, and what the account's card says of it."""

from __future__ import annotations

import base64
from io import BytesIO
from typing import Any

import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy import update

from bot.handlers.rendering import renderers
from bot.screens.account import OpenAccount
from bot.screens.opening import AnswerPoint, DecideOpening, ListOpenings, SendOpening, ShowOpening
from bot.screens.render import speaker
from storage import tables
from tests.bot.talks.opening_files import (
    NAME,
    accepted,
    answers,
    begun,
    completed,
    essentials,
    in_the_ledger,
    labels,
    ordered,
)
from tests.bot.talks.stage import CLAIRE, JULIE, MARC, PARIS, Chat, account, chat, invoice, rules
from tests.day import company


def test_an_account_without_a_decided_file_orders_cash_or_with_a_deposit(sqlite_url: str) -> None:
    with chat(sqlite_url) as told:
        key = essentials(told)
        in_the_ledger(told)
        said = ordered(told)
        assert "B07" in said
        assert "un acompte de 500,00 €" in said
        accepted(told, key)
        said = ordered(told)
        assert "B07" in said  # accepted, but incomplete: and the first order is paid in cash
        assert "un acompte de 1 000,00 €" in said
        assert "plafond 12 000,00 €" in said


def test_a_complete_file_follows_its_first_order_rule_then_its_terms(sqlite_url: str) -> None:
    with chat(sqlite_url) as told:
        key = essentials(told)
        completed(told, key)
        assert "Le dossier est complet" in told.tap(ShowOpening(key))
        accepted(told, key)
        customer = in_the_ledger(told)
        assert "un acompte de 1 000,00 €" in ordered(told)
        invoice(told.work, customer, "F-1", 50_000, -10)
        said = ordered(told)
        assert said.startswith("🟢")
        assert "B03" in ordered(told, "20000")  # the limit decided with the file counts
        told.wait(days=100)
        assert "B10" in ordered(told)


def test_an_account_opened_without_credit_orders_nothing_on_terms(sqlite_url: str) -> None:
    with chat(sqlite_url) as told:
        key = essentials(told)
        completed(told, key)
        told.tap(SendOpening(key))
        told.tap(DecideOpening(key, "accept"), CLAIRE)
        for label in ("E · payé", "3 mois", "Comptant", "Passer", "Comptant", "Ouvrir le"):
            told.press(label, CLAIRE)
        assert "aucun encours" in told.tap(ShowOpening(key))
        in_the_ledger(told)
        said = ordered(told)
        assert "B01" in said
        assert "1 000,00 € avant livraison" in said


def test_the_ledger_code_attaches_a_file_without_a_siren(sqlite_url: str) -> None:
    with chat(sqlite_url) as told:
        row = begun(told, "Étranger GmbH")
        told.tap(AnswerPoint(row.id, "siren"))
        told.press("Sans objet")
        told.tap(SendOpening(row.id))
        told.tap(DecideOpening(row.id, "accept"), CLAIRE)
        labels = ("D · ", "Aucun encours", "3 mois", "Comptant", "Passer", "Comptant", "Ouvrir le")
        for label in labels:
            told.press(label, CLAIRE)
        account(told.work, code="X9", name="Étranger GmbH")
        assert "Rattaché" not in told.tap(ShowOpening(row.id))
        told.tap(DecideOpening(row.id, "code"), CLAIRE)
        told.type("X9", CLAIRE)
        assert "🔗 Rattaché à son compte" in told.tap(ShowOpening(row.id))
        assert "B07" in told.send(JULIE, command="commande", arguments="Étranger 100")


def test_the_account_card_says_what_the_file_holds_back_and_leads_to_it(sqlite_url: str) -> None:
    with chat(sqlite_url) as told:
        key = essentials(told)
        customer = in_the_ledger(told)
        assert "🗂 Dossier pas encore accepté" in told.tap(OpenAccount(customer))
        accepted(told, key)
        said = told.tap(OpenAccount(customer))
        assert f"🗂 Dossier : il manque {len(lacking(told))} points" in said
        completed(told, key)
        assert "🗂 Première commande : Comptant" in told.tap(OpenAccount(customer))
        assert "Dossier d’ouverture" in " ".join(labels(told))
        invoice(told.work, customer, "F-1", 50_000, -10)
        said = told.tap(OpenAccount(customer))
        assert "🗂" not in said
        assert "Classe C" in told.press_of(told.bodies[-1], "Dossier d’ouverture")


def lacking(told: Chat) -> list[str]:
    return [point.code for point in rules().reference.opening.lacking(answers(told))]


@pytest.mark.parametrize(
    ("letter", "cents", "line"),
    [
        ("A", 6_000_000, "🧭 À développer"),
        ("C", 6_000_000, "🧭 À sécuriser : garanties"),
        ("D", 6_000_000, "🧭 À réduire"),
        ("B", 100_000, "🧭 À automatiser"),
        ("C", 100_000, "🧭 À encadrer"),
        ("E", 100_000, "🧭 À éviter"),
    ],
)
def test_the_card_names_the_cell_of_the_typology(
    sqlite_url: str, letter: str, cents: int, line: str
) -> None:
    with chat(sqlite_url) as told:
        customer = account(told.work)
        assert "🧭" not in told.tap(OpenAccount(customer))  # nothing was ever invoiced
        invoice(told.work, customer, "F-1", cents, -10)
        rows = tables.customer_row
        told.work.execute(update(rows).where(rows.c.id == customer).values(risk_class=letter))
        assert line in told.tap(OpenAccount(customer))


def sheet(told: Chat, who: int) -> list[list[Any]]:
    told.tap(ListOpenings(), who)
    told.press_of(told.bodies[-1], "Exporter", who)
    assert "classeur arrive" in told.toast
    render = renderers(rules(), lambda locale: speaker(locale, PARIS))["opening_files"]
    body = render(told.work, company.waiting(told.work, "opening_files")[-1], told.now)
    assert body is not None
    content = BytesIO(base64.b64decode(body["file"]["content_base64"]))
    return CalamineWorkbook.from_filelike(content).get_sheet_by_index(0).to_python()


def test_the_files_leave_as_a_workbook_of_what_the_reader_may_see(sqlite_url: str) -> None:
    with chat(sqlite_url) as told:
        key = essentials(told)
        accepted(told, key)
        begun(told, "=Bâtir Ouest")
        begun(told, "Chez Marc", MARC)
        rows = sheet(told, JULIE)
        assert [row[0] for row in rows[-2:]] == ["=Bâtir Ouest", NAME]
        assert "Menuiserie Dupont SARL" in rows[-1]
        assert "compte ouvert" in rows[-1]
        assert {12_000.0, "C", "EUR", "30 jours net", "Comptant"} <= set(rows[-1])
        assert len(sheet(told, CLAIRE)) == len(rows) + 1
