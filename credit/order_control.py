"""Order control: whether a new order may leave, by which rules, and what would free it.

```mermaid
stateDiagram-v2
    [*] --> released: no rule, or a warning only
    [*] --> checked: call back first
    [*] --> held: the credit manager decides
    [*] --> refused: payment before delivery
```
Handbook 5.6: every rule that applies is told; the gravest one decides.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import IntEnum, StrEnum

from credit.money import Money, rounded, zero
from credit.risk_class import RiskClass


class OrderRule(StrEnum):
    """The rules of the handbook; B11 is the one that frees."""

    REFUSED = "B01"
    OVER_LIMIT = "B02"
    FAR_OVER_LIMIT = "B03"
    LONG_OVERDUE = "B04"
    OVERDUE = "B05"
    INCIDENT = "B06"
    FILE_INCOMPLETE = "B07"
    FORMAL_NOTICE = "B08"
    ATYPICAL = "B09"
    LIMIT_EXPIRED = "B10"
    DISPUTED_ONLY = "B11"


class Decision(IntEnum):
    """What happens to the order, from the mildest to the gravest."""

    RELEASED = 0
    WARNED = 1
    CALL_BACK = 2
    CALL_FIRST = 3
    DEPOSIT = 4
    HELD = 5
    BLOCKED = 6
    REFUSED = 7


class Colour(StrEnum):
    """What the rep sees at a glance."""

    GREEN = "green"
    AMBER = "amber"
    RED = "red"


class Releaser(StrEnum):
    """Who may let a held order go."""

    NOBODY = "nobody"  # it goes by itself
    ORDER_DESK = "order_desk"
    SALES_MANAGER = "sales_manager"
    CREDIT_MANAGER = "credit_manager"


DECISIONS = {
    OrderRule.REFUSED: (Decision.REFUSED, Releaser.CREDIT_MANAGER),
    OrderRule.OVER_LIMIT: (Decision.WARNED, Releaser.NOBODY),
    OrderRule.FAR_OVER_LIMIT: (Decision.HELD, Releaser.CREDIT_MANAGER),
    OrderRule.LONG_OVERDUE: (Decision.HELD, Releaser.CREDIT_MANAGER),
    OrderRule.OVERDUE: (Decision.CALL_FIRST, Releaser.SALES_MANAGER),
    OrderRule.INCIDENT: (Decision.HELD, Releaser.CREDIT_MANAGER),
    OrderRule.FILE_INCOMPLETE: (Decision.DEPOSIT, Releaser.ORDER_DESK),
    OrderRule.FORMAL_NOTICE: (Decision.BLOCKED, Releaser.CREDIT_MANAGER),
    OrderRule.ATYPICAL: (Decision.CALL_BACK, Releaser.ORDER_DESK),
    OrderRule.LIMIT_EXPIRED: (Decision.HELD, Releaser.CREDIT_MANAGER),
    OrderRule.DISPUTED_ONLY: (Decision.RELEASED, Releaser.NOBODY),
}
"""What each rule decides, and who may release (handbook 5.6)."""


@dataclass(frozen=True, slots=True)
class OrderPolicy:
    """The credit manager's thresholds; percents are 0-100, days are calendar days."""

    warn_percent: Decimal
    call_days: int
    hold_days: int
    incident_days: int
    promise_days: int
    deposit_percent: Decimal
    first_deposit_percent: Decimal
    decision_hours: int


@dataclass(frozen=True, slots=True)
class Exposure:
    """Everything at risk with a customer, in one currency; `guaranteed` and `deposits` lower it."""

    outstanding: Money
    uninvoiced: Money
    open_orders: Money
    order: Money
    deposits: Money
    guaranteed: Money

    @property
    def total(self) -> Money:
        """Return the exposure once the order is taken (handbook 5.6)."""
        at_risk = self.outstanding + self.uninvoiced + self.open_orders + self.order
        return at_risk - self.deposits - self.guaranteed


@dataclass(frozen=True, slots=True)
class Buyer:
    """What is known of the customer who orders.

    `overdue_days` and `overdue` count what nobody disputes, in whatever currency, one amount for
    each; `disputed_late` tells that disputed invoices are late, `dispute_in_time` that their
    handling keeps to its target. `first_percent` is what was decided to be paid before a first
    order; None: it is no first one. `beside` is what is at risk in the limit's currency when the
    order is in another one: the two are never added.
    """

    risk: RiskClass | None
    critical: bool
    limit: Money | None
    limit_until: date | None
    overdue_days: int
    overdue: tuple[Money, ...]
    last_incident_on: date | None
    is_new: bool
    file_complete: bool
    formal_notice_unpaid: bool
    atypical: bool
    new_address: bool
    disputed_late: bool
    dispute_in_time: bool
    first_percent: Decimal | None = None
    beside: Money | None = None


@dataclass(frozen=True, slots=True)
class WaysOut:
    """What would free the order; None where a way does not apply.

    `pay` brings the exposure back under the limit, `reduce_to` is the order that fits,
    `pay_overdue` clears what is late in each currency, `deposit` is a share of the order.
    """

    pay: Money | None = None
    reduce_to: Money | None = None
    pay_overdue: tuple[Money, ...] = ()
    promise_within_days: int | None = None
    deposit: Money | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """The answer to an order: every rule that applies, the gravest first.

    `at_risk` is what was held against the limit, in its currency.
    """

    rules: tuple[OrderRule, ...]
    decision: Decision
    releaser: Releaser
    exposure: Exposure
    at_risk: Money
    limit: Money | None
    ways: WaysOut

    @property
    def colour(self) -> Colour:
        """Return green, amber or red."""
        if self.decision is Decision.RELEASED:
            return Colour.GREEN
        return Colour.AMBER if self.decision < Decision.HELD else Colour.RED

    @property
    def used_percent(self) -> Decimal | None:
        """Return the exposure in percent of the limit; None without a limit to compare with."""
        if self.limit is None or not self.limit:
            return None
        return self.at_risk.amount * 100 / self.limit.amount


def control(buyer: Buyer, exposure: Exposure, today: date, policy: OrderPolicy) -> Verdict:
    """Decide on an order; raise `MixedCurrencies` when nothing is told in the limit's currency."""
    found = sorted(
        _applying(buyer, exposure, today, policy),
        key=lambda rule: (-DECISIONS[rule][0], rule.value),
    )
    decision, releaser = DECISIONS[found[0]] if found else (Decision.RELEASED, Releaser.NOBODY)
    return Verdict(
        tuple(found),
        decision,
        releaser,
        exposure,
        _at_risk(buyer, exposure),
        buyer.limit,
        _ways(buyer, exposure, found, policy),
    )


def _applying(
    buyer: Buyer, exposure: Exposure, today: date, policy: OrderPolicy
) -> Iterable[OrderRule]:
    if buyer.critical or buyer.risk is RiskClass.E:
        yield OrderRule.REFUSED
    yield from _of_limit(buyer, exposure, today, policy)
    yield from _of_lateness(buyer, policy)
    incident = buyer.last_incident_on
    if incident is not None and (today - incident).days <= policy.incident_days:
        yield OrderRule.INCIDENT
    if buyer.is_new and (not buyer.file_complete or buyer.first_percent is not None):
        yield OrderRule.FILE_INCOMPLETE
    if buyer.formal_notice_unpaid:
        yield OrderRule.FORMAL_NOTICE
    if buyer.atypical or buyer.new_address:
        yield OrderRule.ATYPICAL


def _of_limit(
    buyer: Buyer, exposure: Exposure, today: date, policy: OrderPolicy
) -> Iterable[OrderRule]:
    if buyer.limit is None:
        return
    at_risk = _at_risk(buyer, exposure)
    over = at_risk > buyer.limit
    if at_risk.amount * 100 > buyer.limit.amount * policy.warn_percent:
        yield OrderRule.FAR_OVER_LIMIT
    elif over:
        yield OrderRule.OVER_LIMIT
    if buyer.limit_until is not None and today > buyer.limit_until:
        yield OrderRule.LIMIT_EXPIRED


def _at_risk(buyer: Buyer, exposure: Exposure) -> Money:
    return exposure.total if buyer.beside is None else buyer.beside


def _of_lateness(buyer: Buyer, policy: OrderPolicy) -> Iterable[OrderRule]:
    if buyer.overdue_days > policy.hold_days:
        yield OrderRule.LONG_OVERDUE
    elif buyer.overdue_days > policy.call_days:
        yield OrderRule.OVERDUE
    elif not buyer.overdue_days and buyer.disputed_late and buyer.dispute_in_time:
        yield OrderRule.DISPUTED_ONLY


def _ways(
    buyer: Buyer, exposure: Exposure, rules: Iterable[OrderRule], policy: OrderPolicy
) -> WaysOut:
    """Tell what each obstacle needs; nothing a rep can do lifts a refusal."""
    lit = set(rules)
    if OrderRule.REFUSED in lit:
        return WaysOut(deposit=exposure.order)  # payment before delivery
    over = None
    if buyer.limit is not None and lit & {OrderRule.OVER_LIMIT, OrderRule.FAR_OVER_LIMIT}:
        over = _at_risk(buyer, exposure) - buyer.limit
    late = bool(lit & {OrderRule.LONG_OVERDUE, OrderRule.OVERDUE, OrderRule.FORMAL_NOTICE})
    return WaysOut(
        pay=over,
        reduce_to=_fitting(exposure.order, over) if over and buyer.beside is None else None,
        pay_overdue=buyer.overdue if late else (),
        promise_within_days=policy.promise_days
        if lit & {OrderRule.LONG_OVERDUE, OrderRule.OVERDUE}
        else None,
        deposit=_deposit(exposure.order, buyer, lit, policy),
    )


def _fitting(order: Money, over: Money) -> Money:
    return max(order - over, zero(over.currency))


def _deposit(order: Money, buyer: Buyer, lit: set[OrderRule], policy: OrderPolicy) -> Money | None:
    if OrderRule.FILE_INCOMPLETE in lit:
        least = Decimal(0) if buyer.file_complete else policy.first_deposit_percent
        percent = max(least, buyer.first_percent or Decimal(0))
    elif any(DECISIONS[rule][0] is Decision.HELD for rule in lit):
        percent = policy.deposit_percent
    else:
        return None
    return rounded(order.amount * percent / 100, order.currency)
