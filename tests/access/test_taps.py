"""Nobody but those in charge can press a button of the first rep with any effect."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.handlers.registry import REGISTRY
from bot.screens import access as access_screens
from bot.screens import refusal
from bot.screens.tap import VERBS, Tap, encode
from bot.use_cases.refusals import NotYourRole, NotYours
from tests.access import town
from tests.access.bench import Bench, Seen
from tests.access.taps import forged, instances, kinds, names_a_row

KINDS = kinds()
MOST = 2**53 - 1


def named(cls: type[Tap]) -> str:
    return cls.__name__


def refusals(bench: Bench) -> set[str]:
    spoken = bench.desk.speaker("fr")
    return {
        refusal.words(spoken, NotYours()),
        refusal.words(spoken, NotYourRole()),
        access_screens.outdated(spoken),
    }


def is_the_strangers_line(bench: Bench, seen: Seen) -> bool:
    return seen.screens == [access_screens.stranger(bench.desk.speaker("fr")).text]


def test_every_kind_of_tap_has_a_handler() -> None:
    silent = {cls.__name__ for cls in VERBS.values()} - {cls.__name__ for cls in KINDS}
    assert not silent, f"buttons that nothing listens to: {sorted(silent)}"


@pytest.mark.parametrize("cls", KINDS, ids=named)
def test_a_tap_that_names_a_row_says_whose_row_it_is(cls: type[Tap]) -> None:
    handler = REGISTRY.taps[cls]
    assert not names_a_row(cls) or handler.customer or handler.own, (
        f"@on_tap({cls.__name__}) needs customer=… (whose account it touches) or own=True"
    )


@pytest.mark.parametrize("who", town.INTRUDERS)
@pytest.mark.parametrize("cls", KINDS, ids=named)
def test_an_intruder_is_refused_and_learns_nothing(bench: Bench, cls: type[Tap], who: str) -> None:
    for tap in instances(cls, bench.ids):
        seen = bench.press(town.INTRUDERS[who], encode(tap))
        assert not town.leaks(seen.bodies), (tap, seen.bodies)
        if who != "a second rep":
            assert is_the_strangers_line(bench, seen), (tap, seen.bodies)
            assert not seen.changed, (tap, seen.changed)
            continue
        if names_a_row(cls):
            assert refusals(bench) & {*seen.toasts, *seen.screens}, (tap, seen.bodies)
            assert not seen.changed, (tap, seen.changed)
        assert set(seen.changed) <= {"person"}, (tap, seen.changed)


@pytest.mark.parametrize("cls", [cls for cls in KINDS if names_a_row(cls)], ids=named)
def test_a_manager_of_another_team_is_refused(bench: Bench, cls: type[Tap]) -> None:
    for tap in instances(cls, bench.ids):
        seen = bench.press(town.MANAGER, encode(tap))
        assert not town.leaks(seen.bodies), (tap, seen.bodies)
        assert not seen.changed, (tap, seen.changed)


@pytest.mark.parametrize("cls", KINDS, ids=named)
def test_a_row_that_does_not_exist_is_refused_like_somebody_elses(
    bench: Bench, cls: type[Tap]
) -> None:
    for tap in instances(cls, bench.ids):
        for number in (0, -1, 10**9, MOST):
            seen = bench.press(town.FIRST, encode(forged(tap, number, rows=True)))
            assert not names_a_row(cls) or not seen.changed, (tap, seen.changed)
            assert seen.bodies, tap


@pytest.mark.parametrize("cls", KINDS, ids=named)
def test_a_forged_value_never_breaks_ones_own_screen(bench: Bench, cls: type[Tap]) -> None:
    """Whoever may press can also forge a page, a version or a word."""
    values: tuple[int | str, ...] = (-1, 61, 10**6, MOST, -MOST, "", "zz", "-1", "X" * 20)
    for tap in instances(cls, bench.ids):
        for value in values:
            for who in (town.FIRST, town.CREDIT):
                assert bench.answered(who, encode(forged(tap, value, rows=False)))


@settings(max_examples=2_000)
@given(
    data=st.one_of(
        st.text(max_size=64),
        st.binary(max_size=64).map(lambda raw: raw.decode("latin-1")),
        st.builds(
            lambda schema, verb, parts: schema + ".".join([verb, *parts]),
            st.sampled_from(["1", "0", "2", ""]),
            st.sampled_from([*VERBS, "zz", ""]),
            st.lists(st.from_regex(r"-?[0-9A-Za-z_]{0,12}", fullmatch=True), max_size=4),
        ),
    ),
    who=st.sampled_from([town.FIRST, town.SECOND, town.CREDIT, town.STRANGER]),
)
def test_no_callback_data_whatever_breaks_the_dispatcher(bench: Bench, data: str, who: int) -> None:
    posted = bench.answered(who, data)
    assert posted
    assert who not in {town.SECOND, town.STRANGER} or not town.leaks(posted)
