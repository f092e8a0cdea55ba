"""What the rules of families C2 to C4 need of one customer: orders, public records, sightings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from credit.bodacc import Standing


class Order(NamedTuple):
    """An order; `place` is where it was to go, "" when that is a known place or not told."""

    on: date
    number: str
    minor: int
    currency: str
    place: str = ""
    buyer: str = ""


@dataclass(frozen=True, slots=True)
class Sales:
    """What was invoiced to a customer in one currency, in minor units, tax included.

    `lately` and `returned_lately` are of the window of C2-08, `surging` of that of C2-03 and
    `steady` of the mean it is held against; `year` and `ours` are of the window of C2-10.
    """

    surging: int = 0
    steady: int = 0
    lately: int = 0
    returned_lately: int = 0
    past: int = 0
    returned_past: int = 0
    year: int = 0
    ours: int = 0


class Reject(NamedTuple):
    """A payment that the bank sent back for lack of funds."""

    on: date
    code: str
    minor: int
    currency: str


class MeansChange(NamedTuple):
    """A new bank account, or a means that binds the payer less."""

    on: date
    what: str  # "bank_account", "means"


class Cover(NamedTuple):
    """An insurer's decision: granted, reduced, refused or cancelled."""

    on: date
    decision: str
    minor: int | None
    currency: str


class Seat(NamedTuple):
    """A move of the registered office."""

    on: date
    domiciliation: bool


class Accounts(NamedTuple):
    """What annual accounts say, in minor units; None: not told."""

    closed_on: date
    equity: int | None
    capital: int | None
    result: int | None


class Sighting(NamedTuple):
    """Something a rep saw or heard at the customer's."""

    code: str
    on: date
    author: int


@dataclass(frozen=True, slots=True)
class PublicRecord:
    """What public records, insurers and rating say; lists are oldest first."""

    standing: Standing = field(default_factory=Standing)
    privileges: tuple[date, ...] = ()
    pledges: tuple[date, ...] = ()
    lawsuits: tuple[date, ...] = ()
    managers: tuple[date, ...] = ()
    seats: tuple[Seat, ...] = ()
    covers: tuple[Cover, ...] = ()
    ratings: tuple[tuple[date, int], ...] = ()  # rank: 0 is best
    accounts: tuple[Accounts, ...] = ()
    last_closing: date | None = None  # of the accounts filed last
    naf: str = ""


@dataclass(frozen=True, slots=True)
class Signs:
    """All that is known of a customer outside the ledger.

    `lifted` are the causes of freezes that a credit manager has lifted; `since` is the day of
    the first purchase.
    """

    orders: tuple[Order, ...] = ()  # oldest first
    sales: Mapping[str, Sales] = field(default_factory=dict)
    since: date | None = None
    rejects: tuple[Reject, ...] = ()
    means: MeansChange | None = None
    record: PublicRecord = field(default_factory=PublicRecord)
    sightings: tuple[Sighting, ...] = ()
    lifted: frozenset[str] = frozenset()

    @property
    def silent(self) -> bool:
        """Tell whether nothing is known: no rule of these families can light."""
        return self is NO_SIGNS or self == NO_SIGNS


NO_SIGNS = Signs()
