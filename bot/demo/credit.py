"""What the demo's credit manager decided: who, when, which class and limit, which guarantee."""

from __future__ import annotations

from dataclasses import dataclass

from bot.demo.situations import Place


@dataclass(frozen=True, slots=True)
class Ruled:
    """A class and a limit in euros, decided so many days ago, with the reason."""

    place: Place
    days_ago: int
    risk: str
    euros: int
    reason: str


@dataclass(frozen=True, slots=True)
class Guaranteed:
    """A guarantee in euros taken so many days ago, that ends in so many."""

    place: Place
    days_ago: int
    kind: str
    euros: int
    ends_in: int
    giver: str
    reference: str


RULED = (
    Ruled(Place.AT_PEACE, 40, "A", 30_000, "Dix ans sans un retard, bilan solide."),
    Ruled(Place.CREDIT_NOTES, 130, "C", 18_000, "Avoirs fréquents : à revoir au trimestre."),
)
"""The second one's review, three months after it, is overdue."""
GUARANTEED = Guaranteed(
    Place.FAR_OVER_LIMIT,
    345,
    "bank_surety",
    8_000,
    20,
    "Banque Populaire du Rhône",
    "CB-2025-0417",
)
