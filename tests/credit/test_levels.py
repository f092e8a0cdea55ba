"""Lights and levels as in the table of handbook 4.3."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from credit.levels import Family, Level, Light, level_of, light_of
from tests.credit.builders import POLICY

G, O, R = Light.GREEN, Light.ORANGE, Light.RED  # noqa: E741 - reads as the table


def lights(*colours: Light) -> dict[Family, Light]:
    return dict(zip(Family, colours, strict=True))


@pytest.mark.parametrize(("points", "light"), [(-1, G), (0, G), (1, O), (3, O), (4, R), (12, R)])
def test_points_colour_the_light(points: int, light: Light) -> None:
    assert light_of(points, POLICY.levels) is light


def test_a_critical_signal_is_red_whatever_the_points() -> None:
    assert light_of(0, POLICY.levels, critical=True) is Light.RED


@pytest.mark.parametrize(
    ("colours", "level"),
    [
        ((G, G, G, G), Level.CLEAR),
        ((O, G, G, G), Level.WATCH),
        ((O, O, G, G), Level.ALERT),
        ((O, O, O, O), Level.ALERT),
        ((R, G, G, G), Level.ALERT),
        ((R, O, G, G), Level.ALERT),
        ((R, O, O, G), Level.RED_ALERT),
        ((R, R, G, G), Level.RED_ALERT),
        ((R, R, R, R), Level.RED_ALERT),
    ],
)
def test_the_table_of_handbook_4_3(colours: tuple[Light, ...], level: Level) -> None:
    assert level_of(lights(*colours)) is level


def test_the_story_of_handbook_4_3() -> None:
    payment = light_of(2 + 2, POLICY.levels)
    commercial = light_of(1, POLICY.levels)
    assert (payment, commercial) == (R, O)
    assert level_of(lights(payment, commercial, G, G)) == 2
    assert level_of(lights(payment, commercial, G, light_of(2, POLICY.levels))) == 3


def test_a_critical_signal_freezes_the_account() -> None:
    assert level_of(lights(G, G, R, G), critical=True) is Level.FROZEN


@given(
    st.lists(st.sampled_from([G, O, R]), min_size=4, max_size=4),
    st.integers(0, 3),
)
def test_a_light_that_gets_worse_never_lowers_the_level(colours: list[Light], at: int) -> None:
    worse = list(colours)
    worse[at] = R if colours[at] is not G else O
    assert level_of(lights(*worse)) >= level_of(lights(*colours))
