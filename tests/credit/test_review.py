"""Reviews: when the next one is due, down at once, up at the review only (handbook 5.4)."""

from __future__ import annotations

from datetime import date

import pytest

from config.policy import load_policy
from credit.review import allowed, is_worse, review_on
from credit.risk_class import RiskClass

CLASSES = load_policy().classes
A, B, C, D, E = RiskClass


@pytest.mark.parametrize(
    ("risk", "due"),
    [
        (A, date(2027, 11, 30)),
        (B, date(2027, 5, 30)),
        (C, date(2027, 2, 28)),
        (D, date(2026, 12, 30)),
        (E, date(2026, 11, 30)),
    ],
)
def test_the_calendar_is_that_of_the_handbook(risk: RiskClass, due: date) -> None:
    assert review_on(risk, date(2026, 11, 30), CLASSES) == due


def test_a_weaker_letter_is_worse() -> None:
    assert is_worse(C, B)
    assert not is_worse(B, B)
    assert not is_worse(A, E)


@pytest.mark.parametrize(
    ("found", "in_force", "due", "proposed"),
    [
        (C, B, False, C),  # down at once
        (B, C, False, C),  # up waits
        (B, C, True, B),
        (B, None, False, B),
        (B, B, False, B),
    ],
)
def test_down_at_once_and_up_at_the_review(
    found: RiskClass, in_force: RiskClass | None, proposed: RiskClass, *, due: bool
) -> None:
    assert allowed(found, in_force, due=due) is proposed
