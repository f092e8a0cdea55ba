"""Visits: two taps an observation, texts that are refused, undoing; and handbook 4.3 told whole."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import insert, select

from bot.screens.account import OpenAccount
from bot.screens.alert import Explain
from bot.screens.lights import Lift
from bot.screens.observations import ShowProof, ShowSeen
from bot.screens.visit import StartVisit
from bot.use_cases import accounts, alerts, observations
from bot.use_cases.refusals import ForbiddenWords, Outdated, ReasonMissing
from credit.bodacc import Notice, NoticeKind, Procedure
from storage import alerts as alert_rows
from storage import notices, orders, people, tables
from storage.events import Origin
from tests.bot.talks.stage import (
    CLAIRE,
    JULIE,
    MARC,
    NOW,
    TODAY,
    Chat,
    account,
    chat,
    invoice,
    keyboard,
    rules,
)

SIREN = "552100554"


def scanned(told: Chat, customer: int) -> None:
    alerts.scan(told.work, Origin(None, None, told.now, f"scan:{told.at}"), [customer], rules())


def level(told: Chat, customer: int) -> int:
    known = alert_rows.of(told.work, customer)
    return known.level if known else 0


def who_was_told(told: Chat) -> set[int]:
    rows = told.all(tables.outbox)
    return {row.chat_id for row in rows if row.kind == "alert" and row.body.get("news")}


def as_in_handbook_4_3(told: Chat) -> int:
    """Write 32 days late, one broken promise, orders 45 % down."""
    customer = account(told.work)
    invoice(told.work, customer, "F1", 20_000, 32)
    invoice(told.work, customer, "F2", 400_000, -20)
    julie = people.by_telegram(told.work, JULIE)
    assert julie is not None
    promise = {
        "uid": "p1",
        "customer_id": customer,
        "person_id": julie.id,
        "means": "transfer",
        "scope": "all",
        "currency": "EUR",
        "amount_minor": 20_000,
        "state": "broken",
        "warnings": [],
        "made_at": NOW - timedelta(days=20),
        "made_on": TODAY - timedelta(days=20),
        "judged_at": NOW - timedelta(days=9),
    }
    line = {
        "promise_id": told.work.insert(insert(tables.promise), promise),
        "n": 1,
        "due_on": TODAY - timedelta(days=10),
        "amount_minor": 20_000,
        "state": "broken",
    }
    told.work.execute(insert(tables.promise_line), line)
    days = {"A": 420, "B": 400, "C": 380, "D": 3}
    orders.take(
        told.work,
        [
            {
                "customer_id": customer,
                "number": number,
                "ordered_on": TODAY - timedelta(days=ago),
                "currency": "EUR",
                "amount_minor": 165_000 if number == "D" else 100_000,
                "status": None,
                "siret": None,
                "address": None,
                "buyer": None,
            }
            for number, ago in days.items()
        ],
    )
    return customer


def test_the_story_of_handbook_4_3_from_the_data_to_the_credit_manager(database_url: str) -> None:
    with chat(database_url) as told:
        customer = as_in_handbook_4_3(told)
        scanned(told, customer)
        assert level(told, customer) == 2
        assert who_was_told(told) == {JULIE}
        told.tap(OpenAccount(customer))
        keys = [key["text"] for row in keyboard(told.bodies[0]) for key in row]
        assert "👁 Visite" in keys
        told.tap(StartVisit(customer))
        told.press("Stocks")
        said = told.press("Rayons ou stock vides")
        assert "Noté" in said
        assert level(told, customer) == 3
        assert who_was_told(told) == {JULIE, CLAIRE}
        why = told.tap(Explain(customer))
        for words in ("Paiement", "F1", "Commandes en baisse", "Rayons ou stock", "Vert avec"):
            assert words in why


def test_of_words_under_a_photo_it_is_said_what_takes_them(sqlite_url: str) -> None:
    with chat(sqlite_url) as told:
        told.tap(StartVisit(account(told.work)))
        told.press("Locaux")
        told.press("Mal entretenus")
        said = told.photo("photo-1", caption="Toiture bâchée")
        assert "pièce jointe gardée" in said
        assert "La légende n’est pas gardée : « Un mot » sert à cela." in said
        told.press("Un mot")
        told.type("Toiture bâchée")
        assert [row.note for row in told.all(tables.observation)] == ["Toiture bâchée"]


def test_a_visit_keeps_photos_and_words_and_can_be_undone(database_url: str) -> None:
    with chat(database_url) as told:
        customer = account(told.work)
        told.tap(StartVisit(customer))
        told.press("Locaux")
        told.press("Mal entretenus")
        assert "pièce jointe gardée" in told.photo("photo-1")
        told.press("Un mot")
        assert "Toiture bâchée" in told.type("Toiture bâchée depuis un mois")
        told.press("Terminé")
        [row] = told.all(tables.observation)
        assert (row.code, row.note) == ("T02", "Toiture bâchée depuis un mois")
        assert row.files == [{"file_id": "photo-1", "unique_id": "u-photo-1"}]
        assert level(told, customer) == 1
        told.wait(seconds=3)
        told.press("Annuler")
        assert told.all(tables.observation)[0].withdrawn_at is not None
        assert level(told, customer) == 0


def test_a_voice_note_follows_two_taps_and_the_credit_manager_hears_it_by_a_tap(
    database_url: str,
) -> None:
    with chat(database_url) as told:
        customer = account(told.work)
        told.tap(StartVisit(customer))
        told.press("Stocks")
        assert "vocal" in told.press("Rayons ou stock vides")
        assert "pièce jointe gardée" in told.voice("voice-1", 20)
        told.photo("photo-1")
        told.press("Un mot")
        told.type("Vu à 10 h, deux palettes")
        [row] = told.all(tables.observation)
        assert row.files == [
            {"file_id": "voice-1", "unique_id": "u-voice-1", "seconds": 20},
            {"file_id": "photo-1", "unique_id": "u-photo-1"},
        ]
        assert row.note == "Vu à 10 h, deux palettes"
        told.tap(Explain(customer), CLAIRE)
        said = told.press_of(told.bodies[-1], "1 constat", CLAIRE)
        for words in ("Rayons ou stock", "deux palettes", "Julie Martin", "compte jusqu’au"):
            assert words in said
        listed = told.bodies[-1]
        told.press_of(listed, "20 s", CLAIRE)
        heard = next(body for body in told.bodies if body["method"] == "sendVoice")
        assert (heard["params"]["voice"], heard["params"]["protect_content"]) == ("voice-1", True)
        told.press_of(listed, "📷", CLAIRE)
        shown = next(body for body in told.bodies if body["method"] == "sendPhoto")
        assert shown["params"]["photo"] == "photo-1"
        told.tap(ShowProof(row.id, 2), CLAIRE)
        assert not any(body["method"].startswith("sendVoice") for body in told.bodies)


@pytest.mark.parametrize(("seconds", "size"), [(61, 40_000), (20, 2_000_000)])
def test_a_long_or_heavy_voice_note_is_refused_and_the_observation_stays(
    database_url: str, seconds: int, size: int
) -> None:
    with chat(database_url) as told:
        customer = account(told.work)
        told.tap(StartVisit(customer))
        told.press("Stocks")
        told.press("Rayons ou stock vides")
        assert "60 secondes" in told.voice("voice-1", seconds, size)
        assert told.all(tables.observation)[0].files == []
        told.voice("voice-2", 60)
        assert [one["file_id"] for one in told.all(tables.observation)[0].files] == ["voice-2"]


def test_a_name_typed_later_is_searched_and_not_written_on_the_last_observation(
    database_url: str,
) -> None:
    with chat(database_url) as told:
        customer = account(told.work)
        account(told.work, code="C2", name="Boulangerie Lenoir")
        told.tap(StartVisit(customer))
        told.press("Stocks")
        told.press("Rayons ou stock vides")
        told.wait(hours=2)
        assert "Lenoir" in told.type("Lenoir")
        assert told.all(tables.observation)[0].note is None


def test_what_is_taken_back_or_too_old_is_not_shown(database_url: str) -> None:
    with chat(database_url) as told:
        customer = account(told.work)
        told.tap(StartVisit(customer))
        told.press("Locaux")
        told.press("Mal entretenus")
        told.photo("photo-1")
        [row] = told.all(tables.observation)
        told.wait(days=59)
        assert "Locaux mal entretenus" in told.tap(ShowSeen(customer), CLAIRE)
        told.wait(days=1)
        assert "Plus rien" in told.tap(ShowSeen(customer), CLAIRE)
        observations.take_back(told.work, Origin(None, None, told.now, "back"), row.id)
        told.tap(ShowProof(row.id, 0), CLAIRE)
        assert not any(body["method"] == "sendPhoto" for body in told.bodies)


def test_what_may_not_be_written_is_refused_with_its_reason_and_the_rest_is_kept(
    database_url: str,
) -> None:
    with chat(database_url) as told:
        customer = account(told.work)
        told.tap(StartVisit(customer))
        told.press("Dirigeant")
        told.press("Injoignable")
        told.press("Un mot")
        said = told.type("Le gérant est en dépression")
        assert "santé" in said
        [row] = told.all(tables.observation)
        assert (row.code, row.note) == ("T16", None)
        told.type("Vu fermé à 10 h, rideau baissé")
        assert told.all(tables.observation)[0].note == "Vu fermé à 10 h, rideau baissé"


def test_a_rumour_names_its_source_and_a_code_switched_off_is_refused(database_url: str) -> None:
    with chat(database_url) as told:
        customer = account(told.work)
        told.tap(StartVisit(customer))
        told.press("Tiers")
        assert "De qui" in told.press("Rumeur")
        told.type("Chauffeur d'un transporteur")
        [row] = told.all(tables.observation)
        assert (row.code, row.source) == ("T23", "Chauffeur d'un transporteur")
        told.photo("photo-1")
        told.press("Terminé")
        for reader, told_of in ((JULIE, False), (CLAIRE, True)):
            assert ("Chauffeur" in told.tap(ShowSeen(customer), reader)) is told_of
            told.tap(ShowProof(row.id, 0), reader)
            sent = any(body["method"] == "sendPhoto" for body in told.bodies)
            assert sent is told_of
        for reader, named in ((JULIE, False), (CLAIRE, True)):
            said = told.tap(Explain(customer), reader)
            assert ("Rumeur" in said) is named
            assert "Terrain" in said
        julie = people.by_telegram(told.work, JULIE)
        assert julie is not None
        origin = Origin(julie.id, None, told.now, "seen")
        with pytest.raises(ReasonMissing):
            observations.observe(told.work, origin, julie, customer, "T23", rules())
        with pytest.raises(Outdated):
            observations.observe(told.work, origin, julie, customer, "T18", rules())


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("Il est malade", "health"),
        ("En plein DIVORCE", "family"),
        ("pratique le ramadan", "religion"),
        ("délégué CGT sur place", "union"),
        ("proche de l'extrême droite", "politics"),
        ("il est homosexuel", "sexual_life"),
        ("sorti de prison", "criminal_record"),
        ("he is sick", "health"),
    ],
)
def test_each_forbidden_topic_is_found_in_both_languages(text: str, topic: str) -> None:
    with pytest.raises(ForbiddenWords) as refused:
        observations.check(text)
    assert refused.value.topic == topic


@pytest.mark.parametrize("text", ["Stock vide, rideau baissé", "Parking désert à 10 h", ""])
def test_facts_about_the_place_pass(text: str) -> None:
    observations.check(text)


def test_a_visit_begins_by_command_with_a_name(database_url: str) -> None:
    with chat(database_url) as told:
        account(told.work)
        incoming = {"command": "visite", "arguments": "dupont"}
        assert "Qu'avez-vous vu" in told.send(JULIE, **incoming).replace("’", "'")
        assert "Aucun client" in told.send(MARC, **incoming)


def test_a_frozen_account_stops_the_call_and_only_claire_unfreezes_it(database_url: str) -> None:
    with chat(database_url) as told:
        customer = account(told.work)
        rows = tables.customer_row
        told.work.execute(rows.update().where(rows.c.id == customer).values(siren=SIREN))
        invoice(told.work, customer, "F1", 90_000, -5)
        opened = Notice(
            "A20261",
            SIREN,
            NoticeKind.OPENING,
            TODAY - timedelta(days=4),
            Procedure.LIQUIDATION,
        )
        notices.take(told.work, [opened], {})
        scanned(told, customer)
        assert level(told, customer) == 4
        assert who_was_told(told) == {JULIE, CLAIRE}
        assert accounts.frozen_since(told.work, customer) is not None
        kinds = told.work.scalars(select(tables.task.c.kind))
        assert {"claim_declaration", "seek_goods"} <= set(kinds)
        assert "liquidation judiciaire" in told.tap(Explain(customer))
        told.tap(Lift(customer, 0))
        assert accounts.frozen_since(told.work, customer) is not None  # a rep may not
        told.tap(Lift(customer, 0), CLAIRE)
        assert accounts.frozen_since(told.work, customer) is None
        [row] = told.all(tables.freeze)
        assert row.reason == "The notice is about somebody else"


def test_the_visit_offers_every_code_of_the_policy_that_is_switched_on() -> None:
    offered = {
        str(choice.value)
        for step in rules().scripts["visit"].steps.values()
        if step.into == "seen"
        for choice in step.choices
        if choice.records
    }
    field = rules().policy.signals.field
    assert offered == set(field.codes) - set(field.disabled)


def test_the_way_to_green_adds_up_and_names_each_thing_once(database_url: str) -> None:
    with chat(database_url) as told:
        customer = as_in_handbook_4_3(told)
        julie = people.by_telegram(told.work, JULIE)
        assert julie is not None
        for code in ("T05", "T09", "T21"):
            origin = Origin(julie.id, None, told.now, f"seen {code}")
            observations.observe(told.work, origin, julie, customer, code, rules())
        said = told.tap(Explain(customer))
        assert "régler la facture en retard (F1) + aucune promesse" in said
        assert said.count("une visite qui constate mieux") == 1
        assert "Fournisseur qui exige le comptant : vu le 23/11/2026" in said
