"""Accepted disputes close: by the credit note that the book shows, by what it took off, by hand."""

from __future__ import annotations

from sqlalchemy import insert, update

from bot.screens.dispute import ShowDispute
from bot.screens.dispute_file import (
    FULL,
    NONE,
    PART,
    CloseDispute,
    DecideDispute,
)
from bot.use_cases import disputes, following
from bot.use_cases.disputes import DisputeRequest
from credit.dispute import DisputeReason
from credit.money import Money
from storage import people, tables
from storage.events import Origin
from tests.bot.talks.dispute_desk import claimed, decided, news, opened, state
from tests.bot.talks.stage import (
    CLAIRE,
    JULIE,
    TODAY,
    Chat,
    chat,
    invoice,
    rules,
)


def credited(told: Chat, customer: int, cents: int, *, left: int = 0) -> None:
    """Book a credit note of today, as the ledger states it."""
    note = invoice(told.work, customer, "AV-7", -cents, 0, kind="credit_note")
    told.work.execute(
        update(tables.item_row)
        .where(tables.item_row.c.id == note)
        .values(issued_on=TODAY, due_on=None, open_minor=-left)
    )


def imported(told: Chat) -> None:
    origin = Origin(None, None, told.now, f"import:{told.at.isoformat()}")
    following._close_paid_disputes(told.work, origin)


def owes(told: Chat, item: int, cents: int) -> None:
    told.work.execute(
        update(tables.item_row).where(tables.item_row.c.id == item).values(open_minor=cents)
    )
    told.work.execute(
        insert(tables.settlement_row),
        {"item_id": item, "settled_on": TODAY, "amount_minor": 180_000 - cents, "import_id": 1},
    )


def test_the_credit_note_closes_the_dispute_and_the_rep_hears_of_it(database_url: str) -> None:
    with chat(database_url) as told:
        customer, item, key = opened(told)
        decided(told, key, FULL, "Avoir demandé")
        credited(told, customer, 30_000, left=30_000)
        imported(told)
        assert state(told) == "founded"  # it is there and not set off: the invoice still shows all
        told.work.execute(
            update(tables.item_row).where(tables.item_row.c.number == "AV-7").values(open_minor=0)
        )
        owes(told, item, 150_000)
        imported(told)
        [row] = told.all(tables.dispute)
        assert (row.state, row.credit_note) == ("closed", "AV-7")
        assert claimed(told, customer) == 150_000
        assert any("Clos par l’avoir AV-7" in one for one in news(told, JULIE))


def test_a_credit_note_set_off_at_once_closes_by_what_the_invoice_lost(database_url: str) -> None:
    with chat(database_url) as told:
        customer, item, key = opened(told)
        decided(told, key, FULL, "Avoir demandé")
        owes(told, item, 150_000)
        imported(told)
        assert state(told) == "closed"
        assert claimed(told, customer) == 150_000


def test_what_was_refused_keeps_its_rest_when_the_credit_note_comes_meanwhile(
    database_url: str,
) -> None:
    with chat(database_url) as told:
        customer, item, key = opened(told)
        told.tap(DecideDispute(key, PART), CLAIRE)
        told.type("120", CLAIRE)
        told.type("Une palette sur trois", CLAIRE)
        told.press("Valider", CLAIRE)
        assert claimed(told, customer) == 150_000
        owes(told, item, 168_000)
        imported(told)
        assert state(told) == "closed"
        assert claimed(told, customer) == 150_000
        card = told.type("Dupont")
        assert "Part refusée, 180,00 € : reprise des relances le mer. 25/11" in card
        file = told.tap(ShowDispute(key))
        assert "Clos" in file
        assert "180,00 € restent dus" in file
        assert "Reprise des relances le mer. 25/11" in file
        told.wait(days=2)
        assert claimed(told, customer) == 168_000
        assert "Reprise des relances" not in told.tap(ShowDispute(key))


def test_nothing_is_said_to_rest_of_an_invoice_that_is_paid_whole(database_url: str) -> None:
    with chat(database_url) as told:
        _, item, key = opened(told)
        decided(told, key, NONE, "Livré conforme")
        owes(told, item, 0)
        assert "reprise des relances" not in told.type("Dupont")


def test_the_undisputed_rest_paid_leaves_the_dispute_open(database_url: str) -> None:
    with chat(database_url) as told:
        customer, item, key = opened(told)
        decided(told, key, FULL, "Avoir demandé")
        owes(told, item, 30_000)
        imported(told)
        assert state(told) == "founded"
        assert claimed(told, customer) == 0


def test_half_paid_is_not_taken_for_the_credit_note_of_the_other_half(database_url: str) -> None:
    with chat(database_url) as told:
        _, item, key = opened(told, 90_000)
        decided(told, key, FULL, "Avoir demandé")
        owes(told, item, 90_000)
        imported(told)
        assert state(told) == "founded"
        assert "passé et lettré" in told.tap(CloseDispute(key, 0), CLAIRE)
        assert state(told) == "founded"
        said = told.tap(CloseDispute(key, 1), CLAIRE)
        assert "Clos" in said
        assert state(told) == "closed"


def a_second(told: Chat, customer: int) -> int:
    """Open a dispute on another invoice of the customer."""
    second = invoice(told.work, customer, "F-2", 90_000, 5)
    person = people.by_telegram(told.work, JULIE)
    assert person is not None
    wanted = DisputeRequest(DisputeReason.QUALITY, second, Money.from_minor(30_000, "EUR"))
    origin = Origin(person.id, None, told.now, "second")
    return disputes.open_dispute(told.work, origin, person, customer, wanted, rules())


def test_what_is_open_of_other_disputes_does_not_close_one(database_url: str) -> None:
    with chat(database_url) as told:
        customer, item, key = opened(told, 90_000)
        for one in (key, a_second(told, customer)):
            decided(told, one, FULL, "Avoir demandé")
        owes(told, item, 90_000)
        imported(told)
        assert [row.state for row in told.all(tables.dispute)] == ["founded", "founded"]


def test_one_credit_note_serves_one_dispute(database_url: str) -> None:
    with chat(database_url) as told:
        customer, _, key = opened(told)
        for one in (key, a_second(told, customer)):
            decided(told, one, FULL, "Avoir demandé")
        credited(told, customer, 30_000)
        imported(told)
        imported(told)
        assert [row.state for row in told.all(tables.dispute)] == ["closed", "founded"]


def test_a_dispute_of_the_whole_account_closes_by_hand(sqlite_url: str) -> None:
    with chat(sqlite_url) as told:
        customer, _, _ = opened(told)
        person = people.by_telegram(told.work, JULIE)
        assert person is not None
        wanted = DisputeRequest(DisputeReason.PRICE, amount=Money.from_minor(50_000, "EUR"))
        origin = Origin(person.id, None, told.now, "large")
        key = disputes.open_dispute(told.work, origin, person, customer, wanted, rules())
        assert "aucune facture en particulier" in told.tap(ShowDispute(key), CLAIRE)
        decided(told, key, FULL, "Remise de fin d'année")
        assert claimed(told, customer) == 100_000
        assert any("Votre réclamation sur votre compte" in one for one in news(told, JULIE))
        told.tap(CloseDispute(key, 1), CLAIRE)
        assert claimed(told, customer) == 150_000
        assert "dispute.closed" in told.kinds()
