"""The credit manager decides disputes: in full, in part, not at all, after a question, undone."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from bot.screens.dispute import ListDisputes, ShowDispute
from bot.screens.dispute_file import (
    FULL,
    NONE,
    PART,
    AnswerAboutDispute,
    AskAboutDispute,
    CloseDispute,
    DecideDispute,
    ShowEvidence,
)
from bot.use_cases import contacts
from bot.use_cases.contacts import ContactRequest
from storage import events, people, tables
from storage.events import Origin
from tests.bot.talks.dispute_desk import claimed, decided, labels, news, opened, state
from tests.bot.talks.stage import (
    CLAIRE,
    JULIE,
    MARC,
    TODAY,
    Chat,
    chat,
    keyboard,
)


def test_a_dispute_accepted_in_full_stays_paused_and_the_rep_is_told(database_url: str) -> None:
    with chat(database_url) as told:
        customer, _, key = opened(told)
        assert "Décision envoyée" in decided(told, key, FULL, "Avoir demandé à la compta")
        [row] = told.all(tables.dispute)
        assert (row.state, row.founded_minor, row.closed_at) == ("founded", 30_000, None)
        assert claimed(told, customer) == 150_000
        [said] = news(told, JULIE)
        assert "Fondé : avoir de 300,00 € à venir" in said
        assert "Avoir demandé à la compta" in said
        assert "Le reste, 1 500,00 €, est échu" in said.replace("\N{NARROW NO-BREAK SPACE}", " ")
        assert not news(told, CLAIRE)
        [task] = told.all(tables.task)
        assert (task.kind, task.due_on) == ("tell_decision", TODAY)
        assert "Litige fondé : avoir de 300,00 €" in told.type("Dupont")


def test_the_part_that_is_refused_rests_like_a_whole_refusal(database_url: str) -> None:
    with chat(database_url) as told:
        customer, _, key = opened(told)
        told.tap(DecideDispute(key, PART), CLAIRE)
        told.type("120", CLAIRE)
        read = told.type("Une palette sur trois", CLAIRE)
        assert "180,00 €</b> redeviennent exigibles. Reprise des relances le" in read
        done = told.press("Valider", CLAIRE)
        assert "sur la part refusée le mercredi 25 novembre" in done
        [row] = told.all(tables.dispute)
        assert (row.state, row.founded_minor) == ("partly_founded", 12_000)
        assert (row.closed_at, row.resume_on) == (None, TODAY + timedelta(days=2))
        [said] = news(told, JULIE)
        assert "avoir de 120,00 €" in said
        assert "180,00 € restent dus" in said
        assert "pouvez-vous le régler avant le mercredi 25 novembre ?" in said
        assert claimed(told, customer) == 150_000
        card = told.type("Dupont")
        assert "Part refusée, 180,00 € : reprise des relances le mer. 25/11" in card
        assert [one for one in labels(told) if "Litige F-" in one] == ["✋ Litige F-1042"]
        told.wait(days=2)
        assert claimed(told, customer) == 168_000
        assert "quel jour le réglez-vous" in told.tap(ShowDispute(key))


def test_more_than_is_disputed_is_asked_again(sqlite_url: str) -> None:
    with chat(sqlite_url) as told:
        _, _, key = opened(told)
        told.tap(DecideDispute(key, PART), CLAIRE)
        assert "dépasse les <b>300,00 €</b>" in told.type("300,01", CLAIRE)
        assert "dépasse les <b>300,00 €</b>" in told.type("400", CLAIRE)
        told.type("300", CLAIRE)
        told.press("Passer", CLAIRE)
        told.press("Valider", CLAIRE)
        assert state(told) == "founded"  # all of it is no part


def test_a_question_goes_to_the_rep_and_the_answer_comes_back(database_url: str) -> None:
    with chat(database_url) as told:
        customer, _, key = opened(told)
        told.tap(AskAboutDispute(key), CLAIRE)
        assert "Question envoyée" in told.type("Le bon est-il signé ?", CLAIRE)
        assert state(told) == "under_review"
        assert claimed(told, customer) == 150_000
        [said] = news(told, JULIE)
        assert "Le bon est-il signé ?" in said
        assert "votre réponse est attendue" in said
        assert "répondre à la question du crédit" in told.command("aujourdhui")
        told.tap(AnswerAboutDispute(key))
        told.type("Oui, avec réserves")
        told.photo("photo-9")
        assert "Réponse envoyée" in told.press("Terminé")
        [said] = news(told, CLAIRE)
        assert "Oui, avec réserves" in said
        assert "crédit : à trancher" in said
        assert [row.file_id for row in told.all(tables.attachment)] == ["photo-9"]
        assert all(row.done_at is not None for row in told.all(tables.task))
        told.tap(ShowEvidence(key), CLAIRE)
        assert [body["params"]["photo"] for body in told.bodies if "photo" in body["params"]] == [
            "photo-9"
        ]
        kinds = set(told.kinds())
        assert {"dispute.asked", "dispute.answered"} <= kinds


def test_a_decision_is_undone_within_ten_minutes_and_the_rep_hears_of_it(database_url: str) -> None:
    with chat(database_url) as told:
        customer, _, key = opened(told)
        decided(told, key, NONE, "Livré conforme")
        told.wait(seconds=3)
        told.press("Annuler", CLAIRE)
        [row] = told.all(tables.dispute)
        assert (row.state, row.founded_minor, row.closed_at) == ("open", None, None)
        assert claimed(told, customer) == 150_000
        assert all(one.done_at is not None for one in told.all(tables.task))
        [said] = news(told, JULIE)  # the decision itself, had it not left, would be dropped
        assert "ne l’annoncez pas" in said
        assert "dispute.undone" in told.kinds()
        assert "✅ Fondé" in [key["text"] for row in keyboard_of(told, key) for key in row]


def keyboard_of(told: Chat, key: int) -> list[list[dict[str, object]]]:
    told.tap(ShowDispute(key), CLAIRE)
    return keyboard(told.bodies[-1])


@pytest.mark.parametrize("ruling", [PART, NONE])
def test_a_decision_put_off_is_not_told_as_given_up(sqlite_url: str, ruling: str) -> None:
    with chat(sqlite_url) as told:
        _, _, key = opened(told)
        told.tap(DecideDispute(key, ruling), CLAIRE)
        said = told.press("Décider plus tard", CLAIRE)
        assert said.strip().startswith("⏳ <b>Reporté</b> · Dupont SARL")
        assert "Le litige attend toujours." in said
        assert state(told) == "open"


def test_what_was_answered_since_is_not_undone(sqlite_url: str) -> None:
    with chat(sqlite_url) as told:
        _, _, key = opened(told)
        told.tap(AskAboutDispute(key), CLAIRE)
        told.type("Signé ?", CLAIRE)
        asked = told.shown[CLAIRE]
        told.tap(AnswerAboutDispute(key))
        told.type("Oui")
        told.press("Passer")
        told.wait(seconds=3)
        told.press_of(asked, "Annuler", CLAIRE)
        assert [row.withdrawn_at for row in told.all(tables.dispute_step)] == [None, None]


def test_a_decided_dispute_is_not_decided_twice(sqlite_url: str) -> None:
    with chat(sqlite_url) as told:
        _, _, key = opened(told)
        told.tap(DecideDispute(key, FULL), CLAIRE)
        told.press("Passer", CLAIRE)
        form = told.shown[CLAIRE]
        decided(told, key, NONE, "Livré conforme")
        told.press_of(form, "Valider", CLAIRE)
        assert state(told) == "unfounded"
        assert "Non fondé" in told.tap(DecideDispute(key, FULL), CLAIRE)
        assert len(told.all(tables.dispute_step)) == 1


@pytest.mark.parametrize("who", [JULIE, MARC])
def test_a_rep_decides_nothing(sqlite_url: str, who: int) -> None:
    with chat(sqlite_url) as told:
        _, _, key = opened(told)
        for tap in (DecideDispute(key, FULL), AskAboutDispute(key), CloseDispute(key, 1)):
            told.tap(tap, who)
        assert state(told) == "open"
        told.tap(ShowDispute(key), JULIE)
        assert not [one for one in labels(told) if "Fondé" in one]


def test_the_list_counts_no_day_on_the_first_and_has_no_gap(sqlite_url: str) -> None:
    with chat(sqlite_url) as told:
        _, _, key = opened(told)
        decided(told, key, FULL, "Avoir demandé")
        said = told.command("litiges", CLAIRE)
        assert "0 jour" not in said
        assert "\n\n\n" not in said
        assert "(logistique) · F-1042\n📄 comptabilité" in said
        told.wait(days=1)
        assert "F-1042 · 1 jour\n" in told.command("litiges", CLAIRE)


def test_the_list_shows_ones_own_disputes_the_oldest_first(database_url: str) -> None:
    with chat(database_url) as told:
        _, _, first = opened(told, name="Ancien SARL")
        told.wait(days=1)
        opened(told, code="C2", name="Récent SARL", rep="R2")
        for n in range(8):
            opened(told, code=f"D{n}", name=f"Autre {n}")
        told.work.execute(
            update(tables.dispute)
            .where(tables.dispute.c.id == first)
            .values(opened_on=TODAY - timedelta(days=12), target_on=TODAY - timedelta(days=5))
        )
        said = told.command("litiges", CLAIRE)
        assert "10 à trancher · ⏰ 1 en retard" in said
        assert said.index("Ancien") < said.index("Récent")
        assert "⏰ crédit : à trancher depuis" in said
        assert "13 jours" in said
        assert "1 / 2" in labels(told)
        assert "9. " in told.tap(ListDisputes(1), CLAIRE)
        assert "Récent" not in told.command("litiges", JULIE)
        mine = told.command("litiges", MARC)
        assert "Récent" in mine
        assert "Ancien" not in mine
        told.command("aujourdhui", CLAIRE)
        assert "✋ Litiges à trancher : 10" in labels(told)


def test_the_decision_is_in_the_journal_of_the_store(database_url: str) -> None:
    with chat(database_url) as told:
        _, _, key = opened(told)
        decided(told, key, PART, "120", "Une palette sur trois")
        [row] = [
            row for row in told.work.all(select(tables.event)) if row.kind == "dispute.decided"
        ]
        assert row.kind in events.JOURNAL_KINDS
        assert row.data["amount"] == "120.00"
        assert row.data["state"] == "partly_founded"


def test_calling_the_customer_ends_the_task_to_tell_him(sqlite_url: str) -> None:
    with chat(sqlite_url) as told:
        customer, _, key = opened(told)
        decided(told, key, NONE, "Livré conforme")
        assert "annoncer la décision du crédit" in told.command("aujourdhui")
        person = people.by_telegram(told.work, JULIE)
        assert person is not None
        origin = Origin(person.id, None, told.now, "call")
        request = ContactRequest("no_commitment")
        contacts.record_contact(told.work, origin, person, customer, request)
        assert "annoncer la décision du crédit" not in told.command("aujourdhui")


def test_digests_tell_what_is_to_be_decided_and_what_was(database_url: str) -> None:
    with chat(database_url) as told:
        _, _, key = opened(told)
        said = told.command("resume_du_jour", CLAIRE)
        assert "Litiges à trancher : 1" in said
        told.press_of(told.bodies[-1], "Litiges ouverts", CLAIRE)
        assert "1 à trancher" in told.bodies[-1]["params"]["text"]
        decided(told, key, NONE, "Livré conforme")
        assert "Litiges à trancher" not in told.command("resume_du_jour", CLAIRE)
        assert "annoncer la décision du crédit" in told.command("resume_du_jour", JULIE)
