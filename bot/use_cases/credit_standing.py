"""What the risk grid and the limit read of a customer, and where each figure comes from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from bot.alerts.evaluation import evaluate
from bot.use_cases import accounts
from bot.use_cases.figures import account_figures
from bot.use_cases.refusals import NotYours
from credit.behaviour import behaviour_delay, open_delay, paid_delay
from credit.levels import Family
from credit.limit import Means
from credit.money import Money, rounded, zero
from credit.risk_class import LegalStanding, Standing
from storage import credit_decisions, credit_history

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bot.alerts.evaluation import Assessment
    from bot.alerts.signs import PublicRecord
    from bot.use_cases.accounts import Account
    from bot.use_cases.rules import Rules
    from credit.moment import Moment
    from credit.receivable import Settlement
    from storage.work import Work

YEAR = timedelta(days=365)
MONTH_DAYS = Decimal("30.4")
MONTHS = 12
YEAR_DAYS = Decimal("365.25")
GONE = frozenset({"refused", "cancelled"})
SCORE, FOUNDED, SINCE, EQUITY, MONTHLY = "score", "founded", "since", "equity", "monthly"
"""What a credit manager may say of a company, by name."""


class Source(StrEnum):
    """Where a figure comes from."""

    LEDGER = "ledger"
    PUBLIC = "public"
    SAID = "said"
    LAW = "law"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Behaviour:
    """How a customer paid for twelve months, in days weighted by amounts.

    `all` is the grid's figure: what was paid, and what is overdue at its present lateness.
    """

    all: Decimal | None
    paid: Decimal | None
    overdue: Decimal | None
    payments: int


@dataclass(frozen=True, slots=True)
class Purchases:
    """What a limit is reckoned from: sales of a month, taxes included, and the days to pay.

    `monthly` None: nothing was invoiced for a year and nobody said what is expected.
    """

    monthly: Money | None
    monthly_from: Source
    days: Decimal
    days_from: Source


@dataclass(frozen=True, slots=True)
class Seen:
    """A customer as the grid sees him: its values, and the source of each that has several."""

    account: Account
    currency: str
    standing: Standing
    behaviour: Behaviour
    rejects: int
    broken: int
    company_from: Source
    relation_from: Source
    purchases: Purchases
    means: Means
    equity_from: Source
    known: Mapping[str, Any]


def read(work: Work, customer_id: int, now: Moment, rules: Rules) -> Seen:
    """Read everything that class and limit rest on; raise `NotYours` without such a customer."""
    account = accounts.load(work, customer_id, now, rules)
    figures = account_figures(work, customer_id, now, rules)
    if figures is None:
        raise NotYours
    found = evaluate(figures, rules.policy)
    known = credit_decisions.known(work, customer_id)
    currency = account.customer.limit_currency or account.main_currency
    since = now.today - YEAR
    first = credit_history.first_invoice(work, customer_id)
    behaviour = _behaviour(work, account, currency, since)
    rejects = sum(one.on > since for one in figures.signs.rejects)
    broken = credit_history.broken_promises(work, customer_id, now.at - YEAR)
    equity = _equity(figures.signs.record, known, currency)
    standing = Standing(
        delay=behaviour.all,
        incidents=rejects + broken,
        score=Decimal(known[SCORE]) if SCORE in known else None,
        company_age=_age(known.get(FOUNDED), now.today),
        relation_age=_relation(known.get(SINCE), first, now.today),
        legal=_legal(figures.signs.record),
        field_points=_field(found),
        critical=found.critical is not None,
    )
    return Seen(
        account=account,
        currency=currency,
        standing=standing,
        behaviour=behaviour,
        rejects=rejects,
        broken=broken,
        company_from=Source.SAID if FOUNDED in known else Source.UNKNOWN,
        relation_from=_relation_from(known, first),
        purchases=_purchases(work, account, currency, known, first, rules),
        means=_means(figures.signs.record, equity[0], currency, rules),
        equity_from=equity[1],
        known=known,
    )


def _behaviour(work: Work, account: Account, currency: str, since: date) -> Behaviour:
    day, customer_id = account.today, account.customer.id
    paid: Sequence[Settlement] = credit_history.paid(work, customer_id, currency, since, day)
    items = [one for one in account.items if one.currency == currency]
    return Behaviour(
        all=behaviour_delay(paid, items, day),
        paid=paid_delay(paid),
        overdue=open_delay(items, day),
        payments=len(paid),
    )


def _field(found: Assessment) -> int:
    return sum(one.points for one in found.signals if one.family is Family.FIELD)


def _legal(record: PublicRecord) -> LegalStanding:
    if record.privileges:
        return LegalStanding.PRIVILEGE
    return LegalStanding.PLEDGE if record.pledges else LegalStanding.CLEAN


def _age(year: object, today: date) -> Decimal | None:
    """Reckon an age in years from a year that somebody said."""
    return None if year is None else Decimal(max(0, today.year - int(str(year))))


def _relation(year: object, first: date | None, today: date) -> Decimal | None:
    if year is not None:
        return _age(year, today)
    return None if first is None else Decimal((today - first).days) / YEAR_DAYS


def _relation_from(known: Mapping[str, Any], first: date | None) -> Source:
    if SINCE in known:
        return Source.SAID
    return Source.UNKNOWN if first is None else Source.LEDGER


def _purchases(
    work: Work,
    account: Account,
    currency: str,
    known: Mapping[str, Any],
    first: date | None,
    rules: Rules,
) -> Purchases:
    """Reckon the monthly sales of the last year, and the mean term that its invoices give."""
    rows = credit_history.bought(
        work, account.customer.id, currency, account.today - YEAR, account.today
    )
    total = sum(row.amount_minor for row in rows)
    dated = [(row.amount_minor, (row.due_on - row.issued_on).days) for row in rows if row.due_on]
    weight = sum(minor for minor, _ in dated)
    days, days_from = Decimal(rules.reference.terms.default_days), Source.LAW
    if weight > 0:
        mean = Decimal(sum(minor * late for minor, late in dated)) / weight
        days, days_from = mean.to_integral_value(), Source.LEDGER
    said = _money(known.get(MONTHLY), currency)
    if said is not None:
        return Purchases(said, Source.SAID, days, days_from)
    if total <= 0:
        return Purchases(None, Source.UNKNOWN, days, days_from)
    months = _months(first, account.today)
    monthly = rounded(Money.from_minor(total, currency).amount / months, currency)
    return Purchases(monthly, Source.LEDGER, days, days_from)


def _months(first: date | None, today: date) -> Decimal:
    """Return over how many months a year's sales were made: fewer for a new customer."""
    if first is None:
        return Decimal(MONTHS)
    return max(Decimal(1), min(Decimal(MONTHS), Decimal((today - first).days) / MONTH_DAYS))


def _equity(
    record: PublicRecord, known: Mapping[str, Any], currency: str
) -> tuple[Money | None, Source]:
    said = _money(known.get(EQUITY), currency)
    if said is not None:
        return said, Source.SAID
    filed = record.accounts[-1].equity if record.accounts else None
    if filed is None or currency != "EUR":  # annual accounts are told in euros
        return None, Source.UNKNOWN
    return Money.from_minor(filed, currency), Source.PUBLIC


def _means(record: PublicRecord, equity: Money | None, currency: str, rules: Rules) -> Means:
    """Gather what bounds a limit; what is unknown is left out (handbook 5.5)."""
    ours = rules.policy.reviews.our_sales.get(currency)
    insured = None
    covers = [one for one in record.covers if one.currency == currency or one.decision in GONE]
    if covers:
        last = covers[-1]
        insured = zero(currency)
        if last.decision not in GONE:
            insured = None if last.minor is None else Money.from_minor(last.minor, currency)
    return Means(
        equity=equity,
        our_sales=None if ours is None else Money(ours, currency),
        insured=insured,
    )


def _money(value: Any, currency: str) -> Money | None:  # noqa: ANN401 - a plain value kept as JSON
    if not value or value["currency"] != currency:
        return None
    return Money(Decimal(value["amount"]), currency)
