"""The register of guarantees: entered, read, ended, and told of before they end."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from bot.use_cases import accounts, telling
from bot.use_cases.orders import DECIDERS
from bot.use_cases.refusals import DecisionRefused, NotYourRole, Outdated
from bot.use_cases.worklist import codes_of
from credit.calendar import is_open
from credit.guarantees import Guarantee, GuaranteeKind, Mentions, counts, warning
from credit.money import Money
from storage import digests, guarantees, outbox, people
from storage.events import record

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bot.use_cases.accounts import Account
    from bot.use_cases.rules import Rules
    from credit.guarantees import GuaranteeRule
    from credit.moment import Moment
    from credit.people import Person
    from storage.events import Origin
    from storage.work import Work

ENDING = "guarantee_ending"
ENDS = (guarantees.RELEASED, guarantees.CALLED, guarantees.MISTAKE)
WITH_AMOUNT = frozenset(GuaranteeKind) - {
    GuaranteeKind.RETENTION_OF_TITLE,
    GuaranteeKind.OFFSET,
    GuaranteeKind.COMFORT_LETTER,
}


@dataclass(frozen=True, slots=True)
class Entry:
    """A guarantee as it is entered; `files` are Telegram's ids of its photos."""

    kind: GuaranteeKind
    amount: Money | None = None
    valid_until: date | None = None
    giver: str | None = None
    mentions: Mentions | None = None
    reference: str | None = None
    files: tuple[Mapping[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Held:
    """A guarantee of the register: its row, its rule, and whether it lowers the exposure now."""

    row: Any
    value: Guarantee
    rule: GuaranteeRule
    counts: bool
    days_left: int | None


@dataclass(frozen=True, slots=True)
class Register:
    """A customer's running guarantees, and what they take off the exposure per currency."""

    account: Account
    held: tuple[Held, ...]
    covered: tuple[Money, ...]


@dataclass(frozen=True, slots=True)
class Ending:
    """A guarantee whose end is to be told to a person; `days` is the threshold reached."""

    guarantee: int
    person: int
    days: int
    until: date


def add(
    work: Work, origin: Origin, person: Person, customer_id: int, entry: Entry, rules: Rules
) -> int:
    """Enter a guarantee and return its id.

    Raise `DecisionRefused` without the amount that its kind needs, or with an end that is past.
    """
    _must_decide(person)
    account = accounts.load(work, customer_id, origin.at, rules)
    if entry.kind in WITH_AMOUNT and (entry.amount is None or entry.amount.minor <= 0):
        raise DecisionRefused("amount")
    if entry.valid_until is not None and entry.valid_until < origin.at.today:
        raise DecisionRefused("past")
    currency = entry.amount.currency if entry.amount else account.main_currency
    row = guarantees.add(
        work,
        {
            "uid": origin.uid("guarantee"),
            "customer_id": customer_id,
            "person_id": person.id,
            "kind": entry.kind.value,
            "amount_minor": None if entry.amount is None else entry.amount.minor,
            "currency": currency,
            "valid_until": entry.valid_until,
            "reference": entry.reference and entry.reference[:60],
            "giver": entry.giver and entry.giver[:80],
            "mentions": entry.mentions and entry.mentions.value,
            "files": [dict(one) for one in entry.files],
            "overdue_minor": account.claim(currency).minor,
            "added_at": origin.at.at,
        },
    )
    record(work, origin, "guarantee.added", _told(row, entry), customer_id)
    return row


def _told(row: int, entry: Entry) -> dict[str, Any]:
    return {
        "guarantee": row,
        "kind": entry.kind.value,
        "amount": entry.amount and entry.amount.as_text(),
        "currency": entry.amount and entry.amount.currency,
        "until": entry.valid_until and entry.valid_until.isoformat(),
    }


def register(work: Work, customer_id: int, now: Moment, rules: Rules) -> Register:
    """Read a customer's running guarantees; raise `NotYours` without such a customer."""
    account = accounts.load(work, customer_id, now, rules)
    held = tuple(_held(row, now.today, rules) for row in guarantees.of(work, customer_id))
    return Register(account, held, _covered(held))


def _held(row: Any, today: date, rules: Rules) -> Held:  # noqa: ANN401 - a row of the database
    law, value = rules.reference.guarantees, guarantees.value_of(row)
    left = None if value.valid_until is None else (value.valid_until - today).days
    return Held(row, value, law.kinds[value.kind], counts(value, law, today), left)


def _covered(held: Sequence[Held]) -> tuple[Money, ...]:
    sums: dict[str, Money] = {}
    for one in held:
        amount = one.value.amount
        if one.counts and amount is not None:
            before = sums.get(amount.currency)
            sums[amount.currency] = amount if before is None else before + amount
    return tuple(sums[code] for code in sorted(sums))


def show(work: Work, guarantee_id: int, today: date, rules: Rules) -> Held:
    """Read one guarantee that still runs; raise `Outdated` for any other."""
    row = guarantees.by_id(work, guarantee_id)
    if row is None or row.ended_at is not None:
        raise Outdated
    return _held(row, today, rules)


def everybody(work: Work, person: Person, today: date, rules: Rules) -> list[Held]:
    """Read the running guarantees that a person may see, the one that ends first in front."""
    rows = guarantees.running(work, codes_of(person))
    return [_held(row, today, rules) for row in rows]


def customer_of(work: Work, guarantee_id: int) -> int:
    """Find whose guarantee it is; 0 when there is no such guarantee."""
    row = guarantees.by_id(work, guarantee_id)
    return int(row.customer_id) if row is not None else 0


def end(work: Work, origin: Origin, person: Person, guarantee_id: int, why: str) -> int:
    """End a guarantee and return its customer; raise `Outdated` when it had ended before."""
    _must_decide(person)
    row = guarantees.by_id(work, guarantee_id)
    if row is None or not guarantees.end(work, guarantee_id, person.id, why, origin.at.at):
        raise Outdated
    data = {"guarantee": guarantee_id, "kind": row.kind, "why": why}
    record(work, origin, "guarantee.ended", data, row.customer_id)
    return int(row.customer_id)


def ending(work: Work, now: Moment, rules: Rules) -> list[Ending]:
    """Name the ends to tell of now: within hours, once per threshold and credit manager."""
    if not is_open(now, rules.calendar, (rules.policy.hours.push,)):
        return []
    policy = rules.policy.guarantees
    last = now.today + timedelta(days=policy.warn_days[0])
    readers = [
        one for one in people.desk(work) if one.role in DECIDERS and one.telegram_id is not None
    ]
    found = []
    for row in guarantees.ending(work, now.today, last):
        days = warning(row.valid_until, now.today, policy)
        if days is not None:
            found += [Ending(row.id, one.id, days, row.valid_until) for one in readers]
    gone = digests.posted(work, [_key(one) for one in found]) if found else set()
    return [one for one in found if _key(one) not in gone]


def _key(one: Ending) -> str:
    return f"{ENDING}:{one.guarantee}:{one.until.isoformat()}:{one.days}:{one.person}"


def tell(work: Work, origin: Origin, found: Sequence[Ending]) -> int:
    """Post what is ending to the credit managers; return how many messages."""
    count = 0
    for one in found:
        person = people.by_id(work, one.person)
        if person is None or not person.active:
            continue
        row = telling.tell(
            work,
            origin.at,
            person,
            ENDING,
            {"guarantee": one.guarantee},
            dedupe=_key(one),
            priority=outbox.Priority.DIGEST,
        )
        count += row is not None
    return count


def _must_decide(person: Person) -> None:
    if person.role not in DECIDERS:
        raise NotYourRole
