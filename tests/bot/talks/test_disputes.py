"""Disputes: a part of an invoice, photos, what stays claimable, what is refused."""

from __future__ import annotations

import re
from datetime import date

import pytest
from sqlalchemy import update

from bot.screens.account import OpenAccount, PrepareCall
from bot.screens.dispute import StartDispute, WithdrawDispute
from bot.use_cases import accounts, disputes
from bot.use_cases.disputes import DisputeRequest
from bot.use_cases.refusals import AmountTooHigh, NothingToClaim
from credit.dispute import DisputeReason
from credit.money import Money
from storage import people, tables
from storage.events import Origin
from storage.tables import item_row
from tests.bot.talks.stage import JULIE, MARC, Chat, account, chat, invoice, rules


def dupont(told: Chat) -> tuple[int, int]:
    customer = account(told.work)
    return customer, invoice(told.work, customer, "F-1042", 180_000, 34)


def open_one(told: Chat, customer: int, wanted: DisputeRequest) -> int:
    person = people.by_telegram(told.work, JULIE)
    assert person is not None
    origin = Origin(person.id, None, told.now, "one")
    return disputes.open_dispute(told.work, origin, person, customer, wanted, rules())


def entered(told: Chat, customer: int) -> None:
    told.tap(StartDispute(customer))
    told.type("casse")
    told.press("F-1042")
    told.press("Une partie")
    told.type("300 €")
    told.type("Trois palettes cassées, réserves sur le bon de livraison")
    told.photo("photo-1")
    told.photo("photo-2")
    told.press("Terminé")


def test_a_dispute_takes_a_part_and_two_photos(database_url: str) -> None:
    with chat(database_url) as told:
        customer, item = dupont(told)
        entered(told, customer)
        said = told.press("Ouvrir le litige")
        assert "Litige ouvert" in said
        [dispute] = told.all(tables.dispute)
        assert (dispute.reason, dispute.amount_minor, dispute.item_id) == ("L04", 30_000, item)
        assert (dispute.owner, dispute.target_on) == ("logistics", date(2026, 11, 30))
        assert dispute.late
        assert [row.file_id for row in told.all(tables.attachment)] == ["photo-1", "photo-2"]
        found = accounts.load(told.work, customer, told.now, rules())
        assert found.claim("EUR").minor == 150_000
        [contact] = told.all(tables.contact_record)
        assert contact.outcome == "dispute"


def test_the_reason_that_is_read_over_has_no_colon_of_its_own(sqlite_url: str) -> None:
    with chat(sqlite_url) as told:
        customer, _ = dupont(told)
        told.tap(StartDispute(customer))
        told.type("casse")
        told.press("F-1042")
        told.press("Une partie")
        told.type("300 €")
        told.type("Trois palettes cassées")
        read = re.sub("<[^>]+>", "", told.press("Passer"))
        over = next(line for line in read.splitlines() if "À relire" in line)
        reason = "livraison (retard, manquant, casse)"
        assert over.lower() == f"à relire : {reason}, 300,00 €, facture f-1042."


@pytest.mark.parametrize(
    ("reason", "invoice", "said", "left"),
    [
        ("casse", "F-1042", "Seule cette part est suspendue.", 150_000),
        ("référence", "F-1042", "Toute la facture est suspendue, soit 1 800,00 €.", 0),
        ("référence", "Aucune en particulier", "Seule cette part est suspendue.", 150_000),
        ("principe", "F-1042", "Rien n’est suspendu", 180_000),
        ("principe", "Aucune en particulier", "Rien n’est suspendu", 180_000),
    ],
)
def test_what_is_said_to_be_suspended_is_suspended(
    sqlite_url: str, reason: str, invoice: str, said: str, left: int
) -> None:
    with chat(sqlite_url) as told:
        customer, _ = dupont(told)
        told.tap(StartDispute(customer))
        told.type(reason)
        told.press(invoice)
        if invoice.startswith("F-"):
            told.press("Une partie")
        told.type("300")
        told.type("Dit au téléphone")
        read = told.press("Passer")
        assert said in re.sub("<[^>]+>", "", read)
        told.press("Ouvrir le litige")
        assert accounts.load(told.work, customer, told.now, rules()).claim("EUR").minor == left


def test_a_dispute_is_undone_within_ten_minutes(sqlite_url: str) -> None:
    with chat(sqlite_url) as told:
        customer, _ = dupont(told)
        entered(told, customer)
        told.press("Ouvrir le litige")
        told.wait(seconds=3)
        told.press("Annuler")
        assert told.all(tables.dispute)[0].state == "withdrawn"
        found = accounts.load(told.work, customer, told.now, rules())
        assert found.claim("EUR").minor == 180_000


def test_more_than_is_open_is_asked_again(sqlite_url: str) -> None:
    with chat(sqlite_url) as told:
        customer, _ = dupont(told)
        told.tap(StartDispute(customer))
        told.type("casse")
        told.press("F-1042")
        told.press("Une partie")
        assert "dépasse ce qui est ouvert" in told.type("5000")


def test_a_text_over_two_hundred_characters_is_refused(sqlite_url: str) -> None:
    with chat(sqlite_url) as told:
        customer, _ = dupont(told)
        told.tap(StartDispute(customer))
        told.type("casse")
        told.press("F-1042")
        told.press("Toute la facture")
        assert "200 caractères" in told.type("x" * 201)
        assert "photo" in told.type("x" * 200)


def test_an_invoice_in_another_currency_is_disputed_in_its_own(sqlite_url: str) -> None:
    with chat(sqlite_url) as told:
        customer, _ = dupont(told)
        invoice(told.work, customer, "USD-7", 90_000, 20, currency="USD")
        told.tap(StartDispute(customer))
        told.type("casse")
        told.press("éch. mar. 03/11")
        told.press("Une partie")
        told.type("100")
        told.type("Colis manquant")
        told.press("Passer")
        told.press("Ouvrir le litige")
        [dispute] = told.all(tables.dispute)
        assert (dispute.currency, dispute.amount_minor) == ("USD", 10_000)


def test_an_account_is_disputed_as_a_whole(sqlite_url: str) -> None:
    with chat(sqlite_url) as told:
        customer, _ = dupont(told)
        amount = Money.from_minor(50_000, "EUR")
        open_one(told, customer, DisputeRequest(DisputeReason.PRICE, amount=amount))
        found = accounts.load(told.work, customer, told.now, rules())
        assert found.claim("EUR").minor == 130_000


def test_what_is_already_disputed_is_not_disputed_again(sqlite_url: str) -> None:
    with chat(sqlite_url) as told:
        customer, item = dupont(told)
        open_one(told, customer, DisputeRequest(DisputeReason.QUALITY, item))
        with pytest.raises(NothingToClaim):
            open_one(told, customer, DisputeRequest(DisputeReason.PRICE, item))


@pytest.mark.parametrize("amount", ["1800.01", "0", "-5"])
def test_an_amount_out_of_bounds_is_refused(sqlite_url: str, amount: str) -> None:
    with chat(sqlite_url) as told:
        customer, item = dupont(told)
        wanted = Money.from_minor(int(float(amount) * 100 + 0.5), "EUR")
        with pytest.raises(AmountTooHigh):
            open_one(told, customer, DisputeRequest(DisputeReason.PRICE, item, wanted))
        assert told.all(tables.dispute) == []


def test_somebody_elses_dispute_cannot_be_withdrawn(sqlite_url: str) -> None:
    with chat(sqlite_url) as told:
        customer, item = dupont(told)
        dispute = open_one(told, customer, DisputeRequest(DisputeReason.QUALITY, item))
        told.tap(WithdrawDispute(dispute), who=MARC)
        assert told.all(tables.dispute)[0].state == "open"
        told.tap(WithdrawDispute(dispute))
        assert told.all(tables.dispute)[0].state == "withdrawn"


def stated(told: Chat, customer: int) -> str:
    """Begin a call; return what is to be said to whoever answers."""
    told.tap(PrepareCall(customer))
    for label in ("Commencer", "C’est prêt", "Mme Roche"):
        told.press(label)
    said = re.sub(r"</?b>", "", told.press("Oui"))
    return said.replace("\N{NO-BREAK SPACE}", " ").replace("\N{NARROW NO-BREAK SPACE}", " ")


def test_a_call_claims_only_the_part_of_an_invoice_that_nobody_disputes(sqlite_url: str) -> None:
    with chat(sqlite_url) as told:
        customer, item = dupont(told)
        amount = Money.from_minor(30_000, "EUR")
        open_one(told, customer, DisputeRequest(DisputeReason.PRICE, item, amount))
        said = stated(told, customer)
        assert "Il reste 1 500,00 € à régler sur la facture F-1042" in said
        assert "Facture de 1 800,00 €" in said


def test_a_call_about_several_invoices_leaves_out_what_is_disputed(sqlite_url: str) -> None:
    with chat(sqlite_url) as told:
        customer, item = dupont(told)
        open_one(told, customer, DisputeRequest(DisputeReason.QUALITY, item))
        invoice(told.work, customer, "F-1050", 90_000, 12)
        invoice(told.work, customer, "F-1060", 150_000, 8)
        said = stated(told, customer)
        assert "2 factures sont échues, pour 2 400,00 €. La plus ancienne, F-1050," in said


def test_the_instalments_of_one_invoice_are_never_said_to_be_several(sqlite_url: str) -> None:
    with chat(sqlite_url) as told:
        customer = account(told.work)
        for key, late in (("F-1#1", 40), ("F-1#2", 10)):
            term = invoice(told.work, customer, key, 90_000, late)
            told.work.execute(update(item_row).where(item_row.c.id == term).values(number="F-1"))
        assert "1 800,00 €</b> · 1 facture · 40 jours" in told.tap(OpenAccount(customer))
        said = stated(told, customer)
        assert "2 échéances de la facture F-1 sont passées, pour 1 800,00 €" in said
        assert "La première était à régler le mercredi 14 octobre" in said
        invoice(told.work, customer, "F-2", 10_000, 5)
        said = stated(told, customer)
        assert "2 factures sont échues, pour 1 900,00 €. La plus ancienne, F-1," in said
