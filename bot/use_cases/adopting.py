"""Accounts opened by a file: its class and limit hold as soon as the ledger knows the customer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.use_cases import credit_standing
from bot.use_cases.credit_deciding import Decided, propose, put
from credit.money import Money
from credit.risk_class import RiskClass
from storage import credit_decisions

if TYPE_CHECKING:
    from bot.use_cases.rules import Rules
    from storage.events import Origin
    from storage.work import Work

CLASSES = {one.value: one for one in RiskClass}


def due(work: Work) -> list[Any]:
    """Find the accepted files whose customer came into the ledger and was never decided on."""
    return [row for row in credit_decisions.opened(work) if row.risk_class in CLASSES]


def adopt(work: Work, origin: Origin, rules: Rules, most: int | None = None) -> int:
    """Put what files were accepted with in force for so many customers; return how many.

    Of two files of one company the latest decision counts.
    """
    found: dict[int, Any] = {}
    for row in due(work):
        found.setdefault(row.customer_id, row)
    for row in list(found.values())[:most]:
        _put(work, origin, row, rules)
    return len(found) if most is None else min(most, len(found))


def _put(work: Work, origin: Origin, row: Any, rules: Rules) -> None:  # noqa: ANN401 - a row
    seen = credit_standing.read(work, row.customer_id, origin.at, rules)
    limit = None
    if row.limit_minor is not None:
        limit = Money.from_minor(row.limit_minor, row.currency)
    decided = Decided(
        CLASSES[row.risk_class],
        limit,
        credit_decisions.OPENING,
        row.decided_by,
        None,
        row.valid_until,
    )
    put(work, origin, propose(seen, rules), decided, rules)
