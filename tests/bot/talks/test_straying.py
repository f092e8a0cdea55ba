"""Another customer's name typed into a form: nothing is recorded of it, and the form is kept."""

from __future__ import annotations

import pytest
from sqlalchemy import update

from bot.screens.conversation import KeepTyped, LeaveFor
from bot.screens.dispute import StartDispute
from bot.screens.promise import StartPromise
from storage import tables
from tests.bot.talks.stage import JULIE, MARC, Chat, account, chat, invoice


def two(told: Chat) -> tuple[int, int]:
    """Add Dupont, whose form it is, and Martin BTP, who is typed into it."""
    dupont = account(told.work)
    martin = account(told.work, code="C2", name="Martin BTP")
    for customer in (dupont, martin):
        invoice(told.work, customer, f"F-{customer}", 200_000)
    return dupont, martin


def states(told: Chat) -> list[str]:
    return [one.state for one in told.all(tables.conversation)]


def who_commits(told: Chat, customer: int, amount: str) -> None:
    """Fill in a promise up to the question of who commits."""
    told.tap(StartPromise(customer))
    for typed in (amount, "vendredi"):
        told.type(typed)
    told.press("Virement")


def test_a_form_says_what_it_waits_for_and_offers_to_leave_for_the_customer(
    database_url: str,
) -> None:
    with chat(database_url) as told:
        dupont, _ = two(told)
        told.tap(StartPromise(dupont))
        said = told.type("Martin")
        assert "Cette saisie attend un montant" in said
        assert told.labels()[0] == "↪️ Ouvrir Martin BTP"
        said = told.press("↪️ Ouvrir Martin BTP")
        assert "Mis de côté. Rien n’est perdu" in said
        assert "Martin BTP" in said
        assert states(told) == ["left"]
        assert told.all(tables.promise) == []


def test_the_form_that_was_left_is_taken_up_where_it_stood(sqlite_url: str) -> None:
    with chat(sqlite_url) as told:
        dupont, _ = two(told)
        told.tap(StartPromise(dupont))
        told.type("500")
        told.type("Martin")
        told.press("↪️ Ouvrir Martin BTP")
        assert "À quelle date" in told.command("reprendre")
        assert "Dupont" in told.type("vendredi")


@pytest.mark.parametrize("typed", ["Martin", "martin btp", "F-2", "C2"])
def test_a_step_that_waits_for_a_press_offers_it_too(sqlite_url: str, typed: str) -> None:
    with chat(sqlite_url) as told:
        dupont, _ = two(told)
        told.tap(StartDispute(dupont))
        assert "attend un des boutons ci-dessous" in told.type(typed)
        assert "↪️ Ouvrir Martin BTP" in told.labels()


def test_plain_nonsense_is_not_offered(sqlite_url: str) -> None:
    with chat(sqlite_url) as told:
        dupont, _ = two(told)
        told.tap(StartPromise(dupont))
        assert "Il me faut un montant" in told.type("je rappelle")
        assert not [label for label in told.labels() if "Ouvrir" in label]


@pytest.mark.parametrize("start", [StartPromise, StartDispute])
def test_the_forms_own_customer_typed_into_it_opens_the_account_in_one_tap(
    sqlite_url: str, start: type[StartPromise | StartDispute]
) -> None:
    with chat(sqlite_url) as told:
        dupont, _ = two(told)
        told.tap(start(dupont))
        said = told.type("dupont")
        assert "Vous êtes chez ce client" in said
        assert "pas compris" not in said
        said = told.press("↪️ Ouvrir Dupont")
        assert "Mis de côté. Rien n’est perdu" in said
        assert "Échu" in said
        assert states(told) == ["left"]


def test_a_name_typed_as_a_note_is_asked_about_before_it_is_recorded(sqlite_url: str) -> None:
    with chat(sqlite_url) as told:
        dupont, _ = two(told)
        who_commits(told, dupont, "500")
        said = told.type("Martin BTP")  # who commits
        assert "« Martin BTP » est un client" in said
        assert states(told) == ["active"]
        told.press("↪️ Ouvrir Martin BTP")
        assert states(told) == ["left"]


def test_it_may_be_the_answer_all_the_same(sqlite_url: str) -> None:
    with chat(sqlite_url) as told:
        dupont, _ = two(told)
        who_commits(told, dupont, "2000")
        told.type("Martin BTP")
        assert "par Martin BTP" in told.press("✓ C’est ma réponse")
        told.press("Valider")
        assert [one.contact for one in told.all(tables.promise)] == ["Martin BTP"]


def test_a_persons_name_that_a_customer_only_begins_with_is_taken(sqlite_url: str) -> None:
    with chat(sqlite_url) as told:
        dupont, _ = two(told)
        who_commits(told, dupont, "2000")
        assert "À relire" in told.type("Martin")


def test_an_answer_kept_for_a_question_is_forgotten_with_the_next_turn(sqlite_url: str) -> None:
    with chat(sqlite_url) as told:
        dupont, _ = two(told)
        who_commits(told, dupont, "2000")
        told.type("Martin BTP")
        asked = told.shown[JULIE]
        assert "À relire" in told.type("Mme Roche")
        told.press_of(asked, "C’est ma réponse")
        assert "Étape dépassée" in told.toast
        assert "Martin BTP" not in str(told.all(tables.conversation)[0].call)


def test_leaving_checks_whose_form_and_whose_customer(sqlite_url: str) -> None:
    with chat(sqlite_url) as told:
        dupont, martin = two(told)
        told.tap(StartPromise(dupont))
        conversation = told.all(tables.conversation)[0].id
        told.tap(LeaveFor(conversation, martin), MARC)
        told.tap(KeepTyped(conversation, 1), MARC)
        assert states(told) == ["active"]
        told.type("Martin")
        told.work.execute(
            update(tables.customer_row)
            .where(tables.customer_row.c.id == martin)
            .values(rep_code="R2")
        )
        told.press("↪️ Ouvrir Martin BTP")
        assert "pas dans votre portefeuille" in told.toast
        assert states(told) == ["active"]


def test_a_name_outside_the_portfolio_is_no_customer(sqlite_url: str) -> None:
    with chat(sqlite_url) as told:
        dupont, _ = two(told)
        other = account(told.work, code="C3", name="Lefort", rep="R2")
        assert other
        told.tap(StartPromise(dupont))
        assert "Il me faut un montant" in told.type("Lefort")


@pytest.mark.parametrize("word", ["annuler", "cancel", "stop"])
def test_a_form_is_left_by_the_word_that_cancels_and_takes_nothing_more(
    sqlite_url: str, word: str
) -> None:
    with chat(sqlite_url) as told:
        dupont, _ = two(told)
        told.tap(StartPromise(dupont))
        assert "Mis de côté. Rien n’est perdu" in told.command(word)
        assert states(told) == ["left"]
        assert "<code>C1</code>" in told.type("Dupont")
        assert "Rien n’est en cours : il n’y a rien à annuler" in told.command(word)
        assert told.all(tables.promise) == []


def test_what_was_just_recorded_is_shown_with_its_undo_for_ten_minutes(database_url: str) -> None:
    with chat(database_url) as told:
        two(told)
        told.type("promesse 2000 vendredi Dupont")
        told.press("Valider")
        told.wait(minutes=9)
        told.command("annuler")
        assert "↩️ Annuler" in told.labels()
        assert [one.state for one in told.all(tables.promise)] == ["open"]
        told.wait(minutes=2)
        assert "rien à annuler" in told.command("annuler")


def test_what_a_colleague_recorded_is_not_offered_for_undoing(sqlite_url: str) -> None:
    with chat(sqlite_url) as told:
        two(told)
        told.type("promesse 2000 vendredi Dupont")
        told.press("Valider")
        assert "rien à annuler" in told.send(MARC, command="annuler")


@pytest.mark.parametrize("typed", ["annuler", "Annule", "cancel"])
def test_the_word_alone_cancels_as_the_command_does(sqlite_url: str, typed: str) -> None:
    with chat(sqlite_url) as told:
        dupont, _ = two(told)
        told.tap(StartPromise(dupont))
        assert "Mis de côté. Rien n’est perdu" in told.type(typed)
        assert states(told) == ["left"]
        assert "rien à annuler" in told.type(typed)
