"""The daily digest: which lines come first, how many, and whether it is worth sending."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum

from credit.money import Money
from credit.policy import DigestPolicy, FloorPolicy


class DigestKind(StrEnum):
    """What a line of the digest is about (handbook 12.1)."""

    PROMISE_BROKEN = "promise_broken"
    PROMISE_DUE = "promise_due"
    CALL_PLANNED = "call_planned"
    NEW_OVERDUE = "new_overdue"
    ALERT = "alert"
    ALERT_EASED = "alert_eased"
    PROMISE_KEPT = "promise_kept"
    PROMISE_MOOT = "promise_moot"
    DISPUTE_LATE = "dispute_late"
    ORDER_HELD = "order_held"
    PRE_REMINDER = "pre_reminder"
    LEGAL_DEADLINE = "legal_deadline"


@dataclass(frozen=True, slots=True)
class DigestLine:
    """One line: a customer, the amount at stake, the row that its button opens."""

    kind: DigestKind
    customer: int
    amount: Money | None
    subject: int
    data: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class DigestPage:
    """The lines shown, the heaviest first, and how many more there are."""

    lines: tuple[DigestLine, ...]
    hidden: int


def page(lines: Iterable[DigestLine], policy: DigestPolicy, floor: FloorPolicy) -> DigestPage:
    """Order the lines by amount x urgency and cut them to `max_lines`."""
    ordered = sorted(
        lines,
        key=lambda line: (-weight(line, policy, floor), line.kind, line.customer, line.subject),
    )
    shown = tuple(ordered[: policy.max_lines])
    return DigestPage(shown, len(ordered) - len(shown))


def weight(line: DigestLine, policy: DigestPolicy, floor: FloorPolicy) -> Decimal:
    """Return amount x urgency, the amount counted in floors of its currency.

    A line without an amount weighs like one floor.
    """
    urgency = policy.urgency.get(line.kind, policy.default_urgency)
    if line.amount is None:
        return urgency
    return abs(floor.weigh(line.amount)) * urgency


def is_worth_sending(lines: Sequence[DigestLine], on: date, policy: DigestPolicy) -> bool:
    """Tell whether to send: nothing to say is not said, except on the weekly day."""
    return bool(lines) or on.weekday() == policy.always_on_weekday
