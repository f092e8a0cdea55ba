"""Why not to call now: every reason has words in both languages, with its figures."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from bot.screens import gate
from bot.screens.render import speaker
from credit.gate import GateCode, GateDatum, GateReason, GateSeverity
from credit.money import Money
from tests.credit.builders import PARIS, TODAY
from tests.day.company import MORNING
from tests.day.test_account import clean

HUNDRED = (Money.from_minor(10_000, "EUR"),)
FIGURES: dict[GateCode, tuple[dict[str, GateDatum], str]] = {
    GateCode.INSOLVENCY: ({"since": TODAY}, "25/11/2026"),
    GateCode.NOTHING_OVERDUE: ({}, "Rien"),
    GateCode.ALL_DISPUTED: ({"disputed": HUNDRED}, "100,00 €"),
    GateCode.DISPUTE_REFUSED: (
        {"disputed": HUNDRED, "until": date(2026, 11, 25)},
        "Reprise des relances le mercredi 25 novembre",
    ),
    GateCode.PROMISE_RUNNING: ({"promised": HUNDRED, "until": TODAY}, "100,00 €"),
    GateCode.PAID_UNMATCHED: ({"unapplied_cash": HUNDRED, "credit_notes": ()}, "100,00 €"),
    GateCode.JUST_DUE: (
        {"due": TODAY - timedelta(days=4), "until": TODAY},
        "Échéance tombée un jour non ouvré",
    ),
    GateCode.TOO_MANY_ATTEMPTS: ({"attempts": 3}, "3"),
    GateCode.TOO_MANY_CALLS_TODAY: ({}, "aujourd’hui"),
    GateCode.TOO_MANY_CALLS_THIS_WEEK: ({"answered": 2}, "2"),
    GateCode.DATA_TOO_OLD: ({"age": timedelta(days=4)}, "4 jours"),
    GateCode.COLLEAGUE_CALLED: (
        {"answered": 1, "name": "Hugo", "at": MORNING.at, "again_on": TODAY + timedelta(days=2)},
        "Hugo a eu le client",
    ),
    GateCode.OUTSIDE_HOURS: ({"opens_at": MORNING.at}, "25/11"),
}


def said(locale: str, code: GateCode) -> str:
    reason = GateReason(code, GateSeverity.WARN, FIGURES[code][0])
    return clean(gate.sentence(speaker(locale, PARIS), reason))


@pytest.mark.parametrize("code", GateCode)
def test_every_reason_is_said_with_its_figures(code: GateCode) -> None:
    french, english = said("fr", code), said("en", code)
    assert FIGURES[code][1] in french
    assert french != english


@pytest.mark.parametrize(
    ("age", "words"),
    [
        (timedelta(minutes=59), "moins d’une heure"),
        (timedelta(hours=1), "1 heure"),
        (timedelta(hours=47), "47 heures"),
        (timedelta(days=2), "2 jours"),
    ],
)
def test_the_age_of_the_figures_is_told_in_hours_then_in_days(age: timedelta, words: str) -> None:
    reason = GateReason(GateCode.DATA_TOO_OLD, GateSeverity.WARN, {"age": age})
    assert words in clean(gate.sentence(speaker("fr", PARIS), reason))
