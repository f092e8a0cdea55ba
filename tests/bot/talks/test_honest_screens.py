"""What is missing is said: no history, a half-year without its rate, a currency without cents."""

from __future__ import annotations

import pytest

from bot.screens.account import OpenAccount
from bot.screens.alert import Explain
from bot.screens.calculation_taps import ShowFigure, ShowFigures, ShowPlan
from bot.screens.dashboard import ShowChart, ShowDashboard
from bot.screens.observations import ShowSeen
from bot.screens.visit import StartVisit
from tests.bot.talks.stage import JULIE, Chat, account, chat, invoice


def order(told: Chat, typed: str) -> str:
    return told.send(JULIE, command="commande", arguments=typed)


def in_yen(told: Chat) -> int:
    """Nippon owes 120 000 yen for 50 days and 80 001 not due yet."""
    customer = account(told.work, code="C2", name="Nippon KK")
    invoice(told.work, customer, "J-1", 120_000, 50, currency="JPY")
    invoice(told.work, customer, "J-2", 80_001, -10, currency="JPY")
    return customer


def test_a_customer_without_history_gets_plain_screens(sqlite_url: str) -> None:
    with chat(sqlite_url) as told:
        customer = account(told.work)
        assert "Rien n’est ouvert" in told.tap(OpenAccount(customer))
        assert told.tap(Explain(customer)).count("🟢") == 5
        assert "rien à calculer" in told.tap(ShowFigures(customer))
        assert "Plus rien qui compte" in told.tap(ShowSeen(customer))
        verdict = order(told, "dupont 100")
        assert "🟢" in verdict
        assert "aucun plafond enregistré" in verdict
        assert "Rien n’est ouvert" in told.tap(ShowDashboard(""))


def test_figures_without_enough_history_are_not_made_up(sqlite_url: str) -> None:
    with chat(sqlite_url) as told:
        invoice(told.work, account(told.work), "F1", 90_000, 40)
        said = told.tap(ShowDashboard(""))
        for words in ("DSO n.c. (historique insuffisant)", "CEI n.c. (historique insuffisant)"):
            assert words in said
        assert "Promesses tenues n.c." in said
        told.tap(ShowChart("speed"))  # what comes is a line of text: nothing is drawn
        assert told.toast == "Le graphique arrive."


def test_a_currency_without_decimals_has_none_on_any_screen(sqlite_url: str) -> None:
    with chat(sqlite_url) as told:
        customer = in_yen(told)
        assert "120 000 JPY" in told.tap(OpenAccount(customer))
        assert "120 000 JPY, dont J-1 depuis 50 jours" in told.tap(Explain(customer))
        said = told.tap(ShowFigures(customer))
        assert "<b>1 997 JPY</b> + 40,00 € d’indemnités" in said
        assert not any("commissaire" in label for label in told.labels())  # its tariff is in euros
        assert "1. 23/11/2026 · 40 000 JPY" in told.tap(ShowPlan(customer, 3))
        told.tap(OpenAccount(customer))
        assert "120 000 JPY" in told.press("Promesse")
        assert "À quelle date" in told.type("50 000")
        assert "200 001 JPY" in told.tap(ShowDashboard(""))


@pytest.mark.parametrize("typed", ["nippon 5000", "nippon 5 000 JPY", "nippon ¥5000"])
def test_an_order_is_held_against_the_rules_in_the_customers_own_currency(
    sqlite_url: str, typed: str
) -> None:
    with chat(sqlite_url) as told:
        in_yen(told)
        said = order(told, typed)
        assert "commande de 5 000 JPY" in said
        assert "B04" in said


def test_an_order_says_the_currency_it_names_and_cents_where_there_are_none_are_refused(
    sqlite_url: str,
) -> None:
    with chat(sqlite_url) as told:
        in_yen(told)
        assert "commande de 5 000,00 €" in order(told, "nippon 5000 €")
        assert "/commande Dupont 3200" in order(told, "nippon 5000,50")
        account(told.work, code="C3", name="Nippon Sud")
        assert "5 000 JPY" not in order(told, "nippon 5000")  # which one is asked first
        assert "commande de 5 000 JPY" in told.press_of(told.bodies[0], "Nippon KK")


def test_a_half_year_without_its_rate_is_an_estimate_on_every_screen(sqlite_url: str) -> None:
    with chat(sqlite_url) as told:
        customer = account(told.work)
        invoice(told.work, customer, "F1", 1_200_000, 50)
        for said in (
            told.tap(ShowFigures(customer)),
            told.tap(ShowFigure(customer, "penalty", 0)),
            told.send(JULIE, command="calcul", arguments="pénalités 12000 31/05/2026 20/09/2026"),
        ):
            assert "Estimation : le taux de ce semestre reste à saisir." in said
            assert "Valeur à vérifier" in said


def test_a_tariff_that_was_not_verified_says_so_beside_its_figures(sqlite_url: str) -> None:
    with chat(sqlite_url) as told:
        customer = account(told.work)
        invoice(told.work, customer, "F1", 400_000, 50)
        for said in (
            told.tap(ShowFigure(customer, "bailiff-fee", 0)),
            told.send(JULIE, command="calcul", arguments="commissaire 4000"),
        ):
            assert "257,45 €" in said
            assert "Valeur à vérifier" in said


def test_a_visit_of_a_customer_without_history_alone_lights_him(sqlite_url: str) -> None:
    with chat(sqlite_url) as told:
        customer = account(told.work)
        told.tap(StartVisit(customer))
        told.press("Locaux")
        told.press("Fermés")
        told.press("Terminé")
        said = told.tap(Explain(customer))
        assert "🔴 <b>Terrain</b> · 4 points" in said
        assert "vu le 23/11/2026" in said
