"""Several disputes of one invoice, and rulings beside what the invoice still owes."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import insert

from bot.screens.dispute import ShowDispute
from bot.screens.dispute_file import NONE, PART, DecideDispute
from bot.use_cases import disputes, following
from bot.use_cases.disputes import DisputeRequest
from credit.dispute import DisputeReason
from credit.money import Money
from storage import people, tables
from storage.events import Origin
from tests.bot.talks.dispute_desk import claimed, decided, labels, news, opened
from tests.bot.talks.stage import CLAIRE, JULIE, TODAY, Chat, chat, rules
from tests.bot.talks.test_disputes_credited import imported, owes


def another(told: Chat, customer: int, item: int, cents: int) -> int:
    person = people.by_telegram(told.work, JULIE)
    assert person is not None
    wanted = DisputeRequest(
        DisputeReason.PRICE, item, Money.from_minor(cents, "EUR"), "Remise oubliée"
    )
    origin = Origin(person.id, None, told.now, f"another:{cents}")
    return disputes.open_dispute(told.work, origin, person, customer, wanted, rules())


def in_part(told: Chat, key: int, amount: str) -> None:
    told.tap(DecideDispute(key, PART), CLAIRE)
    told.type(amount, CLAIRE)
    told.type("Une palette sur trois", CLAIRE)
    told.press("Valider", CLAIRE)


def states(told: Chat) -> list[str]:
    return [row.state for row in told.all(tables.dispute)]


def falls(told: Chat, item: int, cents: int, left: int, on: date = TODAY) -> None:
    """Let the invoice fall by an amount that no payment explains."""
    owes(told, item, left)
    rows = told.all(tables.settlement)
    told.work.execute(
        tables.settlement_row.update()
        .where(tables.settlement_row.c.id == rows[-1].id)
        .values(amount_minor=cents, settled_on=on)
    )


def test_one_credit_note_closes_one_of_two_disputes(database_url: str) -> None:
    with chat(database_url) as told:
        customer, item, first = opened(told)
        second = another(told, customer, item, 20_000)
        in_part(told, first, "120")
        in_part(told, second, "120")
        falls(told, item, 12_000, 168_000)
        for _ in range(2):  # nor does the next import, that brings nothing
            imported(told)
            assert states(told) == ["closed", "partly_founded"]
        told.wait(days=3)
        assert claimed(told, customer) == 156_000  # 120 € more are still to be credited
        told.work.execute(
            insert(tables.settlement_row),
            {"item_id": item, "settled_on": TODAY, "amount_minor": 12_000, "import_id": 1},
        )
        imported(told)
        assert states(told) == ["closed", "closed"]


def test_an_import_that_closes_two_disputes_of_a_customer_tells_two(sqlite_url: str) -> None:
    with chat(sqlite_url) as told:
        customer, item, first = opened(told)
        second = another(told, customer, item, 20_000)
        assert first != second
        owes(told, item, 0)
        origin = Origin(None, None, told.now, "import:two")
        assert len(following._close_paid_disputes(told.work, origin)) == 2


def test_what_another_dispute_holds_back_is_not_asked_of_the_customer(database_url: str) -> None:
    with chat(database_url) as told:
        customer, item, first = opened(told)
        second = another(told, customer, item, 20_000)
        in_part(told, first, "120")
        # of 1 800 €, 120 are to be credited and 200 contested elsewhere
        assert "Le reste, 1 480,00 €, reste dû" in news(told, JULIE)[-1]
        decided(told, second, NONE, "Prix du contrat")
        assert "Le reste, 1 680,00 €, reste dû" in told.tap(ShowDispute(first))


def test_a_closed_dispute_of_a_paid_invoice_claims_nothing(database_url: str) -> None:
    with chat(database_url) as told:
        _, item, key = opened(told)
        in_part(told, key, "120")
        owes(told, item, 0)
        imported(told)
        file = told.tap(ShowDispute(key))
        assert "Clos : la facture est soldée" in file
        assert "restent dus" not in file
        assert "Reprise des relances" not in file


def test_a_refused_dispute_of_a_paid_invoice_claims_nothing(sqlite_url: str) -> None:
    with chat(sqlite_url) as told:
        _, item, key = opened(told)
        decided(told, key, NONE, "Livré conforme")
        owes(told, item, 0)
        file = told.tap(ShowDispute(key))
        assert "Non fondé · la facture est soldée" in file
        assert "restent dus" not in file
        assert "À dire au client" not in file


@pytest.mark.parametrize(
    ("left", "said"),
    [(10_000, None), (12_000, None), (20_000, "80,00 € restent dus"), (50_000, "180,00 €")],
)
def test_of_the_refused_part_no_more_is_due_than_the_invoice_owes(
    sqlite_url: str, left: int, said: str | None
) -> None:
    with chat(sqlite_url) as told:
        _, item, key = opened(told)
        falls(told, item, 180_000 - left, left)
        in_part(told, key, "120")
        file = told.tap(ShowDispute(key))
        assert ("restent dus" in file) is bool(said)
        assert ("Reprise des relances" in file) is bool(said)
        assert not said or said in file
        assert "Fondé en partie : avoir de 120,00 € à venir" in file


def test_two_disputes_of_one_invoice_are_told_apart_on_the_buttons(sqlite_url: str) -> None:
    with chat(sqlite_url) as told:
        customer, item, _ = opened(told)
        another(told, customer, item, 20_000)
        told.type("Dupont")
        found = [one for one in labels(told) if "itige F-" in one]
        assert found == [
            "✋ Litige F-1042 · livraison",
            "✋ Litige F-1042 · prix, remise",
            "↩️ Annuler le litige F-1042 · livraison",
            "↩️ Annuler le litige F-1042 · prix, remise",
        ]


def test_the_card_says_no_more_of_a_refused_part_than_is_owed(sqlite_url: str) -> None:
    with chat(sqlite_url) as told:
        _, item, key = opened(told)
        falls(told, item, 160_000, 20_000)
        in_part(told, key, "120")
        assert "Part refusée, 80,00 € : reprise des relances" in told.type("Dupont")
        falls(told, item, 8_000, 12_000)
        assert "Part refusée" not in told.type("Dupont")


def test_a_dispute_that_closes_while_it_is_decided_is_said_to_be_closed(sqlite_url: str) -> None:
    with chat(sqlite_url) as told:
        _, item, key = opened(told)
        told.tap(DecideDispute(key, PART), CLAIRE)
        told.type("120", CLAIRE)
        owes(told, item, 0)
        imported(told)
        told.type("Une palette sur trois", CLAIRE)
        assert "Ce litige n’est plus à trancher" in told.press("Valider", CLAIRE)
        assert states(told) == ["closed"]
