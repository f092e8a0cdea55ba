"""A signal: one rule that fired, with its figure, its threshold and what to do about it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from credit.money import Money


class Action(StrEnum):
    """What the rep is advised to do."""

    CALL = "call"
    ASK_WHAT_CHANGED = "ask_what_changed"
    DEMAND_PAYMENT = "demand_payment"
    ASK_WHICH_INVOICES = "ask_which_invoices"
    REPORT_TO_CREDIT_MANAGER = "report_to_credit_manager"
    SETTLE_DISPUTE = "settle_dispute"
    CHECK_BEFORE_ORDER = "check_before_order"
    CALL_BEFORE_NEXT_DELIVERY = "call_before_next_delivery"
    ASK_ABOUT_INVOICE = "ask_about_invoice"
    VISIT = "visit"


FigureValue = Money | Decimal | int | str | date | None


@dataclass(frozen=True, slots=True)
class Signal:
    """A lit signal; `rule` names the tier used ("C1-01.2"), `threshold` is its value."""

    id: str
    points: int
    figure: Mapping[str, FigureValue]
    rule: str
    threshold: Decimal
    action: Action
