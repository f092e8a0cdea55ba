"""The policy: every threshold that the credit manager decides, as frozen values.

The values themselves live in `config/policy.toml`; `config.policy.load_policy` reads them.
Amounts are decimals of the currency, percents are 0-100, days are calendar days unless
a name says worked days.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from decimal import Decimal
from functools import cache

from credit.calendar import WorkingHours
from credit.creditor import Creditor
from credit.dispute import DisputeReason, DisputeRule
from credit.guarantees import GuaranteePolicy
from credit.limit import LimitPolicy
from credit.money import Money
from credit.order_control import OrderPolicy
from credit.promise import PromisePolicy
from credit.risk_class import ClassRule, GridPolicy, RiskClass
from credit.sign_policy import (
    CommercialPolicy,
    FieldPolicy,
    MeansRule,
    PublicPolicy,
    Tier,
    WindowRule,
)
from credit.typology import TypologyPolicy

__all__ = ["Tier", "WindowRule"]

# Telegram numbers its updates anew after a week without any: until then the last one counts.
UPDATES_NUMBERED_ON = 7
CONTACT_LIMIT = 60


@dataclass(frozen=True, slots=True)
class TieredRule:
    """A signal that grows with one figure; tiers rise."""

    tiers: tuple[Tier, ...]


@dataclass(frozen=True, slots=True)
class TrendRule:
    """C1-02: the recent weighted delay against the customer's own past, in days."""

    recent_days: int
    past_days: int
    min_invoices: int
    tiers: tuple[Tier, ...]


@dataclass(frozen=True, slots=True)
class OddPaymentRule:
    """C1-06: payments that match no invoice, within a tolerance in currency units."""

    window_days: int
    tolerance: Decimal
    tiers: tuple[Tier, ...]


@dataclass(frozen=True, slots=True)
class LateDisputeRule:
    """C1-09: disputes that appear after the due date, and those found baseless."""

    window_days: int
    late_at: int
    late_points: int
    unfounded_at: int
    unfounded_points: int


@dataclass(frozen=True, slots=True)
class SilenceRule:
    """C1-13: contacts without an answer, on several days."""

    window_days: int
    attempts: int
    days: int
    points: int


@dataclass(frozen=True, slots=True)
class SignalPolicy:
    """The thresholds of family C1, then of the other three (handbook 4.2, 4.4)."""

    late_now: TieredRule
    growing_delay: TrendRule
    overdue_share: TieredRule
    broken_promise: WindowRule
    odd_payments: OddPaymentRule
    extension_requests: WindowRule
    late_dispute: LateDisputeRule
    over_limit: TieredRule
    first_purchase: TieredRule
    left_aside: TieredRule
    silence: SilenceRule
    bounced: WindowRule
    means_change: MeansRule
    commercial: CommercialPolicy
    public: PublicPolicy
    field: FieldPolicy


@dataclass(frozen=True, slots=True)
class FloorPolicy:
    """Amounts under which lateness is dust (handbook 4.2): by currency, else `other`."""

    amounts: Mapping[str, Decimal]
    other: Decimal

    def minor(self, currency: str) -> int:
        """Return the floor in that currency's smallest unit; a look asks for it for everybody."""
        return _minor(self.amounts.get(currency, self.other), currency)

    def of(self, currency: str) -> Money:
        """Return the floor in that currency."""
        return Money(self.amounts.get(currency, self.other), currency)

    def weigh(self, money: Money) -> Decimal:
        """Return how many floors an amount makes: the one measure of several currencies.

        Nothing is converted: the floor says what is small money in each.
        """
        return money.amount / self.of(money.currency).amount


@cache
def _minor(amount: Decimal, currency: str) -> int:
    return Money(amount, currency).minor


@dataclass(frozen=True, slots=True)
class LevelPolicy:
    """Points of a light, and the manners of its pushes (handbook 4.3)."""

    orange_from: int
    red_from: int
    push_from_level: int
    repeat_days: int
    stale_after_hours: int

    def is_fresh(self, as_of: datetime | None, at: datetime) -> bool:
        """Tell whether data of that moment may still move somebody (handbook 12.3)."""
        return as_of is not None and at - as_of <= timedelta(hours=self.stale_after_hours)


@dataclass(frozen=True, slots=True)
class DisputePolicy:
    """Owner, target and effect of each type of dispute; the rest after a refusal (handbook 8.2)."""

    resume_working_days: int
    rules: Mapping[DisputeReason, DisputeRule]

    def __post_init__(self) -> None:
        """Refuse a rest that would end before it began."""
        if self.resume_working_days < 0:
            raise ValueError("dunning resumes on the day of the decision at the earliest")


@dataclass(frozen=True, slots=True)
class GatePolicy:
    """What speaks against dialling now (handbook 7.1, 12.3)."""

    data_warn_hours: int
    data_stop_hours: int
    colleague_days: int
    max_attempts_per_day: int
    max_answered_per_day: int
    max_answered_per_week: int
    calling_windows: tuple[WorkingHours, ...]


@dataclass(frozen=True, slots=True)
class HoursPolicy:
    """When a colleague may be disturbed by a push (handbook 12.1)."""

    push: WorkingHours


@dataclass(frozen=True, slots=True)
class VolumePolicy:
    """How many alert cards ring for one person within an hour; the others come as one message.

    `twice` are the windows in which who wants no card at once hears of what came meanwhile.
    """

    cards_an_hour: int
    gather_minutes: int
    twice: tuple[WorkingHours, ...]

    def __post_init__(self) -> None:
        """Refuse what would keep every alert back."""
        if self.cards_an_hour < 1 or self.gather_minutes < 0 or not self.twice:
            raise ValueError("one card an hour and one window at least")


@dataclass(frozen=True, slots=True)
class EscalationPolicy:
    """When silence on an alert climbs to the manager, in worked days."""

    unanswered_working_days: int


@dataclass(frozen=True, slots=True)
class DigestPolicy:
    """Size, hour and weights of the daily digest (handbook 12.1)."""

    at: time
    max_lines: int
    always_on_weekday: int
    urgency: Mapping[str, Decimal]
    default_urgency: Decimal


@dataclass(frozen=True, slots=True)
class RetentionPolicy:
    """After how many days what is kept of persons goes (handbook 11.2)."""

    updates: int
    messages: int
    conversations: int
    notes: int
    observations: int
    case_texts: int
    cases: int
    alerts: int
    customer_contacts: int
    departed: int
    invitations: int
    technical: int

    def __post_init__(self) -> None:
        """Refuse spans under which the product would forget what it still needs."""
        if min(getattr(self, name) for name in self.__slots__) < 1:
            raise ValueError("every span is one day at least")
        if self.updates <= UPDATES_NUMBERED_ON:
            raise ValueError(f"updates are kept more than {UPDATES_NUMBERED_ON} days")
        if self.messages > min(self.alerts, self.technical, self.cases):
            raise ValueError("messages are not kept longer than what they tell")


@dataclass(frozen=True, slots=True)
class ReviewPolicy:
    """How decided classes and limits are used, and what bounds a limit besides the customer.

    `our_sales` are our own sales of a year without taxes, by currency; empty: not told.
    """

    replaces_ledger: bool
    our_sales: Mapping[str, Decimal]


@dataclass(frozen=True, slots=True)
class NoticePolicy:
    """What a formal notice says: days to pay from its receipt, whom to answer (handbook 7.6, 7.7).

    `phone` and `email` are the credit department's; a letter leaves out what is not given.
    """

    days: int
    phone: str | None = None
    email: str | None = None

    def __post_init__(self) -> None:
        """Refuse what would tear the foot of a letter, or lead nowhere."""
        for given in (self.phone or "", self.email or ""):
            if len(given) > CONTACT_LIMIT or len(given.splitlines()) > 1:
                raise ValueError(f"one line of {CONTACT_LIMIT} characters at most")
        if self.email and "@" not in self.email:
            raise ValueError(f"an e-mail has an @: {self.email}")


@dataclass(frozen=True, slots=True)
class Policy:
    """Everything that the credit manager decides, in one value."""

    signals: SignalPolicy
    floor: FloorPolicy
    levels: LevelPolicy
    promise: PromisePolicy
    dispute: DisputePolicy
    gate: GatePolicy
    hours: HoursPolicy
    volume: VolumePolicy
    escalation: EscalationPolicy
    digest: DigestPolicy
    classes: Mapping[RiskClass, ClassRule]
    grid: GridPolicy
    limit: LimitPolicy
    orders: OrderPolicy
    retention: RetentionPolicy
    typology: TypologyPolicy
    reviews: ReviewPolicy
    guarantees: GuaranteePolicy
    notices: NoticePolicy
    company: Creditor | None = None

    @property
    def creditor(self) -> Creditor:
        """Return what is known of our company; nothing, where the file does not speak of it."""
        return self.company or Creditor()
