"""The daily digest: what each person should know this morning, and whether to say it at all."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from bot.alerts.digest import DigestKind, DigestLine, DigestPage, is_worth_sending, page
from bot.use_cases import telling
from bot.use_cases.accounts import data_as_of, heaviest
from bot.use_cases.dashboard import pace
from bot.use_cases.digest_lines import gather, legal
from bot.use_cases.worklist import RepLine, codes_of, is_vast, team
from credit.ageing import AgedBalance
from credit.indicators import Speed
from credit.moment import Moment
from credit.money import Money
from credit.people import Person, Role
from storage import (
    activity,
    credit_decisions,
    customers,
    digests,
    dispute_steps,
    news,
    outbox,
    people,
    portfolio,
)
from storage.events import Origin
from storage.releases import ASKED

if TYPE_CHECKING:
    from bot.use_cases.rules import Rules
    from storage.scope import Codes
    from storage.work import Work

DIGEST = "digest"
SLOWEST = 5
LOOK_BACK = timedelta(days=90)
WEEK = timedelta(days=7)
HOUR = timedelta(hours=1)
LEAST_LINES = 4
COUNTED = ("alert.raised", "alert.worsened", "alert.escalated", "alert.cleared")


class Reader(StrEnum):
    """For whom a digest is written."""

    REP = "rep"
    TEAM = "team"
    COMPANY = "company"


READERS = {
    Role.REP: Reader.REP,
    Role.SALES_MANAGER: Reader.TEAM,
    Role.CREDIT_MANAGER: Reader.COMPANY,
    Role.ADMIN: Reader.COMPANY,
}


@dataclass(frozen=True, slots=True)
class Sum:
    """One currency of the header; `change` is the overdue amount's since the day before."""

    balance: AgedBalance
    change: Money


@dataclass(frozen=True, slots=True)
class Weekly:
    """The Monday line: how customers pay, and whether it gets better."""

    late_days: int | None  # mean delay of what was paid in 90 days, weighted by amounts
    speed: Speed | None  # of the main currency
    kept_percent: int | None
    changes: tuple[Money, ...]  # of the overdue amount in seven days
    slowest: tuple[tuple[int, str, int], ...]  # customer, name, mean days late


@dataclass(frozen=True, slots=True)
class Company:
    """What the credit manager watches besides the accounts."""

    data_as_of: datetime | None
    stale: bool
    imports: tuple[Any, ...]
    counts: Mapping[str, int]
    promised: tuple[Money, ...]  # due from today to Sunday
    late_disputes: int
    disputed: tuple[Money, ...]
    unreachable: tuple[str, ...]
    orphans: int
    releases: int  # requests about orders that wait for an answer...
    oldest_hours: int  # ...the first of them since so long
    reviews: int  # of class and limit, due today or before
    to_decide: int  # disputes that wait for the credit manager


@dataclass(frozen=True, slots=True)
class Digest:
    """A digest ready to be worded; `since` is when the last one was due."""

    reader: Reader
    on: date
    since: Moment
    sums: tuple[Sum, ...]
    received: tuple[Money, ...]
    page: DigestPage
    weekly: Weekly | None = None
    reps: tuple[RepLine, ...] = ()
    company: Company | None = None
    names: Mapping[int, str] = field(default_factory=dict)


def build(work: Work, person: Person, now: Moment, rules: Rules) -> Digest:
    """Read what a person should know this morning, in a fixed number of statements."""
    reader = READERS[person.role]
    codes = codes_of(person)
    since = last_due(person, now, rules)
    monday = now.today.weekday() == rules.policy.digest.always_on_weekday
    today = portfolio.whole(work, codes, now.today)
    weekly = _weekly(work, codes, now, today, rules) if monday else None
    sums = _sums(work, codes, now, today, rules)
    first = since.today
    received = tuple(news.received(work, codes, first, now.today - timedelta(days=1)))
    names: dict[int, str] = {}
    if reader is Reader.REP:
        lines, names = gather(work, person, codes, now, since, rules)
    else:
        lines = legal(work, codes, now, rules, names)
    limit = _room(rules, sums, received, weekly)
    return Digest(
        reader=reader,
        on=now.today,
        since=since,
        sums=sums,
        received=received,
        page=page(lines, replace(rules.policy.digest, max_lines=limit), rules.policy.floor),
        weekly=weekly,
        reps=tuple(_reps(work, person, codes, now, since, rules))
        if reader is not Reader.REP
        else (),
        company=_company(work, now, since, rules) if reader is Reader.COMPANY else None,
        names=names,
    )


def _room(
    rules: Rules, sums: Sequence[Sum], received: Sequence[Money], weekly: Weekly | None
) -> int:
    """Return the lines left of the page once its head is written."""
    head = 1 + min(len(sums), 2) + bool(received) + (2 if weekly else 0)
    return max(LEAST_LINES, rules.policy.digest.max_lines - head)


def last_due(person: Person, now: Moment, rules: Rules) -> Moment:
    """Return when the digest before this one was due: the worked day before, at his hour."""
    day = rules.calendar.add_working(now.today, -1)
    local = datetime.combine(day, person.digest_at, tzinfo=now.zone)
    return Moment(local.astimezone(UTC), now.zone)


def worth_sending(digest: Digest, rules: Rules) -> bool:
    """Tell whether there is anything to say; on the weekly day there always is."""
    said: list[DigestLine] = list(digest.page.lines)
    spoken = any(one.unanswered or one.broken for one in digest.reps) or _matters(digest.company)
    if spoken and not said:
        said = [DigestLine(DigestKind.ALERT, 0, None, 0)]
    return is_worth_sending(said, digest.on, rules.policy.digest)


def _matters(company: Company | None) -> bool:
    if company is None:
        return False
    happened = company.imports or any(company.counts.values()) or company.promised
    wrong = company.stale or company.late_disputes or company.unreachable or company.orphans
    asked = company.reviews or company.releases or company.to_decide
    return bool(happened or wrong or asked)


def _sums(
    work: Work, codes: Codes, now: Moment, today: Mapping[str, AgedBalance], rules: Rules
) -> tuple[Sum, ...]:
    before_day = rules.calendar.add_working(now.today, -1)
    before = portfolio.whole(work, codes, before_day, past=True)
    sums = [
        Sum(balance, balance.overdue - before[code].overdue if code in before else balance.overdue)
        for code, balance in today.items()
    ]
    weigh = rules.policy.floor.weigh
    return tuple(sorted(sums, key=lambda one: (-weigh(one.balance.gross), one.balance.currency)))


def _weekly(
    work: Work, codes: Codes, now: Moment, today: Mapping[str, AgedBalance], rules: Rules
) -> Weekly:
    rows = news.paid_late(work, codes, now.today - LOOK_BACK)
    counts = news.outcomes(work, codes, now.at - LOOK_BACK)
    decided = sum(counts.values())
    kept = sum(counts.get(state, 0) for state in news.KEPT)
    before = portfolio.whole(work, codes, now.today - WEEK, past=True)
    changes = [
        balance.overdue - before[code].overdue
        for code, balance in sorted(today.items())
        if code in before
    ]
    main = _main(today, rows, rules)
    return Weekly(
        late_days=_mean(row for row in rows if row.currency == main),
        speed=_speed(work, codes, now, today, main),
        kept_percent=round(kept * 100 / decided) if decided else None,
        changes=tuple(changes),
        slowest=_slowest(rows),
    )


def _main(balances: Mapping[str, AgedBalance], paid: Iterable[Any], rules: Rules) -> str:
    """Name the currency in which most is open, or most was paid when nothing is."""
    sums = {code: one.gross.minor for code, one in balances.items()}
    if not sums:
        for row in paid:
            sums[row.currency] = sums.get(row.currency, 0) + int(row.amount_minor)
    return heaviest(sums, rules.policy.floor) if sums else ""


def _speed(
    work: Work, codes: Codes, now: Moment, balances: Mapping[str, AgedBalance], main: str
) -> Speed | None:
    """Read how fast money comes in, in one currency; None when nothing of it is open."""
    if main not in balances:
        return None
    found, _ = pace(work, codes, now.today, {main: balances[main]})
    return found[main]


def _mean(rows: Iterable[Any]) -> int | None:
    """Return the mean delay of one currency weighted by amounts, early ones counting as none."""
    weighed = [(max(0, (row.settled_on - row.due_on).days), int(row.amount_minor)) for row in rows]
    total = sum(minor for _, minor in weighed)
    if not total:
        return None
    return int((Decimal(sum(days * minor for days, minor in weighed)) / total).to_integral_value())


def _slowest(rows: Sequence[Any]) -> tuple[tuple[int, str, int], ...]:
    """Name who pays latest, each by the currency in which he does."""
    of_each: dict[tuple[int, str], list[Any]] = {}
    for row in rows:
        of_each.setdefault((row.customer_id, row.currency), []).append(row)
    worst: dict[int, tuple[int, str, int]] = {}
    for (one, _), paid in of_each.items():
        days = _mean(paid) or 0
        if days > worst.get(one, (0, "", 0))[2]:
            worst[one] = (one, paid[0].name, days)
    late = worst.values()
    return tuple(sorted(late, key=lambda one: (-one[2], one[0]))[:SLOWEST])


def _reps(
    work: Work, person: Person, codes: Codes, now: Moment, since: Moment, rules: Rules
) -> list[RepLine]:
    broken: dict[str | None, int] = {}
    for row in news.judged(work, codes, since.at):
        if row.state in news.MISSED:
            broken[row.owner or None] = broken.get(row.owner or None, 0) + 1
    lines = team(work, person, now, rules)
    return [replace(line, broken=broken.get(line.code, 0)) for line in lines]


def _company(work: Work, now: Moment, since: Moment, rules: Rules) -> Company:
    as_of = data_as_of(work)
    sunday = now.today + timedelta(days=6 - now.today.weekday())
    late = news.late_disputes(work, None, now.today)
    coming = news.lines_due(work, None, now.today, sunday)
    asked = [row.asked_at for row in activity.requests(work, None, now.at) if row.state == ASKED]
    return Company(
        data_as_of=as_of,
        stale=not rules.policy.levels.is_fresh(as_of, now.at),
        imports=tuple(news.imports(work, since.at)),
        counts=news.counts(work, COUNTED, since.at),
        promised=_per_currency((row for row in coming if row.engaged), "minor"),
        late_disputes=len(late),
        disputed=_per_currency(late, "amount_minor"),
        unreachable=tuple(news.unreachable(work)),
        orphans=customers.orphans(work, 0, 1)[0],
        releases=len(asked),
        oldest_hours=int((now.at - min(asked)) / HOUR) if asked else 0,
        reviews=credit_decisions.due_count(work, now.today),
        to_decide=dispute_steps.to_decide(work),
    )


def _per_currency(rows: Iterable[Any], column: str) -> tuple[Money, ...]:
    sums: dict[str, int] = {}
    for row in rows:
        sums[row.currency] = sums.get(row.currency, 0) + int(getattr(row, column))
    return tuple(Money.from_minor(minor, code) for code, minor in sorted(sums.items()))


def due(work: Work, now: Moment, rules: Rules) -> list[int]:
    """Name the people whose digest of today is due and was not posted: never off hours."""
    hours = rules.policy.hours.push
    clock = now.local.time()
    if not rules.calendar.is_working(now.today) or not hours.holds(clock):
        return []
    return digests.unposted(work, now.today, clock)


def queue(
    work: Work, origin: Origin, person_ids: Iterable[int], *, asked: bool = False
) -> list[int]:
    """Post the digest of today for these people, once each; return those newly posted.

    `asked` (the command line) sends it whatever the hour.
    """
    today = origin.at.today
    facts = {"on": today.isoformat(), "asked": asked}
    posted = []
    for person_id in person_ids:
        person = people.by_id(work, person_id)
        if person is None or not person.active:
            continue
        row = telling.tell(
            work,
            origin.at,
            person,
            DIGEST,
            {**facts, outbox.ASIDE: True} if is_vast(work, person) else facts,
            dedupe=digests.key(person.id, today),
            priority=outbox.Priority.DIGEST,
        )
        if row is not None:
            posted.append(person.id)
    return posted


def still_timely(facts: Mapping[str, Any], now: Moment, rules: Rules) -> bool:
    """Tell whether a posted digest may still be said: the same day, within hours."""
    if facts["on"] != now.today.isoformat():
        return False
    return bool(facts.get("asked")) or rules.policy.hours.push.holds(now.local.time())
