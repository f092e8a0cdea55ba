"""What differs between two files is found by walking along both of them."""

from __future__ import annotations

import io
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.sync.reading.differing import Difference, NoPlainLinesError, difference

ENDLESS = 10**9


def differ(
    old: list[str], new: list[str], most: int = ENDLESS, end: str = "\n"
) -> Difference | None:
    first, second = (
        io.BytesIO("".join(line + end for line in some).encode()) for some in (old, new)
    )
    return difference(first, second, most)


@st.composite
def edited(draw: st.DrawFn) -> tuple[list[str], list[str]]:
    """Draw lines, and the same with some taken out, put in or changed."""
    old = draw(st.lists(st.sampled_from("abcdefgh"), max_size=30))
    new = list(old)
    for _ in range(draw(st.integers(0, 5))):
        place = draw(st.integers(0, len(new)))
        new[place : place + draw(st.integers(0, 2))] = draw(
            st.lists(st.sampled_from("abxyz"), max_size=2)
        )
    return old, new


@given(edited(), st.sampled_from(["\n", "\r\n"]))
def test_what_is_left_of_both_files_is_the_same(
    files: tuple[list[str], list[str]], end: str
) -> None:
    old, new = files
    found = differ(old, new, end=end)
    assert found is not None
    assert [new[number - 1].encode() for number, _ in found.new] == [line for _, line in found.new]
    numbers = {number for number, _ in found.new}
    left = [line for number, line in enumerate(new, 1) if number not in numbers]
    gone = Counter(line.decode() for line in found.gone)
    assert Counter(old) - gone == Counter(left)
    assert sum(gone.values()) + len(left) == len(old)
    rest = iter(old)
    assert all(line in rest for line in left), "in another order"


def test_far_apart_they_meet_again() -> None:
    old = [f"line {n}" for n in range(20_000)]
    found = differ(old, [*old[:50], *(f"new {n}" for n in range(3_000)), *old[60:]])
    assert found is not None
    assert (len(found.gone), len(found.new)) == (10, 3_000)
    assert found.new[0] == (51, b"new 0")


def test_the_last_line_may_lack_its_end() -> None:
    found = difference(io.BytesIO(b"a\nb"), io.BytesIO(b"a\nb\nc"), ENDLESS)
    assert found == Difference([], [(3, b"c")])


def test_of_files_that_are_not_alike_nothing_is_told() -> None:
    old = [f"line {n}" for n in range(100)]
    assert differ(old, list(reversed(old)), most=50) is None
    assert differ(old, [], most=99) is None
    assert differ([], old, most=100) is not None


def test_a_lone_return_would_be_a_line_of_its_own() -> None:
    with pytest.raises(NoPlainLinesError):
        difference(io.BytesIO(b"a\rb\n"), io.BytesIO(b"a\n"), ENDLESS)
