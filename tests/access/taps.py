"""Every kind of tap, filled with the first rep's rows: made from the list of handlers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, replace
from datetime import date
from itertools import product
from typing import get_type_hints

from bot.handlers import surface
from bot.handlers.registry import REGISTRY
from bot.screens.tap import Tap
from tests.access.town import Ids

# A field that names a row: whose row it is decides who may press. A new one needs a row in
# `town.py` and its name here.
ROWS = {
    "customer": "customer",
    "item": "item",
    "promise": "promise",
    "dispute": "dispute",
    "task": "task",
    "contact": "contact",
    "conversation": "conversation",
    "broadcast": "broadcast",
    "upload": "upload",
    "person": "person",
    "invitation": "invitation",
    "request": "release",
    "opening": "opening",
    "guarantee": "guarantee",
    "notice": "notice",
    "observation": "observation",
    # a portfolio travels as the id of one of its customers
    "ShowDay.key": "customer",
    "ShowBalance.key": "customer",
    "ShowOwing.key": "customer",
    "Export.key": "customer",
}
# A field that names no row: a place in a list, a page, a version, a word.
FREE: dict[str, tuple[int | str, ...]] = {
    "page": (0, 1),
    "asked": (0, 1),
    "mark": ("a1", "zz"),
    "place": (0, 99),
    "version": (1, 3),
    "index": (0, 1),
    "locale": ("fr", "en"),
    "role": ("rep", "admin", "nobody"),
    "knowing": (0, 1),
    "what": ("d", "b", "a", "p", "l", "o"),
    "card": ("cheque", "no-such-card"),
    "theme": ("means", "late", ""),
    "figure": ("penalty", "late-cost", "prescription", "bailiff-fee", "no-such-figure"),
    "parts": (3, 99),
    "months": (6, 5),
    "block": ("speed", "risk", "", "zz"),
    "amount": (100_000, 0),
    "currency": ("EUR", "zzz"),
    "day": (0, date(2030, 12, 31).toordinal()),
    "means": ("transfer", "zz"),
    "deposit": (0, 1),
    "point": ("rib", "siren", "zz", ""),
    "sure": (0, 1),
    "decision": ("accept", "refuse", "zz"),
    "ruling": ("full", "none", "zz"),
    "risk": ("C", "Z"),
    "never": (0, 1),
    "pace": ("now", "twice", "zz"),
    "minutes": (465, 510, 9),
    "key": ("promise", "fam_paid", "all", "back"),
}


class UnknownField(AssertionError):
    """A tap carries a field that this test does not know."""


def instances(cls: type[Tap], ids: Ids) -> Iterator[Tap]:
    """Make every combination of values worth pressing for a kind of tap."""
    names = [field.name for field in fields(cls)]
    yield from (cls(*values) for values in product(*(_values(cls, name, ids) for name in names)))


def _values(cls: type[Tap], name: str, ids: Ids) -> tuple[int | str, ...]:
    kind = get_type_hints(cls)[name]
    if row := row_of(cls, name):
        return (getattr(ids, row),)
    if values := tuple(value for value in FREE.get(name, ()) if isinstance(value, kind)):
        return values
    raise UnknownField(
        f"{cls.__name__}.{name} ({kind.__name__}) is new here: if it names a row, add the row to "
        "tests/access/town.py (the first rep's) and the field to ROWS in tests/access/taps.py; "
        "if it names none, add values to FREE there"
    )


def row_of(cls: type[Tap], name: str) -> str | None:
    """Return which row of the town a field points at; None for a field that names none."""
    if get_type_hints(cls)[name] is not int:
        return None
    return ROWS.get(f"{cls.__name__}.{name}", ROWS.get(name))


def names_a_row(cls: type[Tap]) -> bool:
    """Tell whether a kind of tap points at somebody's row."""
    return any(row_of(cls, field.name) for field in fields(cls))


def forged(tap: Tap, value: int | str, *, rows: bool) -> Tap:
    """Replace the values of this kind in the fields that name rows, or in the others."""
    cls = type(tap)
    values = {
        field.name: value
        for field in fields(tap)
        if bool(row_of(cls, field.name)) is rows
        and isinstance(getattr(tap, field.name), type(value))
    }
    return replace(tap, **values)


def kinds() -> list[type[Tap]]:
    """Return every kind of tap that has a handler."""
    surface.load()
    return sorted(REGISTRY.taps, key=lambda cls: cls.VERB)
