"""The order of the day: properties of the priority, and why an account is left in peace."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from credit.gate import Position, positions
from credit.money import Money
from credit.priority import Candidate, Held, held_by, priority, rank, stake
from credit.receivable import ItemKind
from tests.credit.builders import POLICY, TODAY, an_item, eur

FLOOR = POLICY.floor


def owing(minor: int = 100_000, days: int = 35, **facts: object) -> Candidate:
    found = positions([an_item(minor, days_past_due=days)], TODAY)
    return replace(Candidate(1, found, days), **facts)  # type: ignore[arg-type]


@given(st.integers(1, 10**9), st.integers(1, 10**6), st.integers(1, 400))
def test_more_money_never_comes_later(minor: int, more: int, days: int) -> None:
    assert priority(owing(minor + more, days), FLOOR) > priority(owing(minor, days), FLOOR)


@pytest.mark.parametrize("days", [1, 29, 60, 119])
def test_up_to_four_months_older_is_more_urgent(days: int) -> None:
    assert priority(owing(days=days + 1), FLOOR) > priority(owing(days=days), FLOOR)


def test_beyond_four_months_a_call_changes_less() -> None:
    assert priority(owing(days=200), FLOOR) < priority(owing(days=120), FLOOR)


def test_a_broken_word_and_a_graver_level_come_first() -> None:
    assert priority(owing(broken_promise=True), FLOOR) > priority(owing(), FLOOR)
    assert priority(owing(level=2), FLOOR) > priority(owing(level=1), FLOOR)


def test_who_was_called_lately_or_never_answers_waits() -> None:
    plain = priority(owing(), FLOOR)
    assert priority(owing(tries=1), FLOOR) < plain
    assert priority(owing(tries=1, answered_lately=True), FLOOR) < priority(owing(tries=1), FLOOR)
    assert priority(owing(silent=True), FLOOR) < plain


def test_currencies_are_weighed_in_floors_and_never_converted() -> None:
    yen = Money(Decimal(50_000), "JPY")
    assert stake([eur("300.00"), yen], FLOOR) == Decimal(4)


def test_why_an_account_is_left_in_peace() -> None:
    disputed = positions([an_item(disputed_minor=100_000)], TODAY)
    promised = positions([an_item(promised_until=TODAY)], TODAY)
    paid = positions([an_item(), an_item(-100_000, id=2, kind=ItemKind.PAYMENT)], TODAY)
    assert held_by(Candidate(1, disputed, 35)) is Held.DISPUTE
    assert held_by(Candidate(1, promised, 35)) is Held.PROMISE
    assert held_by(Candidate(1, paid, 35)) is Held.PAID
    assert held_by(owing(tried_today=True)) is Held.CONTACT
    assert held_by(owing(tried_today=True, just_due=True)) is Held.JUST_DUE
    assert held_by(owing(just_due=True, frozen=True)) is Held.FROZEN
    assert held_by(Candidate(1, disputed, 35, frozen=True)) is Held.FROZEN
    assert held_by(owing()) is None


def test_ranking_orders_calls_and_counts_the_rest() -> None:
    calls = [replace(owing(minor), customer=n) for n, minor in enumerate((5_000, 90_000, 5_000))]
    held = replace(owing(tried_today=True), customer=9)
    found = rank([*calls, held, replace(held, customer=8)], FLOOR)
    assert [one.customer for one in found.calls] == [1, 0, 2]
    assert found.held == {Held.CONTACT: 2}


def test_an_account_without_positions_claims_nothing() -> None:
    nothing: tuple[Position, ...] = ()
    assert Candidate(1, nothing, 0).claims == ()


def test_a_floor_is_told_in_the_smallest_unit_of_each_currency() -> None:
    for currency, decimals in (("EUR", 2), ("JPY", 0), ("TND", 3)):
        amount = FLOOR.amounts.get(currency, FLOOR.other)
        assert FLOOR.minor(currency) == amount * 10**decimals
