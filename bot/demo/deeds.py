"""What the staff did before the visitor comes: promises, disputes, calls, visits, an order."""

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
    contested; `outcome` and `reason` are those of a call. `code` is what was seen on a visit,
    by the customer's rep unless `by` is another's role. An order of `euros` is held.
    """

    days_ago: int
    place: Place
    kind: str  # promise, dispute, call, visit, order, question
    due_in: int = 0
    percent: int = 100
    reason: str = ""
    outcome: str = ""
    note: str = ""
    code: str = ""
    by: str = ""
    euros: int = 0

    @property
    def customer(self) -> str:
        """Return the code of the customer."""
        return code_of(self.place)


PROMISE, DISPUTE, CALL, VISIT, ORDER = "promise", "dispute", "call", "visit", "order"
QUESTION = "question"
DEEDS = (
    Deed(40, Place.TWO_BROKEN_PROMISES, PROMISE, due_in=6),
    Deed(24, Place.BROKEN_PROMISE, PROMISE, due_in=7),
    Deed(22, Place.WANTS_TIME, CALL, reason="M05", outcome="no_commitment"),
    Deed(23, Place.RED_ALERT, PROMISE, due_in=8),
    Deed(21, Place.TWO_BROKEN_PROMISES, PROMISE, due_in=6),
    Deed(12, Place.LATE_DISPUTES, DISPUTE, percent=60, reason="L04", note="Deux palettes cassées."),
    Deed(9, Place.WANTS_TIME, CALL, reason="M05", outcome="plan_requested"),
    Deed(8, Place.SILENT, CALL, reason="M24", outcome="no_answer"),
    Deed(
        6, Place.DISPUTE, DISPUTE, percent=35, reason="L02", note="12 cartons livrés au lieu de 18."
    ),
    Deed(6, Place.RED_ALERT, VISIT, code="T05", note="Vu à 10 h : deux rayons sur trois vides."),
    Deed(
        5,
        Place.INSURER_LEAVES,
        VISIT,
        code="T21",
        note="The timber supplier now wants cash on delivery.",
    ),
    Deed(5, Place.SILENT, CALL, reason="M24", outcome="voicemail"),
    Deed(4, Place.PROMISE_DUE_TODAY, PROMISE, due_in=4),
    Deed(3, Place.INSURER_LEAVES, VISIT, code="T09", note="Empty yard at 3 pm on a Thursday."),
    Deed(3, Place.RED_ALERT, VISIT, code="T05", by="sales-manager", note="Stock toujours bas."),
    Deed(2, Place.SILENT, CALL, reason="M24", outcome="no_answer"),
    Deed(1, Place.PROMISE_RUNNING, PROMISE, due_in=6, percent=50),
)
TODAY = (
    Deed(
        0,
        Place.OVER_LIMIT,
        ORDER,
        euros=3200,
        note="Chantier de la mairie : virement de 2 000 € annoncé pour vendredi.",
    ),
    Deed(
        0,
        Place.DISPUTE,
        QUESTION,
        by="credit-manager",
        note="Le bon de livraison est-il signé sans réserve ?",
    ),
)
"""What happens once everybody is in: the credit manager is told, and asks a rep."""
