"""Names that bite, thousands of invoices, odd amounts: screens stay correct and short."""

from __future__ import annotations

import pytest
from sqlalchemy import insert

from bot.screens.account import PrepareCall
from bot.screens.dispute import StartDispute
from bot.screens.gate import StartCall
from bot.screens.promise import StartPromise
from bot.screens.screen import TEXT_LIMIT, visible_length
from storage import tables
from tests.bot.talks.stage import (
    JULIE,
    TODAY,
    Chat,
    account,
    button,
    chat,
    invoice,
    keyboard,
    texts,
)

NAMES = (
    "<b>A & B</b>",
    '=HYPERLINK("http://example.test")',
    "\u202eelbisrever\u202c",
    "Nom " * 75,
    "{customer} {0} %s",
    "&amp;lt;i&gt;",
)


def checked(told: Chat) -> str:
    """Check every message of the last answer against Telegram's limits; return the texts."""
    for text in texts(told.bodies):
        assert visible_length(text) <= TEXT_LIMIT
        assert "<b>A" not in text
        assert "\u202e" not in text
    for body in told.bodies:
        keys = [key for row in keyboard(body) for key in row]
        assert len(keys) <= 100
        assert all(len(key.get("callback_data", "")) <= 64 for key in keys)
        assert all(len(key.get("copy_text", {}).get("text", "")) <= 256 for key in keys)
    return "".join(texts(told.bodies))


@pytest.mark.parametrize("name", NAMES)
def test_a_hostile_name_stays_a_name(sqlite_url: str, name: str) -> None:
    with chat(sqlite_url) as told:
        customer = account(told.work, name=name)
        told.work.execute(tables.customer_contact.update().values(name=name[:120]))
        invoice(told.work, customer, f"{name[:100]}-1", 150_000)
        told.tap(PrepareCall(customer))
        checked(told)
        told.tap(StartCall(customer, 1))
        for label in ("C’est prêt", "en ligne", "Oui", "C’est dit", "Il a répondu", "Il s’engage"):
            checked(told)
            told.press(label)
        told.press("Tout")
        told.press("27/11")
        told.press("Virement")
        checked(told)
        for label in ("Valider", "d’accord", "Confirmé", "terminé", "e-mail"):
            told.press(label)
            checked(told)
        assert told.all(tables.promise)[0].contact == name[:120]


def test_typed_html_stays_text(sqlite_url: str) -> None:
    with chat(sqlite_url) as told:
        customer = account(told.work)
        invoice(told.work, customer, "F-1", 150_000)
        told.tap(StartDispute(customer))
        told.type("casse")
        told.press("F-1")
        told.press("Toute la facture")
        told.type("<b>A & B</b> {amount}")
        told.press("Passer")
        assert "&lt;b&gt;A &amp; B&lt;/b&gt; {amount}" in checked(told)


def many(told: Chat, count: int) -> int:
    customer = account(told.work)
    rows = [
        {
            "customer_id": customer,
            "key": f"F-{n:05}",
            "kind": "invoice",
            "number": f"F-{n:05}",
            "due_on": TODAY.fromordinal(TODAY.toordinal() - 30 - n % 400),
            "currency": "EUR" if n % 2 else "USD",
            "amount_minor": 10_000 + n,
            "open_minor": 10_000 + n,
            "stated_on": TODAY,
            "first_import": 1,
        }
        for n in range(count)
    ]
    told.work.execute_many(insert(tables.item_row), rows)
    return customer


def test_two_thousand_invoices_fit_on_a_phone(sqlite_url: str) -> None:
    with chat(sqlite_url) as told:
        customer = many(told, 2000)
        told.tap(PrepareCall(customer))
        checked(told)
        said = told.press("Commencer")
        checked(told)
        assert "et 995 autres" in said
        told.press("Il vient déjà")
        told.type("500")
        told.press("Choisir les factures")
        assert "1 / " in checked(told)
        told.press("Suite")
        first = next(label for label in told.labels() if label.startswith("F-"))
        told.press(first)
        checked(told)
        assert f"✓ {first}" in told.labels()
        told.press("Terminé")
        told.press("27/11")
        told.press("Virement")
        told.press("Mme Roche")
        checked(told)


def test_a_promise_of_everything_covers_a_thousand_invoices(sqlite_url: str) -> None:
    with chat(sqlite_url) as told:
        customer = many(told, 2000)
        told.tap(StartPromise(customer))
        for label in ("Tout", "27/11", "Virement", "Mme Roche", "Valider"):
            told.press(label)
            checked(told)
        confirmation = told.bodies[1]
        assert "1\u202f000 factures" in texts([confirmation])[0]
        assert button(confirmation, "Copier")
        items = told.work.all(tables.promise_item.join(tables.item).select())
        assert len(items) == 1000
        assert len({row.currency for row in items}) == 1


@pytest.mark.parametrize("cents", [0, -5_000])
def test_nothing_and_less_than_nothing_are_no_claim(sqlite_url: str, cents: int) -> None:
    with chat(sqlite_url) as told:
        customer = account(told.work)
        invoice(told.work, customer, "F-1", cents)
        told.tap(PrepareCall(customer))
        checked(told)
        told.tap(StartPromise(customer))
        checked(told)
        assert "Tout" not in "".join(told.labels(JULIE))


@pytest.mark.parametrize(
    ("currency", "open_minor", "typed", "promised"),
    [("JPY", 150_000, "75000", 75_000), ("TND", 1_500_000, "750,500", 750_500)],
)
def test_amounts_keep_the_decimals_of_their_currency(
    sqlite_url: str, currency: str, open_minor: int, typed: str, promised: int
) -> None:
    with chat(sqlite_url) as told:
        customer = account(told.work)
        invoice(told.work, customer, "F-1", open_minor, currency=currency)
        told.tap(StartPromise(customer))
        told.type(typed)
        told.press("27/11")
        told.press("Virement")
        told.press("Mme Roche")
        checked(told)
        told.press("Valider")
        [made] = told.all(tables.promise)
        assert (made.currency, made.amount_minor) == (currency, promised)
