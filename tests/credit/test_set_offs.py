"""What credit notes took of debts is told apart from what money settled."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from credit.set_offs import Note, Settled, taken, tell_apart

DAY = date(2026, 11, 6)
BEFORE = DAY - timedelta(days=1)


def went(
    minor: int,
    *,
    id: int = 1,  # noqa: A002
    on: date = DAY,
    currency: str = "EUR",
    payment: int | None = None,
) -> Settled:
    return Settled(id, id, currency, on, minor, payment)


def note(minor: int, on: date = DAY, currency: str = "EUR") -> Note:
    return Note(currency, on, minor)


@pytest.mark.parametrize(
    ("debts", "notes", "expected"),
    [
        pytest.param((1_000,), (1_000,), {1: 1_000}, id="just its amount"),
        pytest.param((1_000, 1_000), (1_000,), {1: 1_000}, id="the one known longest"),
        pytest.param((2_000, 1_000), (1_000,), {2: 1_000}, id="the one of its amount"),
        pytest.param((1_000,), (400,), {1: 400}, id="a part: the customer paid the rest"),
        pytest.param((1_000,), (400, 300), {1: 700}, id="two notes, one invoice"),
        pytest.param((700, 500), (1_200,), {1: 700, 2: 500}, id="one note, two invoices"),
        pytest.param((700, 500), (900, 300), {1: 700, 2: 500}, id="two notes, two invoices"),
        pytest.param((700, 500, 300), (300, 1_200), {1: 700, 2: 500, 3: 300}, id="mixed"),
        pytest.param((700, 1_000), (700, 400), {1: 700, 2: 400}, id="one met, a part of the other"),
        pytest.param((700, 500), (300,), {}, id="nobody can say which: it counts as money"),
        pytest.param((700,), (900,), {}, id="more than went: it was refunded, or met others"),
        pytest.param((-1_000,), (-1_000,), {1: -1_000}, id="a set-off taken back"),
        pytest.param((), (500,), {}, id="nothing went"),
    ],
)
def test_a_note_takes_what_is_beyond_doubt(
    debts: tuple[int, ...], notes: tuple[int, ...], expected: dict[int, int]
) -> None:
    settled = [went(minor, id=n) for n, minor in enumerate(debts, 1)]
    assert taken(settled, map(note, notes)) == expected
    assert taken(reversed(settled), map(note, reversed(notes))) == expected


@pytest.mark.parametrize(
    "other", [note(1_000, on=BEFORE), note(1_000, currency="USD")], ids=["day", "currency"]
)
def test_a_note_of_another_day_or_currency_took_nothing(other: Note) -> None:
    assert taken([went(1_000)], [other]) == {}


def test_what_a_known_payment_paid_was_taken_by_no_note() -> None:
    settled = [went(1_000, payment=7), went(1_000, id=2)]
    assert taken(settled, [note(1_000)]) == {2: 1_000}
    assert taken(settled[:1], [note(1_000)]) == {}


def test_one_line_may_be_of_money_and_of_a_note() -> None:
    by_money, credited = tell_apart([went(1_000), went(50, id=2, on=BEFORE)], [note(400)])
    assert by_money == [went(600), went(50, id=2, on=BEFORE)]
    assert credited == [went(400)]


AMOUNTS = st.lists(st.integers(min_value=1, max_value=6), max_size=5)


@given(debts=AMOUNTS, notes=AMOUNTS)
def test_what_went_is_parted_without_loss_and_never_beyond_the_notes(
    debts: list[int], notes: list[int]
) -> None:
    settled = [went(minor, id=n) for n, minor in enumerate(debts)]
    by_money, credited = tell_apart(settled, map(note, notes))
    assert sum(one.amount_minor for one in (*by_money, *credited)) == sum(debts)
    assert sum(one.amount_minor for one in credited) <= sum(notes)
    assert all(one.amount_minor > 0 for one in (*by_money, *credited))
    if sum(debts) == sum(notes):
        assert by_money == []
