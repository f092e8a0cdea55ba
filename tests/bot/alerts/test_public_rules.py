"""The rules of family C3: public records, insurers, ratings and accounts."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from bot.alerts.evaluation import EARLY_WARNING_RULES, evaluate
from bot.alerts.signs import (
    Accounts,
    Cover,
    PublicRecord,
    Seat,
)
from credit.bodacc import Procedure, Standing, Trouble
from credit.levels import Family, Level, Light
from tests.bot.alerts.sign_stories import ago, on_record, points, seen, with_signs
from tests.credit.builders import POLICY

# C3


def running(**changes: Any) -> Standing:
    known = {
        "trouble": Trouble.RUNNING,
        "procedure": Procedure.RECEIVERSHIP,
        "opened_on": ago(10),
        "since": ago(10),
        "cause": "A1",
    }
    return Standing(**{**known, **changes})


def test_a_procedure_freezes_until_its_very_cause_is_lifted() -> None:
    record = PublicRecord(standing=running())
    frozen = evaluate(with_signs(record=record), POLICY)
    assert (frozen.level, frozen.lights[Family.PUBLIC]) == (Level.FROZEN, Light.RED)
    assert frozen.critical is not None
    assert (frozen.critical.id, frozen.critical.cause) == ("C3-01", "A1")
    lifted = evaluate(with_signs(record=record, lifted=frozenset({"A1"})), POLICY)
    assert (lifted.level, lifted.lights[Family.PUBLIC]) == (Level.ALERT, Light.RED)
    assert lifted.critical is None
    again = evaluate(with_signs(record=record, lifted=frozenset({"A0"})), POLICY)
    assert again.level is Level.FROZEN


def test_a_plan_is_red_and_freezes_nothing() -> None:
    figures = on_record(standing=running(trouble=Trouble.PLAN))
    assert evaluate(figures, POLICY).level is Level.ALERT


@pytest.mark.parametrize(
    ("trouble", "days", "level"),
    [
        (Trouble.CEASED, 10, Level.FROZEN),
        (Trouble.CEASED, 731, Level.CLEAR),
        (Trouble.DISSOLVED, 10, Level.ALERT),
        (Trouble.NONE, 10, Level.CLEAR),
    ],
)
def test_a_company_that_ends(trouble: Trouble, days: int, level: Level) -> None:
    figures = on_record(standing=running(trouble=trouble, since=ago(days)))
    assert evaluate(figures, POLICY).level is level


@pytest.mark.parametrize(
    ("rule", "field", "days", "expected"),
    [
        ("C3-03", "privileges", (365,), 4),
        ("C3-03", "privileges", (366,), 0),
        ("C3-03", "privileges", (3, 2), 4),
        ("C3-09", "managers", (300,), 1),
        ("C3-09", "managers", (300, 3), 2),
        ("C3-12", "pledges", (1,), 1),
        ("C3-13", "lawsuits", (1,), 2),
        ("C3-13", "lawsuits", (400,), 0),
    ],
)
def test_entries_of_the_year(rule: str, field: str, days: tuple[int, ...], expected: int) -> None:
    assert points(rule, on_record(**{field: tuple(ago(one) for one in days)})) == expected


def test_a_rep_may_be_told_of_a_lawsuit() -> None:
    assert points("C3-13", with_signs(sightings=(seen("C3-13", 300),))) == 2


@pytest.mark.parametrize(
    ("decisions", "expected"),
    [
        ([("granted", 500)], 0),
        ([("granted", 500), ("granted", 400)], 2),
        ([("granted", 500), ("granted", 600)], 0),
        ([("reduced", None)], 2),
        ([("refused", None)], 4),
        ([("refused", None), ("granted", 100)], 0),
        ([("granted", 100), ("cancelled", None)], 4),
        ([], 0),
    ],
)
def test_the_insurer_s_last_word(decisions: list[tuple[str, int | None]], expected: int) -> None:
    covers = tuple(
        Cover(ago(30 - number), decision, minor, "EUR")
        for number, (decision, minor) in enumerate(decisions)
    )
    assert points("C3-04", on_record(covers=covers)) == expected


@pytest.mark.parametrize(
    ("ranks", "expected"), [((1, 1), 0), ((1, 2), 1), ((1, 3), 4), ((3, 4), 4), ((4,), 4), ((), 0)]
)
def test_a_rating_that_falls(ranks: tuple[int, ...], expected: int) -> None:
    ratings = tuple((ago(300 - 100 * n), rank) for n, rank in enumerate(ranks))
    assert points("C3-05", on_record(ratings=ratings)) == expected


def test_accounts_are_late_eight_months_after_the_year() -> None:
    last = date(2024, 12, 31)
    due = on_record(last_closing=last)._replace(as_of=date(2026, 8, 31))
    assert points("C3-06", due) == 0
    assert points("C3-06", due._replace(as_of=date(2026, 9, 1))) == 1
    assert points("C3-06", on_record()) == 0


@pytest.mark.parametrize(
    ("equity", "capital", "expected"),
    [(49, 100, 2), (50, 100, 0), (-1, 100, 4), (None, 100, 0), (0, 0, 0), (-1, None, 4)],
)
def test_own_funds(equity: int | None, capital: int | None, expected: int) -> None:
    accounts = (Accounts(ago(200), equity, capital, 5),)
    assert points("C3-07", on_record(accounts=accounts)) == expected
    assert points("C3-07", on_record()) == 0


@pytest.mark.parametrize(
    ("results", "expected"), [((-1, -1), 1), ((-1,), 0), ((-1, 0), 0), ((-1, None), 0)]
)
def test_two_years_of_losses(results: tuple[int | None, ...], expected: int) -> None:
    accounts = tuple(Accounts(ago(800 - 365 * n), 1, 1, one) for n, one in enumerate(results))
    assert points("C3-08", on_record(accounts=accounts)) == expected


@pytest.mark.parametrize(("lent", "expected"), [(False, 1), (True, 2)])
def test_a_new_seat(lent: bool, expected: int) -> None:
    assert points("C3-10", on_record(seats=(Seat(ago(9), lent),))) == expected
    assert points("C3-10", on_record(seats=(Seat(ago(366), lent),))) == 0


def test_a_sale_gives_ten_days_and_its_publication_is_not_counted() -> None:
    figures = on_record(standing=Standing(sold_on=ago(3), sale="A9"))
    found = EARLY_WARNING_RULES["C3-11"](figures, POLICY)
    assert found is not None
    assert (found.points, found.figure["until"], found.cause) == (4, ago(-7), "A9")
    assert points("C3-11", on_record(standing=Standing(sold_on=ago(91)))) == 0


def test_a_flagged_activity() -> None:
    public = replace(
        POLICY.signals.public, sector=replace(POLICY.signals.public.sector, naf=("43.2", ""))
    )
    flagged = replace(POLICY, signals=replace(POLICY.signals, public=public))
    assert points("C3-14", on_record(naf="4321A"), flagged) == 1
    assert points("C3-14", on_record(naf="4399C"), flagged) == 0
    assert points("C3-14", on_record(), flagged) == 0
    assert points("C3-14", on_record(naf="4321A")) == 0


def test_a_cover_told_in_another_currency_is_no_smaller_one() -> None:
    francs = Cover(ago(60), "granted", 1_000_000, "CHF")
    euros = Cover(ago(10), "granted", 900_000, "EUR")
    assert points("C3-04", on_record(covers=(francs, euros))) == 0
    less = Cover(ago(5), "granted", 800_000, "CHF")
    assert points("C3-04", on_record(covers=(francs, euros, less))) == 2
