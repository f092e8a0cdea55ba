"""Guarantees: which lower the exposure, by how much, and when their end is to be told."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.reference import load_reference
from credit.guarantees import (
    Guarantee,
    GuaranteeKind,
    GuaranteePolicy,
    Mentions,
    counts,
    covered,
    warning,
)
from credit.money import Money, zero

LAW = load_reference().guarantees
TODAY = date(2026, 11, 23)
POLICY = GuaranteePolicy((60, 30, 7))


def euros(figure: int) -> Money:
    return Money(Decimal(figure), "EUR")


def a_guarantee(
    kind: GuaranteeKind = GuaranteeKind.BANK_SURETY,
    amount: Money | None = euros(5_000),  # noqa: B008 - a frozen value
    days: int | None = 100,
    mentions: Mentions | None = None,
) -> Guarantee:
    until = None if days is None else TODAY + timedelta(days=days)
    return Guarantee(kind, amount, until, mentions)


def test_every_kind_has_its_rule_and_its_source() -> None:
    assert set(LAW.kinds) == set(GuaranteeKind)
    assert all(rule.source for rule in LAW.kinds.values())


def test_a_guarantee_counts_to_its_last_day() -> None:
    assert counts(a_guarantee(days=0), LAW, TODAY)
    assert not counts(a_guarantee(days=-1), LAW, TODAY)
    assert counts(a_guarantee(days=None), LAW, TODAY)


def test_what_claims_goods_or_depends_on_its_wording_does_not_lower_the_exposure() -> None:
    for kind in (GuaranteeKind.RETENTION_OF_TITLE, GuaranteeKind.COMFORT_LETTER):
        assert not counts(a_guarantee(kind), LAW, TODAY)


def test_a_credit_insurance_bounds_the_limit_and_is_not_counted_twice() -> None:
    assert not counts(a_guarantee(GuaranteeKind.CREDIT_INSURANCE), LAW, TODAY)


@pytest.mark.parametrize(
    ("mentions", "worth"),
    [(Mentions.COMPLETE, True), (Mentions.UNSEEN, True), (Mentions.MISSING, False)],
)
def test_a_persons_surety_without_its_mentions_is_void(mentions: Mentions, *, worth: bool) -> None:
    surety = a_guarantee(GuaranteeKind.PERSONAL_SURETY, mentions=mentions)
    assert counts(surety, LAW, TODAY) is worth


def test_what_covers_is_summed_in_one_currency() -> None:
    held = [
        a_guarantee(amount=euros(5_000)),
        a_guarantee(amount=euros(2_000)),
        a_guarantee(amount=Money(Decimal(900), "CHF")),
        a_guarantee(amount=euros(70_000), days=-3),
        a_guarantee(GuaranteeKind.DEPOSIT, amount=None),
    ]
    assert covered(held, "EUR", LAW, TODAY) == euros(7_000)
    assert covered([], "EUR", LAW, TODAY) == zero("EUR")


@given(st.lists(st.integers(0, 10**6), max_size=5), st.integers(0, 10**6))
def test_one_more_guarantee_never_covers_less(amounts: list[int], more: int) -> None:
    held = [a_guarantee(amount=euros(one)) for one in amounts]
    before = covered(held, "EUR", LAW, TODAY)
    assert covered([*held, a_guarantee(amount=euros(more))], "EUR", LAW, TODAY) >= before


@pytest.mark.parametrize(
    ("left", "told"), [(61, None), (60, 60), (31, 60), (30, 30), (8, 30), (7, 7), (0, 7)]
)
def test_the_smallest_threshold_that_is_reached_is_told(left: int, told: int | None) -> None:
    assert warning(TODAY + timedelta(days=left), TODAY, POLICY) == told


@pytest.mark.parametrize("days", [(), (7, 30), (30, 30), (30, -1)])
def test_thresholds_that_do_not_fall_are_refused(days: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="fall"):
        GuaranteePolicy(days)
