"""Payments decide what became of a promise."""

from dataclasses import replace
from datetime import date, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from credit.judgement import Judgement, covered_until, judge, judge_all
from credit.promise import Means, Promise, PromiseState
from credit.receivable import Payment
from tests.credit.builders import POLICY, a_payment, a_promise, paris, weekdays_only

MADE = date(2026, 11, 2)
FRIDAY = date(2026, 11, 6)  # grace of a transfer: Monday 9
GRACE = date(2026, 11, 9)
LATER = date(2026, 11, 20)


def judged(
    promise: Promise,
    *payments: Payment,
    today: date = LATER,
    data_as_of: date | None = LATER,
) -> Judgement:
    return judge(
        promise,
        payments,
        today=today,
        calendar=weekdays_only(),
        data_as_of=data_as_of,
        policy=POLICY.promise,
    )


def one_line(minor: int = 100_000, means: Means = Means.TRANSFER) -> Promise:
    return a_promise((FRIDAY, minor), means=means, made_on=MADE)


@pytest.mark.parametrize(
    ("paid", "on", "state"),
    [
        (100_000, FRIDAY, PromiseState.KEPT),
        (100_000, MADE, PromiseState.KEPT),
        (100_000, GRACE, PromiseState.KEPT),
        (95_000, GRACE, PromiseState.KEPT),
        (94_999, GRACE, PromiseState.PARTLY_KEPT),
        (100_000, date(2026, 11, 10), PromiseState.KEPT_LATE),
        (1, FRIDAY, PromiseState.PARTLY_KEPT),
        (100_000, date(2026, 11, 1), PromiseState.BROKEN),
    ],
)
def test_payments_decide_what_became_of_a_promise(paid: int, on: date, state: PromiseState) -> None:
    assert judged(one_line(), a_payment(paid, on)).state is state


def test_a_promise_kept_but_for_a_little_leaves_a_remainder() -> None:
    judgement = judged(one_line(), a_payment(96_000, FRIDAY))
    assert (judgement.state, judgement.paid_minor) == (PromiseState.KEPT, 96_000)
    assert judgement.lines[0].line.amount_minor - judgement.lines[0].paid_minor == 4_000
    assert judgement.lines[0].completed_on == FRIDAY


def test_a_partial_payment_leaves_the_promise_partly_kept() -> None:
    judgement = judged(one_line(), a_payment(50_000, FRIDAY))
    assert judgement.state is PromiseState.PARTLY_KEPT
    assert judgement.lines[0].line.amount_minor - judgement.lines[0].paid_minor == 50_000


def test_of_the_day_of_the_promise_only_what_was_told_afterwards_counts() -> None:
    promise = replace(one_line(), made_at=paris(2026, 11, 2, 10).at)
    before, after = (
        replace(a_payment(50_000, promise.made_on), known_at=paris(2026, 11, 2, hour).at)
        for hour in (8, 18)
    )
    assert judged(promise, before).paid_minor == 0
    assert judged(promise, after).paid_minor == 50_000
    assert judged(promise, replace(before, received_on=FRIDAY)).paid_minor == 50_000
    assert judged(promise, replace(before, known_at=None)).paid_minor == 50_000
    assert judged(one_line(), before).paid_minor == 50_000


def test_a_late_bank_file_breaks_nobodys_word() -> None:
    assert judged(one_line(), data_as_of=None).state is PromiseState.OPEN
    assert judged(one_line(), data_as_of=date(2026, 11, 8)).state is PromiseState.OPEN
    assert judged(one_line(), data_as_of=GRACE).state is PromiseState.BROKEN


def test_a_promise_stays_open_to_the_end_of_its_grace() -> None:
    assert judged(one_line(), today=GRACE, data_as_of=GRACE).state is PromiseState.OPEN
    assert judged(one_line(), today=date(2026, 11, 10)).state is PromiseState.BROKEN


def test_a_cheque_is_given_four_working_days() -> None:
    cheque = one_line(means=Means.CHEQUE)
    assert judged(cheque, a_payment(100_000, date(2026, 11, 12))).state is PromiseState.KEPT
    assert judged(cheque, a_payment(100_000, date(2026, 11, 13))).state is PromiseState.KEPT_LATE


def test_later_payments_turn_broken_into_kept_late() -> None:
    assert judged(one_line()).state is PromiseState.BROKEN
    first = a_payment(60_000, date(2026, 11, 12))
    assert judged(one_line(), first).state is PromiseState.PARTLY_KEPT
    second = a_payment(40_000, date(2026, 11, 16), id=2)
    assert judged(one_line(), first, second).state is PromiseState.KEPT_LATE


def test_only_money_for_the_covered_items_or_for_none_counts() -> None:
    promise = a_promise((FRIDAY, 100_000), items=frozenset({11, 12}), made_on=MADE)
    assert judged(promise, a_payment(100_000, FRIDAY, item_id=99)).state is PromiseState.BROKEN
    assert judged(promise, a_payment(100_000, FRIDAY, item_id=12)).state is PromiseState.KEPT
    assert judged(promise, a_payment(100_000, FRIDAY)).state is PromiseState.KEPT


def test_money_of_another_customer_or_currency_does_not_count() -> None:
    assert judged(one_line(), a_payment(10**6, FRIDAY, customer=8)).state is PromiseState.BROKEN
    assert judged(one_line(), a_payment(10**6, FRIDAY, currency="USD")).state is (
        PromiseState.BROKEN
    )


def test_a_promise_on_the_account_takes_money_for_any_item() -> None:
    assert judged(one_line(), a_payment(100_000, FRIDAY, item_id=99)).state is PromiseState.KEPT


def test_a_cheque_sent_back_does_not_take_the_transfer_that_replaced_it() -> None:
    cheque = a_payment(100_000, FRIDAY, id=1, item_id=3)
    bounced = a_payment(-100_000, date(2026, 11, 12), id=2, item_id=3)
    transfer = a_payment(100_000, date(2026, 11, 16), id=3, item_id=3)
    judgement = judged(one_line(), cheque, bounced, transfer)
    assert judgement.state is PromiseState.KEPT_LATE


def test_money_sent_back_from_before_the_promise_takes_nothing_that_came_since() -> None:
    bounced = a_payment(-100_000, date(2026, 11, 4), id=2, item_id=3)
    transfer = a_payment(100_000, FRIDAY, id=3, item_id=3)
    assert judged(one_line(), bounced, transfer).state is PromiseState.KEPT


def test_money_sent_back_in_another_currency_takes_nothing() -> None:
    paid = a_payment(100_000, FRIDAY, id=1)
    returned = replace(a_payment(-100_000, GRACE, id=2), currency="USD")
    assert judged(one_line(), paid, returned).state is PromiseState.KEPT


def test_a_returned_payment_takes_its_money_back() -> None:
    paid = a_payment(100_000, FRIDAY, item_id=3)
    other = a_payment(5_000, FRIDAY, id=2, item_id=4)
    returned = a_payment(-100_000, date(2026, 11, 12), id=3, item_id=3)
    judgement = judged(one_line(), paid, other, returned)
    assert (judgement.state, judgement.paid_minor) == (PromiseState.PARTLY_KEPT, 5_000)


TWO = ((FRIDAY, 100_000), (date(2026, 11, 13), 50_000))


@pytest.mark.parametrize(
    ("payments", "states", "whole"),
    [
        ([], ["broken", "open"], PromiseState.BROKEN),
        ([(100_000, 6)], ["kept", "open"], PromiseState.OPEN),
        ([(100_000, 6), (50_000, 13)], ["kept", "kept"], PromiseState.KEPT),
        ([(150_000, 5)], ["kept", "kept"], PromiseState.KEPT),
        ([(100_000, 12), (50_000, 13)], ["kept_late", "kept"], PromiseState.KEPT_LATE),
        ([(97_000, 6), (50_000, 13)], ["kept", "kept"], PromiseState.KEPT),
        ([(60_000, 6)], ["partly_kept", "open"], PromiseState.PARTLY_KEPT),
    ],
)
def test_money_pays_the_oldest_instalment_first(
    payments: list[tuple[int, int]], states: list[str], whole: PromiseState
) -> None:
    received = [
        a_payment(minor, date(2026, 11, day), id=n) for n, (minor, day) in enumerate(payments)
    ]
    judgement = judged(
        a_promise(*TWO, made_on=MADE), *received, today=date(2026, 11, 14), data_as_of=LATER
    )
    assert [line.state for line in judgement.lines] == states
    assert judgement.state is whole


def test_the_second_instalment_missing_leaves_the_promise_partly_kept() -> None:
    judgement = judged(a_promise(*TWO, made_on=MADE), a_payment(100_000, FRIDAY))
    assert [line.state for line in judgement.lines] == ["kept", "broken"]
    assert judgement.state is PromiseState.PARTLY_KEPT


@pytest.mark.parametrize("state", [PromiseState.SUPERSEDED, PromiseState.WITHDRAWN])
def test_a_promise_taken_back_is_not_judged_and_uses_no_money(state: PromiseState) -> None:
    gone = a_promise((FRIDAY, 100_000), id=1, made_on=MADE, state=state)
    new = a_promise((FRIDAY, 100_000), id=2, made_on=date(2026, 11, 3))
    verdicts = judge_all(
        [new, gone],
        [a_payment(100_000, FRIDAY)],
        today=LATER,
        calendar=weekdays_only(),
        data_as_of=LATER,
        policy=POLICY.promise,
    )
    assert verdicts[1] == Judgement(state, ())
    assert verdicts[2].state is PromiseState.KEPT


def test_the_same_money_does_not_keep_two_promises() -> None:
    first = a_promise((FRIDAY, 100_000), id=1, made_on=MADE)
    second = a_promise((FRIDAY, 100_000), id=2, made_on=date(2026, 11, 3))
    verdicts = judge_all(
        [second, first],
        [a_payment(100_000, FRIDAY)],
        today=LATER,
        calendar=weekdays_only(),
        data_as_of=LATER,
        policy=POLICY.promise,
    )
    assert [verdicts[1].state, verdicts[2].state] == [PromiseState.KEPT, PromiseState.BROKEN]


def test_an_export_covers_the_days_before_it() -> None:
    assert covered_until(paris(2026, 11, 25, 8)) == date(2026, 11, 24)


DAYS = st.integers(0, 25).map(lambda n: date(2026, 10, 28) + timedelta(days=n))
PAYMENTS = st.lists(
    st.tuples(st.integers(1, 120_000), DAYS, st.sampled_from([None, 1, 2])), max_size=6
).map(lambda rows: [a_payment(m, d, id=n, item_id=i) for n, (m, d, i) in enumerate(rows)])
PROMISES = st.lists(
    st.tuples(DAYS.filter(lambda day: day >= MADE), st.integers(1, 100_000)),
    min_size=1,
    max_size=4,
).map(lambda lines: a_promise(*lines, made_on=MADE, items=frozenset({1})))
BETTER = (
    PromiseState.BROKEN,
    PromiseState.PARTLY_KEPT,
    PromiseState.OPEN,
    PromiseState.KEPT_LATE,
    PromiseState.KEPT,
)


@given(PROMISES, PAYMENTS)
def test_a_promise_never_uses_more_than_was_promised_or_paid(
    promise: Promise, payments: list[Payment]
) -> None:
    judgement = judged(promise, *payments)
    assert 0 <= judgement.paid_minor <= sum(payment.amount_minor for payment in payments)
    assert all(0 <= line.paid_minor <= line.line.amount_minor for line in judgement.lines)
    assert judgement.state is not PromiseState.OPEN or any(
        line.state is PromiseState.OPEN for line in judgement.lines
    )


@given(PROMISES, PAYMENTS, st.randoms())
def test_the_order_in_which_payments_are_read_changes_nothing(
    promise: Promise, payments: list[Payment], random: Random
) -> None:
    shuffled = list(payments)
    random.shuffle(shuffled)
    assert judged(promise, *payments) == judged(promise, *shuffled)


@given(PROMISES, PAYMENTS, st.integers(1, 120_000), DAYS)
def test_more_money_never_makes_an_instalment_worse(
    promise: Promise, payments: list[Payment], extra: int, on: date
) -> None:
    before = judged(promise, *payments)
    after = judged(promise, *payments, a_payment(extra, on, id=99))
    assert after.paid_minor >= before.paid_minor
    for was, now in zip(before.lines, after.lines, strict=True):
        assert BETTER.index(now.state) >= BETTER.index(was.state)


@given(PROMISES, PAYMENTS, DAYS)
def test_nothing_is_broken_before_the_data_covers_the_grace(
    promise: Promise, payments: list[Payment], covered: date
) -> None:
    judgement = judged(promise, *payments, data_as_of=covered)
    for line in judgement.lines:
        if line.grace_until > covered:
            assert line.state not in {PromiseState.BROKEN, PromiseState.PARTLY_KEPT}
