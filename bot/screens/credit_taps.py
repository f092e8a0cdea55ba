"""The keys of a customer's credit, apart from its screens: others show them too."""

from __future__ import annotations

from dataclasses import dataclass

from bot.screens.tap import Tap, verb


@verb("rc")
@dataclass(frozen=True, slots=True)
class ShowCredit(Tap):
    """Show class, limit, guarantees and letters of an account on one screen."""

    customer: int


@verb("rp")
@dataclass(frozen=True, slots=True)
class ShowProposal(Tap):
    """Show the class and the limit proposed today, and where each figure comes from."""

    customer: int


@verb("ra")
@dataclass(frozen=True, slots=True)
class AcceptProposal(Tap):
    """Decide as shown: this class, this limit in minor units (-1: the ledger's stays)."""

    customer: int
    risk: str
    amount: int


@verb("rg")
@dataclass(frozen=True, slots=True)
class ChangeProposal(Tap):
    """Decide otherwise: the form asks for class, limit and reason."""

    customer: int


@verb("rf")
@dataclass(frozen=True, slots=True)
class CompleteFile(Tap):
    """Say what no file tells of the company."""

    customer: int


@verb("rh")
@dataclass(frozen=True, slots=True)
class ShowDecisions(Tap):
    """Show the decisions taken on an account, newest first."""

    customer: int


@verb("rv")
@dataclass(frozen=True, slots=True)
class ShowReviews(Tap):
    """Show a page of the reviews that are due, or of those never decided on."""

    page: int
    never: int
