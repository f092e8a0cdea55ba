"""The guided call from the gate to the confirmation, and every way to lose one's way in it."""

from __future__ import annotations

import pytest

from bot.screens.account import PrepareCall
from bot.screens.conversation import Resume, Undo
from bot.screens.gate import StartCall
from bot.use_cases import handover
from storage import alerts, freezes, tables
from storage.events import Origin
from tests.bot.talks.stage import (
    CLAIRE,
    JULIE,
    MARC,
    NOW,
    Chat,
    account,
    button,
    chat,
    invoice,
    keyboard,
    texts,
)

TO_OBJECTION = ("Commencer", "C’est prêt", "Mme Roche", "Oui", "C’est dit", "Il a répondu")


def dupont(told: Chat) -> int:
    customer = account(told.work)
    invoice(told.work, customer, "F-1042", 150_000, 34)
    invoice(told.work, customer, "F-1050", 90_050, 12)
    return customer


def as_far_as_the_objection(told: Chat) -> None:
    told.tap(PrepareCall(dupont(told)))
    for label in TO_OBJECTION:
        told.press(label)


def promised_in_two(told: Chat) -> None:
    as_far_as_the_objection(told)
    told.type("trésorerie")
    for label in ("bonne foi", "Passer", "Il verse"):
        told.press(label)
    told.type("1 500 €")
    told.press("anciennes")
    told.type("vendredi")
    for label in ("Virement instantané", "Ajouter", "solde"):
        told.press(label)
    told.type("dans 10 jours")
    for label in ("Valider", "d’accord", "Confirmé"):
        told.press(label)


def test_a_call_with_an_objection_ends_in_a_promise_of_two_instalments(database_url: str) -> None:
    with chat(database_url) as told:
        promised_in_two(told)
        told.press("terminé")
        said = told.press("e-mail")
        assert "Promesse de règlement" in said
        assert "Je vous confirme l’engagement pris par Mme Roche" in said
        assert "vendredi 27 novembre" in said
        assert "jeudi 3 décembre" in said
        assert "Ouest Matériaux" in said
        [promise] = told.all(tables.promise)
        assert (promise.amount_minor, promise.state) == (240_050, "open")
        assert promise.means == "instant_transfer"
        assert promise.contact == "Mme Roche"
        assert promise.confirmed_at is not None
        lines = told.work.all(tables.promise_line.select())
        assert [line.amount_minor for line in lines] == [150_000, 90_050]
        [contact] = told.all(tables.contact_record)
        assert (contact.outcome, contact.reason, contact.answered) == ("promise", "M05", True)
        due = [str(task.due_on) for task in told.all(tables.task) if task.done_at is None]
        assert due == ["2026-11-30", "2026-12-04"]


def test_the_confirmation_may_be_forwarded_and_copied(sqlite_url: str) -> None:
    with chat(sqlite_url) as told:
        promised_in_two(told)
        told.press("terminé")
        assert "langue de votre client" not in told.press("e-mail")
        confirmation = told.bodies[1]
        assert confirmation["params"]["protect_content"] is False
        copied = button(confirmation, "Copier")["copy_text"]["text"]
        assert "sous 24 h" in copied
        assert len(copied.encode("utf-16-le")) // 2 <= 256


def test_a_stale_button_shows_the_present_step_and_records_nothing(sqlite_url: str) -> None:
    with chat(sqlite_url) as told:
        promised_in_two(told)
        recording = told.shown[JULIE]
        told.press("terminé")
        before = told.kinds()
        said = told.press_of(recording, "terminé")
        assert "Étape dépassée" in told.toast
        assert "12/13" in said
        assert told.kinds() == before


def test_pressing_twice_records_once(sqlite_url: str) -> None:
    with chat(sqlite_url) as told:
        as_far_as_the_objection(told)
        told.press("Il s’engage à payer")
        told.press("Tout")
        told.press("27/11")
        told.press("Virement")
        told.press("Valider")
        told.press("d’accord")
        confirming = told.shown[JULIE]
        told.press_of(confirming, "Confirmé")
        told.press_of(confirming, "Confirmé")
        assert len(told.all(tables.promise)) == 1


def test_back_returns_to_the_step_before(sqlite_url: str) -> None:
    with chat(sqlite_url) as told:
        as_far_as_the_objection(told)
        assert "5/13" in told.press("Retour")
        assert "4/13" in told.press("Retour")


def test_a_call_is_put_aside_and_taken_up_by_button_command_or_gate(sqlite_url: str) -> None:
    with chat(sqlite_url) as told:
        as_far_as_the_objection(told)
        said = told.press("Mettre de côté")
        assert "Mis de côté" in said
        assert "6/13" in told.press("Reprendre")
        told.press("Mettre de côté")
        assert "6/13" in told.command("reprendre")
        told.press("Mettre de côté")
        [customer] = [row.id for row in told.all(tables.customer)]
        told.tap(PrepareCall(customer))
        assert "6/13" in told.press("Reprendre l’appel")


def test_another_conversation_leaves_the_former_to_be_taken_up(sqlite_url: str) -> None:
    with chat(sqlite_url) as told:
        as_far_as_the_objection(told)
        other = account(told.work, code="C2", name="Martin SA")
        invoice(told.work, other, "F-2", 50_000)
        told.tap(StartCall(other, 0))
        rows = told.all(tables.conversation)
        assert [row.state for row in rows] == ["left", "active"]
        assert [row.call["state"] for row in rows] == ["left", "active"]
        assert "Martin SA" in told.press("C’est prêt")


def test_a_typed_answer_comes_below_and_the_step_above_loses_its_buttons(sqlite_url: str) -> None:
    with chat(sqlite_url) as told:
        as_far_as_the_objection(told)
        above = told.numbers[JULIE]
        told.type("chèque")
        sent, bare = told.bodies
        assert sent["method"] == "sendMessage"
        assert bare["method"] == "editMessageReplyMarkup"
        assert bare["params"]["message_id"] == above
        assert keyboard(bare) == []
        [held] = told.all(tables.conversation)
        assert held.message_id == told.numbers[JULIE] != above


def test_a_colleague_who_presses_the_buttons_learns_nothing(sqlite_url: str) -> None:
    with chat(sqlite_url) as told:
        as_far_as_the_objection(told)
        step = told.shown[JULIE]
        before = told.all(tables.conversation)
        for label in ("Il s’engage", "Retour", "Mettre de côté"):
            said = told.press_of(step, label, who=MARC)
            assert "Dupont" not in said
            assert "portefeuille" in told.toast
        assert told.all(tables.conversation) == before
        assert "access.refused" in told.kinds()


def test_not_even_the_credit_manager_presses_in_somebody_elses_conversation(
    sqlite_url: str,
) -> None:
    with chat(sqlite_url) as told:
        as_far_as_the_objection(told)
        step = told.shown[JULIE]
        told.press_of(step, "Il s’engage", who=CLAIRE)
        assert "portefeuille" in told.toast
        assert told.all(tables.conversation)[0].step == "listen"


def test_an_account_that_changed_hands_stops_its_conversation(sqlite_url: str) -> None:
    with chat(sqlite_url) as told:
        as_far_as_the_objection(told)
        told.work.execute(tables.customer_row.update().values(assigned_code="R2"))
        told.press("Il s’engage")
        assert "portefeuille" in told.toast
        assert "Dupont" not in told.type("chèque")
        assert told.all(tables.conversation)[0].state == "left"
        assert "Dupont" not in told.command("reprendre")


def test_a_text_that_means_nothing_is_asked_again(sqlite_url: str) -> None:
    with chat(sqlite_url) as told:
        as_far_as_the_objection(told)
        said = told.type("xyzzy")
        assert "Je n’ai pas compris" in said
        assert "6/13" in said


def test_a_forgotten_conversation_lets_other_texts_through(sqlite_url: str) -> None:
    with chat(sqlite_url) as told:
        as_far_as_the_objection(told)
        told.wait(hours=20)
        assert "6/13" not in told.type("Dupont")
        assert "6/13" in told.command("resume")


def test_a_typed_date_counts_from_the_day_it_was_written(sqlite_url: str) -> None:
    with chat(sqlite_url) as told:
        as_far_as_the_objection(told)
        told.press("Il s’engage à payer")
        told.press("Tout")
        told.type("demain")
        told.press("Virement")
        assert "24/11" in "".join(str(body) for body in told.bodies)


def test_insolvency_stops_the_reminders_and_the_next_gate_says_so(sqlite_url: str) -> None:
    with chat(sqlite_url) as told:
        as_far_as_the_objection(told)
        customer = report_insolvency(told)
        assert "dunning.stopped" in told.kinds()
        said = told.tap(PrepareCall(customer))
        assert "Relances arrêtées" in said
        notices = [row for row in told.all(tables.outbox) if row.kind == "notice"]
        assert [row.body["why"] for row in notices] == ["insolvency"]
        assert all(row.chat_id == CLAIRE for row in notices)


def report_insolvency(told: Chat) -> int:
    told.type("redressement")
    while told.all(tables.conversation)[0].state == "active":
        labels = told.labels()
        told.press("Passer" if "Passer" in labels else labels[0])
    [customer] = [row.id for row in told.all(tables.customer)]
    return int(customer)


def test_a_credit_manager_lets_go_on_what_a_rep_was_told_had_stopped(sqlite_url: str) -> None:
    with chat(sqlite_url) as told:
        as_far_as_the_objection(told)
        customer = report_insolvency(told)
        told.tap(PrepareCall(customer), CLAIRE)
        assert "sur la parole d’un commercial" in told.press("🚦 Pourquoi", CLAIRE)
        told.press("Le signalement n’est pas fondé", CLAIRE)
        assert "relances et commandes peuvent reprendre" in told.toast
        assert "Relances arrêtées" not in told.tap(PrepareCall(customer))


@pytest.mark.parametrize("published", [False, True])
def test_undoing_a_word_does_not_unfreeze_what_somebody_else_had_stopped(
    sqlite_url: str, *, published: bool
) -> None:
    with chat(sqlite_url) as told:
        as_far_as_the_objection(told)
        [customer] = [row.id for row in told.all(tables.customer)]
        if not published:
            handover.stop_dunning(told.work, somebody(told), customer, "lawyer", {})
        report_insolvency(told)
        if published:
            row = {"customer_id": customer, "signal": "C3-01", "cause": "A1", "uid": "f1"}
            freezes.add(told.work, {**row, "since": told.now.today, "at": told.now.at})
        told.wait(seconds=3)
        told.tap(Undo(told.all(tables.conversation)[0].id))
        assert "contact.withdrawn" in told.kinds()
        assert "Relances arrêtées" in told.tap(PrepareCall(customer))


def somebody(told: Chat) -> Origin:
    return Origin(None, None, told.now, "cli:somebody")


def test_the_call_begins_below_the_alert_card_which_stays(sqlite_url: str) -> None:
    with chat(sqlite_url) as told:
        customer = dupont(told)
        julie = told.work.scalar(tables.person.select().where(tables.person.c.telegram_id == JULIE))
        alerts.keep_card(told.work, customer, julie, 40, 1, NOW)
        told.tap(PrepareCall(customer))
        assert told.bodies[0]["method"] == "sendMessage"
        told.press("Commencer")
        assert told.bodies[0]["method"] == "editMessageText"
        assert told.bodies[0]["params"]["message_id"] != 40


def test_the_call_is_in_english_for_an_english_reader_and_the_confirmation_is_not(
    sqlite_url: str,
) -> None:
    with chat(sqlite_url) as told:
        customer = dupont(told)
        told.work.execute(tables.person.update().values(locale="en"))
        assert "All clear" in told.tap(PrepareCall(customer))
        assert "1/13 · Prepare" in told.press("Begin")
        told.press("just committed")
        told.press("All: €2,400.50")
        assert "By which means" in told.type("friday")
        told.press("Bank transfer")
        told.press("Mme Roche")
        for label in ("Confirm the promise", "Yes, agreed", "Confirmed", "Call over"):
            told.press(label)
        said = told.press("By e-mail")
        assert "Promise to pay" in said
        assert "Undo within ten minutes" in said
        assert "Je vous confirme" in said
        why = "The message below stays in your customer’s language: it is for him to read."
        screen, confirmation = texts(told.bodies[:2])
        assert f"\n\n<i>{why}</i>" in screen
        assert why not in confirmation
        assert why not in told.tap(Resume(told.all(tables.conversation)[-1].id))


def test_who_means_the_summary_by_resume_reads_how_it_is_called(sqlite_url: str) -> None:
    with chat(sqlite_url) as told:
        account(told.work)
        assert "/resume_du_jour" in told.command("resume")
