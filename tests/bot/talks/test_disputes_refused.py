"""A dispute is refused: the rep hears why, and dunning rests for two worked days (handbook 8.2)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from bot.screens.account import OpenAccount, PrepareCall, ShowHistory
from bot.screens.dispute import ShowDispute
from bot.screens.dispute_file import NONE, DecideDispute
from bot.use_cases import alerts
from credit.dispute import DisputeReason
from storage import tables
from storage.events import Origin
from tests.bot.talks.dispute_desk import claimed, decided, labels, news, opened
from tests.bot.talks.stage import CLAIRE, JULIE, TODAY, Chat, chat, invoice, rules

LATE_NOW = "C1-01"


def test_the_rep_hears_why_and_when_dunning_resumes(database_url: str) -> None:
    with chat(database_url) as told:
        customer, _, key = opened(told, None)
        told.tap(DecideDispute(key, NONE), CLAIRE)
        read = told.type("Bon de livraison signé sans réserve", CLAIRE)
        assert "redeviennent exigibles. Reprise des relances le mercredi 25 novembre." in read
        done = told.press("Valider la décision", CLAIRE)
        assert "Reprise des relances le mercredi 25 novembre." in done
        [row] = told.all(tables.dispute)
        assert (row.state, row.founded_minor) == ("unfounded", None)
        assert (row.closed_at, row.resume_on) == (told.at, TODAY + timedelta(days=2))
        [said] = news(told, JULIE)
        assert "Reprise des relances le mer. 25/11" in said
        assert "Bon de livraison signé sans réserve" in said
        assert "Pouvez-vous les régler avant le mercredi 25 novembre ?" in said
        told.tap(ShowHistory(customer, 0))
        assert "Litige non fondé" in told.bodies[-1]["params"]["text"]


def test_nobody_calls_before_the_two_days_are_over(database_url: str) -> None:
    with chat(database_url) as told:
        customer, _, key = opened(told, None)
        decided(told, key, NONE, "Livré conforme")
        for _ in range(2):
            assert claimed(told, customer) == 0
            gate = told.tap(PrepareCall(customer))
            assert "Reprise des relances le mercredi 25 novembre" in gate
            assert "Commencer" not in " ".join(labels(told))
            told.tap(ShowDispute(key))
            assert "📞 Appeler" not in labels(told)
            told.wait(days=1)
        assert claimed(told, customer) == 180_000
        assert "Reprise des relances" not in told.tap(PrepareCall(customer))
        assert "Quel jour les réglez-vous" in told.tap(ShowDispute(key))
        assert "📞 Appeler" in labels(told)


def test_the_card_of_the_account_says_why_it_is_left_alone(sqlite_url: str) -> None:
    with chat(sqlite_url) as told:
        customer, _, key = opened(told)
        decided(told, key, NONE, "Livré conforme")
        card = told.tap(OpenAccount(customer))
        assert "À réclamer (hors litiges) : <b>1 500,00 €</b>" in card
        assert "Litige non fondé, 300,00 € : reprise des relances le mer. 25/11" in card
        assert [one for one in labels(told) if one.startswith("✋ Litige F-")]
        told.wait(days=2)
        assert "Reprise" not in told.tap(OpenAccount(customer))


def test_the_alert_comes_when_dunning_resumes(database_url: str) -> None:
    with chat(database_url) as told:
        customer, _, key = opened(told, None)
        decided(told, key, NONE, "Livré conforme")
        assert LATE_NOW not in looked(told, customer)
        told.wait(days=2)
        assert LATE_NOW in looked(told, customer)


def looked(told: Chat, customer: int) -> set[str]:
    alerts.scan(told.work, Origin(None, None, told.now, f"look:{told.at}"), [customer], rules())
    return {str(one["id"]) for row in told.work.all(select(tables.alert)) for one in row.signals}


def test_a_refusal_that_frees_a_whole_invoice_says_so_above_as_below(sqlite_url: str) -> None:
    with chat(sqlite_url) as told:
        _, _, key = opened(told, reason=DisputeReason.ADMINISTRATIVE)
        decided(told, key, NONE, "Commande n° 12 sur la facture")
        [said] = news(told, JULIE)
        assert "Non fondé : 1 800,00 € restent dus" in said
        assert "y donner suite : 1 800,00 € restent dus" in said


def test_a_refusal_that_is_undone_leaves_no_day(sqlite_url: str) -> None:
    with chat(sqlite_url) as told:
        _, _, key = opened(told)
        decided(told, key, NONE, "Livré conforme")
        told.wait(seconds=3)
        told.press("Annuler", CLAIRE)
        assert [row.resume_on for row in told.all(tables.dispute)] == [None]


@pytest.mark.parametrize("days", [0, 2])
def test_what_never_stopped_the_claim_does_not_rest(sqlite_url: str, days: int) -> None:
    with chat(sqlite_url) as told:
        customer, _, key = opened(told)
        told.work.execute(update(tables.dispute).values(reason="L12"))
        assert claimed(told, customer) == 180_000
        told.tap(DecideDispute(key, NONE), CLAIRE)
        read = told.type("Contrat signé", CLAIRE)
        assert "À relire : non fondé. La relance n’a jamais cessé." in read
        told.press("Valider la décision", CLAIRE)
        told.wait(days=days)
        assert claimed(told, customer) == 180_000
        assert "Reprise des relances" not in told.tap(ShowDispute(key))


def test_the_days_said_of_a_claim_are_those_of_what_is_claimed(sqlite_url: str) -> None:
    with chat(sqlite_url) as told:
        customer, _, key = opened(told, None)
        invoice(told.work, customer, "F-2", 50_000, 12)
        decided(told, key, NONE, "Livré conforme")
        gate = told.tap(PrepareCall(customer))
        assert "À réclamer : <b>500,00 €</b> · 12 jours de retard" in gate
        told.wait(days=2)
        gate = told.tap(PrepareCall(customer))
        assert "À réclamer : <b>2 300,00 €</b> · 36 jours de retard" in gate
