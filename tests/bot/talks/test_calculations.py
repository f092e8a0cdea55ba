"""The calculator in the chat: typed in a line, from a customer's own invoices, or refused."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import update

from bot.screens.account import OpenAccount
from bot.screens.calculation_taps import (
    PickDebtor,
    ShowCalculation,
    ShowCalculations,
    ShowFigure,
    ShowFigures,
    ShowPlan,
)
from bot.screens.render import speaker
from bot.use_cases import accounts, formal_notices, penalty_facts
from bot.use_cases.calculations.registry import CALCULATIONS
from credit.money import Money
from storage import events, people, tables
from storage.events import Origin
from storage.tables import person
from tests.bot.talks.stage import (
    CLAIRE,
    JULIE,
    MARC,
    PARIS,
    Chat,
    account,
    chat,
    invoice,
    keyboard,
    rules,
)


def labels(told: Chat) -> list[str]:
    return [" ".join(key["text"].split()) for row in keyboard(told.bodies[-1]) for key in row]


def copied(told: Chat) -> str:
    keys = [key for row in keyboard(told.bodies[-1]) for key in row]
    return str(next(key["copy_text"]["text"] for key in keys if "copy_text" in key))


def calcul(told: Chat, typed: str = "", who: int = JULIE) -> str:
    return told.send(who, command="calcul", arguments=typed)


def late_customer(told: Chat) -> int:
    """Dupont owes 12 000 € for 50 days, 1 800 € for 1 600 days, and 450 $ for 20 days."""
    customer = account(told.work)
    invoice(told.work, customer, "F-1", 1_200_000, 50)
    invoice(told.work, customer, "F-2", 180_000, 1_600)
    invoice(told.work, customer, "F-3", 45_000, 20, currency="USD")
    return customer


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("pénalités 12000 31/05/2025 20/07/2025", "pénalités : 209,59 €"),
        ("penalites 12 000,00 31/05/25 20.07.2025", "pénalités : 209,59 €"),
        ("penalty amount=12000 due=2025-05-31 paid=2025-07-20", "pénalités : 209,59 €"),
        ("penalty due=31/05/2025 paid=20/07/2025 12000€", "pénalités : 209,59 €"),
        ("pénalités 1800 31/01/2026 17/03/2026 7,86%", "pénalités : 17,44 €"),
        ("pénalité 12000 31/05/2025 20/07/2025", "pénalités : 209,59 €"),
        ("coût-retard 15 000 40 4", "coût : 65,75 €"),
        ("coût retard 15000 40 4 360", "coût : 66,67 €"),
        ("dso-épuisement 250000 120000:30,95000:31,110000:30", "DSO (jours) : 70,5"),
        ("échéance 15/01/2026 eom-a-45", "échéance : 31/03/2026"),
        ("échéancier 10000 3 01/12/2026", "01/02/2027 · 3 333,34 €"),
        ("escompte 1 30", "coût annuel : 12,29 %"),
        ("plafond 12000 45 B 150000", "plafond : 15 000,00 €"),
    ],
)
def test_a_line_typed_in_french_gives_the_handbooks_figure(
    sqlite_url: str, typed: str, found: str
) -> None:
    with chat(sqlite_url) as told:
        assert found in calcul(told, typed)


def test_a_result_tells_values_formula_date_source_and_what_is_to_be_checked(
    sqlite_url: str,
) -> None:
    with chat(sqlite_url) as told:
        said = calcul(told, "pénalités 12 000 31/05/2025")
        assert "montant TTC : 12 000\néchéance : 31/05/2025" in said
        assert "Formule : montant TTC dû × taux du semestre × jours ÷ 365" in said
        assert "Calculé le 23/11/2026. Source : art. L441-10 II C. com." in said
        assert "Valeur à vérifier" in said
        assert "Valeur à vérifier" in calcul(told, "cei 230000 325000 250000 160000")
        assert "Valeur à vérifier" not in calcul(told, "dso 250000 325000 91")


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("pénalités", "/calcul pénalités 12000 31/05/2025"),
        ("pénalités 12000", "Il manque une valeur, échéance : une date"),
        ("pénalités 12000 31/13/2025", "échéance : « 31/13/2025 » n’est pas lisible"),
        ("pénalités douze 31/05/2025", "TTC : « douze » n’est pas lisible, il faut un montant"),
        ("coût-retard 12 500 100 5", "12 500 peut se lire de deux façons"),
        ("pénalités 12,000 31/05/2025", "12,000 peut se lire de deux façons"),
        ("dso 250000 325000 91 7", "une valeur de trop, 7"),
        ("dso colour=3", "colour"),
        ("dso 1 days=2 days=3", "days"),
        ("pénalités <b>1 31/05/2025", "&lt;b&gt;"),
    ],
)
def test_what_cannot_be_read_is_told_with_an_example_to_copy(
    sqlite_url: str, typed: str, why: str
) -> None:
    with chat(sqlite_url) as told:
        assert why in calcul(told, typed)
        example = copied(told)
        assert "Formule" in told.send(
            JULIE, command="calcul", arguments=example.removeprefix("/calcul ")
        )


@pytest.mark.parametrize("name", CALCULATIONS)
@pytest.mark.parametrize("locale", ["fr", "en"])
def test_every_example_that_can_be_copied_computes(sqlite_url: str, name: str, locale: str) -> None:
    with chat(sqlite_url) as told:
        told.work.execute(update(person).values(locale=locale))
        told.tap(ShowCalculation(name))
        command, _, typed = copied(told).partition(" ")
        assert command == ("/calcul" if locale == "fr" else "/calc")
        said = told.send(JULIE, command=command[1:], arguments=typed)
        formula = speaker(locale, PARIS).say("Formula:").replace("\N{NO-BREAK SPACE}", " ")
        assert formula in said


def test_a_word_that_several_calculations_hold_asks_which(sqlite_url: str) -> None:
    with chat(sqlite_url) as told:
        assert "Lequel ?" in calcul(told, "coût")
        assert "Coût d’un impayé" in labels(told)


def test_three_taps_lead_from_the_command_to_a_customers_figures(sqlite_url: str) -> None:
    with chat(sqlite_url) as told:
        late_customer(told)
        other = account(told.work, code="C2", name="Gros SA")
        invoice(told.work, other, "F-9", 9_900_000, 5)
        calcul(told)
        told.press("Sur un client")
        assert labels(told)[:2] == ["Gros SA · 99 000 €", "Dupont SARL · 13 800 € + …"]
        said = told.press("Dupont")
        assert "Pénalités : <b>1 208,63 €</b> + 80,00 € d’indemnités (2 × 40 €)" in said
        assert "Pénalités : <b>3,00 $US</b> + 40,00 € d’indemnités (1 × 40 €)" in said
        assert "Coût du retard pour nous : 476,71 € (5 % par an)" in said
        assert "Échéancier : 3 × 4 600,00 €" in said
        assert "au plus tard le 07/07/2027 (facture F-2)" in said
        assert "moins d’un an" in said
        assert "Valeur à vérifier" in said


def test_each_figure_shows_its_invoices_and_a_way_back(sqlite_url: str) -> None:
    with chat(sqlite_url) as told:
        customer = late_customer(told)
        told.tap(OpenAccount(customer))
        told.press("Calculs")
        said = told.press("Pénalités")
        assert "F-1 · 12 000,00 € × 50 j × 12,15 % = 199,73 € + 40 €" in said
        told.press("Retour")
        assert "F-1 · 12 000,00 € × 50 j" in told.press("Coût du retard")
        told.press("Retour")
        assert "F-2 · jusqu’au 07/07/2027" in told.press("Prescription")
        told.press("Retour")
        assert "à notre charge : 640,63 € HT, 768,76 € TTC" in told.press("commissaire")
        told.press("Retour")
        assert "1. 23/11/2026 · 4 600,00 €" in told.press("Échéancier")
        assert "6. 23/04/2027 · 2 300,00 €" in told.press("× 6")
        assert "Seul le credit manager" in told.tap(ShowPlan(customer, 6))


def test_many_invoices_are_shown_page_by_page(sqlite_url: str) -> None:
    with chat(sqlite_url) as told:
        customer = account(told.work)
        for number in range(12):
            invoice(told.work, customer, f"F-{number:02}", 100_000, 40 - number)
        assert "F-11" not in told.tap(ShowFigure(customer, "penalty", 0))
        assert "F-11" in told.tap(ShowFigure(customer, "penalty", 1))
        assert "F-11" in told.tap(ShowFigure(customer, "penalty", 99))


def test_nothing_late_is_nothing_to_compute(sqlite_url: str) -> None:
    with chat(sqlite_url) as told:
        customer = account(told.work)
        invoice(told.work, customer, "F-1", 100_000, -10)
        told.tap(OpenAccount(customer))
        assert not any("Calculs" in label for label in labels(told))
        for tap in (ShowFigures(customer), ShowPlan(customer, 3)):
            assert "rien à calculer" in told.tap(tap)
            assert labels(told) == ["← Compte"]
        told.tap(PickDebtor(0))
        assert labels(told) == ["← Calculs"]


def test_the_instalments_of_an_invoice_owe_one_flat_fee(sqlite_url: str) -> None:
    with chat(sqlite_url) as told:
        customer = account(told.work)
        late = ((1, 50), (2, 20), (3, 9))
        ids = [invoice(told.work, customer, f"F-{n}", 100_000, days) for n, days in late]
        rows = tables.item_row
        told.work.execute(
            rows.update()
            .where(rows.c.id.in_(ids[:2]))
            .values(number="F-1", issued_on=date(2026, 9, 1))
        )
        said = told.tap(ShowFigures(customer))
        assert "+ 80,00 € d’indemnités (2 × 40 €)" in said
        lines = told.tap(ShowFigure(customer, "penalty", 0))
        assert lines.count("+ 40 €") == 2
        assert lines.count("+ 0 €") == 1
        claire = people.by_telegram(told.work, CLAIRE)
        assert claire is not None
        claim = formal_notices.claim(told.work, claire, customer, told.now, rules())
        assert claim.flat_fee.minor == 8_000
        known = accounts.load(told.work, customer, told.now, rules())
        said_of = penalty_facts.known(known, "EUR", rules())
        penalties = Money.from_minor(sum(one.penalty.minor for one in claim.sums), "EUR")
        shared = {"currency": "EUR", "estimated": True}
        assert said_of == {
            "penalties": {"amount": penalties.as_text(), **shared},
            "flat_fees": claim.flat_fee,
            "late_cost": {"amount": (penalties + claim.flat_fee).as_text(), **shared},
        }


def test_insolvency_is_said_beside_the_penalties(sqlite_url: str) -> None:
    with chat(sqlite_url) as told:
        customer = late_customer(told)
        assert "Procédure collective" not in told.tap(ShowFigure(customer, "penalty", 0))
        origin = Origin(None, None, told.now, "test")
        events.record(told.work, origin, "dunning.stopped", {}, customer)
        assert "Procédure collective" in told.tap(ShowFigure(customer, "penalty", 0))
        assert "Procédure collective" in told.tap(ShowFigures(customer))


def test_a_name_finds_ones_own_customer_and_nobody_elses(sqlite_url: str) -> None:
    with chat(sqlite_url) as told:
        customer = late_customer(told)
        assert "Pénalités : <b>1 208,63 €</b>" in calcul(told, "dupont")
        assert "Ni calcul ni client" in calcul(told, "dupont", MARC)
        told.tap(ShowFigures(customer), MARC)
        assert "portefeuille" in told.toast
        assert "Ni calcul ni client" in calcul(told, "<b>zzzz</b>")
        account(told.work, code="C3", name="Dupont Fils")
        calcul(told, "dupont")
        assert len([label for label in labels(told) if "Dupont" in label]) == 2


def test_who_sees_every_portfolio_types_a_name(sqlite_url: str) -> None:
    with chat(sqlite_url) as told:
        late_customer(told)
        said = told.tap(PickDebtor(0), CLAIRE)
        assert "Tapez un nom" in said
        assert "Aucun" not in said
        assert "Dupont SARL" in calcul(told, "dupont", CLAIRE)


def test_what_has_moved_on_leads_back_to_the_themes(sqlite_url: str) -> None:
    with chat(sqlite_url) as told:
        customer = late_customer(told)
        assert "choisissez un thème" in told.tap(ShowCalculations("no-such-theme"))
        assert "choisissez un thème" not in told.tap(ShowCalculations("late"))
        assert "choisissez un thème" in told.tap(ShowCalculation("no-such-figure"))
        assert "Dupont SARL" in told.tap(ShowFigure(customer, "no-such-figure", 0))


def test_the_total_is_read_before_what_it_is_made_of(sqlite_url: str) -> None:
    with chat(sqlite_url) as told:
        said = told.send(JULIE, command="calcul", arguments="pénalités 12000 01/06/2025")
        lines = said.splitlines()
        assert lines[1].startswith("<b>total :")
        assert said.index("total :") < said.index("pénalités :") < said.index("12000")


def test_a_value_in_words_is_named_and_not_taken_for_a_customer(sqlite_url: str) -> None:
    with chat(sqlite_url) as told:
        said = told.send(JULIE, command="calcul", arguments="pénalités douze")
        assert "Pénalités de retard" in said
        assert "Il manque une valeur" in said  # with one word only, the day is missing first
        said = told.send(JULIE, command="calcul", arguments="pénalités douze 01/06/2025")
        assert "douze" in said
        assert "Ni calcul ni client" in told.send(JULIE, command="calcul", arguments="douze")
