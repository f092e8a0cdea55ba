"""How signals are stored: one spelling, whichever way it is made."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from bot.alerts.signal import Action, FigureValue, Signal
from bot.use_cases.signals import plain, spoken, written
from credit.money import Money
from storage.types import spelled

AMOUNTS = st.builds(
    Money.from_minor,
    st.integers(min_value=-(10**15), max_value=10**15),
    st.sampled_from(("EUR", "JPY", "TND")),
)
PERCENTS = st.decimals(allow_nan=False, allow_infinity=False)
FIGURES = st.one_of(
    st.integers(), AMOUNTS, PERCENTS, st.dates(), st.text(max_size=20), st.none(), st.booleans()
)
SIGNALS = st.builds(
    Signal,
    id=st.sampled_from(("C1-01", "C2-11", "T07")),
    points=st.integers(min_value=-5, max_value=8),
    figure=st.dictionaries(st.text(max_size=6), FIGURES, max_size=4),
    rule=st.sampled_from(("C1-01.2", "T07.1")),
    threshold=st.decimals(allow_nan=False, allow_infinity=False),
    action=st.sampled_from(Action),
)


@given(st.lists(SIGNALS, max_size=4))
def test_the_fast_spelling_is_that_of_the_plain_values(signals: list[Signal]) -> None:
    assert written(signals) == spelled([plain(one) for one in signals])


def test_what_is_written_can_be_said_again() -> None:
    figure: dict[str, FigureValue] = {
        "amount": Money.from_minor(123_456, "EUR"),
        "percent": Decimal("33.3"),
        "on": date(2026, 11, 22),
        "number": 'FA "7" é',
        "days": 12,
    }
    one = Signal("C1-01", 4, figure, "C1-01.2", Decimal(60), Action.CALL)
    assert spoken(json.loads(written([one]))[0]["figure"]) == figure
