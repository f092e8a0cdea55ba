"""A promise typed in one line: read over, filled in, and recorded only once it is confirmed."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import delete, select, update

from bot.screens.dispute import StartDispute
from bot.screens.promise import SaidPromise
from storage import tables
from tests.bot.talks.stage import CLAIRE, JULIE, MARC, Chat, account, chat, invoice

FRIDAY = date(2026, 11, 27)


def owing(told: Chat, euros: int = 3_000, **others: str) -> int:
    customer = account(told.work, **others)
    invoice(told.work, customer, f"F-{customer}", euros * 100)
    return customer


@pytest.mark.parametrize(
    "typed",
    [
        "promesse 1500 vendredi Dupont",
        "promesse Dupont 1 500 € le 27/11",
        "Dupont promet 1500 vendredi",
        "promise 1500 friday Dupont",
    ],
)
def test_a_line_leads_to_the_filled_confirmation_and_nothing_is_recorded_yet(
    sqlite_url: str, typed: str
) -> None:
    with chat(sqlite_url) as told:
        owing(told)
        said = told.type(typed)
        assert "À relire" in said
        assert "Dupont SARL" in said
        assert "1 500,00 € · ven. 27/11" in said
        assert "Par Mme Roche" in said
        assert "virement supposé" in said
        assert told.all(tables.promise) == []
        told.press("Valider la promesse")
        (kept,) = told.all(tables.promise)
        assert (kept.amount_minor, kept.means, kept.contact) == (150_000, "transfer", "Mme Roche")
        assert told.work.scalars(select(tables.promise_line.c.due_on)) == [FRIDAY]


def test_without_an_amount_it_is_all_that_may_be_claimed(database_url: str) -> None:
    with chat(database_url) as told:
        owing(told)
        assert "3 000,00 € · ven. 27/11" in told.type("promesse vendredi Dupont")
        told.press("Valider")
        (kept,) = told.all(tables.promise)
        assert (kept.amount_minor, kept.scope) == (300_000, "all")


def test_without_a_day_the_form_asks_for_it_and_keeps_the_amount(sqlite_url: str) -> None:
    with chat(sqlite_url) as told:
        owing(told)
        assert "À quelle date" in told.type("promesse 1500 Dupont")
        told.type("vendredi")
        told.press("Chèque")
        said = told.press("Passer")
        assert "1 500,00 € · ven. 27/11 · chèque" in said
        told.press("Valider")
        assert [one.means for one in told.all(tables.promise)] == ["cheque"]


def test_the_means_typed_at_the_end_is_taken_and_may_be_changed(sqlite_url: str) -> None:
    with chat(sqlite_url) as told:
        owing(told)
        said = told.type("promesse 1500 vendredi Dupont par chq")
        assert "chèque" in said
        assert "supposé" not in said
        told.press("Autre moyen")
        said = told.press("LCR")
        told.press("Passer")
        told.press("Valider")
        assert [one.means for one in told.all(tables.promise)] == ["bill"]


def test_who_commits_is_asked_when_nobody_or_several_are_known(sqlite_url: str) -> None:
    with chat(sqlite_url) as told:
        owing(told)
        told.work.execute(delete(tables.customer_contact))
        told.type("promesse 1500 vendredi Dupont")
        told.press("Valider, et dire qui s’engage")
        assert told.all(tables.promise) == []
        told.type("M. Blanc")
        assert [one.contact for one in told.all(tables.promise)] == ["M. Blanc"]


def test_several_accounts_are_offered_and_the_choice_is_read_over(sqlite_url: str) -> None:
    with chat(sqlite_url) as told:
        owing(told)
        owing(told, code="C2", name="Dupont Frères")
        said = told.type("promesse 1500 vendredi Dupont")
        assert "Quel compte pour « Dupont »" in said
        said = told.press("Dupont Frères · C2")
        assert "Dupont Frères" in said
        assert "1 500,00 €" in said
        assert told.all(tables.promise) == []


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("promesse 1500 31/11 Dupont", "Ce jour n’existe pas"),
        ("promesse 1500 hier Dupont", "Cette date est passée"),
        ("promesse 1500 lundi passé Dupont", "il me faut un jour à venir"),
        ("promesse 1500 vendredi 28/11 Dupont", "jour de la semaine"),
        ("promesse 0 vendredi Dupont", "« 0 » n’est pas un montant"),
        ("promesse 15OO vendredi Dupont", "« 15OO » n’est pas un montant"),
        ("promesse 1500 $ vendredi Dupont", "« 1500 $ » n’est pas un montant"),
        ("promesse 99999999999999999999 vendredi Dupont", "n’est pas un montant"),
        ("promesse 1500 vendredi Nobody", "Aucun compte « Nobody »"),
        ("promesse 1500 vendredi", "De quel client"),
        ("promesse", "Une promesse en une ligne"),
    ],
)
def test_what_cannot_be_is_said_clearly_and_nothing_begins(
    sqlite_url: str, typed: str, said: str
) -> None:
    with chat(sqlite_url) as told:
        owing(told)
        assert said in told.type(typed)
        assert told.all(tables.conversation) == []
        assert told.all(tables.promise) == []


def test_an_account_that_owes_nothing_promises_nothing(sqlite_url: str) -> None:
    with chat(sqlite_url) as told:
        account(told.work)
        assert "rien à promettre" in told.type("promesse 1500 vendredi Dupont")
        assert told.all(tables.conversation) == []


def test_a_customer_called_promesse_is_still_found(sqlite_url: str) -> None:
    with chat(sqlite_url) as told:
        owing(told, name="La Promesse SAS")
        assert "La Promesse SAS" in told.type("la promesse")
        assert told.all(tables.conversation) == []


def test_a_customer_whose_name_is_a_day_is_no_date(sqlite_url: str) -> None:
    with chat(sqlite_url) as told:
        owing(told, name="Brasserie de la Mer")
        assert "À quelle date" in told.type("promesse 1500 Brasserie de la Mer")


def test_another_portfolio_is_not_found_and_not_reached(sqlite_url: str) -> None:
    with chat(sqlite_url) as told:
        customer = owing(told, rep="R2")
        assert "Aucun compte" in told.type("promesse 1500 vendredi Dupont")
        forged = SaidPromise(customer, 150_000, "EUR", FRIDAY.toordinal(), "")
        told.tap(forged)
        assert "pas dans votre portefeuille" in told.toast
        assert told.all(tables.conversation) == []


def test_a_button_is_refused_once_the_account_is_given_away(sqlite_url: str) -> None:
    with chat(sqlite_url) as told:
        customer = owing(told)
        owing(told, code="C2", name="Dupont Frères")
        told.type("promesse 1500 vendredi Dupont")
        told.work.execute(
            update(tables.customer_row)
            .where(tables.customer_row.c.id == customer)
            .values(rep_code="R2")
        )
        told.press("Dupont SARL")
        assert "pas dans votre portefeuille" in told.toast


@pytest.mark.parametrize(
    "forged",
    [
        (-5, "EUR", FRIDAY.toordinal(), ""),
        (10**15, "EUR", FRIDAY.toordinal(), ""),
        (100, "USD", FRIDAY.toordinal(), ""),
        (100, "ZZZ", FRIDAY.toordinal(), ""),
        (0, "EUR", FRIDAY.toordinal(), ""),
        (100, "EUR", 10**12, ""),
        (100, "EUR", -1, ""),
        (100, "EUR", FRIDAY.toordinal(), "gold"),
        (100, "EUR", 1, ""),
    ],
)
def test_a_forged_button_begins_nothing(sqlite_url: str, forged: tuple[int, str, int, str]) -> None:
    with chat(sqlite_url) as told:
        customer = owing(told)
        told.tap(SaidPromise(customer, *forged))
        assert told.toast
        assert told.all(tables.conversation) == []


def test_hostile_names_are_shown_as_text(sqlite_url: str) -> None:
    with chat(sqlite_url) as told:
        owing(told)
        said = told.type("promesse 1500 vendredi <b>x</b>&amp;")
        assert "<b>x" not in said
        assert "&lt;b&gt;" in said


def test_the_command_says_how_and_reads_a_line(sqlite_url: str) -> None:
    with chat(sqlite_url) as told:
        owing(told)
        assert "Une promesse en une ligne" in told.send(JULIE, command="promesse")
        said = told.send(JULIE, command="promesse", arguments="1500 vendredi Dupont")
        assert "1 500,00 € · ven. 27/11" in said


def test_who_sees_everybody_may_type_a_line_too(sqlite_url: str) -> None:
    with chat(sqlite_url) as told:
        owing(told)
        assert "1 500,00 €" in told.type("promesse 1500 vendredi Dupont", CLAIRE)
        assert "Aucun compte" in told.type("promesse 1500 vendredi Dupont", MARC)


def test_too_little_is_said_and_still_needs_the_credit_manager(sqlite_url: str) -> None:
    with chat(sqlite_url) as told:
        owing(told)
        assert "C’est peu pour ce qui est échu" in told.type("promesse 10 vendredi Dupont")
        assert "trop peu" in told.press("Valider")
        assert told.all(tables.promise) == []


def test_a_line_typed_into_a_form_of_another_account_is_asked_about(sqlite_url: str) -> None:
    with chat(sqlite_url) as told:
        first = owing(told, code="C2", name="Martin BTP")
        owing(told)
        told.tap(StartDispute(first))
        told.type("promesse 1500 vendredi Dupont")
        said = told.press("📅 Promesse")
        assert "Dupont SARL" in said
        assert "mise de côté" in told.toast
        assert [one.state for one in told.all(tables.conversation)] == ["left", "active"]


def test_a_second_instalment_may_be_added_to_a_line(sqlite_url: str) -> None:
    with chat(sqlite_url) as told:
        owing(told)
        told.type("promesse 1500 vendredi Dupont")
        told.press("Ajouter une échéance")
        told.press("Le solde")
        told.type("15/12")
        told.press("Valider")
        (kept,) = told.all(tables.promise)
        assert kept.amount_minor == 300_000
        assert len(told.work.scalars(select(tables.promise_line.c.due_on))) == 2


@pytest.mark.parametrize("typed", ["1500 vendredi Dupont", "Dupont vendredi 1 500 €"])
def test_the_word_may_be_left_out_when_amount_day_and_name_are_sure(
    database_url: str, typed: str
) -> None:
    with chat(database_url) as told:
        owing(told)
        said = told.type(typed)
        assert "À relire" in said
        assert "1 500,00 € · ven. 27/11" in said
        assert told.all(tables.promise) == []


@pytest.mark.parametrize("typed", ["1500 Dupont", "1500 vendredi Durand", "1500 vendredi"])
def test_without_the_word_nothing_is_guessed(sqlite_url: str, typed: str) -> None:
    with chat(sqlite_url) as told:
        owing(told)
        assert "À relire" not in told.type(typed)
        assert told.all(tables.conversation) == []


def test_a_customer_called_like_a_line_is_opened_and_not_promised_for(sqlite_url: str) -> None:
    with chat(sqlite_url) as told:
        owing(told)
        owing(told, code="C2", name="1500 Vendredi Dupont")
        assert "<code>C2</code>" in told.type("1500 vendredi Dupont")
