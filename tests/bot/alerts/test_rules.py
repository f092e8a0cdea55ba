"""Each payment rule, its tiers and its edges."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.alerts.evaluation import evaluate
from bot.alerts.figures import AccountFigures, EventCounts, first_purchase
from bot.alerts.rules import EARLY_WARNING_RULES
from bot.alerts.signal import Action, Signal
from credit.levels import Family, Level, Light
from credit.money import Money
from credit.policy import Tier
from credit.receivable import ItemKind, OpenItem
from tests.bot.alerts.stories import drawn, figures_of
from tests.credit.builders import POLICY, TODAY, an_item, eur, settled, without_due_date

DARK = dict.fromkeys(Family, Light.GREEN)


def signal(rule: str, figures: AccountFigures) -> Signal | None:
    return EARLY_WARNING_RULES[rule](figures, POLICY)


def points(rule: str, figures: AccountFigures) -> int:
    found = signal(rule, figures)
    return found.points if found else 0


@pytest.mark.parametrize(
    ("days", "expected"), [(0, 0), (9, 0), (10, 1), (29, 1), (30, 2), (59, 2), (60, 4), (999, 4)]
)
def test_lateness_weighs_more_with_time(days: int, expected: int) -> None:
    assert points("C1-01", figures_of(an_item(days_past_due=days))) == expected


def test_the_signal_shows_figure_rule_threshold_and_action() -> None:
    found = signal("C1-01", figures_of(an_item(20_000, days_past_due=35)))
    assert found is not None
    assert (found.id, found.rule, int(found.threshold)) == ("C1-01", "C1-01.2", 30)
    assert found.figure == {"days": 35, "amount": eur("200"), "number": "F1"}
    assert found.action is Action.CALL


def test_dust_forgotten_for_a_year_says_nothing() -> None:
    dust = an_item(14_999, days_past_due=400)
    assert points("C1-01", figures_of(dust)) == 0
    assert points("C1-03", figures_of(dust)) == 0
    assert points("C1-01", figures_of(an_item(15_000, days_past_due=400))) == 4


def test_small_invoices_together_pass_the_floor_at_the_lateness_they_reach() -> None:
    small = [an_item(6_000, days_past_due=days, id=days) for days in (70, 40, 35, 5)]
    found = signal("C1-01", figures_of(*small))
    assert found is not None
    assert (found.points, found.figure["days"]) == (2, 35)
    assert found.figure["number"] == "F35"  # the invoice whose days are told


def test_the_contested_part_is_left_out() -> None:
    disputed = an_item(100_000, days_past_due=90, disputed_minor=100_000)
    assert points("C1-01", figures_of(disputed)) == 0
    partly = an_item(100_000, days_past_due=90, disputed_minor=90_000)
    assert points("C1-01", figures_of(partly)) == 0


def test_the_worst_currency_speaks_and_they_are_never_added() -> None:
    yen = an_item(20_000, days_past_due=90, currency="JPY", id=2)
    euros = an_item(100_000, days_past_due=12)
    found = signal("C1-01", figures_of(euros, yen))
    assert found is not None
    assert (found.points, found.figure["amount"]) == (1, eur("1000"))
    much_yen = replace(yen, open_minor=30_000)
    worst = signal("C1-01", figures_of(euros, much_yen))
    assert worst is not None
    assert worst.figure["amount"] == Money(Decimal(30_000), "JPY")


@pytest.mark.parametrize(("recent", "expected"), [(11, 0), (12, 1), (19, 1), (20, 2)])
def test_paying_later_than_before_is_a_signal(recent: int, expected: int) -> None:
    now = [settled(100_000, recent, id=n, on=TODAY - timedelta(days=n)) for n in range(3)]
    past = [settled(100_000, 5, id=9 + n, on=TODAY - timedelta(days=100 + n)) for n in range(3)]
    figures = figures_of(an_item(days_past_due=-5), settlements=[*now, *past])
    assert points("C1-02", figures) == expected


def test_a_trend_on_pennies_is_no_signal() -> None:
    now = [settled(4_000, 50, id=n, on=TODAY - timedelta(days=n)) for n in range(3)]
    past = [settled(4_000, 5, id=9 + n, on=TODAY - timedelta(days=100 + n)) for n in range(3)]
    assert points("C1-02", figures_of(an_item(days_past_due=-5), settlements=now + past)) == 0


@pytest.mark.parametrize(
    ("overdue", "expected"), [(19_999, 0), (20_000, 1), (39_999, 1), (40_000, 2), (100_000, 2)]
)
def test_the_overdue_share_counts_on_the_gross_debit(overdue: int, expected: int) -> None:
    items = [
        an_item(overdue, days_past_due=1),
        an_item(100_000 - overdue, days_past_due=-3, id=2),
        an_item(-50_000, id=3, kind=ItemKind.CREDIT_NOTE),
    ]
    assert points("C1-03", figures_of(*items)) == expected


@pytest.mark.parametrize(
    ("rule", "events", "expected"),
    [
        ("C1-04", EventCounts(), 0),
        ("C1-04", EventCounts(broken_promises=1), 2),
        ("C1-04", EventCounts(broken_promises=3), 4),
        ("C1-06", EventCounts(odd_payments=1), 0),
        ("C1-06", EventCounts(odd_payments=2), 1),
        ("C1-08", EventCounts(extension_requests=1), 1),
        ("C1-08", EventCounts(extension_requests=2), 2),
        ("C1-09", EventCounts(), 0),
        ("C1-09", EventCounts(late_disputes=1), 1),
        ("C1-09", EventCounts(late_disputes=1, unfounded_disputes=1), 1),
        ("C1-09", EventCounts(unfounded_disputes=2), 2),
        ("C1-13", EventCounts(unanswered_contacts=2, unanswered_days=2), 0),
        ("C1-13", EventCounts(unanswered_contacts=3, unanswered_days=1), 0),
        ("C1-13", EventCounts(unanswered_contacts=3, unanswered_days=2), 2),
    ],
)
def test_events_are_counted(rule: str, events: EventCounts, expected: int) -> None:
    assert points(rule, figures_of(events=events)) == expected


@pytest.mark.parametrize(
    ("owed", "expected"),
    [(100_000, 0), (100_001, 1), (120_000, 1), (120_001, 2), (150_001, 4)],
)
def test_exposure_above_the_limit_is_a_signal(owed: int, expected: int) -> None:
    figures = figures_of(an_item(owed, days_past_due=-3), limit=eur("1000"))
    assert points("C1-10", figures) == expected


def test_a_limit_of_zero_allows_nothing() -> None:
    found = signal("C1-10", figures_of(an_item(1), limit=eur("0")))
    assert found is not None
    assert (found.points, found.figure["percent"]) == (4, None)
    assert signal("C1-10", figures_of(limit=eur("0"))) is None


def test_the_limit_is_compared_in_its_own_currency() -> None:
    dollars = an_item(10**9, currency="USD")
    assert points("C1-10", figures_of(dollars, limit=eur("1000"))) == 0
    assert figures_of(dollars).exposure("EUR") == 0
    assert figures_of(dollars).exposure("USD") == 10**9
    assert points("C1-10", figures_of(an_item())) == 0


def test_a_tier_just_above_the_limit_may_be_switched_off() -> None:
    over_limit = replace(POLICY.signals.over_limit, tiers=(Tier(Decimal(110), 2),))
    policy = replace(POLICY, signals=replace(POLICY.signals, over_limit=over_limit))
    figures = figures_of(an_item(105_000), limit=eur("1000"))
    assert EARLY_WARNING_RULES["C1-10"](figures, policy) is None


def test_a_tier_without_points_is_silent() -> None:
    broken = replace(POLICY.signals.broken_promise, tiers=(Tier(Decimal(1), 0),))
    policy = replace(POLICY, signals=replace(POLICY.signals, broken_promise=broken))
    figures = figures_of(events=EventCounts(broken_promises=1))
    assert EARLY_WARNING_RULES["C1-04"](figures, policy) is None


def test_the_first_purchase_unpaid_is_a_signal_from_the_next_day() -> None:
    item = an_item(days_past_due=1)
    late = first_purchase(item.id, drawn([item]))
    assert points("C1-11", figures_of()._replace(first_purchase=late)) == 2
    assert first_purchase(item.id, drawn([an_item(days_past_due=0)])) is None
    assert first_purchase(item.id, drawn([an_item(100, disputed_minor=100)])) is None
    assert first_purchase(item.id + 1, drawn([item])) is None
    assert points("C1-11", figures_of()) == 0


def test_the_largest_invoice_left_aside_is_a_signal() -> None:
    large = an_item(500_000, days_past_due=20)
    later = settled(50_000, 0, id=60, on=TODAY - timedelta(days=2))
    found = signal("C1-12", figures_of(large, settlements=[later]))
    assert found is not None
    assert found.figure == {
        "days": 20,
        "amount": eur("5000"),
        "number": "F1",
        "paid_later": 1,
    }


def test_an_invoice_is_not_left_aside_by_what_came_before_or_was_larger_or_partly_paid() -> None:
    large = an_item(500_000, days_past_due=20)
    on = TODAY - timedelta(days=2)
    larger = settled(600_000, 0, id=61, on=on)
    earlier = settled(50_000, 40, id=62, on=on)
    partly = settled(50_000, 0, id=63, on=on, left_minor=10)
    undated = replace(settled(50_000, 0, on=on), item=without_due_date(0))
    settlements = [larger, earlier, partly, undated]
    assert signal("C1-12", figures_of(large, settlements=settlements)) is None
    assert signal("C1-12", figures_of(settlements=[earlier])) is None
    fresh = figures_of(
        an_item(500_000, days_past_due=14), settlements=[settled(50_000, 0, on=TODAY)]
    )
    assert signal("C1-12", fresh) is None


def test_the_story_of_handbook_4_3_lights_red_by_payment_alone() -> None:
    events = EventCounts(broken_promises=1)
    items = [an_item(20_000, days_past_due=32), an_item(200_000, days_past_due=-3, id=2)]
    found = evaluate(figures_of(*items, events=events), POLICY)
    assert [(s.id, s.points) for s in found.signals] == [("C1-01", 2), ("C1-04", 2)]
    assert found.lights == {**DARK, Family.PAYMENT: Light.RED}
    assert found.level is Level.ALERT
    assert found.points == 4
    assert found.suggested_action is Action.CALL


def test_one_weak_signal_is_for_the_digest() -> None:
    items = [an_item(20_000, days_past_due=12), an_item(200_000, days_past_due=-3, id=2)]
    assert evaluate(figures_of(*items), POLICY).level is Level.WATCH


def test_a_quiet_account_has_no_signal_and_nothing_to_do() -> None:
    found = evaluate(figures_of(an_item(days_past_due=-10)), POLICY)
    assert (found.level, found.signals, found.suggested_action) == (Level.CLEAR, (), None)
    assert found.lights == DARK


COUNTS = st.integers(0, 5)
EVENTS = st.builds(EventCounts, COUNTS, COUNTS, COUNTS, COUNTS, COUNTS, COUNTS, COUNTS)
LATE = st.lists(st.tuples(st.integers(1, 10**7), st.integers(-30, 300)), max_size=6).map(
    lambda rows: [an_item(m, days_past_due=d, id=n) for n, (m, d) in enumerate(rows, 1)]
)


@given(LATE, EVENTS)
def test_one_more_broken_promise_never_lowers_the_level(
    items: list[OpenItem], events: EventCounts
) -> None:
    before = evaluate(figures_of(*items, events=events), POLICY)
    worse = replace(events, broken_promises=events.broken_promises + 1)
    after = evaluate(figures_of(*items, events=worse), POLICY)
    assert after.points >= before.points
    assert after.level >= before.level


@given(LATE, st.integers(1, 200))
def test_waiting_never_makes_lateness_weigh_less(items: list[OpenItem], days: int) -> None:
    older = [replace(item, due_on=_earlier(item.due_on, days)) for item in items]
    assert points("C1-01", figures_of(*older)) >= points("C1-01", figures_of(*items))


def _earlier(day: date | None, days: int) -> date:
    assert day is not None
    return day - timedelta(days=days)
