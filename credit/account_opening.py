"""Opening an account (handbook 5.2): the checklist, what is missing, what a new account may do."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

SIREN, NAME, SIRET, VAT = "siren", "name", "siret", "vat"
IBAN, HOLDER, LIMIT, TERMS = "iban", "holder", "limit", "terms"
SEAT = "seat"
NAMED = (SIREN, NAME, IBAN, HOLDER, LIMIT, TERMS)
"""Points that the product knows by their codes; the credit manager's file must have them."""
FIRST = "essential"
"""The scope of the points that are asked for first, whatever their block."""
LONGEST_CODE = 20
"""Characters of a code: it travels in a button."""

Words = Mapping[str, str]


class Kind(StrEnum):
    """What answers a point."""

    NAME = "name"
    TEXT = "text"
    SIREN = "siren"
    SIRET = "siret"
    VAT = "vat"
    IBAN = "iban"
    AMOUNT = "amount"
    DAY = "day"
    OPTION = "option"
    PHOTO = "photo"


class Need(StrEnum):
    """How much a point matters: asked first, needed for terms, or welcome."""

    ESSENTIAL = "essential"
    REQUIRED = "required"
    OPTIONAL = "optional"


@dataclass(frozen=True, slots=True)
class Named:
    """A block, an option or a guarantee: its code and its label in each language."""

    code: str
    label: Words


@dataclass(frozen=True, slots=True)
class Terms:
    """Terms of payment that may be asked for and granted; `days` is the credit they mean (6.2)."""

    code: str
    label: Words
    days: int


@dataclass(frozen=True, slots=True)
class FirstOrder:
    """What is paid before the first delivery, in percent of the order."""

    code: str
    label: Words
    percent: Decimal


@dataclass(frozen=True, slots=True)
class Point:
    """One line of the checklist."""

    code: str
    block: str
    kind: Kind
    need: Need
    label: Words
    hint: Words | None
    options: tuple[Named, ...] | None
    from_terms: bool | None
    max_age_days: int | None


@dataclass(frozen=True, slots=True)
class Checklist:
    """The whole file as the credit manager wants it; read from `config/reference/`."""

    source: str
    checked_on: date
    verified: bool
    validity_months: tuple[int, ...]
    review_payments: int
    decision_hours: int
    blocks: tuple[Named, ...]
    points: tuple[Point, ...]
    terms: tuple[Terms, ...]
    first_orders: tuple[FirstOrder, ...]
    guarantees: tuple[Named, ...]

    def __post_init__(self) -> None:
        """Refuse a checklist that the product cannot ask for, naming what is wrong."""
        blocks = {block.code for block in self.blocks}
        for point in self.points:
            if point.block not in blocks:
                raise ValueError(f"point {point.code}: no block {point.block}")
            if point.kind is Kind.OPTION and not self.options_of(point):
                raise ValueError(f"point {point.code}: no options")
        absent = [code for code in NAMED if self.point(code) is None]
        if absent:
            raise ValueError(f"points are missing: {', '.join(absent)}")
        for part in (self.blocks, self.points, self.terms, self.first_orders, self.guarantees):
            _sound(part)

    def point(self, code: str) -> Point | None:
        """Find a point by its code."""
        return next((point for point in self.points if point.code == code), None)

    def options_of(self, point: Point) -> tuple[Named, ...]:
        """Return what may be pressed to answer a point; nothing for what is typed."""
        if point.from_terms:
            return tuple(Named(one.code, one.label) for one in self.terms)
        return point.options or ()

    def scope(self, code: str) -> tuple[Point, ...]:
        """Return the points of a block, or those asked for first; nothing for an unknown code."""
        if code == FIRST:
            return tuple(point for point in self.points if point.need is Need.ESSENTIAL)
        return tuple(point for point in self.points if point.block == code)

    def lacking(self, answered: Collection[str]) -> tuple[Point, ...]:
        """Return what terms wait for: every point that is not optional and has no answer."""
        return tuple(
            point
            for point in self.points
            if point.need is not Need.OPTIONAL and point.code not in answered
        )

    def following(self, scope: str, code: str, answered: Collection[str]) -> Point | None:
        """Return the next point of a scope that has no answer, after `code` ("" : the first)."""
        points = self.scope(scope)
        codes = [point.code for point in points]
        start = codes.index(code) + 1 if code in codes else 0
        if code and code not in codes:
            return None
        left = (point for point in points[start:] if point.code not in answered)
        return next(left, None)

    def percent(self, first_order: str | None) -> Decimal:
        """Return what is paid before a first delivery under a rule; 0 for an unknown one."""
        found = (one.percent for one in self.first_orders if one.code == first_order)
        return next(found, Decimal(0))


def _sound(part: Iterable[Named | Point | Terms | FirstOrder]) -> None:
    codes = [one.code for one in part]
    if not codes or len(set(codes)) != len(codes):
        raise ValueError(f"codes are missing or doubled: {', '.join(codes)}")
    for one in part:
        if not one.code.isidentifier() or len(one.code) > LONGEST_CODE:
            raise ValueError(f"code {one.code!r}: at most {LONGEST_CODE} letters, digits and _")
        if set(one.label) != {"fr", "en"}:
            raise ValueError(f"{one.code}: a label in fr and in en")


@dataclass(frozen=True, slots=True)
class Standing:
    """What the order control knows of a new account; `first_percent` None: no special rule."""

    is_new: bool
    file_complete: bool
    first_percent: Decimal | None


ESTABLISHED = Standing(is_new=False, file_complete=True, first_percent=None)
"""An account that was opened before files were kept."""


def standing(
    checklist: Checklist,
    *,
    accepted: bool,
    complete: bool,
    first_order: str | None,
    payments: int,
    invoices: int,
) -> Standing:
    """Say what a file lets its account order (5.2).

    No terms before the file is accepted and complete; the first order follows the rule that
    was decided; the account is new until so many payments were received.
    """
    percent = checklist.percent(first_order)
    return Standing(
        is_new=payments < checklist.review_payments,
        file_complete=accepted and complete,
        first_percent=percent if accepted and percent and not invoices else None,
    )
