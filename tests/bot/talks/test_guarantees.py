"""Guarantees and written notices in the chat: kept, told of, and felt by orders."""

from __future__ import annotations

import re
from base64 import b64decode
from dataclasses import replace
from datetime import date, timedelta
from io import BytesIO
from typing import Any

import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy import update

from bot.handlers import announced
from bot.handlers.news import News
from bot.screens.credit_taps import ShowCredit
from bot.screens.guarantee import AddGuarantee, EndGuarantee, ShowGuarantees
from bot.screens.letter import EndNotice, KeepNotice, PreviewNotice, ShowNotice, ShowNotices
from bot.screens.render import speaker
from bot.use_cases import guarantees
from credit.moment import Moment
from storage import people, tables
from storage.events import Origin
from tests.bot.talks import stage
from tests.bot.talks.stage import (
    CLAIRE,
    JULIE,
    NOW,
    PARIS,
    Chat,
    account,
    chat,
    invoice,
    rules,
)


def ordered(told: Chat, typed: str, who: int = CLAIRE) -> str:
    return told.send(who, command="commande", arguments=typed)


def surety(told: Chat, customer: int, *, mentions: str = "Oui, tout y est") -> None:
    told.tap(AddGuarantee(customer), CLAIRE)
    told.press("Caution du dirigeant", CLAIRE)
    assert any("Caution personnelle du dirigeant" in label for label in told.labels(CLAIRE))
    told.type("Jean Dupont", CLAIRE)
    told.type("5 000", CLAIRE)
    told.type("13/12/2026", CLAIRE)
    told.press(mentions, CLAIRE)
    told.press("Passer", CLAIRE)
    told.photo("a-deed", CLAIRE)
    told.press("Terminé", CLAIRE)
    told.press("Enregistrer la garantie", CLAIRE)


def test_a_guarantee_lowers_the_exposure_of_orders_until_it_ends(database_url: str) -> None:
    with chat(database_url) as told:
        customer = account(told.work)
        told.work.execute(
            tables.customer_row.update().values(credit_limit_minor=100_000, limit_currency="EUR")
        )
        invoice(told.work, customer, "F-1", 300_000, -20)
        assert "B03" in ordered(told, "Dupont 100", JULIE)
        surety(told, customer)
        (row,) = told.all(tables.guarantee)
        assert (row.amount_minor, row.giver, row.mentions) == (500_000, "Jean Dupont", "complete")
        assert row.files == [{"file_id": "a-deed", "unique_id": "u-a-deed"}]
        said = ordered(told, "Dupont 100", JULIE)
        assert said.startswith("🟢")
        assert "garanties déduites : 3 100,00 €" in said  # never more than what is at risk
        assert "5 000 € déduits" in told.tap(ShowCredit(customer), JULIE)
        told.wait(days=30)
        assert "B03" in ordered(told, "Dupont 100", JULIE)


def test_a_surety_without_its_mentions_is_kept_and_covers_nothing(sqlite_url: str) -> None:
    with chat(sqlite_url) as told:
        customer = account(told.work)
        invoice(told.work, customer, "F-1", 300_000, 12)
        surety(told, customer, mentions="Non, il en manque")
        said = told.tap(ShowGuarantees(customer), CLAIRE)
        assert "mentions de l’art. 2297 manquantes : ne couvre rien" in said
        assert "Déduits" not in said
        said = told.press("1 · caution personnelle", CLAIRE)
        assert "3 000 € étaient déjà échus" in said
        assert [body["method"] for body in _photos(told)] == ["sendPhoto"]


def _photos(told: Chat) -> list[dict[str, object]]:
    told.press("📷 1 photo", CLAIRE)
    return [dict(body) for body in told.bodies if body["method"] == "sendPhoto"]


def test_an_ended_guarantee_covers_nothing_and_cannot_end_twice(sqlite_url: str) -> None:
    with chat(sqlite_url) as told:
        customer = account(told.work)
        surety(told, customer)
        (row,) = told.all(tables.guarantee)
        assert "Aucune garantie" in told.tap(EndGuarantee(row.id, 0), CLAIRE)
        assert told.all(tables.guarantee)[0].ended_why == "released"
        told.tap(EndGuarantee(row.id, 1), CLAIRE)
        assert told.all(tables.guarantee)[0].ended_why == "released"
        assert {"guarantee.added", "guarantee.ended"} <= set(told.kinds())


def test_the_end_of_a_guarantee_is_told_once_for_each_threshold(database_url: str) -> None:
    with chat(database_url) as told:
        customer = account(told.work)
        surety(told, customer)  # ends in twenty days
        found = guarantees.ending(told.work, told.now, rules())
        assert [one.days for one in found] == [30]
        origin = Origin(None, None, told.now, "job:guarantees")
        assert guarantees.tell(told.work, origin, found) == 1
        assert guarantees.ending(told.work, told.now, rules()) == []
        later = Moment(NOW + timedelta(days=14), PARIS)  # a Monday, six days before
        (last,) = guarantees.ending(told.work, later, rules())
        assert last.days == 7
        night = Moment(NOW + timedelta(days=14, hours=12), PARIS)
        assert guarantees.ending(told.work, night, rules()) == []
        rows = [row.body for row in told.all(tables.outbox) if row.kind == "guarantee_ending"]
        assert rows == [{"guarantee": told.all(tables.guarantee)[0].id}]


def noticed(told: Chat, customer: int, place: int) -> None:
    """Write a notice of a kind and tell that it was sent yesterday, registered."""
    told.tap(KeepNotice(customer, place), CLAIRE)
    told.press("Je l’ai envoyé", CLAIRE)
    told.press("Recommandé", CLAIRE)
    told.press("dim. 22/11", CLAIRE)
    told.type("1A 234 567", CLAIRE)


def test_a_formal_notice_is_read_kept_sent_and_blocks_orders_until_it_is_paid(
    database_url: str,
) -> None:
    with chat(database_url) as told:
        customer = account(told.work)
        item = invoice(told.work, customer, "F-77", 120_000, 45)
        told.tap(ShowNotices(customer), CLAIRE)
        said = told.press("Mise en demeure", CLAIRE)
        for words in ("MISE EN DEMEURE", "F-77", "1 200,00 €", "8 jours", "L441-10, II", "Claire"):
            assert words in said
        assert told.all(tables.formal_notice) == []
        assert "B08" not in ordered(told, "Dupont 100")
        noticed(told, customer, 0)
        (row,) = told.all(tables.formal_notice)
        assert (row.sent_on, row.means, row.items) == (date(2026, 11, 22), "registered", [item])
        assert row.reference == "1A 234 567"
        said = ordered(told, "Dupont 100")
        assert "B08" in said
        assert "n’a pas été notifié par écrit" in said
        said = told.press("Le notifier par écrit", CLAIRE)
        assert "1219 et 1220" in said
        assert "mise en demeure du 22/11/2026" in said
        noticed(told, customer, 1)
        assert "n’a pas été notifié" not in ordered(told, "Dupont 100")
        told.work.execute(tables.item_row.update().values(open_minor=0))
        assert "B08" not in ordered(told, "Dupont 100")
        assert "réglé" in told.tap(ShowNotices(customer), CLAIRE)


def test_one_formal_notice_claims_every_currency_and_adds_none(database_url: str) -> None:
    with chat(database_url) as told:
        customer = account(told.work)
        euros = invoice(told.work, customer, "F-77", 120_000, 45)
        francs = invoice(told.work, customer, "F-88", 50_000, 30, currency="CHF")
        invoice(told.work, customer, "F-99", 70_000, -5, currency="USD")  # not due yet
        said = told.tap(PreviewNotice(customer, 0), CLAIRE)
        assert "MISE EN DEMEURE de payer 1 200,00 € et 500,00 CHF" in said
        assert "Principal restant dû, toutes taxes comprises : 1 200,00 € et 500,00 CHF" in said
        assert re.search(r"Pénalités de retard à ce jour : [\d,]+ € et [\d,]+ CHF", said)
        assert "frais de recouvrement : 80,00 €" in said  # 40 € an invoice
        assert "F-77" in said
        assert "F-88" in said
        assert "F-99" not in said
        noticed(told, customer, 0)
        (row,) = told.all(tables.formal_notice)
        assert (row.amount_minor, row.currency, row.others) == (120_000, "EUR", {"CHF": 50_000})
        assert row.items == [euros, francs]
        assert "1 200,00 € + 500,00 CHF" in told.tap(ShowNotice(row.id), CLAIRE)
        assert "1 200 € + 500 CHF" in told.tap(ShowNotices(customer), CLAIRE)
        assert "(1 200 € + 500 CHF)" in told.tap(ShowCredit(customer), CLAIRE)
        (event,) = [one.data for one in told.all(tables.event) if one.kind == "notice.sent"]
        assert (event["amount"], event["others"]) == ("1200.00", {"CHF": "500.00"})
        said = told.tap(PreviewNotice(customer, 1), CLAIRE)
        assert "vous nous devez en principal 1 200,00 € et 500,00 CHF" in said
        paid = tables.item_row.c.id == euros
        told.work.execute(tables.item_row.update().where(paid).values(open_minor=0))
        assert "B08" in ordered(told, "Dupont 100")  # the francs are still owed
        told.work.execute(tables.item_row.update().values(open_minor=0))
        assert "B08" not in ordered(told, "Dupont 100")


def test_the_form_of_a_notice_names_what_it_claims_per_currency(sqlite_url: str) -> None:
    with chat(sqlite_url) as told:
        customer = account(told.work)
        invoice(told.work, customer, "F-77", 120_000, 45)
        invoice(told.work, customer, "F-88", 50_000, 30, currency="CHF")
        told.tap(KeepNotice(customer, 0), CLAIRE)
        assert "1 200,00 € + 500,00 CHF" in told.press("Je l’ai envoyé", CLAIRE)


def test_a_notice_warns_of_credits_that_are_not_matched_yet(sqlite_url: str) -> None:
    with chat(sqlite_url) as told:
        customer = account(told.work)
        invoice(told.work, customer, "F-77", 120_000, 45)
        assert "Non déduits" not in told.tap(PreviewNotice(customer, 0), CLAIRE)
        invoice(told.work, customer, "R-1", -40_000, 5, kind="payment")
        invoice(told.work, customer, "AV-1", -10_000, 5, kind="credit_note")
        said = told.tap(PreviewNotice(customer, 0), CLAIRE)
        assert "Non déduits : 500,00 € de règlements et d’avoirs non lettrés" in said
        assert "MISE EN DEMEURE de payer 1 200,00 €" in said


def test_what_unmatched_money_covers_is_not_claimed_in_writing(database_url: str) -> None:
    with chat(database_url) as told:
        customer = account(told.work)
        invoice(told.work, customer, "F-77", 120_000, 45)
        invoice(told.work, customer, "F-88", 50_000, 30, currency="CHF")
        invoice(told.work, customer, "R-1", -120_000, 5, kind="payment")
        said = told.tap(PreviewNotice(customer, 0), CLAIRE)
        assert "MISE EN DEMEURE de payer 500,00 CHF" in said
        assert "F-77" not in said
        assert "frais de recouvrement : 40,00 €" in said
        invoice(told.work, customer, "R-2", -50_000, 5, currency="CHF", kind="payment")
        told.tap(KeepNotice(customer, 0), CLAIRE)
        assert "couvrent l’échu" in told.toast
        assert told.all(tables.formal_notice) == []


def test_a_letter_says_where_its_signer_is_reached_and_the_preview_when_it_does_not(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with chat(sqlite_url) as told:
        customer = account(told.work)
        invoice(told.work, customer, "F-77", 120_000, 45)
        said = told.tap(PreviewNotice(customer, 0), CLAIRE)
        assert "La lettre ne donne au débiteur ni téléphone ni e-mail" in said
        assert "Téléphone :" not in said
        policy = rules().policy
        for phone, email in (("02 99 00 00 10", ""), ("", "credit@ouest.example")):
            ours = replace(policy.notices, phone=phone, email=email)
            known = replace(rules(), policy=replace(policy, notices=ours))
            monkeypatch.setattr(stage, "rules", lambda known=known: known)
            said = told.tap(PreviewNotice(customer, 0), CLAIRE)
            assert ("Téléphone : 02 99 00 00 10" in said) is bool(phone)
            assert ("E-mail : credit@ouest.example" in said) is bool(email)
            assert "ni téléphone ni e-mail" not in said
        told.tap(KeepNotice(customer, 0), CLAIRE)
        (row,) = told.all(tables.formal_notice)
        assert row.body.endswith("credit@ouest.example")


def test_a_notice_is_sent_as_a_page_that_may_be_forwarded(sqlite_url: str) -> None:
    with chat(sqlite_url) as told:
        customer = account(told.work, name="Dupont <b>&</b> Fils")
        invoice(told.work, customer, "F-77", 120_000, 45)
        told.tap(KeepNotice(customer, 0), CLAIRE)
        (file,) = [body for body in told.bodies if body["method"] == "sendDocument"]
        assert file["file"]["name"] == "mise-en-demeure-C1-2026-11-23.html"
        assert not file["params"]["protect_content"]
        assert file["file"]["mime"] == "text/html"


def test_a_notice_taken_back_blocks_nothing(sqlite_url: str) -> None:
    with chat(sqlite_url) as told:
        customer = account(told.work)
        invoice(told.work, customer, "F-77", 120_000, 45)
        noticed(told, customer, 0)
        assert "B08" in ordered(told, "Dupont 100")
        (row,) = told.all(tables.formal_notice)
        told.tap(EndNotice(row.id), CLAIRE)
        assert "B08" not in ordered(told, "Dupont 100")


def test_nothing_is_claimed_in_writing_where_nothing_is_due(sqlite_url: str) -> None:
    with chat(sqlite_url) as told:
        customer = account(told.work)
        told.tap(KeepNotice(customer, 0), CLAIRE)
        assert "rien à réclamer par écrit" in told.toast
        assert told.all(tables.formal_notice) == []


def rendered(told: Chat, kind: str) -> Any:
    """Word the news of a kind as the sender would, for Claire; None when it is dropped."""
    claire = people.by_telegram(told.work, CLAIRE)
    assert claire is not None
    rows = [row for row in told.all(tables.outbox) if row.kind == kind and row.chat_id == CLAIRE]
    voice = speaker("fr", PARIS)
    news = News(told.work, voice, rules(), claire, CLAIRE, rows[-1].body, told.now)
    return announced.KINDS[kind](news)


def test_the_register_leaves_as_a_workbook_with_days_and_amounts(sqlite_url: str) -> None:
    with chat(sqlite_url) as told:
        customer = account(told.work)
        surety(told, customer)
        said = told.command("garantie", CLAIRE)
        assert "1 garantie en cours" in said
        told.press("Exporter", CLAIRE)
        file = rendered(told, "guarantee_register")["file"]
        book = CalamineWorkbook.from_filelike(BytesIO(b64decode(file["content_base64"])))
        lines = book.get_sheet_by_index(0).to_python()
        line = next(one for one in lines if one[0] == "C1")
        assert line[1:6] == [
            "Dupont SARL",
            "caution personnelle",
            5000.0,
            "EUR",
            date(2026, 12, 13),
        ]
        assert line[6] == "Jean Dupont"
        assert line[9] == "oui"


def test_the_news_of_an_end_is_dropped_once_the_guarantee_is_given_back(sqlite_url: str) -> None:
    with chat(sqlite_url) as told:
        surety(told, account(told.work))
        origin = Origin(None, None, told.now, "job:guarantees")
        guarantees.tell(told.work, origin, guarantees.ending(told.work, told.now, rules()))
        assert "dans 20 jours" in rendered(told, "guarantee_ending")["params"]["text"]
        (row,) = told.all(tables.guarantee)
        told.tap(EndGuarantee(row.id, 0), CLAIRE)
        assert rendered(told, "guarantee_ending") is None


def test_an_english_reader_is_told_why_the_letter_is_in_french(sqlite_url: str) -> None:
    with chat(sqlite_url) as told:
        customer = account(told.work)
        invoice(told.work, customer, "F-1", 90_000, 40)
        assert "reste en français" not in told.tap(PreviewNotice(customer, 0), CLAIRE)
        told.work.execute(update(tables.person).values(locale="en"))
        said = told.tap(PreviewNotice(customer, 0), CLAIRE)
        assert "The letter stays in French: it is a legal text" in said
        assert "mise en demeure" in said.lower()
        assert "stays in French" in told.tap(KeepNotice(customer, 0), CLAIRE)
