"""The rules of family C4 and what reps say of C2: sightings that count once and fade."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from types import MappingProxyType

from bot.alerts.building import Figure, weighing
from bot.alerts.figures import AccountFigures
from bot.alerts.signal import Action, Signal
from bot.alerts.signs import Sighting
from credit.policy import Policy
from credit.sign_policy import FieldPolicy

Rule = Callable[[AccountFigures, Policy], Signal | None]
TWICE_DAYS = 2
TOLD = ("C2-05", "C2-07", "C2-09")  # families C2 and C3 by a rep's word; C3-13 has its own rule
SEEN = tuple(f"T{number:02d}" for number in range(1, 27))


def sighting(code: str) -> Rule:
    """Make the rule of one code: its points, less with time, more when seen twice."""

    def rule(figures: AccountFigures, policy: Policy) -> Signal | None:
        field = policy.signals.field
        if code not in field.codes or code in field.disabled:
            return None
        seen = [one for one in figures.signs.sightings if one.code == code]
        seen = [one for one in seen if 0 <= (figures.as_of - one.on).days < field.gone_days]
        if not seen:
            return None
        last = max(one.on for one in seen)
        figure: Figure = {"on": last, "count": len({(one.on, one.author) for one in seen})}
        points = weight(code, seen, figures.as_of, field)
        return weighing(code, points, field.gone_days, figure, Action.LOOK_AGAIN)

    return rule


def weight(code: str, seen: Sequence[Sighting], today: date, field: FieldPolicy) -> int:
    """Return the points that sightings of one code have today, to the nearest one.

    The latest sighting fades; two authors, or two days apart by two or more, weigh more.
    """
    last = max(one.on for one in seen)
    points = field.codes[code] * field.weight(last, today)
    if is_confirmed(seen):
        points *= field.twice_factor
    return int(points.quantize(Decimal(1), ROUND_HALF_UP))


def is_confirmed(seen: Sequence[Sighting]) -> bool:
    """Tell whether sightings are independent: two authors, or days apart by two at least."""
    days = [one.on for one in seen]
    apart = max(days) - min(days) >= timedelta(days=TWICE_DAYS)
    return apart or len({one.author for one in seen}) > 1


FIELD_RULES = MappingProxyType[str, Rule]({code: sighting(code) for code in (*TOLD, *SEEN)})
"""The rules of this family by the code of what was seen."""
