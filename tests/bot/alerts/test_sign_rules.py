"""The rules of families C2 to C4: each tier, one step before it, and how they sum up."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.alerts.evaluation import evaluate, in_order, lights_of
from bot.alerts.figures import CurrencyFigures
from bot.alerts.signal import Action, Signal
from bot.alerts.signs import (
    MeansChange,
    Order,
    Reject,
    Sales,
    Sighting,
)
from credit.behaviour import Delay, Trend
from credit.levels import Family, Level, Light
from tests.bot.alerts.sign_stories import OVERDUE, ago, ordered, points, seen, with_signs
from tests.credit.builders import POLICY

# C1-05, C1-07


@pytest.mark.parametrize(("days", "expected"), [(0, 4), (179, 4), (180, 0), (-1, 0)])
def test_a_reject_for_lack_of_funds_is_red_for_half_a_year(days: int, expected: int) -> None:
    figures = with_signs(rejects=(Reject(ago(days), "AM04", 10_000, "EUR"),))
    assert points("C1-05", figures) == expected


@pytest.mark.parametrize(("days", "expected"), [(0, 2), (90, 2), (91, 0), (-1, 0)])
def test_a_new_bank_account_counts_for_ninety_days(days: int, expected: int) -> None:
    assert points("C1-07", with_signs(means=MeansChange(ago(days), "bank_account"))) == expected


# C2


@pytest.mark.parametrize(("lately", "expected"), [(61, 0), (60, 1), (55, 1), (31, 1), (30, 2)])
def test_orders_fall_against_the_same_days_a_year_before(lately: int, expected: int) -> None:
    year_ago = [ordered(365 + days, 100_000) for days in (40, 20, 5)]
    figures = with_signs(orders=(*year_ago, ordered(3, lately * 3_000)))
    assert points("C2-01", figures) == expected


def test_without_a_year_of_orders_the_mean_of_six_months_is_the_measure() -> None:
    steady = tuple(ordered(days, 90_000) for days in (200, 170, 140, 110, 90, 70))
    assert points("C2-01", with_signs(orders=(*steady, ordered(9, 99_000)))) == 1
    assert points("C2-01", with_signs(orders=(*steady, ordered(9, 180_000)))) == 0
    assert points("C2-01", with_signs(orders=steady[-2:])) == 0


@pytest.mark.parametrize(("minor", "expected"), [(250_000, 0), (250_001, 2)])
def test_an_order_far_above_the_mean_of_a_late_customer(minor: int, expected: int) -> None:
    before = tuple(ordered(days, 100_000) for days in (90, 60, 30))
    orders = (*before, ordered(2, minor))
    assert points("C2-02", with_signs(OVERDUE, orders=orders, since=ago(900))) == expected
    assert points("C2-02", with_signs(orders=orders, since=ago(900))) == 0
    assert points("C2-02", with_signs(orders=orders, since=ago(100))) == expected


def test_an_odd_order_needs_orders_to_be_held_against() -> None:
    orders = (ordered(40, 100_000), ordered(2, 900_000))
    assert points("C2-02", with_signs(OVERDUE, orders=orders)) == 0
    old = (*(ordered(days, 100_000) for days in (90, 60, 50)), ordered(40, 900_000))
    assert points("C2-02", with_signs(OVERDUE, orders=old)) == 0


@pytest.mark.parametrize(("surging", "expected"), [(149, 0), (150, 2)])
def test_buying_more_counts_only_of_who_pays_later(surging: int, expected: int) -> None:
    trend = Trend(Delay(Decimal(20), 3, 100_000), Delay(Decimal(2), 3, 100_000))
    sales = {"EUR": Sales(surging=surging, steady=600)}
    later = with_signs(OVERDUE._replace(trend=trend), sales=sales)
    assert points("C2-03", later) == expected
    assert points("C2-03", with_signs(OVERDUE, sales=sales)) == 0
    nothing_before = {"EUR": Sales(surging=surging)}
    assert points("C2-03", with_signs(OVERDUE._replace(trend=trend), sales=nothing_before)) == 0


@pytest.mark.parametrize(
    ("days", "minor", "expected"),
    [
        ((8, 5, 2), 160_000, 1),
        ((8, 5, 2), 200_000, 1),
        ((8, 5, 2), 200_001, 0),
        ((8, 5, 2), 159_999, 0),
        ((9, 5, 2), 160_000, 0),
        ((5, 2), 160_000, 0),
        ((38, 36, 33), 160_000, 0),
    ],
)
def test_orders_just_under_what_is_released_unseen(
    days: tuple[int, ...], minor: int, expected: int
) -> None:
    figures = with_signs(orders=tuple(ordered(one, minor) for one in days))
    assert points("C2-04", figures) == expected


def test_a_currency_without_a_release_amount_is_not_looked_at() -> None:
    yen = tuple(ordered(days, 180_000)._replace(currency="JPY") for days in (3, 2, 1))
    assert points("C2-04", with_signs(orders=yen)) == 0


def test_orders_just_under_are_counted_in_one_currency_at_a_time() -> None:
    splitting = POLICY.signals.commercial.splitting
    both = replace(splitting, release={**splitting.release, "USD": splitting.release["EUR"]})
    commercial = replace(POLICY.signals.commercial, splitting=both)
    policy = replace(POLICY, signals=replace(POLICY.signals, commercial=commercial))

    def dollars(days: int) -> Order:
        return ordered(days, 180_000)._replace(currency="USD")

    two_and_one = (ordered(4, 180_000), dollars(3), ordered(2, 180_000))
    assert points("C2-04", with_signs(orders=two_and_one), policy) == 0
    woven = (*two_and_one, dollars(2), ordered(1, 180_000), dollars(0))
    assert points("C2-04", with_signs(orders=woven), policy) == 1


@pytest.mark.parametrize(("days", "expected"), [(0, 2), (90, 2), (91, 0)])
def test_goods_that_go_where_the_company_is_not(days: int, expected: int) -> None:
    order = ordered(days, 1, place="12 rue Neuve")
    assert points("C2-06", with_signs(orders=(order,))) == expected
    assert points("C2-06", with_signs(orders=(order._replace(place=""),))) == 0


@pytest.mark.parametrize(
    ("returned", "past", "expected"), [(50, 0, 0), (51, 0, 1), (60, 30, 0), (61, 30, 1)]
)
def test_unusual_returns(returned: int, past: int, expected: int) -> None:
    sales = Sales(lately=1000, returned_lately=returned, past=1000, returned_past=past)
    assert points("C2-08", with_signs(sales={"EUR": sales})) == expected


@pytest.mark.parametrize(("year", "expected"), [(5, 0), (29, 0), (30, 1)])
def test_dependence_on_one_customer(year: int, expected: int) -> None:
    figures = with_signs(sales={"EUR": Sales(year=year, ours=100), "USD": Sales()})
    assert points("C2-10", figures) == expected


def test_a_buyer_never_seen_before() -> None:
    before = tuple(ordered(days, 1, buyer="Anne") for days in (200, 180, 160))
    assert points("C2-11", with_signs(orders=(*before, ordered(5, 1, buyer="Luc")))) == 1
    assert points("C2-11", with_signs(orders=(*before, ordered(5, 1, buyer="Anne")))) == 0
    assert points("C2-11", with_signs(orders=(*before[1:], ordered(5, 1, buyer="Luc")))) == 0
    assert points("C2-11", with_signs(sightings=(seen("C2-11"),))) == 1


# C4


@pytest.mark.parametrize(
    ("days", "expected"), [(0, 4), (30, 4), (31, 4), (45, 2), (55, 1), (58, 0), (60, 0), (-1, 0)]
)
def test_a_sighting_fades(days: int, expected: int) -> None:
    assert points("T01", with_signs(sightings=(seen("T01", days),))) == expected


@pytest.mark.parametrize(
    ("others", "expected"),
    [
        ([], 2),
        ([seen("T05", 1)], 2),  # the same rep, the day before: one sighting
        ([seen("T05", 2)], 3),
        ([seen("T05", 0, 2)], 3),
        ([seen("T05", 99, 2)], 2),
        ([seen("T06", 0, 2)], 2),
    ],
)
def test_two_independent_sightings_weigh_more(others: list[Sighting], expected: int) -> None:
    assert points("T05", with_signs(sightings=(seen("T05"), *others))) == expected


def test_what_is_disabled_and_what_only_informs_lights_nothing() -> None:
    for code in ("T18", "T07"):
        assert points(code, with_signs(sightings=(seen(code),))) == 0


def test_good_news_takes_a_point_off_its_family_and_never_goes_under_nothing() -> None:
    orange = with_signs(sightings=(seen("T02"), seen("T26")))
    assert evaluate(orange, POLICY).lights[Family.FIELD] is Light.GREEN
    red = with_signs(sightings=(seen("T01"), seen("T26")))
    assert evaluate(red, POLICY).lights[Family.FIELD] is Light.ORANGE
    alone = evaluate(with_signs(sightings=(seen("T26"),)), POLICY)
    assert (alone.level, alone.signals) == (Level.CLEAR, ())


@pytest.mark.parametrize(("code", "expected"), [("C2-05", 1), ("C2-07", 2), ("C2-09", 2)])
def test_what_a_rep_is_told_of_purchases_belongs_to_their_family(code: str, expected: int) -> None:
    found = evaluate(with_signs(sightings=(seen(code),)), POLICY)
    assert found.points == expected
    assert found.lights[Family.COMMERCIAL] is Light.ORANGE


# handbook 4.3


def test_the_account_of_handbook_4_3_climbs_to_level_three_with_empty_shelves() -> None:
    late = CurrencyFigures("EUR", 100_000, 100_000, 100_000, ())
    from bot.alerts.figures import EventCounts, LateItem

    late = late._replace(late=(LateItem(-32, "F1", 1, 100_000, 100_000),))
    year_ago = tuple(ordered(365 + days, 100_000) for days in (40, 20, 5))
    orders = (*year_ago, ordered(3, 165_000))
    figures = with_signs(late._replace(owed=1_000_000, balance=1_000_000), orders=orders)
    figures = figures._replace(events=EventCounts(broken_promises=1))
    before = evaluate(figures, POLICY)
    assert before.lights == {
        Family.PAYMENT: Light.RED,
        Family.COMMERCIAL: Light.ORANGE,
        Family.PUBLIC: Light.GREEN,
        Family.FIELD: Light.GREEN,
    }
    assert before.level is Level.ALERT
    signs = replace(figures.signs, sightings=(seen("T05"),))
    assert evaluate(figures._replace(signs=signs), POLICY).level is Level.RED_ALERT


SIGNALS = st.lists(
    st.builds(
        lambda rule, weight, critical: Signal(
            rule, weight, {}, f"{rule}.1", Decimal(1), Action.CALL, critical
        ),
        st.sampled_from(["C1-01", "C1-04", "C2-01", "C3-03", "C3-04", "T01", "T05"]),
        st.sampled_from([1, 2, 4]),
        st.booleans(),
    ),
    max_size=6,
)
DARK = [Light.GREEN, Light.ORANGE, Light.RED]


@given(SIGNALS, SIGNALS)
def test_lights_never_fall_when_a_signal_is_added(few: list[Signal], more: list[Signal]) -> None:
    before, after = lights_of(few, POLICY), lights_of([*few, *more], POLICY)
    assert all(DARK.index(after[one]) >= DARK.index(before[one]) for one in Family)


@given(SIGNALS)
def test_what_freezes_comes_first_then_the_heaviest(signals: list[Signal]) -> None:
    kept = [(one.critical, one.points) for one in in_order(signals)]
    assert kept == sorted(kept, reverse=True)
    assert len(kept) == len(signals)
