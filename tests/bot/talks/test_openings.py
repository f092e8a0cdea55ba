"""Account files in the chat: filled in, left, taken up, sent, decided, and who may see them."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select, update

from bot.screens.account import OpenAccount
from bot.screens.opening import (
    AnswerPoint,
    DecideOpening,
    DropOpening,
    FillOpening,
    ListOpenings,
    SendOpening,
    ShowBlock,
    ShowOpening,
    ShowPictures,
)
from storage import tables
from tests.bot.talks.stage import CLAIRE, JULIE, MARC, Chat, account, chat, invoice, keyboard, rules

SIREN, SIRET, VAT = "732829320", "73282932000074", "FR44732829320"
IBAN = "FR7630006000011234567890189"
NAME = "Menuiserie Dupont SARL"


def begun(told: Chat, typed: str = "732 829 320", who: int = JULIE) -> Any:
    told.send(who, command="ouverture", arguments=typed)
    return told.all(tables.opening_file)[-1]


def new(told: Chat, who: int = JULIE) -> None:
    told.tap(ListOpenings(), who)
    told.press_of(told.bodies[-1], "Nouveau dossier", who)


def essentials(told: Chat) -> int:
    row = begun(told)
    for typed in (NAME, IBAN, "MENUISERIE DUPONT", "12 000"):
        told.type(typed)
    told.press("30 jours net")
    return int(row.id)


def answers(told: Chat) -> dict[str, Any]:
    return {row.point: row.value for row in told.all(tables.opening_answer)}


def file(told: Chat) -> Any:
    return told.all(tables.opening_file)[-1]


def news(told: Chat, who: int) -> list[dict[str, object]]:
    rows = told.all(tables.outbox)
    return [row.body for row in rows if row.kind == "opening" and row.chat_id == who]


def labels(told: Chat) -> list[str]:
    return [key["text"] for row in keyboard(told.bodies[-1]) for key in row]


def completed(told: Chat, key: int) -> None:
    """Fill in every point that is left, as a rep would: a tap, a text or a picture."""
    for block in ("identity", "bank", "needs", "working", "law", "risk"):
        said = told.tap(FillOpening(key, block))
        for _ in range(20):
            held = told.all(tables.conversation)[-1]
            if held.state != "active":
                break
            said = _answered(told, said)


def _answered(told: Chat, said: str) -> str:
    if "Envoyez la photo" in said:
        told.photo(f"p{len(answers(told))}")
        return told.press("Terminé")
    if "SIRET de facturation" in said:
        return told.type(SIRET)
    if "TVA" in said:
        return told.press(VAT)
    if "Date du Kbis" in said:
        return told.type("15/10/2026")
    if "CA annuel" in said:
        return told.type("150 000")
    first = told.labels()[0]
    pressed = first not in {"Plus tard ›", "Sans objet"}
    return told.press(first) if pressed else told.type("Mme Roche, 02 99 00 00 00")


def test_six_answers_are_enough_to_send_a_file(sqlite_url: str) -> None:
    with chat(sqlite_url) as told:
        key = essentials(told)
        row = file(told)
        assert (row.name, row.siren, row.state) == (NAME, SIREN, "draft")
        assert answers(told)["iban"] == {"text": IBAN}
        assert answers(told)["limit"] == {"amount": "12000.00", "currency": "EUR"}
        assert answers(told)["terms"] == {"option": "net30"}
        said = told.press("Le dossier")
        assert "Pas d’échéance encore" in said
        assert "L’essentiel" not in " ".join(labels(told))
        said = told.tap(SendOpening(key))
        assert "⏳ attend une décision" in said
        assert "incomplet : pas d’échéance" in told.toast.replace("\N{NO-BREAK SPACE}", " ")
        assert news(told, CLAIRE) == [{"opening": key, "what": "sent"}]
        assert not news(told, JULIE)
        assert "opening.sent" in told.kinds()


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("73282932", "9 chiffres ; j’en lis 8"),
        ("732829321", "sa clé est fausse"),
        ("73282932000075", "sa clé est fausse"),
        ("dupont", "chiffres seulement"),
    ],
)
def test_a_wrong_siren_is_told_with_the_reason(sqlite_url: str, typed: str, why: str) -> None:
    with chat(sqlite_url) as told:
        new(told)
        assert why in told.type(typed)
        assert not answers(told)


def test_a_siret_typed_for_the_siren_fills_in_both_and_la_poste_has_its_own_rule(
    sqlite_url: str,
) -> None:
    with chat(sqlite_url) as told:
        new(told)
        told.type("356 000 000 00001")
        assert answers(told)["siren"] == {"text": "356000000"}
        assert answers(told)["siret"] == {"text": "35600000000001"}


@pytest.mark.parametrize(
    ("point", "typed", "why"),
    [
        ("siret", "40483304800022", "autre entreprise"),
        ("siret", "123", "14 chiffres ; j’en lis 3"),
        ("vat", "FR83404833048", "autre entreprise"),
        ("vat", "FR00732829320", "TVA est faux"),
        ("iban", "FR7630006000011234567890188", "IBAN est faux"),
        ("limit", "beaucoup", "montant supérieur à zéro"),
        ("kbis_day", "32/13/2026", "date comme 15/10/2026"),
        ("kbis_day", "24/11/2027", "date est à venir"),
        ("kbis", "dans le camion", "pas compris"),
        ("terms", "un an", "un des boutons"),
        ("site", "le gérant est malade, dépression", "sur une personne"),
    ],
)
def test_each_wrong_value_has_its_message(
    sqlite_url: str, point: str, typed: str, why: str
) -> None:
    with chat(sqlite_url) as told:
        key = begun(told).id
        before = answers(told)
        told.tap(AnswerPoint(key, point))
        assert why in told.type(typed)
        assert answers(told) == before


def test_a_file_is_left_and_taken_up_again_at_the_same_point(sqlite_url: str) -> None:
    with chat(sqlite_url) as told:
        key = begun(told).id
        told.type(NAME)
        told.wait(days=3)
        said = told.tap(ShowOpening(key))
        assert "D’abord : IBAN, Titulaire du compte" in said
        assert "IBAN ?" in told.press("L’essentiel (4)")
        told.press("Plus tard")
        assert "Titulaire" in told.bodies[-1]["params"]["text"]
        told.press(NAME)  # the likely holder
        assert answers(told)["holder"] == {"text": NAME}
        assert "iban" not in answers(told)


def test_the_checks_compare_the_answers_with_one_another(sqlite_url: str) -> None:
    with chat(sqlite_url) as told:
        key = begun(told).id
        for point, typed in (
            ("name", NAME),
            ("iban", "DE89370400440532013000"),
            ("holder", "Jean Dupont"),
            ("kbis_day", "01/02/2026"),
        ):
            told.tap(AnswerPoint(key, point))
            told.type(typed)
        said = told.tap(ShowOpening(key))
        assert "⚠️ IBAN d’un autre pays (DE)" in said
        assert "⚠️ Titulaire « Jean Dupont »" in said
        assert "⚠️ Date du Kbis : trop ancien, 295 jours" in said
        assert "SIREN : clé juste" not in said
        told.tap(SendOpening(key))
        assert "✅ SIREN : clé juste" in told.tap(ShowOpening(key), CLAIRE)


def test_a_company_that_is_known_is_told_at_once_by_name_only_to_who_may_see_it(
    sqlite_url: str,
) -> None:
    with chat(sqlite_url) as told:
        customer = account(told.work, name="Ancien Client")
        told.work.execute(
            update(tables.customer_row)
            .where(tables.customer_row.c.id == customer)
            .values(siren=SIREN)
        )
        new(told)
        assert "Déjà client : Ancien Client" in told.type(SIREN)
        new(told, MARC)
        said = told.type(SIREN, MARC)
        assert "portefeuille d’un collègue" in said
        assert "Ancien" not in said
        assert not answers(told)


def test_a_second_file_of_the_same_company_is_told_at_once(sqlite_url: str) -> None:
    with chat(sqlite_url) as told:
        begun(told)
        told.type(NAME)
        new(told)
        assert f"Un autre dossier a ce SIREN : {NAME}" in told.type(SIREN)
        new(told, MARC)
        said = told.type(SIREN, MARC)
        assert "Un collègue a un dossier" in said
        assert "Dupont" not in said


def test_an_empty_file_is_taken_again_and_a_nameless_one_is_not_sent(sqlite_url: str) -> None:
    with chat(sqlite_url) as told:
        new(told)
        new(told)
        (row,) = told.all(tables.opening_file)
        told.tap(SendOpening(row.id))
        assert "raison sociale" in told.toast
        assert file(told).state == "draft"


def test_the_credit_manager_accepts_and_the_rep_is_told(sqlite_url: str) -> None:
    with chat(sqlite_url) as told:
        key = essentials(told)
        told.tap(SendOpening(key))
        told.wait(hours=30)
        said = told.tap(ShowOpening(key), CLAIRE)
        assert "envoyé il y a 30 heures ⏰ délai dépassé" in said
        assert "Demandé : 12 000 € · 30 jours net" in said
        assert "Par Julie Martin" in said
        told.press_of(told.bodies[-1], "Accepter", CLAIRE)
        for label in ("B · stable", "12 000", "6 mois", "30 jours net"):
            told.press(label, CLAIRE)
        told.press("Réserve de propriété", CLAIRE)
        told.press("Terminé", CLAIRE)
        told.press("Acompte 50", CLAIRE)
        assert "12\N{NARROW NO-BREAK SPACE}000,00" in told.bodies[-1]["params"]["text"]
        told.press("Ouvrir le compte", CLAIRE)
        row = file(told)
        assert (row.state, row.risk_class, row.limit_minor) == ("accepted", "B", 1_200_000)
        assert (row.terms, row.first_order, row.guarantees) == (
            "net30",
            "deposit50",
            ["retention"],
        )
        assert row.valid_until.isoformat() == "2027-05-24"
        assert news(told, JULIE) == [{"opening": key, "what": "decided"}]
        said = told.tap(ShowOpening(key))
        assert "Classe B" in said
        assert "Première commande : Acompte 50 %" in said
        assert "opening.decided" in told.kinds()


def test_more_is_asked_for_then_the_file_is_sent_again_and_refused(sqlite_url: str) -> None:
    with chat(sqlite_url) as told:
        key = essentials(told)
        told.tap(SendOpening(key))
        told.tap(DecideOpening(key, "more"), CLAIRE)
        told.type("Il manque le Kbis", CLAIRE)
        assert file(told).state == "draft"
        assert "« Il manque le Kbis »" in told.tap(ShowOpening(key))
        told.tap(SendOpening(key))
        told.tap(DecideOpening(key, "refuse"), CLAIRE)
        told.type("Procédure ouverte en septembre", CLAIRE)
        assert file(told).state == "refused"
        said = told.tap(ShowOpening(key))
        assert "⛔ refusé" in said
        assert "Procédure ouverte en septembre" in said
        assert "Compléter" not in " ".join(labels(told))
        assert len(news(told, JULIE)) == 2
        assert len(news(told, CLAIRE)) == 2


def test_a_file_is_decided_once_and_by_the_credit_manager_only(sqlite_url: str) -> None:
    with chat(sqlite_url) as told:
        key = essentials(told)
        told.tap(SendOpening(key))
        told.tap(DecideOpening(key, "refuse"))
        assert "rôle" in told.toast
        told.tap(DecideOpening(key, "refuse"), CLAIRE)
        told.type("Non", CLAIRE)
        assert "refusé" in told.tap(DecideOpening(key, "accept"), CLAIRE)
        assert file(told).state == "refused"


def test_an_accepted_file_takes_what_is_missing_and_changes_nothing_else(sqlite_url: str) -> None:
    with chat(sqlite_url) as told:
        key = essentials(told)
        accepted(told, key)
        told.tap(AnswerPoint(key, "iban"))
        assert "IBAN ?" not in told.bodies[-1]["params"].get("text", "")
        completed(told, key)
        assert "Le dossier est complet" in told.tap(ShowOpening(key))
        assert news(told, CLAIRE)[-1] == {"opening": key, "what": "completed"}


def accepted(told: Chat, key: int) -> None:
    told.tap(SendOpening(key))
    told.tap(DecideOpening(key, "accept"), CLAIRE)
    for label in ("C · à", "12 000", "3 mois", "30 jours net", "Passer", "Comptant", "Ouvrir le"):
        told.press(label, CLAIRE)


def test_the_pictures_of_a_block_can_be_looked_at(sqlite_url: str) -> None:
    with chat(sqlite_url) as told:
        key = begun(told).id
        told.tap(AnswerPoint(key, "rib"))
        told.photo("rib-1")
        told.photo("rib-2")
        told.press("Terminé")
        said = told.tap(ShowBlock(key, "bank"))
        assert "Photo du RIB : <b>2 photos</b>" in said
        assert "🖼 Photo du RIB" in labels(told)
        told.tap(ShowPictures(key, "rib"))
        shown = [one["params"]["photo"] for one in told.bodies if one["method"] == "sendPhoto"]
        assert shown == ["rib-1", "rib-2"]


def test_a_colleague_of_another_portfolio_sees_nothing(sqlite_url: str) -> None:
    with chat(sqlite_url) as told:
        key = essentials(told)
        for tap in (ShowOpening(key), FillOpening(key, "bank"), SendOpening(key)):
            said = told.tap(tap, MARC)
            assert "Dupont" not in said
        assert "Aucun dossier" in told.tap(ListOpenings(), MARC)
        assert NAME in " ".join(listed(told, JULIE))
        assert file(told).state == "draft"


def listed(told: Chat, who: int) -> list[str]:
    told.tap(ListOpenings(), who)
    return labels(told)


def test_a_draft_is_given_up_after_a_question(sqlite_url: str) -> None:
    with chat(sqlite_url) as told:
        key = begun(told).id
        assert "Abandonner" in told.tap(DropOpening(key, 0))
        assert file(told).state == "draft"
        told.tap(DropOpening(key, 1))
        assert file(told).state == "dropped"
        assert listed(told, JULIE) == ["➕ Nouveau dossier"]


def test_the_files_that_wait_come_first_for_who_decides(sqlite_url: str) -> None:
    with chat(sqlite_url) as told:
        key = essentials(told)
        told.tap(SendOpening(key))
        told.wait(hours=2)
        begun(told, "404 833 048")
        told.type("Bâtir Ouest")
        assert listed(told, CLAIRE)[0] == f"⏳ {NAME} · 2 heures"


def test_a_name_typed_behind_the_command_begins_a_file(sqlite_url: str) -> None:
    with chat(sqlite_url) as told:
        begun(told, "Toitures Morel")
        assert file(told).name == "Toitures Morel"
        assert told.work.scalar(select(tables.opening_answer.c.point)) == "name"


def in_the_ledger(told: Chat, **values: Any) -> int:
    customer = account(told.work, code="N1", name="Menuiserie Dupont", **values)
    rows = tables.customer_row
    told.work.execute(
        update(rows).where(rows.c.id == customer).values(siren=SIREN, risk_class=None)
    )
    return customer


def ordered(told: Chat, amount: str = "1000") -> str:
    return told.send(JULIE, command="commande", arguments=f"Menuiserie {amount}")


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
        assert f"🗂 Dossier : manquent {len(lacking(told))} points" in said
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
