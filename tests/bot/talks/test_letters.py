"""Letters in the chat: both parties, how to pay, and what is missing told before they leave."""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import insert, update

from bot.screens import letter_parties
from bot.screens.account import PrepareCall
from bot.screens.letter import EndNotice, KeepNotice, NoticeSent, PreviewNotice, ShowNotice
from bot.screens.promise import StartPromise
from credit.creditor import Creditor
from credit.money import Money
from storage import openings, outbox, people, tables
from tests.bot.talks import stage
from tests.bot.talks.dispute_desk import opened as opened_dispute
from tests.bot.talks.stage import CLAIRE, JULIE, MARC, NOW, Chat, account, chat, invoice, rules
from tests.day import company

OURS = Creditor(
    name="Ouest Matériaux Distribution",
    form="SAS",
    capital=Money(Decimal(200_000), "EUR"),
    siren="009999715",
    register="RCS Rennes",
    address=("12 rue des Chantiers", "35000 Rennes"),
    vat="FR64009999715",
    iban="FR7600000000000000012345675",
    bic="TILEFRP0",
)
WHOLE = (
    "Ouest Matériaux Distribution\nSAS au capital de 200 000 €\n12 rue des Chantiers\n35000 Rennes",
    "SIREN : 009 999 715, RCS Rennes\nTVA intracommunautaire : FR64009999715",
    "Titulaire du compte : Ouest Matériaux Distribution\nIBAN : FR76 0000 0000 0000 0001 2345 675",
    "\nBIC : TILEFRP0\n",
    "Service crédit, Ouest Matériaux Distribution",
)
SIREN = "732829320"


def known(monkeypatch: pytest.MonkeyPatch, company: Creditor | None) -> None:
    """Let the policy say this of our company."""
    ours = rules()
    policy = replace(ours.policy, company=company)
    monkeypatch.setattr(stage, "rules", lambda: replace(ours, policy=policy))


@contextmanager
def late(url: str) -> Iterator[tuple[Chat, int]]:
    """Open a chat with a customer who owes 1 200 € since 45 days."""
    with chat(url) as told:
        customer = account(told.work)
        invoice(told.work, customer, "F-77", 120_000, 45)
        yield told, customer


def said_of(told: Chat, customer: int, place: int = 0) -> str:
    return told.tap(PreviewNotice(customer, place), CLAIRE)


@pytest.mark.parametrize("place", [0, 1])
def test_a_letter_names_our_company_and_the_account_to_pay_to(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch, place: int
) -> None:
    with late(sqlite_url) as (told, customer):
        known(monkeypatch, OURS)
        said = said_of(told, customer, place).replace("\N{NO-BREAK SPACE}", " ")
        for words in WHOLE:
            assert words in said
        mark = ("MED", "SUSP")[place]
        assert f"Référence : {mark}-C1-20261123" in said
        assert f"en rappelant la référence {mark}-C1-20261123 et les numéros" in said
        assert "De votre société" not in said


def test_a_formal_notice_sums_up_what_is_to_be_paid(sqlite_url: str) -> None:
    with late(sqlite_url) as (told, customer):
        invoice(told.work, customer, "F-88", 50_000, 45)
        said = said_of(told, customer).replace("\N{NO-BREAK SPACE}", " ")
        penalty = said.split("Pénalités de retard à ce jour : ")[1].split(" €")[0]
        cents = 170_000 + 8_000 + int(penalty.replace(",", ""))
        assert "frais de recouvrement : 80,00 € (40,00 € par facture)" in said
        total = said.split("Total à régler à ce jour : ")[1].split(" €")[0]
        assert int("".join(filter(str.isdigit, total))) == cents


@pytest.mark.parametrize("place", [0, 1])
def test_the_parts_of_each_line_add_up_to_what_is_claimed(sqlite_url: str, place: int) -> None:
    with chat(sqlite_url) as told:
        customer, item, _ = opened_dispute(told)
        rows = tables.item_row
        told.work.execute(update(rows).where(rows.c.id == item).values(open_minor=160_000))
        invoice(told.work, customer, "F-88", 50_000, 1)
        said = said_of(told, customer, place).replace("\N{NO-BREAK SPACE}", " ")
        assert (
            "Montant TTC : 1 800,00 € ; réglé ou déduit : 200,00 € ; contesté, non réclamé :"
            " 300,00 € ; reste dû : 1 300,00 €\n"
        ) in said
        assert "(1 jour de retard)\n  Montant TTC : 500,00 € ; reste dû : 500,00 €\n" in said
        assert "Principal restant dû, toutes taxes comprises : 1 800,00 €\n" in said


def test_a_promise_that_still_runs_is_told_before_a_letter_leaves(sqlite_url: str) -> None:
    with late(sqlite_url) as (told, customer):
        assert "Une promesse court encore" not in said_of(told, customer)
        told.tap(StartPromise(customer))
        told.type("500")
        for label in ("27/11", "Virement", "Mme Roche", "Valider"):
            told.press(label)
        said = said_of(told, customer).replace("\u00a0", " ")
        assert "Une promesse court encore : 500,00 € pour le ven. 27/11" in said


def test_the_flat_fee_is_a_sum_of_its_own_where_nothing_is_claimed_in_euros(
    sqlite_url: str,
) -> None:
    with chat(sqlite_url) as told:
        customer = account(told.work)
        invoice(told.work, customer, "F-88", 50_000, 45, currency="CHF")
        said = said_of(told, customer).replace("\N{NO-BREAK SPACE}", " ")
        assert said.split("Total à régler à ce jour : ")[1].startswith("50")
        assert " CHF et 40,00 €\n" in said


def test_a_letter_of_a_house_that_speaks_english_has_its_figures_in_french(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with late(sqlite_url) as (told, customer):
        english = replace(rules(), locale="en")
        monkeypatch.setattr(stage, "rules", lambda: english)
        said = " ".join(said_of(told, customer).split())
        assert "Le lundi 23 novembre 2026" in said
        assert "échue le 09/10/2026 (45 jours de retard) Montant TTC : 1 200,00 €" in said
        assert "(taux annuel : 12,15 %)" in said


def test_what_a_letter_does_not_say_of_us_is_told_before_it_is_kept(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with late(sqlite_url) as (told, customer):
        said = said_of(told, customer)
        assert "il manque à cette lettre : raison sociale, forme juridique, SIREN" in said
        assert "figurent sur nos factures" in said
        known(monkeypatch, replace(OURS, iban="", capital=None))
        said = said_of(told, customer)
        assert "De votre société, il manque à cette lettre : capital, IBAN. Indiquez" in said
        told.work.execute(update(tables.person).values(locale="en"))
        assert "does not say, of your company: capital, IBAN. Put it into" in said_of(
            told, customer
        )


def test_a_kept_letter_tells_what_it_lacks_until_it_is_sent_or_taken_back(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with late(sqlite_url) as (told, customer):
        known(monkeypatch, replace(OURS, bic=""))
        assert "il manque à cette lettre : BIC. Complétez" in told.tap(
            KeepNotice(customer, 0), CLAIRE
        )
        (row,) = told.all(tables.formal_notice)
        known(monkeypatch, OURS)  # told now, but not in what was written before
        assert "il manque à cette lettre : BIC. Complétez" in told.tap(ShowNotice(row.id), CLAIRE)
        told.work.execute(update(tables.formal_notice).values(sent_on=date(2026, 11, 22)))
        assert "il manque" not in told.tap(ShowNotice(row.id), CLAIRE)
        assert "\n✅ Courrier envoyé le 22/11/2026" in told.tap(ShowNotice(row.id), CLAIRE)
        told.tap(EndNotice(row.id), CLAIRE)
        said = told.tap(KeepNotice(customer, 0), CLAIRE)
        assert "il manque" not in said


def test_the_page_has_what_the_screen_had(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with late(sqlite_url) as (told, customer):
        known(monkeypatch, replace(OURS, name="Ouest <b>& Fils", holder="Affacturage SA"))
        told.tap(KeepNotice(customer, 0), CLAIRE)
        (file,) = [body for body in told.bodies if body["method"] == "sendDocument"]
        page = b64decode(file["file"]["content_base64"]).decode()
        assert "Ouest &lt;b&gt;&amp; Fils" in page
        assert "Titulaire du compte\N{NO-BREAK SPACE}: Affacturage SA" in page


def customer_with(told: Chat, siren: str | None, address: str | None) -> None:
    told.work.execute(update(tables.customer_row).values(siren=siren, address=address))


def opened(told: Chat, state: str, siren: str | None, seat: str) -> None:
    """Keep an account file of the customer's code, with its registered seat."""
    claire = people.by_telegram(told.work, CLAIRE)
    assert claire is not None
    moment = {"created_at": NOW, "changed_at": NOW}
    who = {"uid": f"o-{state}-{siren}", "person_id": claire.id, "code": "C1"}
    file = openings.add(told.work, {**who, "siren": siren, **moment})
    told.work.execute(
        update(tables.opening_file).where(tables.opening_file.c.id == file).values(state=state)
    )
    openings.answer(told.work, file, "seat", {"text": seat}, claire.id, NOW)


def test_the_customers_siren_and_address_come_from_the_book(sqlite_url: str) -> None:
    with late(sqlite_url) as (told, customer):
        customer_with(told, SIREN, "12, rue des Lilas, Bât. B, 35000, Rennes")
        opened(told, "accepted", SIREN, "elsewhere")
        said = said_of(told, customer).replace("\N{NO-BREAK SPACE}", " ")
        assert "\n12 rue des Lilas\nBât. B\n35000 Rennes\nSIREN : 732 829 320\nCompte" in said
        assert "Du client" not in said


def test_else_they_come_from_his_accepted_file(sqlite_url: str) -> None:
    with late(sqlite_url) as (told, customer):
        assert "Du client, il manque à cette lettre : SIREN, adresse." in said_of(told, customer)
        opened(told, "sent", SIREN, "4 quai des Tanneurs")
        assert "Du client, il manque" in said_of(told, customer)
        opened(told, "accepted", SIREN, "4 quai des Tanneurs")
        said = said_of(told, customer).replace("\N{NO-BREAK SPACE}", " ")
        assert "\n4 quai des Tanneurs\nSIREN : 732 829 320\n" in said
        assert "Du client" not in said


def test_a_file_of_another_company_gives_no_address(sqlite_url: str) -> None:
    with late(sqlite_url) as (told, customer):
        customer_with(told, SIREN, None)
        opened(told, "accepted", "009999715", "4 quai des Tanneurs")
        said = said_of(told, customer)
        assert "Tanneurs" not in said
        assert "Du client, il manque à cette lettre : adresse." in said


def test_else_the_address_is_the_registers(database_url: str) -> None:
    with late(database_url) as (told, customer):
        customer_with(told, SIREN, None)
        unit = {"siren": SIREN, "active": True, "stated_on": date(2026, 11, 1)}
        shop = {**unit, "siret": f"{SIREN}00017", "address": "1 rue de la Boutique"}
        told.work.execute(insert(tables.registry_unit), shop)
        assert "Boutique" not in said_of(told, customer)
        seat = {**unit, "siret": "", "address": "9 place du Siège"}
        told.work.execute(insert(tables.registry_unit), seat)
        assert "9 place du Siège\nSIREN" in said_of(told, customer)


def test_a_siren_stays_on_one_line_and_an_iban_is_copied_with_plain_spaces() -> None:
    said = letter_parties.printed(OURS)
    assert said["siren"] == "009\N{NO-BREAK SPACE}999\N{NO-BREAK SPACE}715"
    assert said["iban"] == "FR76 0000 0000 0000 0001 2345 675"


def test_a_letter_sent_weeks_ago_is_told_by_typing_its_day(sqlite_url: str) -> None:
    with late(sqlite_url) as (told, customer):
        told.tap(KeepNotice(customer, 1), CLAIRE)
        assert "dites-moi que le courrier est parti" in told.bodies[-1]["params"]["caption"]
        told.press("Je l’ai envoyé", CLAIRE)
        told.press("Recommandé", CLAIRE)
        assert "Ce jour est encore à venir" in told.type("24/11/2026", CLAIRE)
        assert "pas reconnu la date" in told.type("blabla", CLAIRE)
        told.type("2 novembre", CLAIRE)
        told.press("Passer", CLAIRE)
        (row,) = told.all(tables.formal_notice)
        assert row.sent_on == date(2026, 11, 2)


def news_of(told: Chat, who: int) -> str:
    """Word, as they would leave now, the notices that wait for a person; they have left then."""
    waiting = [one for one in company.waiting(told.work, "notice") if one.chat_id == who]
    said = [company.rendered(told.work, one, told.now).text for one in waiting]
    for one in waiting:
        outbox.settle(told.work, one, outbox.State.SENT, told.at, 70)
    return "\n---\n".join(said).replace("\N{NO-BREAK SPACE}", " ").replace("\u202f", " ")


def left(told: Chat, notice: int) -> None:
    told.tap(NoticeSent(notice), CLAIRE)
    for label in ("Recommandé", "lun. 23/11", "Passer"):
        told.press(label, CLAIRE)


def test_a_rep_hears_of_a_letter_before_his_customer_does(database_url: str) -> None:
    with late(database_url) as (told, customer):
        assert "✉️" not in told.tap(PrepareCall(customer))
        told.tap(KeepNotice(customer, 0), CLAIRE)
        said = news_of(told, JULIE)
        assert "Mise en demeure</b> · Dupont SARL" in said
        assert "Courrier prêt à partir : 1 200 €, préparé par Claire Roy" in said
        assert "dites-le à Claire Roy avant l’envoi" in said
        (notice,) = told.all(tables.formal_notice)
        left(told, notice.id)
        said = news_of(told, JULIE)
        assert "Courrier parti le lun. 23/11 : 1 200 € à régler sous 8 jours" in said
        assert "renvoyez-le vers Claire Roy" in said
        assert news_of(told, MARC) == news_of(told, CLAIRE) == ""


def test_the_gate_names_a_letter_until_it_is_taken_back(sqlite_url: str) -> None:
    with late(sqlite_url) as (told, customer):
        told.tap(KeepNotice(customer, 0), CLAIRE)
        (notice,) = told.all(tables.formal_notice)
        said = told.tap(PrepareCall(customer))
        assert "✉️ Mise en demeure, 1 200 € : courrier pas encore envoyé" in said
        left(told, notice.id)
        assert "✉️ Mise en demeure du 23/11/2026 : 1 200 €" in told.tap(PrepareCall(customer))
        told.tap(EndNotice(notice.id), CLAIRE)
        assert "✉️" not in told.tap(PrepareCall(customer))


def test_the_gate_names_no_letter_whose_invoices_are_paid(sqlite_url: str) -> None:
    with late(sqlite_url) as (told, customer):
        told.tap(KeepNotice(customer, 0), CLAIRE)
        told.work.execute(update(tables.item_row).values(open_minor=0))
        invoice(told.work, customer, "F-78", 90_000, 20)
        assert "✉️" not in told.tap(PrepareCall(customer))


def test_news_of_a_letter_that_went_on_meanwhile_is_told_once_and_as_it_stands(
    sqlite_url: str,
) -> None:
    with late(sqlite_url) as (told, customer):
        told.tap(KeepNotice(customer, 1), CLAIRE)
        (notice,) = told.all(tables.formal_notice)
        told.tap(EndNotice(notice.id), CLAIRE)
        said = news_of(told, JULIE)
        assert "prêt à partir" not in said
        assert said.count("Avis de suspension") == 1
        assert "Courrier annulé : il ne compte plus" in said


def test_a_rep_who_lost_the_account_hears_nothing_of_its_letter(sqlite_url: str) -> None:
    with late(sqlite_url) as (told, customer):
        told.tap(KeepNotice(customer, 0), CLAIRE)
        told.work.execute(update(tables.customer_row).values(rep_code="R2"))
        assert news_of(told, JULIE) == ""


def test_a_letter_drawn_up_at_night_is_told_when_the_day_begins(sqlite_url: str) -> None:
    with late(sqlite_url) as (told, customer):
        told.wait(hours=12)
        told.tap(KeepNotice(customer, 0), CLAIRE)
        (waiting,) = company.waiting(told.work, "notice")
        assert waiting.not_before > told.at
