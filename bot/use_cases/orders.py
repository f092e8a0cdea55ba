"""Orders before they leave: the answer to a rep, his request, the credit manager's decision."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from bot.use_cases import accounts, notice_standing, opening_decisions, telling
from bot.use_cases.promises import risk_class
from bot.use_cases.refusals import NotYourRole, NotYours, Outdated, ReleaseRefused
from credit.guarantees import covered
from credit.moment import Moment
from credit.money import Money, rounded, zero
from credit.order_control import Buyer, Exposure, Releaser, Verdict, control
from credit.people import Role, may_see
from credit.returns import Strength
from credit.risk_class import RiskClass
from storage import freezes, guarantees, orders, people, releases, signs
from storage.events import record

if TYPE_CHECKING:
    from bot.use_cases.accounts import Account
    from bot.use_cases.rules import Rules
    from credit.people import Person
    from storage.events import Origin
    from storage.work import Work

RELEASE = "release"
"""The kind of the news about requests."""
ASK, TELL = "ask", "tell"
DECIDERS = frozenset({Role.CREDIT_MANAGER, Role.ADMIN})
MOST_MINOR = 10**13
ALTERNATIVES = ("prepay", "deposit", "smaller", "wait")
YEAR = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Checked:
    """An order held against the rules: whose, how much, and the verdict.

    `told` says that the customer was told in writing that deliveries stop (B08).
    """

    account: Account
    amount: Money
    verdict: Verdict
    told: bool = False


@dataclass(frozen=True, slots=True)
class Request:
    """A request as both sides see it; `waited` is what the clock says."""

    row: Any  # as storage.releases reads it
    amount: Money
    waited: timedelta
    decider: str
    account: Account

    @property
    def open(self) -> bool:
        """Tell whether it still waits for a decision."""
        return bool(self.row.state == releases.ASKED)


def check(work: Work, customer_id: int, amount: Money, now: Moment, rules: Rules) -> Checked:
    """Hold an order against the rules (handbook 5.6); raise `NotYours` without such a customer.

    Nothing records yet the deposits that were received: the screen says so.
    """
    account = accounts.load(work, customer_id, now, rules)
    exposure = _exposure(work, account, amount, rules)
    notices = notice_standing.standing(work, account)
    buyer = _buyer(work, account, amount, now, rules)
    buyer = replace(buyer, formal_notice_unpaid=notices.blocks)
    buyer = _by_file(work, account, buyer, rules)
    if buyer.limit is not None and buyer.limit.currency != amount.currency:
        already = _exposure(work, account, zero(buyer.limit.currency), rules)
        buyer = replace(buyer, beside=already.total)
    verdict = control(buyer, exposure, now.today, rules.policy.orders)
    return Checked(account, amount, verdict, notices.told)


def looked_up(work: Work, origin: Origin, checked: Checked) -> None:
    """Note in the trail that an order was asked about, and what was answered."""
    data = {
        "amount": checked.amount.as_text(),
        "currency": checked.amount.currency,
        "rules": [rule.value for rule in checked.verdict.rules],
        "decision": checked.verdict.decision.name.lower(),
    }
    record(work, origin, "order.checked", data, checked.account.customer.id)


def _exposure(work: Work, account: Account, amount: Money, rules: Rules) -> Exposure:
    nothing = zero(amount.currency)
    pending = orders.open_of(work, account.customer.id).get(amount.currency, 0)
    held = [guarantees.value_of(row) for row in guarantees.of(work, account.customer.id)]
    safe = covered(held, amount.currency, rules.reference.guarantees, account.today)
    owed, coming = account.exposure(amount.currency), Money.from_minor(pending, amount.currency)
    safe = min(safe, max(nothing, owed + coming + amount))  # no guarantee makes room of its own
    return Exposure(
        outstanding=owed,
        uninvoiced=nothing,
        open_orders=coming,
        order=amount,
        deposits=nothing,
        guaranteed=safe,
    )


def _buyer(work: Work, account: Account, amount: Money, now: Moment, rules: Rules) -> Buyer:
    customer_id, today = account.customer.id, now.today
    late = {item.currency for item in account.claimable}
    disputed = any(item.disputed_minor and item.is_overdue(today) for item in account.items)
    frozen = freezes.active(work, customer_id) or accounts.frozen_since(work, customer_id)
    return Buyer(
        risk=risk_class(account),
        critical=frozen is not None,
        limit=account.limit,
        limit_until=account.customer.limit_until,
        overdue_days=max((item.days_past_due(today) for item in account.claimable), default=0),
        overdue=tuple(
            account.claim(code)
            for code in sorted(late, key=lambda code: (code != amount.currency, code))
        ),
        last_incident_on=_last_incident(work, customer_id, now, rules),
        is_new=False,
        file_complete=True,
        formal_notice_unpaid=False,
        atypical=_atypical(work, account, amount, now, rules),
        new_address=False,
        disputed_late=disputed,
        dispute_in_time=all(
            one.target_on is None or one.target_on >= today for one in account.disputes
        ),
    )


def _by_file(work: Work, account: Account, buyer: Buyer, rules: Rules) -> Buyer:
    """Add what the account's file says; its class and limit count until others are known."""
    found, row = opening_decisions.standing_of(work, account.customer, rules)
    buyer = replace(
        buyer,
        is_new=found.is_new,
        file_complete=found.file_complete,
        first_percent=found.first_percent,
    )
    if row is None:
        return buyer
    granted = Money.from_minor(row.limit_minor, row.currency)
    unknown = buyer.limit is None
    return replace(
        buyer,
        risk=buyer.risk or RiskClass(row.risk_class),
        limit=granted if unknown else buyer.limit,
        limit_until=row.valid_until if unknown else buyer.limit_until,
    )


def _last_incident(work: Work, customer_id: int, now: Moment, rules: Rules) -> date | None:
    """Return the day of the last reject for lack of funds, or of the last broken promise."""
    codes = rules.reference.returns.codes
    days = [
        row.on
        for row in signs.of(work, [customer_id], now.today)
        if row.kind == signs.REJECT and codes.get(row.code) is Strength.STRONG
    ]
    broken = releases.last_broken(work, customer_id)
    if broken is not None:
        days.append(Moment(broken, now.zone).today)
    return max(days, default=None)


def _atypical(work: Work, account: Account, amount: Money, now: Moment, rules: Rules) -> bool:
    """Tell whether the order is far above the mean, of a late or a new customer (C2-02)."""
    rule = rules.policy.signals.commercial.odd_order
    seen = releases.usual(work, account.customer.id, amount.currency, now.today - YEAR)
    if seen is None or seen.n < rule.min_orders:
        return False
    new = seen.first is not None and (now.today - seen.first).days < rule.new_days
    mean = Decimal(int(seen.minor)) / seen.n
    return amount.minor > rule.factor * mean and (new or bool(account.overdue))


def draft(work: Work, origin: Origin, person: Person, checked: Checked) -> int:
    """Begin a request for an order that is held; raise `ReleaseRefused` when nothing holds it."""
    if checked.verdict.releaser is Releaser.NOBODY:
        raise ReleaseRefused("not_held")
    return releases.add(
        work,
        {
            "uid": origin.uid("release"),
            "customer_id": checked.account.customer.id,
            "person_id": person.id,
            "amount_minor": checked.amount.minor,
            "currency": checked.amount.currency,
            "rules": [],
            "asked_at": origin.at.at,
        },
    )


def ask(
    work: Work, origin: Origin, person: Person, request_id: int, reason: str, rules: Rules
) -> None:
    """Send a drafted request to who decides, with the rules that hold the order now."""
    row = releases.by_id(work, request_id)
    if row is None or row.person_id != person.id:
        raise NotYours
    amount = Money.from_minor(row.amount_minor, row.currency)
    checked = check(work, row.customer_id, amount, origin.at, rules)
    codes = [rule.value for rule in checked.verdict.rules]
    if not releases.submit(work, row, codes, reason[:200], origin.at.at):
        raise Outdated
    data = {"request": request_id, "note": reason[:200]}
    record(work, origin, "release.asked", data, row.customer_id)
    for one in people.desk(work):
        if one.role in DECIDERS and one.id != person.id:
            _tell(work, origin, one, request_id, ASK)


def decide(
    work: Work,
    origin: Origin,
    person: Person,
    request_id: int,
    decision: str,
    rules: Rules,
    *,
    alternative: str | None = None,
    note: str = "",
) -> Request:
    """Grant, grant against a deposit, or refuse; who asked hears of it at once.

    Raise `NotYourRole`, `NotYours`, or `Outdated` when it was decided before.
    """
    if person.role not in DECIDERS:
        raise NotYourRole
    found = show(work, person, request_id, origin.at, rules)
    percent = rules.policy.orders.deposit_percent
    part = rounded(found.amount.amount * percent / 100, found.amount.currency).minor
    if not releases.decide(
        work,
        request_id,
        decision,
        person.id,
        origin.at.at,
        deposit_minor=part if decision == releases.DEPOSIT else None,
        alternative=alternative,
        note=note[:200] or None,
    ):
        raise Outdated
    data = {"request": request_id, "decision": decision, "note": note or None}
    record(work, origin, "release.decided", data, found.row.customer_id)
    asker = people.by_id(work, found.row.person_id)
    if asker is not None:
        _tell(work, origin, asker, request_id, TELL)
    return show(work, person, request_id, origin.at, rules)


def show(work: Work, person: Person, request_id: int, now: Moment, rules: Rules) -> Request:
    """Read a request that the person may see; raise `NotYours` for any other."""
    row = releases.by_id(work, request_id)
    if row is None:
        raise NotYours
    account = accounts.load(work, row.customer_id, now, rules)
    if not may_see(person, account.customer.rep_code):
        raise NotYours
    ended: datetime = row.decided_at or now.at
    decider = people.by_id(work, row.decided_by) if row.decided_by else None
    return Request(
        row=row,
        amount=Money.from_minor(row.amount_minor, row.currency),
        waited=ended - row.asked_at,
        decider=decider.name if decider else "",
        account=account,
    )


def _tell(work: Work, origin: Origin, person: Person, request_id: int, what: str) -> None:
    telling.tell(
        work,
        origin.at,
        person,
        RELEASE,
        {"request": request_id, "what": what},
        dedupe=f"release:{request_id}:{what}:{person.id}",
    )
