"""A signal: one rule that fired, with its figure, its threshold and what to do about it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType
from typing import NamedTuple

from credit.levels import Family
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
    STOP_AND_DECLARE = "stop_and_declare"
    STOP_DELIVERIES = "stop_deliveries"
    OPPOSE_SALE = "oppose_sale"
    CASH_ONLY = "cash_only"
    ASK_FOR_ACCOUNTS = "ask_for_accounts"
    CONFIRM_ORDER = "confirm_order"
    CALL_BANK_REJECT = "call_bank_reject"
    CHECK_IDENTITY = "check_identity"
    LOOK_AGAIN = "look_again"


FAMILIES = MappingProxyType(
    {"C1": Family.PAYMENT, "C2": Family.COMMERCIAL, "C3": Family.PUBLIC, "C4": Family.FIELD}
)
FigureValue = Money | Decimal | int | str | date | None


class Signal(NamedTuple):
    """A lit signal; `rule` names the tier used ("C1-01.2"), `threshold` is its value.

    A `critical` one (K) freezes the account for its `cause`, which a credit manager may lift.
    """

    id: str
    points: int
    figure: Mapping[str, FigureValue]
    rule: str
    threshold: Decimal
    action: Action
    critical: bool = False
    cause: str = ""

    @property
    def family(self) -> Family:
        """Return the family of its rule: C1 to C4, T codes belong to C4."""
        return family_of(self.id)


def family_of(signal_id: str) -> Family:
    """Return the family of a rule by the id of its signal."""
    return FAMILIES.get(signal_id[:2], Family.FIELD)
