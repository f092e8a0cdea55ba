"""What the reps did before the visitor comes: promises, disputes and calls of the last weeks."""

from __future__ import annotations

from dataclasses import dataclass

from bot.demo.debtors import code_of
from bot.demo.situations import Place

LAST_EXPORT_DAYS = 10
"""Days ago of the export that the past deeds rest on; today's comes after it."""


@dataclass(frozen=True, slots=True)
class Deed:
    """Something done so many days ago about the oldest overdue invoice of a customer.

    A promise is due `due_in` days after it was made; a share of the invoice is promised or
    contested; `outcome` and `reason` are those of a call.
    """

    days_ago: int
    place: Place
    kind: str  # promise, dispute, call
    due_in: int = 0
    percent: int = 100
    reason: str = ""
    outcome: str = ""
    note: str = ""

    @property
    def customer(self) -> str:
        """Return the code of the customer."""
        return code_of(self.place)


PROMISE, DISPUTE, CALL = "promise", "dispute", "call"
DEEDS = (
    Deed(40, Place.TWO_BROKEN_PROMISES, PROMISE, due_in=6),
    Deed(24, Place.BROKEN_PROMISE, PROMISE, due_in=7),
    Deed(22, Place.WANTS_TIME, CALL, reason="M05", outcome="no_commitment"),
    Deed(21, Place.TWO_BROKEN_PROMISES, PROMISE, due_in=6),
    Deed(12, Place.LATE_DISPUTES, DISPUTE, percent=60, reason="L04", note="Deux palettes cassées."),
    Deed(9, Place.WANTS_TIME, CALL, reason="M05", outcome="plan_requested"),
    Deed(8, Place.SILENT, CALL, reason="M24", outcome="no_answer"),
    Deed(
        6, Place.DISPUTE, DISPUTE, percent=35, reason="L02", note="12 cartons livrés au lieu de 18."
    ),
    Deed(5, Place.SILENT, CALL, reason="M24", outcome="voicemail"),
    Deed(4, Place.PROMISE_DUE_TODAY, PROMISE, due_in=4),
    Deed(2, Place.SILENT, CALL, reason="M24", outcome="no_answer"),
    Deed(1, Place.PROMISE_RUNNING, PROMISE, due_in=6, percent=50),
)
