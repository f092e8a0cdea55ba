"""Written notices: a formal notice, then word that deliveries stop, before orders are blocked.

Handbook 5.6: a total block (B08) needs a formal notice that was sent and is unpaid, and is told
in writing (art. 1219, 1220 C. civ.); handbook 7.7 says what a formal notice must hold.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bot.use_cases import account_calculations, accounts
from bot.use_cases.letter_addressee import Addressee, addressee
from bot.use_cases.notice_standing import Standing, standing
from bot.use_cases.orders import DECIDERS
from bot.use_cases.refusals import DecisionRefused, NotYourRole, NotYours, Outdated
from storage import formal_notices
from storage.events import record
from storage.formal_notices import FORMAL, SUSPENSION

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from bot.use_cases.account_calculations import LateInvoice, LateSum
    from bot.use_cases.accounts import Account
    from bot.use_cases.rules import Rules
    from credit.creditor import Creditor
    from credit.moment import Moment
    from credit.money import Money
    from credit.people import Person
    from storage.events import Origin
    from storage.work import Work

KINDS = (FORMAL, SUSPENSION)


@dataclass(frozen=True, slots=True)
class Claim:
    """What a notice claims today, line by line, with penalties to date.

    One letter claims all that is overdue and undisputed: in several currencies each has its own
    sum, never added (features L3). The flat fee is 40 euros an invoice whatever its currency.
    `creditor` is our company as the policy has it, `company` the name customers know it by;
    `phone` and `email` are where the signer is reached; "": not told in the policy.
    `formal` is the formal notice that a suspension follows, as it was sent.
    """

    account: Account
    addressee: Addressee
    sums: tuple[LateSum, ...]
    flat_fee: Money
    fee_each: Money
    days: int
    signer: str
    creditor: Creditor
    company: str
    phone: str
    email: str
    formal: Any | None

    @property
    def verified(self) -> bool:
        """Tell whether every rate behind the penalties was read in a published source."""
        return all(one.penalty.verified and not one.penalty.estimated for one in self.invoices)

    @property
    def invoices(self) -> tuple[LateInvoice, ...]:
        """Return every line that is claimed, one currency after the other."""
        return tuple(one for each in self.sums for one in each.invoices)

    @property
    def unmatched(self) -> tuple[Money, ...]:
        """Return the credits that accounting has not matched yet, in the currencies claimed."""
        return tuple(-one.credits for one in self.sums if one.credits)

    @property
    def claimed(self) -> tuple[Money, ...]:
        """Return what is claimed per currency, the weightiest first."""
        return tuple(one.claimed for one in self.sums)

    @property
    def total(self) -> tuple[Money, ...]:
        """Return what is to be paid today, penalties and flat fees included, per currency."""
        due = {one.currency: one.claimed + one.penalty for one in self.sums}
        fee = self.flat_fee
        if fee:
            due[fee.currency] = due[fee.currency] + fee if fee.currency in due else fee
        return tuple(due.values())


def claim(work: Work, person: Person, customer_id: int, now: Moment, rules: Rules) -> Claim:
    """Gather what a notice claims today; raise `DecisionRefused` when none may be written.

    Nothing undisputed is overdue; or money and credit notes that wait to be matched cover it
    (features 3.2: such an account must not be chased, a currency of it is left out); or
    reminders are stopped (payment of former debts is forbidden once insolvency proceedings
    are open, handbook 3.9).
    """
    _must_decide(person)
    account = accounts.load(work, customer_id, now, rules)
    late = account_calculations.figures(work, account, rules)
    if late.stopped:
        raise DecisionRefused("stopped")
    if not late.sums:
        raise DecisionRefused("nothing_due")
    sums = tuple(one for one in late.sums if (one.claimed + one.credits).minor > 0)
    if not sums:
        raise DecisionRefused("unmatched")
    first, *others = (one.flat_fee for one in sums)
    return Claim(
        account=account,
        addressee=addressee(work, account.customer),
        sums=sums,
        flat_fee=sum(others, first),
        fee_each=rules.rates.flat_fee,
        days=rules.policy.notices.days,
        signer=person.name,
        creditor=rules.policy.creditor,
        company=rules.company,
        phone=rules.policy.notices.phone or "",
        email=rules.policy.notices.email or "",
        formal=_sent_before(standing(work, account)),
    )


def _sent_before(found: Standing) -> Any | None:  # noqa: ANN401 - a row of the database
    sent = found.sent(FORMAL)
    return sent and sent.row


def draw(work: Work, origin: Origin, person: Person, found: Claim, kind: str, body: str) -> int:
    """Keep a notice as it was drawn up and return its id; it counts once it is told as sent.

    Raise `Outdated` for an unknown kind.
    """
    _must_decide(person)
    if kind not in KINDS:
        raise Outdated
    main, *others = found.claimed
    row = formal_notices.add(
        work,
        {
            "uid": origin.uid(f"notice:{kind}"),
            "customer_id": found.account.customer.id,
            "person_id": person.id,
            "kind": kind,
            "amount_minor": main.minor,
            "currency": main.currency,
            "others": {one.currency: one.minor for one in others} or None,
            "items": [one.item.id for one in found.invoices],
            "days": found.days,
            "body": body,
            "drawn_at": origin.at.at,
        },
    )
    data = {"notice": row, "kind": kind, **_amounts(found.claimed)}
    record(work, origin, "notice.drawn", data, found.account.customer.id)
    return row


def send(
    work: Work,
    origin: Origin,
    person: Person,
    notice_id: int,
    day: date,
    means: str,
    reference: str | None,
) -> None:
    """Remember on which day and how a notice left; raise `Outdated` when that is known."""
    _must_decide(person)
    row = read(work, notice_id)
    if day > origin.at.today:
        raise DecisionRefused("future")
    if not formal_notices.send(work, notice_id, day, means, reference, person.id):
        raise Outdated
    data = {"notice": notice_id, "kind": row.kind, "means": means, "on": day.isoformat()}
    claimed = formal_notices.in_all_currencies(row)
    record(work, origin, "notice.sent", {**data, **_amounts(claimed)}, row.customer_id)


def end(work: Work, origin: Origin, person: Person, notice_id: int) -> int:
    """Take a notice back and return its customer: it blocks nothing any more."""
    _must_decide(person)
    row = read(work, notice_id)
    if not formal_notices.end(work, notice_id, origin.at.at):
        raise Outdated
    data = {"notice": notice_id, "kind": row.kind}
    record(work, origin, "notice.ended", data, row.customer_id)
    return int(row.customer_id)


def read(work: Work, notice_id: int) -> Any:  # noqa: ANN401 - a row of the database
    """Read a notice; raise `NotYours` when there is none."""
    row = formal_notices.by_id(work, notice_id)
    if row is None:
        raise NotYours
    return row


def customer_of(work: Work, notice_id: int) -> int:
    """Find whose notice it is; 0 when there is no such notice."""
    row = formal_notices.by_id(work, notice_id)
    return int(row.customer_id) if row is not None else 0


def _amounts(claimed: Sequence[Money]) -> dict[str, Any]:
    main, *others = claimed
    said: dict[str, Any] = {"amount": main.as_text(), "currency": main.currency}
    if others:
        said["others"] = {one.currency: one.as_text() for one in others}
    return said


def _must_decide(person: Person) -> None:
    if person.role not in DECIDERS:
        raise NotYourRole
