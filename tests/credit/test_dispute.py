"""Disputes suspend their part and nothing else."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from credit.dispute import (
    Awaited,
    Dispute,
    DisputeOwner,
    DisputeReason,
    DisputeState,
    awaited,
    is_late,
    is_resting,
    suspended_minor,
    undisputed_minor,
)
from credit.receivable import ItemKind
from tests.credit.builders import POLICY, an_item, without_due_date

RULES = POLICY.dispute.rules
OPENED = date(2026, 11, 25)


def a_dispute(
    minor: int = 30_000,
    reason: DisputeReason = DisputeReason.PRICE,
    state: DisputeState = DisputeState.OPEN,
    *,
    item_id: int = 1,
    founded_minor: int | None = None,
    resting: bool = False,
) -> Dispute:
    return Dispute(1, item_id, reason, minor, OPENED, state, founded_minor, resting)


def test_a_partial_dispute_suspends_its_part_only() -> None:
    item = an_item(180_000)
    assert undisputed_minor(item, [a_dispute(30_000)], RULES) == 150_000
    assert undisputed_minor(item, [a_dispute(30_000), a_dispute(20_000)], RULES) == 130_000
    assert undisputed_minor(item, [a_dispute(30_000, item_id=2)], RULES) == 180_000
    assert undisputed_minor(item, [a_dispute(999_999)], RULES) == 0


@pytest.mark.parametrize("code", ["L05", "L06", "L08"])
def test_an_administrative_dispute_suspends_the_whole_invoice(code: str) -> None:
    assert undisputed_minor(an_item(180_000), [a_dispute(1, DisputeReason(code))], RULES) == 0


def test_a_denial_of_the_debt_suspends_nothing_until_it_is_accepted() -> None:
    item = an_item(180_000)
    for state, founded, left in (
        (DisputeState.OPEN, None, 180_000),
        (DisputeState.UNDER_REVIEW, None, 180_000),
        (DisputeState.FOUNDED, 30_000, 150_000),
        (DisputeState.PARTLY_FOUNDED, 12_000, 168_000),
        (DisputeState.UNFOUNDED, None, 180_000),
    ):
        one = a_dispute(30_000, DisputeReason.CLAIM_DENIED, state, founded_minor=founded)
        assert undisputed_minor(item, [one], RULES) == left, state


def test_denying_the_claim_suspends_nothing() -> None:
    denied = a_dispute(180_000, DisputeReason.CLAIM_DENIED)
    assert undisputed_minor(an_item(180_000), [denied], RULES) == 180_000


@pytest.mark.parametrize(
    ("state", "suspended"),
    [
        (DisputeState.OPEN, 30_000),
        (DisputeState.UNDER_REVIEW, 30_000),
        (DisputeState.FOUNDED, 30_000),
        (DisputeState.PARTLY_FOUNDED, 10_000),
        (DisputeState.UNFOUNDED, 0),
        (DisputeState.CLOSED, 0),
        (DisputeState.WITHDRAWN, 0),
    ],
)
def test_the_state_says_what_stays_suspended(state: DisputeState, suspended: int) -> None:
    dispute = a_dispute(30_000, state=state, founded_minor=10_000)
    assert suspended_minor(an_item(180_000), [dispute], RULES) == suspended
    assert dispute.waiting is (state in {DisputeState.OPEN, DisputeState.UNDER_REVIEW})


def test_what_was_refused_stays_suspended_until_dunning_resumes() -> None:
    refused = a_dispute(30_000, state=DisputeState.UNFOUNDED, resting=True)
    assert suspended_minor(an_item(180_000), [refused], RULES) == 30_000
    invoice = a_dispute(
        1, DisputeReason.INVOICING_ERROR, state=DisputeState.UNFOUNDED, resting=True
    )
    assert suspended_minor(an_item(180_000), [invoice], RULES) == 180_000


def test_once_partly_founded_only_the_founded_part_of_an_invoice_waits() -> None:
    partly = a_dispute(
        30_000,
        DisputeReason.ADMINISTRATIVE,
        DisputeState.PARTLY_FOUNDED,
        founded_minor=10_000,
    )
    assert suspended_minor(an_item(180_000), [partly], RULES) == 10_000
    resting = replace(partly, resting=True)
    assert suspended_minor(an_item(180_000), [resting], RULES) == 180_000


def test_what_was_refused_in_part_stays_suspended_until_dunning_resumes() -> None:
    partly = a_dispute(
        30_000, state=DisputeState.PARTLY_FOUNDED, founded_minor=10_000, resting=True
    )
    assert suspended_minor(an_item(180_000), [partly], RULES) == 30_000


def test_a_credit_note_leaves_the_refused_part_its_rest() -> None:
    closed = a_dispute(30_000, state=DisputeState.CLOSED, founded_minor=10_000, resting=True)
    assert suspended_minor(an_item(170_000), [closed], RULES) == 20_000
    assert suspended_minor(an_item(170_000), [replace(closed, resting=False)], RULES) == 0
    invoice = replace(closed, reason=DisputeReason.ADMINISTRATIVE)
    assert suspended_minor(an_item(170_000), [invoice], RULES) == 170_000


def test_a_closed_dispute_rests_until_the_day_that_was_said() -> None:
    assert is_resting("closed", OPENED + timedelta(days=1), OPENED)
    assert not is_resting("closed", OPENED, OPENED)
    assert not is_resting("closed", None, OPENED)
    assert not is_resting("withdrawn", OPENED + timedelta(days=1), OPENED)


def test_partly_founded_without_a_figure_keeps_the_whole_amount_suspended() -> None:
    partly = a_dispute(30_000, state=DisputeState.PARTLY_FOUNDED)
    assert suspended_minor(an_item(180_000), [partly], RULES) == 30_000


def test_a_credit_cannot_be_disputed() -> None:
    note = an_item(-100, kind=ItemKind.CREDIT_NOTE)
    assert suspended_minor(note, [a_dispute()], RULES) == 0
    assert undisputed_minor(note, [a_dispute()], RULES) == 0


@given(
    st.integers(0, 10**9),
    st.lists(
        st.builds(
            a_dispute,
            st.integers(0, 10**9),
            st.sampled_from(DisputeReason),
            st.sampled_from(DisputeState),
        )
    ),
)
def test_suspended_and_claimable_always_add_up(open_minor: int, disputes: list[Dispute]) -> None:
    item = an_item(open_minor)
    claimable = undisputed_minor(item, disputes, RULES)
    assert 0 <= claimable <= open_minor
    assert claimable + suspended_minor(item, disputes, RULES) == open_minor


def test_each_type_has_an_owner_and_a_target_in_working_days() -> None:
    assert set(RULES) == set(DisputeReason)
    assert RULES[DisputeReason.PRICE].owner is DisputeOwner.REP
    assert RULES[DisputeReason.QUALITY].target_days > 0


def test_a_dispute_after_the_due_date_or_the_first_reminder_is_late() -> None:
    item = an_item(due_on=date(2026, 11, 20))
    assert is_late(item, date(2026, 11, 21))
    assert not is_late(item, date(2026, 11, 20))
    assert is_late(item, date(2026, 11, 20), first_reminder_on=date(2026, 11, 15))
    assert not is_late(without_due_date(100), OPENED)


@pytest.mark.parametrize(
    ("state", "asked", "expected"),
    [
        (DisputeState.OPEN, False, Awaited.DECISION),
        (DisputeState.UNDER_REVIEW, True, Awaited.ANSWER),
        (DisputeState.UNDER_REVIEW, False, Awaited.DECISION),
        (DisputeState.FOUNDED, False, Awaited.CREDIT_NOTE),
        (DisputeState.PARTLY_FOUNDED, True, Awaited.CREDIT_NOTE),
        (DisputeState.UNFOUNDED, False, Awaited.NOTHING),
        (DisputeState.CLOSED, False, Awaited.NOTHING),
        (DisputeState.WITHDRAWN, True, Awaited.NOTHING),
    ],
)
def test_a_dispute_waits_for_a_decision_an_answer_or_a_credit_note(
    state: DisputeState,
    asked: bool,
    expected: Awaited,
) -> None:
    assert awaited(state, asked=asked) is expected
