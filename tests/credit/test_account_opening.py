"""Opening an account: the checklist, its order, and what a new account may order."""

from dataclasses import replace
from decimal import Decimal

import pytest

from config.reference import load_reference
from credit.account_opening import FIRST, NAMED, Checklist, Need, standing

CHECKLIST = load_reference().opening
REQUIRED = {point.code for point in CHECKLIST.points if point.need is not Need.OPTIONAL}


def test_the_packaged_checklist_has_the_six_blocks_of_the_handbook_and_says_it_is_unverified() -> (
    None
):
    assert [block.code for block in CHECKLIST.blocks] == [
        *("identity", "bank", "needs", "working", "law", "risk"),
    ]
    assert not CHECKLIST.verified
    assert CHECKLIST.source
    assert all(CHECKLIST.scope(block.code) for block in CHECKLIST.blocks)


def test_what_is_asked_first_is_the_identity_the_bank_and_the_wanted_credit() -> None:
    first = [point.code for point in CHECKLIST.scope(FIRST)]
    assert first == ["siren", "name", "iban", "holder", "limit", "terms"]
    assert set(first) == set(NAMED)


def test_the_next_point_is_the_next_without_an_answer() -> None:
    def after(scope: str, code: str, *answered: str) -> str | None:
        found = CHECKLIST.following(scope, code, answered)
        return found.code if found else None

    assert after(FIRST, "") == "siren"
    assert after(FIRST, "siren", "siren", "name") == "iban"
    assert after(FIRST, "terms") is None
    assert after("bank", "", "iban") == "holder"
    assert after("bank", "siren") is None
    assert after("nowhere", "") is None


def test_terms_wait_for_every_point_that_is_not_optional() -> None:
    assert {point.code for point in CHECKLIST.lacking(())} == REQUIRED
    assert CHECKLIST.lacking(REQUIRED) == ()
    assert [point.code for point in CHECKLIST.lacking(REQUIRED - {"gtc"})] == ["gtc"]


def test_the_terms_that_may_be_wanted_are_those_that_may_be_granted() -> None:
    point = CHECKLIST.point("terms")
    assert point is not None
    assert [one.code for one in CHECKLIST.options_of(point)] == [
        one.code for one in CHECKLIST.terms
    ]


@pytest.mark.parametrize(
    ("accepted", "complete", "invoices", "payments", "expected"),
    [
        (False, False, 0, 0, (True, False, None)),
        (False, True, 0, 0, (True, False, None)),
        (True, False, 0, 0, (True, False, Decimal(50))),
        (True, True, 0, 0, (True, True, Decimal(50))),
        (True, True, 1, 0, (True, True, None)),
        (True, True, 4, 2, (True, True, None)),
        (True, True, 4, 3, (False, True, None)),
    ],
)
def test_a_new_account_follows_its_file_until_three_payments(
    accepted: bool,
    complete: bool,
    invoices: int,
    payments: int,
    expected: tuple[bool, bool, Decimal | None],
) -> None:
    found = standing(
        CHECKLIST,
        accepted=accepted,
        complete=complete,
        first_order="deposit50",
        payments=payments,
        invoices=invoices,
    )
    assert (found.is_new, found.file_complete, found.first_percent) == expected


def test_a_first_order_on_terms_has_no_rule_of_its_own() -> None:
    for rule in ("open", None, "gone"):
        assert not CHECKLIST.percent(rule)
        found = standing(
            CHECKLIST, accepted=True, complete=True, first_order=rule, payments=0, invoices=0
        )
        assert found.first_percent is None


def broken(**changes: object) -> Checklist:
    return replace(CHECKLIST, **changes)  # type: ignore[arg-type]


def test_a_checklist_that_cannot_be_asked_for_is_refused() -> None:
    points = CHECKLIST.points
    siren, form = points[0], next(one for one in points if one.code == "form")
    for changes in (
        {"points": tuple(one for one in points if one.code != "iban")},
        {"points": (*points, replace(form, code="other", block="nowhere"))},
        {"points": (*points, replace(form, code="other", options=None))},
        {"points": (*points, siren)},
        {"points": (*points, replace(siren, code="x" * 21))},
        {"points": (*points, replace(siren, code="a.b"))},
        {"points": (*points, replace(siren, code="more", label={"fr": "Encore"}))},
        {"guarantees": ()},
    ):
        with pytest.raises(ValueError, match=r"\w"):
            broken(**changes)
