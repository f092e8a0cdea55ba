"""An account on the phone: cards, pages, histories, and finding it by typing."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from bot.screens.account import OpenAccount, ShowHistory, ShowInvoices
from bot.screens.screen import visible_length
from credit.people import Role
from storage.events import record
from tests.credit.builders import TODAY
from tests.day import company
from tests.storage.inline import inline


def test_a_card_shows_what_is_overdue_and_the_last_contact(sqlite_url: str) -> None:
    with inline(sqlite_url) as work:
        lea = company.hire(work, "Léa", Role.REP, "R1")
        dupont = company.a_customer(work, "C1", "DUPONT <b>& Fils</b>")
        company.an_invoice(work, dupont, "F1", 123_456, late=45)
        company.contacted(work, dupont, lea, TODAY - timedelta(days=1), answered=False)
        told = company.taps(work, lea, OpenAccount(dupont))
    assert "DUPONT &lt;b&gt;&amp; Fils&lt;/b&gt;" in told.text
    assert "Échu : <b>1 234,56 €</b> · 1 facture · 45 jours de retard" in clean(told.text)
    assert "Dernier contact : mar. 24/11, Léa · sans réponse" in clean(told.text)
    assert told.labels == [
        "📞 Appeler",
        "📅 Promesse",
        "✋ Litige",
        "🧾 Factures",
        "🕘 Historique",
        "👁 Visite",
        "🧮 Calculs",
        "🛡 Crédit",
    ]


def clean(text: str) -> str:
    return text.replace("\u202f", " ").replace("\xa0", " ")


def test_several_currencies_are_listed_and_never_added(sqlite_url: str) -> None:
    with inline(sqlite_url) as work:
        lea = company.hire(work, "Léa", Role.REP, "R1")
        one = company.a_customer(work, "C1")
        for place, code in enumerate(("EUR", "USD", "GBP", "CHF", "JPY")):
            company.an_invoice(work, one, f"F{place}", 10_000, currency=code)
        told = company.taps(work, lea, OpenAccount(one))
    assert "et 2 autres devises" in clean(told.text)
    assert len(told.text.splitlines()) <= 12


def test_two_thousand_overdue_invoices_stay_within_a_screen(sqlite_url: str) -> None:
    with inline(sqlite_url) as work:
        lea = company.hire(work, "Léa", Role.REP, "R1")
        one = company.a_customer(work, "C1", "N" * 300)
        for place in range(2_000):
            company.an_invoice(work, one, f"F{place}", 10_000, late=1 + place % 200)
        card = company.taps(work, lea, OpenAccount(one))
        page = company.taps(work, lea, ShowInvoices(one, 199))
        beyond = company.taps(work, lea, ShowInvoices(one, 5_000))
    assert "200 000,00 €" in clean(card.text)
    assert "200 / 200" in page.text
    assert page.text == beyond.text
    assert visible_length(page.text) < 4096


@pytest.mark.parametrize("minor", [0, -50_000])
def test_nothing_or_less_owed_offers_no_call(sqlite_url: str, minor: int) -> None:
    with inline(sqlite_url) as work:
        lea = company.hire(work, "Léa", Role.REP, "R1")
        one = company.a_customer(work, "C1")
        if minor:
            company.an_invoice(work, one, "A1", minor, kind="credit_note")
        told = company.taps(work, lea, OpenAccount(one))
    assert "📞 Appeler" not in told.labels


def test_the_history_says_each_event_in_a_sentence(sqlite_url: str) -> None:
    with inline(sqlite_url) as work:
        lea = company.hire(work, "Léa", Role.REP, "R1")
        one = company.a_customer(work, "C1")
        for kind, data in EVENTS:
            record(work, company.signed(person=lea), kind, data, one)
        pages = [company.taps(work, lea, ShowHistory(one, page)) for page in (0, 1)]
    text = clean(pages[0].text + pages[1].text)
    for sentence in SAID:
        assert sentence in text
    assert "›" in pages[0].labels
    assert "›" not in pages[1].labels


EVENTS: list[tuple[str, dict[str, Any]]] = [
    (
        "promise.made",
        {
            "amount": "1500.00",
            "currency": "EUR",
            "lines": [{"due_on": "2026-11-27"}, {"due_on": "2026-12-04"}],
        },
    ),
    ("promise.judged", {"state": "broken", "amount": "1500.00", "currency": "EUR"}),
    ("promise.withdrawn", {"uid": "x"}),
    (
        "dispute.opened",
        {"reason": "L04", "amount": "80.00", "currency": "EUR", "invoice": "F9", "text": None},
    ),
    ("contact.recorded", {"channel": "visit", "outcome": "promise"}),
    ("contact.recorded", {"channel": "call", "outcome": "no_answer", "note": "<i>absent</i>"}),
    ("alert.raised", {"level": 3, "points": 4}),
    ("alert.snoozed", {"level": 2, "until": "2026-12-01T07:30:00+00:00"}),
    ("alert.dismissed", {"level": 2, "reason": "paid"}),
    ("customer.assigned", {"code": "R2"}),
    ("something.new", {}),
]
SAID = [
    "📅 Promesse : 1 500,00 € pour le ven. 04/12 · en 2 échéances",
    "🔴 Promesse non tenue : 1 500,00 €",
    "Promesse retirée",
    "✋ Litige : livraison, 80,00 € · F9",
    "👁 Visite : promesse obtenue",
    "📞 Appel : sans réponse · &lt;i&gt;absent&lt;/i&gt;",
    "🔔 Alerte rouge",
    "⏰ Reportée au mar. 01/12",
    "Alerte écartée : déjà payé",
    "Compte confié à R2",
    "Autre événement : something.new",
    "— Léa",
]


@pytest.mark.parametrize("tap", [OpenAccount, ShowInvoices, ShowHistory])
def test_somebody_elses_account_is_refused_like_one_that_does_not_exist(
    sqlite_url: str, tap: type
) -> None:
    with inline(sqlite_url) as work:
        company.hire(work, "Léa", Role.REP, "R1")
        marc = company.hire(work, "Marc", Role.REP, "R2")
        one = company.a_customer(work, "C1", "SECRET SARL")
        page = () if tap is OpenAccount else (0,)
        told = [company.taps(work, marc, tap(customer, *page)) for customer in (one, 999)]
    assert told[0].toast == told[1].toast
    assert "portefeuille" in told[0].toast
    assert "SECRET" not in str(told[0].bodies)


TYPED = [
    ("dupon", ["DUPONT SARL"]),
    ("Dupnot", ["DUPONT SARL"]),
    ("ELECTRICITE", ["Électricité Générale"]),
    ("géné", ["Électricité Générale"]),
    ("F1042", ["DUPONT SARL"]),
    ("F-1042", ["DUPONT SARL"]),
    ("1042", ["DUPONT SARL"]),
    ("c2", ["Électricité Générale"]),
    ("sarl", ["DUPONT SARL", "MARTIN SARL"]),
]


@pytest.mark.parametrize(("typed", "names"), TYPED)
def test_typing_finds_the_account_meant(database_url: str, typed: str, names: list[str]) -> None:
    with inline(database_url) as work:
        lea = company.hire(work, "Léa", Role.REP, "R1")
        dupont = company.a_customer(work, "C1", "DUPONT SARL")
        company.a_customer(work, "C2", "Électricité Générale")
        company.a_customer(work, "C3", "MARTIN SARL")
        company.a_customer(work, "C4", "DUPONT JEAN", rep="R2")
        company.an_invoice(work, dupont, "F-1042" if "-" in typed else "F1042")
        told = company.says(work, lea, typed)
    if len(names) == 1:
        assert told.text.startswith(f"<b>{names[0]}</b>")
    else:
        assert [label.split(" · ")[0] for label in told.labels] == names


def test_typing_never_finds_somebody_elses_account(sqlite_url: str) -> None:
    with inline(sqlite_url) as work:
        marc = company.hire(work, "Marc", Role.REP, "R2")
        one = company.a_customer(work, "C1", "SECRET SARL")
        company.an_invoice(work, one, "F77")
        told = [company.says(work, marc, typed) for typed in ("secret", "F77", "C1", "sarl")]
    for one_told in told:
        assert "SECRET" not in str(one_told.bodies)
        assert "Aucun de vos comptes" in one_told.text


def test_a_customer_is_also_found_by_a_command_with_his_misspelt_name(sqlite_url: str) -> None:
    with inline(sqlite_url) as work:
        lea = company.hire(work, "Léa", Role.REP, "R1")
        company.a_customer(work, "C1", "MENUISERIE VAUQUERMONT")
        assert "MENUISERIE VAUQUERMONT" in company.says(work, lea, "/client vauquermon").text
        assert "Aucun de vos comptes" in company.says(work, lea, "/customer zzzz").text
        told = company.says(work, lea, "/client")
    assert clean(told.text).startswith("Quel compte ?")


def test_what_is_not_understood_has_a_way_out(sqlite_url: str) -> None:
    with inline(sqlite_url) as work:
        lea = company.hire(work, "Léa", Role.REP, "R1")
        company.a_customer(work, "C1")
        told = company.says(work, lea, "/inconnu")
        assert told.labels == ["📞 Qui appeler"]
        assert "Qui appeler aujourd’hui" in company.taps(work, lea, told.data("Qui appeler")).text


def test_an_unknown_command_is_named_with_the_nearest_of_ones_own(sqlite_url: str) -> None:
    with inline(sqlite_url) as work:
        lea = company.hire(work, "Léa", Role.REP, "R1")
        told = clean(company.says(work, lea, "/balances").text)
        assert "« /balances » n’est pas une commande.\nVouliez-vous dire /balance ?" in told
        told = clean(company.says(work, lea, "/diffusé").text)  # not among a rep's
        assert "Vouliez-vous" not in told
        assert "&lt;" not in told


def test_a_long_text_is_no_search(sqlite_url: str) -> None:
    with inline(sqlite_url) as work:
        lea = company.hire(work, "Léa", Role.REP, "R1")
        told = company.says(work, lea, "bonjour " * 20)
    assert "Je n’ai pas compris" in told.text
