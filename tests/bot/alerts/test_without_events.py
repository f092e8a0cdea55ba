"""The rules that are spared could not have lit; signals are put in their order by their shapes."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.alerts.evaluation import EARLY_WARNING_RULES, evaluate, in_order
from bot.alerts.figures import EventCounts
from bot.alerts.signal import Action, Signal
from credit.money import Money
from credit.receivable import OpenItem, Settlement
from tests.bot.alerts.stories import figures_of
from tests.credit.builders import POLICY, TODAY, an_item, settled

EVENTS = st.builds(EventCounts, *[st.integers(min_value=0, max_value=3)] * 7)
ITEMS = st.builds(
    an_item,
    days_past_due=st.integers(min_value=-30, max_value=200),
    minor=st.sampled_from((4_000, 90_000, 1_200_000)),
    currency=st.sampled_from(("EUR", "USD")),
)


SETTLEMENTS = st.builds(
    settled,
    minor=st.sampled_from((4_000, 90_000)),
    days_late=st.integers(min_value=-5, max_value=60),
    id=st.integers(min_value=50, max_value=90),
    on=st.integers(min_value=0, max_value=300).map(lambda days: TODAY - timedelta(days=days)),
)
SIGNALS = st.builds(
    Signal,
    id=st.sampled_from(("C1-01", "C1-03", "C2-11", "C3-01", "T07")),
    points=st.integers(min_value=-2, max_value=4),
    figure=st.just({}),
    rule=st.just(""),
    threshold=st.just(Decimal(1)),
    action=st.just(Action.CALL),
    critical=st.booleans(),
)


@given(
    items=st.lists(ITEMS, max_size=5),
    events=st.one_of(st.just(EventCounts()), EVENTS),
    limit=st.sampled_from((None, Money.from_minor(50_000, "EUR"))),
    settlements=st.lists(SETTLEMENTS, max_size=8),
)
def test_an_account_is_lit_by_every_rule_that_could(
    items: list[OpenItem],
    events: EventCounts,
    limit: Money | None,
    settlements: list[Settlement],
) -> None:
    known = {item.currency for item in items}
    paid = [one for one in settlements if one.item.currency in known]
    figures = figures_of(*items, settlements=paid, events=events, limit=limit)
    lit = (rule(figures, POLICY) for rule in EARLY_WARNING_RULES.values())
    assert evaluate(figures, POLICY).signals == in_order(one for one in lit if one)


IN_TIME_THEN_LATE = [(ago, 0) for ago in (150, 160, 170, 180)] + [(ago, 40) for ago in (5, 6, 7, 8)]


@pytest.mark.parametrize(
    ("signal_id", "payments"), [("C1-02", IN_TIME_THEN_LATE), ("C1-12", [(2, 0)])]
)
def test_what_was_paid_lights_though_nothing_else_happened(
    signal_id: str, payments: list[tuple[int, int]]
) -> None:
    paid = [
        settled(50_000, days_late, id=number, on=TODAY - timedelta(days=ago))
        for number, (ago, days_late) in enumerate(payments, 50)
    ]
    figures = figures_of(an_item(500_000, days_past_due=20), settlements=paid)
    assert signal_id in {one.id for one in evaluate(figures, POLICY).signals}


@given(st.lists(SIGNALS, max_size=6))
def test_signals_are_told_by_weight_and_good_news_only_beside_bad(signals: list[Signal]) -> None:
    told = sorted(signals, key=lambda one: (not one.critical, -one.points, one.id))
    bad = {one.family for one in signals if one.points > 0}
    kept = [one for one in told if one.points > 0 or one.family in bad]
    assert [id(one) for one in in_order(signals)] == [id(one) for one in kept]
