"""A credit note is no money: it takes its part off a promise, whenever it comes."""

from dataclasses import replace
from datetime import date

import pytest

from credit.judgement import Judgement, SetOffs, judge, judge_all
from credit.promise import Covered, Promise, PromiseState, still_promised
from credit.receivable import Payment
from tests.credit.builders import POLICY, a_payment, a_promise, weekdays_only

MADE = date(2026, 11, 2)
FRIDAY = date(2026, 11, 6)  # grace of a transfer: Monday 9
AFTER = date(2026, 11, 18)
LATER = date(2026, 11, 20)
WHOLE = ((FRIDAY, 100_000),)
THREE = ((FRIDAY, 50_000), (date(2026, 11, 13), 50_000), (date(2026, 11, 19), 50_000))


def on_one(*lines: tuple[date, int], number: int = 1, made: date = MADE) -> Promise:
    """Promise the item 1."""
    return a_promise(*lines, id=number, made_on=made, items=frozenset({1}))


def all_judged(
    promises: list[Promise], paid: list[Payment], noted: list[Payment], left: int
) -> list[Judgement]:
    """Judge, when so much of the item 1 is open today."""
    found = judge_all(
        promises,
        paid,
        today=LATER,
        calendar=weekdays_only(),
        data_as_of=LATER,
        policy=POLICY.promise,
        set_offs=SetOffs(tuple(noted), {1: left}),
    )
    return [found[one.id] for one in promises]


def money(minor: int, on: date) -> Payment:
    return a_payment(minor, on, id=1, item_id=1)


def note(minor: int, on: date) -> Payment:
    return a_payment(minor, on, id=2, item_id=1)


@pytest.mark.parametrize("on", [MADE, FRIDAY, AFTER])
def test_a_credit_note_that_takes_it_all_leaves_nothing_to_keep_or_break(on: date) -> None:
    [found] = all_judged([on_one(*WHOLE)], [], [note(100_000, on)], left=0)
    assert found.state is PromiseState.MOOT
    assert (found.paid_minor, found.credited_minor) == (0, 100_000)
    assert found.lines[0].completed_on is None


@pytest.mark.parametrize(
    ("paid", "on", "state"),
    [
        (60_000, FRIDAY, PromiseState.KEPT),
        (60_000, AFTER, PromiseState.KEPT_LATE),
        (55_000, FRIDAY, PromiseState.KEPT),  # five percent of the promise are lacking
        (54_999, FRIDAY, PromiseState.PARTLY_KEPT),
        (0, FRIDAY, PromiseState.BROKEN),
    ],
)
@pytest.mark.parametrize("noted", [MADE, AFTER])
def test_of_a_part_credited_the_rest_is_judged_by_the_money(
    paid: int, on: date, state: PromiseState, noted: date
) -> None:
    came = [money(paid, on)] if paid else []
    [found] = all_judged([on_one(*WHOLE)], came, [note(40_000, noted)], left=60_000 - paid)
    assert found.state is state
    assert (found.paid_minor, found.credited_minor) == (paid, 40_000)


def test_what_is_still_owed_is_still_promised() -> None:
    """The note took another part of the invoice: as much as was promised can still be paid."""
    promised = on_one((FRIDAY, 50_000))
    [found] = all_judged([promised], [], [note(30_000, FRIDAY)], left=70_000)
    assert (found.state, found.credited_minor) == (PromiseState.BROKEN, 0)
    [found] = all_judged([promised], [], [note(60_000, FRIDAY)], left=40_000)
    assert (found.state, found.credited_minor) == (PromiseState.BROKEN, 10_000)


@pytest.mark.parametrize(
    ("left", "covered", "expected"),
    [
        pytest.param(500, [(500, 1_000)], (500,), id="a part of an invoice"),
        pytest.param(500, [(500, 700)], (500,), id="a note took what was not promised"),
        pytest.param(500, [(500, 400)], (400,), id="a note took more than that"),
        pytest.param(200, [(500, 700)], (200,), id="300 of money came"),
        pytest.param(500, [(500, 0)], (0,), id="nothing is owed any more"),
        pytest.param(700, [(500, 500), (500, 500)], (200, 500), id="the oldest is paid first"),
        pytest.param(1_000, [(500, 0), (500, 900)], (0, 500), id="no more than was promised of it"),
        pytest.param(-100, [(500, 500)], (0,), id="more came than was promised"),
        pytest.param(100, [(500, -50)], (0,), id="an item in credit"),
        pytest.param(100, [], (), id="the account as a whole"),
    ],
)
def test_a_promise_speaks_for_what_is_promised_and_owed(
    left: int, covered: list[tuple[int, int]], expected: tuple[int, ...]
) -> None:
    assert still_promised(left, [Covered(*one) for one in covered]) == expected


def test_a_note_on_one_of_two_invoices_takes_what_was_promised_of_that_one() -> None:
    """Of the first 500 were promised, of the second 500 of 1,000: the note ends the first."""
    parts = {1: 50_000, 2: 50_000}
    promise = replace(on_one(*WHOLE), items=frozenset(parts), parts=parts)
    noted = SetOffs((note(50_000, FRIDAY),), {1: 0, 2: 100_000})
    found = judge(
        promise,
        [],
        today=LATER,
        calendar=weekdays_only(),
        data_as_of=LATER,
        policy=POLICY.promise,
        set_offs=noted,
    )
    assert (found.state, found.credited_minor) == (PromiseState.BROKEN, 50_000)


def test_what_an_older_promise_still_claims_is_not_left_for_a_younger_one() -> None:
    older, younger = on_one((FRIDAY, 50_000)), on_one((FRIDAY, 50_000), number=2)
    found = all_judged([older, younger], [], [note(50_000, FRIDAY)], left=50_000)
    assert [one.state for one in found] == [PromiseState.BROKEN, PromiseState.MOOT]
    both = all_judged([older, younger], [], [note(100_000, FRIDAY)], left=0)
    assert [one.credited_minor for one in both] == [50_000, 50_000]


def test_a_note_comes_off_the_oldest_instalment_not_met_and_says_nothing_of_the_others() -> None:
    paid = [money(50_000, FRIDAY)]
    [found] = all_judged([on_one(*THREE)], paid, [note(50_000, date(2026, 11, 10))], left=50_000)
    assert [one.state for one in found.lines] == ["kept", "moot", "open"]
    assert found.state is PromiseState.OPEN
    paid.append(a_payment(50_000, date(2026, 11, 18), id=3, item_id=1))
    [found] = all_judged([on_one(*THREE)], paid, [note(50_000, date(2026, 11, 10))], left=0)
    assert found.state is PromiseState.KEPT
    assert (found.paid_minor, found.credited_minor) == (100_000, 50_000)


def test_a_note_from_before_the_promise_or_for_another_invoice_changes_nothing() -> None:
    before = note(100_000, date(2026, 11, 1))
    elsewhere = a_payment(100_000, FRIDAY, id=2, item_id=2)
    for one in (before, elsewhere):
        [found] = all_judged([on_one(*WHOLE)], [], [one], left=0)
        assert found.state is PromiseState.BROKEN


def test_a_note_that_is_taken_back_gives_the_promise_its_amount_again() -> None:
    back = a_payment(-100_000, AFTER, id=3, item_id=1)
    [found] = all_judged([on_one(*WHOLE)], [], [note(100_000, FRIDAY), back], left=100_000)
    assert (found.state, found.credited_minor) == (PromiseState.BROKEN, 0)


def test_a_promise_of_the_account_as_a_whole_does_not_shrink() -> None:
    promise = a_promise(*WHOLE, made_on=MADE, items=frozenset())
    [found] = all_judged([promise], [], [note(100_000, FRIDAY)], left=0)
    assert found.state is PromiseState.BROKEN
