"""Account files in the chat: filled in, left, taken up, sent, decided, and who may see them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import insert, select, update

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
from storage import openings, tables
from tests.bot.talks.opening_files import (
    IBAN,
    NAME,
    SIREN,
    accepted,
    answers,
    begun,
    completed,
    essentials,
    file,
    labels,
    new,
    news,
)
from tests.bot.talks.stage import CLAIRE, JULIE, MARC, Chat, account, chat


def test_six_answers_are_enough_to_send_a_file(sqlite_url: str) -> None:
    with chat(sqlite_url) as told:
        key = essentials(told)
        row = file(told)
        assert (row.name, row.siren, row.state) == (NAME, SIREN, "draft")
        assert answers(told)["iban"] == {"text": IBAN}
        assert answers(told)["limit"] == {"amount": "12000.00", "currency": "EUR"}
        assert answers(told)["terms"] == {"option": "net30"}
        said = told.press("Le dossier")
        assert "Pas encore de délai de paiement" in said
        assert "L’essentiel" not in " ".join(labels(told))
        said = told.tap(SendOpening(key))
        assert "⏳ attend une décision" in said
        assert "incomplet" in told.toast
        assert "pas de délai de paiement tant qu’il n’est pas complet" in told.toast
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
        ("kbis", "dans le camion", "J’attends ici une photo"),
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
        for label in ("B · stable", "12\u202f000", "6 mois", "30 jours net"):
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
        assert "« Il manque le Kbis »\n" in told.tap(ShowOpening(key))
        told.tap(SendOpening(key))
        told.tap(DecideOpening(key, "refuse"), CLAIRE)
        told.type("Procédure ouverte en septembre", CLAIRE)
        assert file(told).state == "refused"
        said = told.tap(ShowOpening(key))
        assert "⛔ compte refusé" in said
        assert "délai de paiement" not in said
        assert "Liste de pièces" not in said
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


def test_of_very_many_files_that_wait_the_oldest_are_read_and_shown(database_url: str) -> None:
    with chat(database_url) as told:
        file_of = tables.opening_file
        essentials(told)
        [begun_file] = told.work.all(select(file_of))
        sent = {**begun_file._mapping, "state": "sent"}
        for n in range(1, 13):
            at = told.at - timedelta(hours=n)
            row = {**sent, "id": 50 + n, "uid": f"w{n}", "name": f"Maison {n:02d}", "sent_at": at}
            told.work.execute(insert(file_of), row)
        oldest = [f"⏳ Maison {n:02d} · {n} heures" for n in range(12, 4, -1)]
        assert [label for label in listed(told, CLAIRE) if "⏳" in label] == oldest
        assert [row.id for row in openings.waiting(told.work, 3)] == [62, 61, 60]


def test_a_name_typed_behind_the_command_begins_a_file(sqlite_url: str) -> None:
    with chat(sqlite_url) as told:
        begun(told, "Toitures Morel")
        assert file(told).name == "Toitures Morel"
        assert told.work.scalar(select(tables.opening_answer.c.point)) == "name"
