"""What a button carries: 64 bytes, the same value back, and nothing from a forged press."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
from typing import get_type_hints

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.handlers import surface
from bot.handlers.registry import REGISTRY
from bot.screens.tap import LIMIT_BYTES, VERBS, Tap, decode, encode, verb

MOST = 2**53 - 1
NUMBERS = st.integers(-MOST, MOST)
WORDS = st.from_regex(r"[A-Za-z0-9_\-]{0,20}", fullmatch=True)


@verb("zz")
@dataclass(frozen=True, slots=True)
class Sample(Tap):
    """Only here."""

    row: int
    word: str
    page: int


VERBS.pop("zz")  # no tap of the product: known only while a test of this module runs
surface.load()


@pytest.fixture(autouse=True, scope="module")
def sample() -> Iterator[None]:
    VERBS["zz"] = Sample
    yield
    VERBS.pop("zz")


@given(NUMBERS, WORDS, NUMBERS)
@example(0, "", -MOST)
@example(MOST, "a-b_c", 61)
def test_a_tap_comes_back_as_it_went(row: int, word: str, page: int) -> None:
    tap = Sample(row, word, page)
    data = encode(tap)
    assert len(data.encode()) <= LIMIT_BYTES
    assert decode(data) == tap


@pytest.mark.parametrize("cls", [*VERBS.values()], ids=lambda cls: cls.__name__)
def test_every_tap_fits_with_the_largest_ids(cls: type[Tap]) -> None:
    kinds = get_type_hints(cls)
    tap = cls(*(MOST if kinds[one.name] is int else "credit_manager" for one in fields(cls)))
    assert len(encode(tap).encode()) <= LIMIT_BYTES
    assert decode(encode(tap)) == tap


def test_every_tap_carries_only_numbers_and_words() -> None:
    for cls in VERBS.values():
        assert {get_type_hints(cls)[one.name] for one in fields(cls)} <= {int, str}, cls


@given(st.text(max_size=80))
def test_no_text_whatever_breaks_the_reading(data: str) -> None:
    tap = decode(data)
    assert tap is None or isinstance(tap, Tap)


@given(st.sampled_from([*sorted(VERBS), "zz"]), st.lists(st.text(max_size=20), max_size=5))
def test_forged_parts_give_nothing_or_a_tap_of_the_right_kinds(name: str, parts: list[str]) -> None:
    tap = decode("1" + ".".join([name, *parts]))
    if tap is not None:
        kinds = get_type_hints(type(tap))
        assert all(type(getattr(tap, one.name)) is kinds[one.name] for one in fields(tap))
        assert decode(encode(tap)) == tap


@pytest.mark.parametrize(
    "data",
    [
        "",
        "1",
        "1.",
        "zz.1.a.2",
        "0zz.1.a.2",
        "2zz.1.a.2",
        "1xx.1.a.2",
        "1zz.1.a",
        "1zz.1.a.2.3",
        "1zz..a.2",
        "1zz.-.a.2",
        "1zz.1.a b.2",
        "1zz.1.é.2",
        "1zz.٣.a.2",
        "1zz.1.a.zzzzzzzzzzz",
        "1zz.1.a.2\n",
        "1zz.1." + "a" * 60 + ".2",
    ],
)
def test_old_and_forged_data_mean_nothing(data: str) -> None:
    assert decode(data) is None


@pytest.mark.parametrize("word", ["a.b", "a b", "é", "a\n", "x" * 41])
def test_a_word_that_would_not_come_back_is_refused(word: str) -> None:
    with pytest.raises(ValueError, match="word"):
        encode(Sample(1, word, 1))


def test_what_a_tap_cannot_carry_is_refused() -> None:
    with pytest.raises(ValueError, match=r"2\*\*53"):
        encode(Sample(2**53, "a", 1))
    with pytest.raises(TypeError, match="integers and words"):
        encode(Sample(True, "a", 1))


def test_two_kinds_of_tap_cannot_share_a_verb() -> None:
    with pytest.raises(ValueError, match="taken"):

        @verb("zz")
        @dataclass(frozen=True, slots=True)
        class Another(Tap):
            row: int

    assert VERBS["zz"] is Sample
    assert Sample not in REGISTRY.taps
