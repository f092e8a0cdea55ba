"""Forms that are no calls: the facts they need follow the answers given so far."""

from __future__ import annotations

import pytest

from bot.handlers.request import Incoming
from bot.scripts.effects import Effect
from bot.use_cases import alerts, effects, handover
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
        assert "destinataires : 2" in said
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
        typed = Incoming(900, "/affecter C1 Julie Martin", told.now.today)
        told.send(CLAIRE, command="affecter", arguments="C1 Julie Martin", incoming=typed)
        told.press("Julie Martin", who=CLAIRE)
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
        with pytest.raises(NotYourRole):
            handover.assign(told.work, origin, julie, customer, "R2", rules())
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
