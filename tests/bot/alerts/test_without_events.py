"""The rules that are spared when nothing happened could not have lit."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.alerts.evaluation import EARLY_WARNING_RULES, evaluate, in_order
from bot.alerts.figures import EventCounts
from credit.money import Money
from credit.receivable import OpenItem
from tests.bot.alerts.stories import figures_of
from tests.credit.builders import POLICY, an_item

EVENTS = st.builds(EventCounts, *[st.integers(min_value=0, max_value=3)] * 7)
ITEMS = st.builds(
    an_item,
    days_past_due=st.integers(min_value=-30, max_value=200),
    minor=st.sampled_from((4_000, 90_000, 1_200_000)),
    currency=st.sampled_from(("EUR", "USD")),
)


@given(
    items=st.lists(ITEMS, max_size=5),
    events=st.one_of(st.just(EventCounts()), EVENTS),
    limit=st.sampled_from((None, Money.from_minor(50_000, "EUR"))),
)
def test_an_account_is_lit_by_every_rule_that_could(
    items: list[OpenItem], events: EventCounts, limit: Money | None
) -> None:
    figures = figures_of(*items, events=events, limit=limit)
    lit = (rule(figures, POLICY) for rule in EARLY_WARNING_RULES.values())
    assert evaluate(figures, POLICY).signals == in_order(one for one in lit if one)
