"""What an alert says of its signals, and how many of them it shows."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.alerts.signal import Action, Signal
from bot.screens.alert import card, sentence
from bot.screens.render import speaker
from bot.use_cases.accounts import Standing
from bot.use_cases.lights import family_light
from config.policy import load_policy
from credit.levels import Family, Light
from storage.alerts import Known
from storage.customers import Customer

ZONE = ZoneInfo("Europe/Paris")
FRENCH, ENGLISH = speaker("fr", ZONE), speaker("en", ZONE)
NOON = datetime(2026, 11, 23, 11, tzinfo=UTC)


def an_alert(signals: int) -> Known:
    asked = [
        {"id": "C1-08", "figure": {"count": n, "window_days": 180}, "threshold": "2"}
        for n in range(2, 2 + signals)
    ]
    return Known(
        1, 2, "raised", {}, asked, "call", 6, 1, NOON, NOON, 0, None, None, None, None, None, None
    )


def an_account() -> Standing:
    customer = Customer(1, "C1", "Dupont", None, "R1", None, None, None, None, None)
    floor = load_policy().floor
    return Standing(customer, date(2026, 11, 23), (), {}, (), (), (), NOON, floor)


@pytest.mark.parametrize(
    ("signals", "said", "rest"), [(4, 4, ""), (5, 5, ""), (6, 4, "et 2 de plus")]
)
def test_a_card_never_spends_a_line_on_saying_one_more(signals: int, said: int, rest: str) -> None:
    text = card(FRENCH, an_account(), an_alert(signals)).text.replace("\N{NO-BREAK SPACE}", " ")
    assert text.count("Demandes de délai") == said
    assert ("de plus" in text) == bool(rest)
    assert rest in text


@pytest.mark.parametrize(("signals", "told", "hidden"), [(3, 3, 0), (4, 4, 0), (5, 3, 2)])
def test_an_explained_light_never_hides_a_single_reason(
    signals: int, told: int, hidden: int
) -> None:
    action = Action.CALL
    lit = [Signal("C1-08", 1, {"count": n}, "x", Decimal(1), action) for n in range(signals)]
    found = family_light(Family.PAYMENT, Light.ORANGE, lit, load_policy().levels)
    assert (len(found.reasons), found.hidden) == (told, hidden)


def a_first_purchase(days: int) -> dict[str, Any]:
    figure = {"number": "F1", "amount": {"amount": "500", "currency": "EUR"}, "days": days}
    return {"id": "C1-11", "figure": figure, "threshold": "1"}


@pytest.mark.parametrize(
    ("days", "french", "english"), [(1, "1 jour ", "1 day "), (2, "2 jours ", "2 days ")]
)
def test_the_first_day_of_a_first_purchase_is_one_day(days: int, french: str, english: str) -> None:
    assert french in sentence(FRENCH, a_first_purchase(days))
    assert english in sentence(ENGLISH, a_first_purchase(days))


def test_a_growing_delay_says_what_its_days_are() -> None:
    figure = {"recent": {"decimal": "55"}, "past": {"decimal": "3"}}
    signal = {"id": "C1-02", "figure": figure, "threshold": "15"}
    assert "55 jours de retard en moyenne, contre 3 avant" in sentence(FRENCH, signal)
    assert "55 days late on average, 3 before" in sentence(ENGLISH, signal)


@pytest.mark.parametrize(
    "action",
    ["check_before_order", "report_to_credit_manager", "stop_deliveries", "oppose_sale"],
)
def test_a_credit_manager_is_never_sent_to_the_credit_manager(action: str) -> None:
    lit = replace(an_alert(1), action=action)
    for who in (FRENCH, ENGLISH):
        assert "credit manager" in card(who, an_account(), lit).text
        decided = card(who, an_account(), lit, decides=True).text
        assert "👉" in decided
        assert "credit manager" not in decided
