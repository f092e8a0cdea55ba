"""What a customer's lateness comes to: penalties, our own cost, a plan, time to sue, fees."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from bot.use_cases.accounts import Account, frozen_since
from bot.use_cases.worklist import codes_of
from credit.bailiff import BailiffFees, NoTariff, bailiff_fees
from credit.cost import late_cost
from credit.money import Money, zero
from credit.penalty import Penalty, bearing_fee, late_payment
from credit.plan import Instalment, instalments
from credit.prescription import Prescription, prescription
from credit.priority import stake
from credit.receivable import ItemKind, OpenItem
from storage import portfolio

if TYPE_CHECKING:
    from bot.use_cases.rules import Rules
    from credit.moment import Moment
    from credit.people import Person
    from credit.policy import FloorPolicy
    from credit.reference import Reference
    from storage.work import Work

EURO = "EUR"
PARTS = 3
"""Instalments of the plan that is shown first."""
FEWEST, MOST = 2, 12
KINDS = {ItemKind.BILL: "bill"}
BETWEEN_TRADERS = "b2b"


@dataclass(frozen=True, slots=True)
class LateInvoice:
    """One overdue line: what may be claimed of it, what its lateness costs, until when to sue."""

    item: OpenItem
    claimed: Money
    penalty: Penalty
    limit: Prescription


@dataclass(frozen=True, slots=True)
class LateSum:
    """What is late in one currency; what is disputed is beside, credits are not deducted."""

    invoices: tuple[LateInvoice, ...]
    claimed: Money
    disputed: Money
    credits: Money
    penalty: Money
    cost: Money
    fees: BailiffFees | None  # the tariff is in euros only

    @property
    def currency(self) -> str:
        """Return the currency of every amount here but the flat fee."""
        return self.claimed.currency

    @property
    def flat_fee(self) -> Money:
        """Return the flat fees of these invoices, in the currency of the law."""
        first, *others = (one.penalty.flat_fee for one in self.invoices)
        return sum(others, first)

    @property
    def fees_due(self) -> int:
        """Count the flat fees: one an invoice, whatever its instalments."""
        return sum(bool(one.penalty.flat_fee) for one in self.invoices)


@dataclass(frozen=True, slots=True)
class LateAccount:
    """The figures of one account today, the currency most is claimed in first."""

    account: Account
    reference: Reference
    sums: tuple[LateSum, ...]
    flat_fee: Money
    oldest: LateInvoice | None  # the line whose time to sue ends first
    stopped: bool  # insolvency proceedings: reminders are stopped

    @property
    def invoices(self) -> tuple[LateInvoice, ...]:
        """Return every late line, one currency after the other."""
        return tuple(one for each in self.sums for one in each.invoices)


@dataclass(frozen=True, slots=True)
class Debtor:
    """A customer to choose: what is overdue and undisputed, per currency."""

    customer: int
    name: str
    claims: tuple[Money, ...]


def figures(work: Work, account: Account, rules: Rules) -> LateAccount:
    """Compute what an account's lateness comes to today (handbook 2.7, 2.9, 3.7, 10)."""
    bearing = bearing_fee(account.claimable)
    invoices = [_invoice(one, account.today, rules) for one in account.claimable]
    invoices = [one if one.item.id in bearing else _without_fee(one) for one in invoices]
    codes = {one.claimed.currency for one in invoices}
    sums = [_sum(account, code, invoices, rules.reference) for code in codes]
    weigh = rules.policy.floor.weigh
    return LateAccount(
        account=account,
        reference=rules.reference,
        sums=tuple(sorted(sums, key=lambda one: (-weigh(one.claimed), one.currency))),
        flat_fee=_total(
            (one.penalty.flat_fee for one in invoices), rules.reference.rates.flat_fee.currency
        ),
        oldest=min(invoices, key=lambda one: one.limit.until, default=None),
        stopped=frozen_since(work, account.customer.id) is not None,
    )


def split(one: LateSum, parts: int, first: date) -> tuple[Instalment, ...]:
    """Split what is claimed over months from a day on; nothing when it is too small for that."""
    try:
        return instalments(one.claimed, min(max(parts, FEWEST), MOST), first)
    except ValueError:
        return ()


def late_debtors(work: Work, person: Person, now: Moment, rules: Rules) -> list[Debtor] | None:
    """Read who is late in a person's own portfolios, the largest claim first.

    None for who sees every portfolio: they are too many to choose from.
    """
    codes = codes_of(person)
    if codes is None:
        return None
    found = portfolio.debtors(work, codes, now.today, rules.policy.dispute.rules)
    floor = rules.policy.floor
    listed = [Debtor(one.id, one.name, _claims(one.items, now.today, floor)) for one in found]
    claimed = [one for one in listed if one.claims]
    return sorted(claimed, key=lambda one: (-stake(one.claims, floor), one.name))


def _claims(lines: Iterable[OpenItem], today: date, floor: FloorPolicy) -> tuple[Money, ...]:
    sums: dict[str, int] = {}
    for one in lines:
        if one.is_overdue(today) and one.undisputed_minor:
            sums[one.currency] = sums.get(one.currency, 0) + one.undisputed_minor
    moneys = (Money.from_minor(minor, code) for code, minor in sums.items())
    return tuple(sorted(moneys, key=lambda one: (-floor.weigh(one), one.currency)))


def _invoice(item: OpenItem, today: date, rules: Rules) -> LateInvoice:
    """Work out one late line on what is still open, from its due date.

    Part payments neither add penalties for the time before them nor restart the time to sue:
    the book does not tell money from a credit note, and both figures must not promise too much.
    """
    due = item.due_on or today
    claimed = Money.from_minor(item.undisputed_minor, item.currency)
    kind = KINDS.get(item.kind, BETWEEN_TRADERS)
    return LateInvoice(
        item=item,
        claimed=claimed,
        penalty=late_payment(claimed, due, today, rules.rates),
        limit=prescription(due, today, rules.reference.limits, kind),
    )


def _without_fee(one: LateInvoice) -> LateInvoice:
    none = zero(one.penalty.flat_fee.currency)
    return replace(one, penalty=replace(one.penalty, flat_fee=none))


def _sum(
    account: Account, code: str, invoices: Iterable[LateInvoice], reference: Reference
) -> LateSum:
    mine = tuple(one for one in invoices if one.claimed.currency == code)
    claimed = _total((one.claimed for one in mine), code)
    late = [one for one in account.overdue if one.currency == code]
    disputed = sum(one.open_minor - one.undisputed_minor for one in late)
    balance = account.balances.get(code)
    return LateSum(
        invoices=mine,
        claimed=claimed,
        disputed=Money.from_minor(disputed, code),
        credits=balance.credits if balance else Money.from_minor(0, code),
        penalty=_total((one.penalty.penalty for one in mine), code),
        cost=_total((_cost(one, account.today, reference) for one in mine), code),
        fees=_fees(claimed, account.today, reference),
    )


def _total(moneys: Iterable[Money], code: str) -> Money:
    return sum(moneys, Money.from_minor(0, code))


def _cost(one: LateInvoice, today: date, reference: Reference) -> Money:
    law = reference.financing
    return late_cost(one.claimed, one.item.days_past_due(today), law.percent, law.day_base)


def _fees(claimed: Money, today: date, reference: Reference) -> BailiffFees | None:
    if claimed.currency != EURO:
        return None
    try:
        return bailiff_fees(claimed, today, reference.tariffs)
    except NoTariff:
        return None
