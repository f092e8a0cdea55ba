"""Orders in the chat: the answer, the request, the decision, and who may decide."""

from __future__ import annotations

import pytest
from sqlalchemy import update

from bot.screens.order import AskRelease, CheckOrder, GrantRelease, RefuseRelease, ShowRelease
from storage import tables
from tests.bot.talks.stage import CLAIRE, JULIE, MARC, Chat, account, chat, invoice, keyboard


def limited(told: Chat, euros: int = 1_000, **others: str) -> int:
    customer = account(told.work, **others)
    told.work.execute(
        update(tables.customer_row)
        .where(tables.customer_row.c.id == customer)
        .values(credit_limit_minor=euros * 100, limit_currency="EUR")
    )
    return customer


def ordered(told: Chat, typed: str, who: int = JULIE) -> str:
    return told.send(who, command="commande", arguments=typed)


def labels(told: Chat) -> list[str]:
    return [key["text"] for row in keyboard(told.bodies[-1]) for key in row]


def news(told: Chat, who: int) -> list[dict[str, object]]:
    rows = told.all(tables.outbox)
    return [row.body for row in rows if row.kind == "release" and row.chat_id == who]


def test_an_order_within_the_limit_may_leave(sqlite_url: str) -> None:
    with chat(sqlite_url) as told:
        limited(told)
        said = ordered(told, "Dupont 320,50")
        assert said.startswith("🟢")
        assert "320,50 €" in said
        assert "plafond 1 000,00 € (32 %)" in said
        assert "🔓 Demander le déblocage" not in labels(told)
        assert "order.checked" in told.kinds()


def test_an_order_far_above_the_limit_is_held_with_its_ways_out(sqlite_url: str) -> None:
    with chat(sqlite_url) as told:
        customer = limited(told)
        invoice(told.work, customer, "F-1", 60_000, -20)
        said = ordered(told, "dupont sarl 1 000")
        assert said.startswith("🔴")
        assert "B03" in said
        assert "600,00 € ramène sous le plafond" in said
        assert "une commande de 400,00 €" in said
        assert "un acompte de 300,00 €" in said
        told.tap(CheckOrder(customer, 40_000, "EUR"))
        assert told.bodies[-1]["params"]["text"].startswith("🟢")


def test_what_is_late_holds_and_a_promise_is_offered(sqlite_url: str) -> None:
    with chat(sqlite_url) as told:
        customer = limited(told)
        invoice(told.work, customer, "F-1", 20_000, 45)
        said = ordered(told, "Dupont 100")
        assert "B04 · Échu depuis plus de 30 jours" in said
        assert "ou une promesse sous 7 jours" in said
        assert "📅 Promesse" in labels(told)


def test_who_is_late_in_euros_does_not_pass_by_ordering_in_dollars(sqlite_url: str) -> None:
    with chat(sqlite_url) as told:
        customer = limited(told)
        invoice(told.work, customer, "F-1", 20_000, 45)
        invoice(told.work, customer, "F-2", 5_000, 3, currency="USD")
        said = ordered(told, "Dupont 100 USD")
        assert said.startswith("🔴")
        assert "B04 · Échu depuis plus de 30 jours" in said
        assert "règlement de l’échu : 50,00 $US + 200,00 €" in said
        assert "plafond 1 000,00 €, déjà utilisé : 200,00 € (20 %)" in said


def test_a_limit_in_euros_holds_an_order_in_dollars_once_it_is_passed(sqlite_url: str) -> None:
    with chat(sqlite_url) as told:
        customer = limited(told)
        invoice(told.work, customer, "F-1", 150_000, -20)
        said = ordered(told, "Dupont 100 USD")
        assert "B03" in said
        assert "un règlement de 500,00 € ramène sous le plafond" in said
        assert not any(label.startswith("Essayer") for label in labels(told))


def test_several_accounts_are_asked_about_and_none_is_said_so(sqlite_url: str) -> None:
    with chat(sqlite_url) as told:
        limited(told)
        limited(told, code="C2", name="Dupond Frères")
        assert "Quel compte" in ordered(told, "dupon 100")
        assert len(labels(told)) == 2
        assert "Je ne trouve pas" in ordered(told, "Inconnu 100")


def test_a_line_without_an_amount_says_how_to_ask(sqlite_url: str) -> None:
    with chat(sqlite_url) as told:
        for typed in ("", "Dupont", "Dupont -5", "100", "Dupont 99999999999999999"):
            assert "/commande Dupont 3200" in ordered(told, typed)


def test_a_request_is_asked_granted_and_told(sqlite_url: str) -> None:
    with chat(sqlite_url) as told:
        customer = limited(told)
        told.tap(AskRelease(customer, 200_000, "EUR"))
        told.type("Virement annoncé pour vendredi")
        (row,) = told.all(tables.release_request)
        assert (row.state, row.reason) == ("asked", "Virement annoncé pour vendredi")
        assert row.rules == ["B03"]
        assert news(told, CLAIRE) == [{"request": row.id, "what": "ask"}]
        assert not news(told, JULIE)
        told.wait(hours=5)
        said = told.tap(ShowRelease(row.id), CLAIRE)
        assert "délai dépassé" in said
        assert "✅ Accorder" in labels(told)
        said = told.tap(GrantRelease(row.id, 1), CLAIRE)
        assert "accordée contre acompte" in said
        assert "600,00 €" in said
        assert news(told, JULIE) == [{"request": row.id, "what": "tell"}]
        assert {"release.asked", "release.decided"} <= set(told.kinds())
        assert "accordée contre acompte" in told.tap(ShowRelease(row.id))


def test_a_refusal_names_an_alternative(sqlite_url: str) -> None:
    with chat(sqlite_url) as told:
        customer = limited(told)
        told.tap(AskRelease(customer, 200_000, "EUR"))
        told.type("Bon client")
        (row,) = told.all(tables.release_request)
        assert "2 000,00 €</b>, demandé par" in told.tap(RefuseRelease(row.id), CLAIRE)
        told.press("Réduire", CLAIRE)
        told.type("Encours déjà trop haut", CLAIRE)
        (row,) = told.all(tables.release_request)
        assert (row.state, row.alternative) == ("refused", "smaller")
        said = told.tap(ShowRelease(row.id))
        assert "Une commande réduite." in said
        assert "« Encours déjà trop haut »\n\n•" in said


def test_a_request_is_decided_once_and_by_the_credit_manager_only(sqlite_url: str) -> None:
    with chat(sqlite_url) as told:
        customer = limited(told)
        told.tap(AskRelease(customer, 200_000, "EUR"))
        told.type("Bon client")
        (row,) = told.all(tables.release_request)
        told.tap(GrantRelease(row.id, 0))
        assert told.all(tables.release_request)[0].state == "asked"
        told.tap(GrantRelease(row.id, 0), CLAIRE)
        told.tap(GrantRelease(row.id, 1), CLAIRE)
        assert told.all(tables.release_request)[0].state == "granted"
        assert len(news(told, JULIE)) == 1


def test_asking_again_replaces_the_former_request(sqlite_url: str) -> None:
    with chat(sqlite_url) as told:
        customer = limited(told)
        for reason in ("Première raison", "Deuxième raison"):
            told.tap(AskRelease(customer, 200_000, "EUR"))
            told.type(reason)
            told.wait(minutes=1)
        assert [row.state for row in told.all(tables.release_request)] == ["replaced", "asked"]


def test_a_colleague_of_another_portfolio_learns_nothing(sqlite_url: str) -> None:
    with chat(sqlite_url) as told:
        limited(told)
        assert "Je ne trouve pas" in ordered(told, "Dupont 100", MARC)


def test_an_amount_that_no_button_carries_is_refused(sqlite_url: str) -> None:
    with chat(sqlite_url) as told:
        customer = limited(told)
        for amount, currency in ((0, "EUR"), (-5, "EUR"), (10**15, "EUR"), (100, "euros")):
            told.tap(CheckOrder(customer, amount, currency))
            assert told.toast


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("Dupont douze", "« douze » n’est pas un montant"),
        ("Dupont 0", "« 0 » n’est pas un montant"),
        ("Dupont -5", "« -5 » n’est pas un montant"),
        ("Dupont 0 000", "« 0 000 » n’est pas un montant"),
        ("Dupont <b>", "« &lt;b&gt; » n’est pas un montant"),
        ("Dupont", "Il manque le montant de la commande de « Dupont »"),
        ("Dupont SARL", "Il manque le montant de la commande de « Dupont SARL »"),
    ],
)
def test_a_line_without_an_amount_says_what_was_not_understood(
    sqlite_url: str, typed: str, said: str
) -> None:
    with chat(sqlite_url) as told:
        limited(told)
        answered = ordered(told, typed)
        assert said in answered
        assert "/commande Dupont 3200" in answered


def test_an_amount_the_customers_currency_cannot_write_is_named(sqlite_url: str) -> None:
    with chat(sqlite_url) as told:
        customer = account(told.work)
        invoice(told.work, customer, "F-1", 20_000, 5, currency="JPY")
        assert "« 100,50 » n’est pas un montant" in ordered(told, "Dupont 100,50")


def test_the_bare_command_blames_nothing(sqlite_url: str) -> None:
    with chat(sqlite_url) as told:
        assert "✖" not in ordered(told, "")
