"""Every calculation by its name, and the way in: typed values to an answer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from types import MappingProxyType

from bot.use_cases.calculations.claims import CLAIMS
from bot.use_cases.calculations.costs import COSTS
from bot.use_cases.calculations.given import Answer, Calculation, Sources
from bot.use_cases.calculations.risk import RISK
from bot.use_cases.calculations.speed import SPEED
from bot.use_cases.refusals import CalculationRefused

CALCULATIONS: Mapping[str, Calculation] = MappingProxyType(
    {one.name: one for one in (*SPEED, *COSTS, *CLAIMS, *RISK)}
)
"""By name, in the order in which people read them."""


def calculate(name: str, typed: Mapping[str, str], sources: Sources) -> Answer:
    """Compute a figure by its name; raise `CalculationRefused` when that is not possible."""
    wanted = CALCULATIONS.get(name)
    if wanted is None:
        near = get_close_matches(name, CALCULATIONS, 1)
        code = "unknown_calculation" if near else "no_such_calculation"
        raise CalculationRefused(name, code, near[0] if near else "")
    return wanted.run(typed, sources)


def paired(name: str, words: Iterable[str]) -> dict[str, str]:
    """Read key=value words; raise `CalculationRefused` for anything else, or a key told twice."""
    typed: dict[str, str] = {}
    for word in words:
        key, sign, value = word.partition("=")
        if not sign or not key:
            raise CalculationRefused(name, "not_a_pair", text=word)
        if key in typed:
            raise CalculationRefused(name, "told_twice", key, value)
        typed[key] = value
    return typed
