"""Forms that are no calls: the facts they need follow the answers given so far."""

from __future__ import annotations

import pytest

from bot.scripts.effects import Effect
from bot.use_cases import alerts, conversations, effects
from bot.use_cases.conversations import Opening
from bot.use_cases.effects import Scene
from bot.use_cases.refusals import NotYourRole
from storage import customers, people, tables
from storage.events import Origin
from tests.bot.talks.stage import CLAIRE, JULIE, Chat, account, chat, invoice, rules


def test_the_preview_of_a_broadcast_counts_the_audience_just_chosen(sqlite_url: str) -> None:
    with chat(sqlite_url) as told:
        told.command("diffuser", who=CLAIRE)
        told.type("Réunion vendredi à 9 h <salle B>", who=CLAIRE)
        said = told.press("Tous les commerciaux", who=CLAIRE)
        assert "2 destinataires" in said
        assert "Réunion vendredi à 9 h &lt;salle B&gt;" in said


def orphan(told: Chat) -> int:
    customer = account(told.work, rep="")
    invoice(told.work, customer, "F-1", 150_000, 40)
    origin = Origin(None, None, told.now, "scan")
    alerts.scan(told.work, origin, [customer], rules())
    return customer


def test_a_customer_is_assigned_and_the_rep_hears_of_its_alert(database_url: str) -> None:
    with chat(database_url) as told:
        customer = orphan(told)
        claire = people.by_telegram(told.work, CLAIRE)
        assert claire is not None
        origin = Origin(claire.id, None, told.now, "begin")
        talk = conversations.begin(told.work, origin, claire, Opening("assign", customer), rules())
        assert talk.call.step == "rep"
        told.type("Julie Martin", who=CLAIRE)
        assert customers.owner(told.work, customer) == (True, "R1")
        assert "customer.assigned" in told.kinds()
        pushed = [row for row in told.all(tables.outbox) if row.kind == "alert"]
        assert JULIE in {row.chat_id for row in pushed}


def test_a_rep_assigns_nothing(sqlite_url: str) -> None:
    with chat(sqlite_url) as told:
        customer = account(told.work)
        julie = people.by_telegram(told.work, JULIE)
        assert julie is not None
        origin = Origin(julie.id, None, told.now, "x")
        scene = Scene(told.work, origin, julie, rules(), 1, customer, None)
        with pytest.raises(NotYourRole):
            effects.carry_out(scene, Effect("assign_customer", {"rep_code": "R2"}))
        assert customers.owner(told.work, customer) == (True, "R1")


def test_an_effect_that_nobody_carries_out_is_logged_and_harms_nobody(
    sqlite_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    with chat(sqlite_url) as told:
        julie = people.by_telegram(told.work, JULIE)
        assert julie is not None
        origin = Origin(julie.id, None, told.now, "x")
        scene = Scene(told.work, origin, julie, rules(), 1, None, None)
        effects.carry_out(scene, Effect("send_flowers", {}))
        assert "no module carries out" in caplog.text
        assert scene.made == []
