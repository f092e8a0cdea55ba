"""Class, limit, guarantees and written notices in the chat: decided, kept, and felt by orders."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import uuid4

from sqlalchemy import insert, select

from bot.screens.account import OpenAccount
from bot.screens.credit_taps import AcceptProposal, ShowDecisions, ShowProposal
from bot.use_cases import adopting, alerts
from storage import tables
from storage.events import Origin
from tests.bot.talks.stage import (
    CLAIRE,
    JULIE,
    TODAY,
    Chat,
    account,
    chat,
    invoice,
    rules,
)

_IS_CLAIRE = tables.person.c.telegram_id == CLAIRE


def settled(
    told: Chat,
    customer: int,
    number: str,
    cents: int,
    days_ago: int,
    late: int,
    kind: str = "invoice",
) -> None:
    """Add an invoice paid so many days ago, so many days late."""
    paid_on = TODAY - timedelta(days=days_ago)
    due_on = paid_on - timedelta(days=late)
    item = told.work.insert(
        insert(tables.item_row),
        {
            "customer_id": customer,
            "key": number,
            "kind": kind,
            "number": number,
            "issued_on": due_on - timedelta(days=30),
            "due_on": due_on,
            "currency": "EUR",
            "amount_minor": cents,
            "open_minor": 0,
            "settled_on": paid_on,
            "stated_on": TODAY,
            "first_import": 1,
        },
    )
    told.work.execute(
        insert(tables.settlement_row),
        {"item_id": item, "settled_on": paid_on, "amount_minor": cents, "import_id": 1},
    )


def a_buyer(told: Chat) -> int:
    """A customer of two years who buys 1,000 euros a month and pays eight days late."""
    customer = account(told.work)
    settled(told, customer, "old", 100_000, 700, 8)
    for month in range(1, 12):
        settled(told, customer, f"m{month}", 100_000, 30 * month, 8)
    return customer


def rejected(told: Chat, customer: int) -> None:
    """A direct debit that came back for lack of funds yesterday."""
    told.work.execute(
        insert(tables.sign),
        {
            "kind": "reject",
            "key": f"r{customer}",
            "customer_id": customer,
            "on": TODAY - timedelta(days=1),
            "code": "AM04",
            "currency": "EUR",
            "amount_minor": 50_000,
            "data": {},
        },
    )


def ordered(told: Chat, typed: str, who: int = CLAIRE) -> str:
    return told.send(who, command="commande", arguments=typed)


def decisions(told: Chat) -> list[tuple[str, int | None, str]]:
    return [(r.risk_class, r.limit_minor, r.cause) for r in told.all(tables.credit_decision)]


def test_the_proposal_tells_each_line_of_the_grid_and_how_the_limit_comes_about(
    database_url: str,
) -> None:
    with chat(database_url) as told:
        customer = a_buyer(told)
        said = told.tap(ShowProposal(customer), CLAIRE)
        assert "Classe selon la grille : <b>C</b> · 66 points sur 100" in said
        assert "Paiement <b>18/30</b> · 8 j de retard moyen sur 12 mois (réglé 8, échu —)" in said
        assert "Solidité <b>10/25</b> · score inconnu : compté selon la grille" in said
        assert "Ancienneté de l’entreprise <b>0/5</b> · inconnue : comptée au plus bas" in said
        assert "Juridique <b>10/10</b>" in said
        assert "Terrain <b>10/10</b>" in said
        assert "En vigueur : B" in said
        assert "Besoin 1 111,11 € = 833,33 € par mois (grand livre) × (30 + 10 j) / 30" in said
        assert "Limité par : le besoin × le facteur de la classe" in said
        assert "capitaux propres" in said
        assert any("Accepter C · 700" in label for label in told.labels(CLAIRE))


def test_a_bill_that_paid_an_invoice_asks_for_no_larger_limit(sqlite_url: str) -> None:
    with chat(sqlite_url) as told:
        customer = a_buyer(told)
        settled(told, customer, "LCR1", 100_000, 30, 0, kind="bill")
        said = told.tap(ShowProposal(customer), CLAIRE)
        assert "833,33 € par mois (grand livre) × (30 + 10 j) / 30" in said


def test_what_a_credit_note_took_does_not_lower_the_class(sqlite_url: str) -> None:
    with chat(sqlite_url) as told:
        customer = a_buyer(told)
        settled(told, customer, "F-late", 500_000, 5, 90)
        assert "8 j de retard moyen" not in told.tap(ShowProposal(customer), CLAIRE)
        settled(told, customer, "A-1", -500_000, 5, 0, kind="credit_note")
        assert "8 j de retard moyen" in told.tap(ShowProposal(customer), CLAIRE)


def test_an_accepted_limit_takes_the_ledgers_place_and_is_kept_with_its_author(
    database_url: str,
) -> None:
    with chat(database_url) as told:
        customer = a_buyer(told)
        told.work.execute(
            tables.customer_row.update().values(credit_limit_minor=500_000, limit_currency="EUR")
        )
        told.tap(ShowProposal(customer), CLAIRE)
        said = told.press("Accepter", CLAIRE)
        assert "Classe <b>C</b> · revue le 23/02/2027" in said
        assert "Plafond <b>700 €</b> · grand livre : 5 000 €" in said
        assert decisions(told) == [("C", 70_000, "review")]
        assert "plafond 700,00 €" in ordered(told, "Dupont 100", JULIE)
        history = told.tap(ShowDecisions(customer), CLAIRE)
        assert "B → <b>C</b> · 700 €" in history
        assert "Claire Roy" in history
        assert "grille : C, 66 points" in history


def test_figures_that_moved_since_they_were_shown_are_shown_again(sqlite_url: str) -> None:
    with chat(sqlite_url) as told:
        customer = a_buyer(told)
        for forged in (AcceptProposal(customer, "A", 70_000), AcceptProposal(customer, "C", 1)):
            said = told.tap(forged, CLAIRE)
            assert "Les chiffres ont changé" in told.toast
            assert "Classe selon la grille" in said
        assert decisions(told) == []


def test_a_rep_sees_the_credit_and_decides_nothing(sqlite_url: str) -> None:
    with chat(sqlite_url) as told:
        customer = a_buyer(told)
        assert "🛡 Crédit" in (told.tap(OpenAccount(customer)) and told.labels())
        told.press("🛡 Crédit")
        assert told.labels() == ["🛡 Garanties", "← Compte"]
        told.tap(AcceptProposal(customer, "C", 70_000))
        assert "Votre rôle" in told.toast
        assert decisions(told) == []


def test_another_class_needs_a_reason_and_its_limit_follows_the_class(database_url: str) -> None:
    with chat(database_url) as told:
        customer = a_buyer(told)
        told.tap(ShowProposal(customer), CLAIRE)
        told.press("✏️ Changer", CLAIRE)
        said = told.press("D", CLAIRE)
        assert "Plafond TTC" in said
        told.press("Proposé\N{NO-BREAK SPACE}: 300", CLAIRE)  # 1,111.11 x 0.30
        said = told.type("Chantier arrêté, vu le 20/11", CLAIRE)
        assert "Décision en vigueur" in said
        (row,) = told.all(tables.credit_decision)
        assert (row.risk_class, row.limit_minor) == ("D", 30_000)
        assert row.reason == "Chantier arrêté, vu le 20/11"
        assert row.valid_until == date(2026, 12, 23)


def test_class_e_has_no_limit_and_orders_are_refused(sqlite_url: str) -> None:
    with chat(sqlite_url) as told:
        customer = a_buyer(told)
        told.tap(ShowProposal(customer), CLAIRE)
        told.press("✏️ Changer", CLAIRE)
        told.press("E\N{NO-BREAK SPACE}: paiement avant livraison", CLAIRE)
        told.type("Liquidation probable", CLAIRE)
        assert decisions(told) == [("E", 0, "review")]
        said = ordered(told, "Dupont 100", JULIE)
        assert "B01" in said


def test_a_class_rises_at_its_review_only_unless_a_reason_is_written(database_url: str) -> None:
    with chat(database_url) as told:
        customer = a_buyer(told)
        told.tap(ShowProposal(customer), CLAIRE)
        told.press("Accepter", CLAIRE)  # C until February
        told.tap(ShowProposal(customer), CLAIRE)
        told.press("➕ Compléter", CLAIRE)
        told.press("Score", CLAIRE)
        told.type("9", CLAIRE)
        told.press("Année de création", CLAIRE)
        told.type("1998", CLAIRE)
        told.press("Enregistrer", CLAIRE)
        said = told.tap(ShowProposal(customer), CLAIRE)
        assert "Classe selon la grille : <b>B</b> · 83,5 points" in said
        assert "Une classe ne monte qu’à sa revue : C" in said
        assert "score 9/10, saisi" in said
        told.press("✏️ Changer", CLAIRE)
        told.press("B", CLAIRE)
        told.press("Proposé", CLAIRE)
        told.type("Caution signée ce jour", CLAIRE)
        assert decisions(told)[-1] == ("B", 110_000, "early")
        told.wait(days=190)
        assert "Une classe ne monte" not in told.tap(ShowProposal(customer), CLAIRE)


def test_a_score_above_ten_is_asked_again_and_an_impossible_year_refused(sqlite_url: str) -> None:
    with chat(sqlite_url) as told:
        customer = a_buyer(told)
        told.tap(ShowProposal(customer), CLAIRE)
        told.press("➕ Compléter", CLAIRE)
        told.press("Score", CLAIRE)
        assert "Un score va de 0 à 10" in told.type("12", CLAIRE)
        told.type("7", CLAIRE)
        told.press("Client depuis", CLAIRE)
        told.type("19", CLAIRE)
        assert "les quatre chiffres" in told.press("Enregistrer", CLAIRE)
        assert told.all(tables.event) == []


def test_a_reject_lowers_the_class_at_once_and_its_review_is_due(database_url: str) -> None:
    with chat(database_url) as told:
        customer = a_buyer(told)
        told.tap(ShowProposal(customer), CLAIRE)
        told.press("✏️ Changer", CLAIRE)
        told.press("A", CLAIRE)
        told.press("Proposé", CLAIRE)
        told.type("Bon client de toujours", CLAIRE)
        rejected(told, customer)
        told.wait(minutes=5)
        origin = Origin(None, None, told.now, "job:test")
        alerts.scan(told.work, origin, [customer], rules())
        last = decisions(told)[-1]
        assert last == ("C", 130_000, "reject")  # 66 - 7 points: the limit waits for its review
        assert "1 revue est due" in told.command("revues", CLAIRE)
        assert "1 revue de crédit est due" in told.command("digest", CLAIRE)
        assert "📅 Revues de crédit" in told.labels(CLAIRE)
        told.press("Revues de crédit", CLAIRE)
        assert "Dupont SARL" in told.labels(CLAIRE)[0]
        alerts.scan(told.work, origin, [customer], rules())
        assert len(decisions(told)) == 2
        said = told.tap(ShowDecisions(customer), CLAIRE)
        assert "déclassé aussitôt : rejet bancaire" in said


def test_a_critical_signal_makes_it_class_e_at_once(database_url: str) -> None:
    with chat(database_url) as told:
        customer = a_buyer(told)
        told.work.execute(tables.customer_row.update().values(siren="732829320"))
        told.work.execute(
            insert(tables.notice),
            {
                "id": "B1",
                "siren": "732829320",
                "kind": "opening",
                "published_on": TODAY - timedelta(days=3),
                "procedure": "liquidation",
                "revision": "first",
                "corrects": "",
            },
        )
        origin = Origin(None, None, told.now, "job:test")
        alerts.scan(told.work, origin, [customer], rules())
        assert decisions(told) == [("E", None, "critical")]
        assert told.all(tables.credit_decision)[0].person_id is None
        assert "B01" in ordered(told, "Dupont 100", JULIE)


def test_the_end_of_a_limit_holds_orders_until_the_review(database_url: str) -> None:
    with chat(database_url) as told:
        customer = a_buyer(told)
        told.tap(ShowProposal(customer), CLAIRE)
        told.press("Accepter", CLAIRE)
        assert "B10" not in ordered(told, "Dupont 100", JULIE)
        assert "Aucune revue n’est due" in told.command("revues", CLAIRE)
        told.wait(days=95)
        assert "B10 · Plafond échu" in ordered(told, "Dupont 100", JULIE)
        ordered(told, "Dupont 100")
        assert "⏰ due" in told.press("📊 Classe et plafond", CLAIRE)
        told.command("revues", CLAIRE)
        said = told.press("Dupont SARL", CLAIRE)
        assert "⏰ due" in said
        told.press("Accepter", CLAIRE)
        assert "B10" not in ordered(told, "Dupont 100", JULIE)


def accepted(told: Chat, **facts: object) -> None:
    """Let Claire have accepted a file, before the ledger has its customer."""
    claire = told.work.scalar(select(tables.person.c.id).where(_IS_CLAIRE))
    told.work.execute(
        insert(tables.opening_file),
        {
            "uid": str(uuid4()),
            "person_id": claire,
            "name": "Dupont SARL",
            "state": "accepted",
            "scope": "",
            "point": "",
            "created_at": told.at,
            "changed_at": told.at,
            "decided_at": told.at,
            "decided_by": claire,
            "valid_until": TODAY + timedelta(days=180),
            "guarantees": [],
            **facts,
        },
    )


def test_an_accepted_account_file_decides_once_the_ledger_has_the_customer(
    database_url: str,
) -> None:
    with chat(database_url) as told:
        accepted(told, siren="732829320", risk_class="C", limit_minor=250_000, currency="EUR")
        assert adopting.due(told.work) == []
        account(told.work)
        told.work.execute(tables.customer_row.update().values(siren="732829320"))
        origin = Origin(None, None, told.now, "job:openings")
        assert adopting.adopt(told.work, origin, rules()) == 1
        assert decisions(told) == [("C", 250_000, "opening")]
        assert adopting.due(told.work) == []


def test_very_many_accepted_files_are_put_in_force_a_few_at_a_time(database_url: str) -> None:
    with chat(database_url) as told:
        customers = [account(told.work, code=f"N{n}") for n in range(3)]
        for n in range(3):
            accepted(told, code=f"N{n}", risk_class="C")
            accepted(told, code=f"N{n}", risk_class="B", decided_at=told.at + timedelta(seconds=1))
        origin = Origin(None, None, told.now, "job:openings")
        done = [adopting.adopt(told.work, origin, rules(), 2) for _ in range(3)]
        assert done == [2, 1, 0]
        found = select(tables.credit_decision.c.customer_id, tables.credit_decision.c.risk_class)
        assert sorted(map(tuple, told.work.all(found))) == [(one, "B") for one in customers]


def test_customers_never_decided_on_are_listed_apart(sqlite_url: str) -> None:
    with chat(sqlite_url) as told:
        customer = account(told.work)
        invoice(told.work, customer, "F-1", 10_000, 5)
        told.command("revues", CLAIRE)
        said = told.press("Jamais revus (1)", CLAIRE)
        assert "1 client nous doit" in said
        assert told.labels(CLAIRE)[0] == "B · Dupont SARL"
