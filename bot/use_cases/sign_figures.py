"""What families C2 to C4 need of customers, read for many at once (see `figures`: the seam).

Who has no order, no public record, no sighting and nothing unusual in his ledger is not in
the answer: no rule of these families can light on him.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from bot.alerts.signs import (
    NO_SIGNS,
    Accounts,
    Cover,
    MeansChange,
    Order,
    PublicRecord,
    Reject,
    Sales,
    Seat,
    Sighting,
    Signs,
)
from credit.bodacc import Notice, NoticeKind, Standing, Trouble, in_force, standing
from credit.returns import Strength
from storage import facts, freezes, notices, observations, orders, registry, signs
from storage.customers import fold

if TYPE_CHECKING:
    from bot.use_cases.rules import Rules
    from credit.sign_policy import MeansRule
    from storage.bulk import Picked
    from storage.presence import Present
    from storage.work import Work

LARGE_CUSTOMERS = "large_customers"
Large = dict[str, dict[str, tuple[int, int]]]
"""By customer id and currency: his purchases of a year and all our sales, in minor units."""
YEARS = timedelta(days=2 * 365)


@dataclass(slots=True)
class _Known:
    """What was found of one customer so far."""

    siren: str | None = None
    address: str = ""
    orders: list[Any] = field(default_factory=list)
    signs: list[Any] = field(default_factory=list)
    sightings: list[Sighting] = field(default_factory=list)
    sales: dict[str, Sales] = field(default_factory=dict)
    since: date | None = None
    means: MeansChange | None = None
    lifted: set[str] = field(default_factory=set)


def read(
    work: Work,
    ids: Picked,
    day: date,
    rules: Rules,
    present: Present,
    trending: Iterable[int] = (),
) -> dict[int, Signs]:
    """Read the signs of these customers as of a day; `trending` pay later than they used to.

    What nobody has, by `present`, is not asked for.
    """
    known: dict[int, _Known] = defaultdict(_Known)
    if present.orders:
        _orders(work, ids, day, known)
    ordering = signs.identities(work, list(known)) if known else []
    for row in (*ordering, *(signs.published(work, ids) if present.public else ())):
        one = known[row.id]
        one.siren, one.address = row.siren, row.address or ""
    if present.observations:
        _sightings(work, ids, day, rules, known)
    if present.signs:
        _dated(work, ids, day, present, known)
    if present.payments:
        _means(work, ids, day, rules.policy.signals.means_change, known)
    _sales(work, ids, day, rules, known, _credited(work, ids, day, rules, present) | {*trending})
    for row in freezes.lifted(work, list(known)) if known else ():
        known[row.customer_id].lifted.add(row.cause)
    sirens = {one.siren for one in known.values() if one.siren}
    public = _public(work, sirens, day, rules)
    units = registry.of(work, sirens)
    found = {
        customer: _signs(
            one, public.get(one.siren or ""), units.get(one.siren or "", []), day, rules
        )
        for customer, one in known.items()
    }
    return {customer: one for customer, one in found.items() if not one.silent}


def _sightings(
    work: Work, ids: Picked, day: date, rules: Rules, known: Mapping[int, _Known]
) -> None:
    longest = max(
        rules.policy.signals.field.gone_days, rules.policy.signals.public.lawsuit.window_days
    )
    for row in observations.of(work, ids, day - timedelta(days=longest), day):
        known[row.customer_id].sightings.append(Sighting(row.code, row.on, row.person_id))


def _orders(work: Work, ids: Picked, day: date, known: Mapping[int, _Known]) -> None:
    for row in orders.of(work, ids, day - YEARS, day):
        known[row.customer_id].orders.append(row)


def _dated(
    work: Work, ids: Picked, day: date, present: Present, known: Mapping[int, _Known]
) -> None:
    of_siren: dict[str, list[_Known]] = {}
    for one in known.values():
        if one.siren:
            of_siren.setdefault(one.siren, []).append(one)
    for row in signs.of(work, ids, day, companies=present.company_signs):
        if row.customer_id is not None:
            known[row.customer_id].signs.append(row)
            continue
        for one in of_siren.get(row.siren, ()):
            one.signs.append(row)


def _means(
    work: Work, ids: Picked, day: date, rule: MeansRule, known: Mapping[int, _Known]
) -> None:
    """Find who stopped using a means that binds the payer (C1-07)."""
    turn = day - timedelta(days=rule.window_days)
    used: dict[int, list[Any]] = {}
    for row in signs.means_used(work, ids, turn - timedelta(days=rule.past_days), turn, day):
        used.setdefault(row.customer_id, []).append(row)
    for customer, rows in used.items():
        bound = [row for row in rows if row.means in rule.secure]
        loose = [row.lately_on for row in rows if row.means not in rule.secure and row.lately_on]
        kept = any(row.lately_on for row in bound)
        if loose and not kept and sum(row.n for row in bound) >= rule.min_payments:
            known[customer].means = MeansChange(min(loose), "means")


def _credited(work: Work, ids: Picked, day: date, rules: Rules, present: Present) -> set[int]:
    """Find who had a credit note within the window of C2-08."""
    if not present.credit_notes:
        return set()
    days = rules.policy.signals.commercial.returns.window_days
    return signs.returning(work, ids, day - timedelta(days=days))


def _sales(
    work: Work,
    ids: Picked,
    day: date,
    rules: Rules,
    known: Mapping[int, _Known],
    others: set[int],
) -> None:
    """Read what was sold to who ordered and to `others`, and who weighs much in our sales."""
    policy = rules.policy.signals.commercial
    lately = day - timedelta(days=policy.returns.window_days)
    surging = day - timedelta(days=policy.surge.recent_days)
    wanted = others | {customer for customer, one in known.items() if one.orders}
    windows = {
        "day": day,
        "surging": surging,
        "steady": surging - timedelta(days=policy.surge.mean_days),
        "lately": lately,
        "past": lately - timedelta(days=policy.returns.past_days),
    }
    large = facts.get(work, LARGE_CUSTOMERS) or {}
    for row in signs.sales(work, sorted(wanted), windows) if wanted else ():
        one = known[row.customer_id]
        values = {name: int(getattr(row, name) or 0) for name in _SUMS}
        one.sales[row.currency] = Sales(**values)
        days = [each for each in (one.since, row.first_on) if each]
        one.since = min(days, default=None)
    for customer in set(ids) & {int(each) for each in large}:
        for currency, (year, ours) in large[str(customer)].items():
            before = known[customer].sales.get(currency, Sales())
            values = {name: getattr(before, name) for name in _SUMS}
            known[customer].sales[currency] = Sales(**values, year=year, ours=ours)


_SUMS = ("surging", "steady", "lately", "returned_lately", "past", "returned_past")


def large_customers(work: Work, day: date, rules: Rules) -> Large:
    """Find who makes more of our sales than the first tier of C2-10 (few), with both sums."""
    rule = rules.policy.signals.commercial.dependence
    rows = signs.shares(work, day - timedelta(days=rule.window_days), day)
    ours: dict[str, int] = {}
    for row in rows:
        ours[row.currency] = ours.get(row.currency, 0) + int(row.minor)
    large: Large = {}
    for row in rows:
        total = ours[row.currency]
        if total > 0 and int(row.minor) * 100 >= rule.tiers[0].at * total:
            large.setdefault(str(row.customer_id), {})[row.currency] = (int(row.minor), total)
    return large


def keep_large_customers(work: Work, large: Large) -> None:
    """Keep them for the looks that follow."""
    facts.put(work, LARGE_CUSTOMERS, large)


@dataclass(frozen=True, slots=True)
class _Published:
    """What the notices of one company come to."""

    standing: Standing
    filed: tuple[date, ...]
    managers: tuple[date, ...]
    seats: tuple[Seat, ...]


def _public(work: Work, sirens: set[str], day: date, rules: Rules) -> dict[str, _Published]:
    if not sirens:
        return {}
    of_siren: dict[str, list[Notice]] = {}
    for one in in_force([one for one in notices.of(work, sirens) if one.published_on <= day]):
        of_siren.setdefault(one.siren, []).append(one)
    stale = rules.policy.signals.public.insolvency.stale_days
    return {
        siren: _Published(
            standing(found, day, stale),
            tuple(one.closed_on for one in found if one.closed_on),
            tuple(one.published_on for one in found if one.kind is NoticeKind.MANAGER),
            tuple(
                Seat(one.published_on, one.domiciliation)
                for one in found
                if one.kind is NoticeKind.SEAT
            ),
        )
        for siren, found in of_siren.items()
        if siren in sirens
    }


def _signs(
    one: _Known, published: _Published | None, units: list[Any], day: date, rules: Rules
) -> Signs:
    if not any((one.orders, one.signs, one.sightings, one.sales, one.means, published, units)):
        return NO_SIGNS
    return Signs(
        orders=tuple(_placed(one, units)),
        sales=one.sales,
        since=min((each for each in (one.since, *_days(one.orders)) if each), default=None),
        rejects=_rejects(one, rules),
        means=_new_account(one) or one.means,
        record=_record(one, published, units, day),
        sightings=tuple(one.sightings),
        lifted=frozenset(one.lifted),
    )


def _new_account(one: _Known) -> MeansChange | None:
    """Find the bank account that was stated last for the first time, after the first ones.

    A list without dates states the same accounts again on each day on which it comes in.
    """
    first: dict[str, date] = {}
    for row in one.signs:
        if row.kind == signs.BANK:
            first.setdefault(row.code, row.on)
    last = max(first.values(), default=None)
    if last is None or last == min(first.values()):
        return None
    return MeansChange(last, "bank_account")


def _days(rows: Iterable[Any]) -> list[date]:
    return [row.ordered_on for row in rows]


def _placed(one: _Known, units: list[Any]) -> list[Order]:
    """Name where each order was to go when that place is not known of the company."""
    known = {fold(unit.address) for unit in units if unit.address} | {fold(one.address)}
    sirets = {unit.siret for unit in units if unit.siret and unit.active}
    found = []
    for row in one.orders:
        place = _unknown_place(row, one, known - {""}, sirets)
        found.append(
            Order(
                row.ordered_on, row.number, row.amount_minor, row.currency, place, row.buyer or ""
            )
        )
        if row.address:
            known.add(fold(row.address))
    return found


def _unknown_place(row: Any, one: _Known, known: set[str], sirets: set[str]) -> str:  # noqa: ANN401
    """Return the address or SIRET of an order when nothing says that the company is there."""
    if row.siret:
        ours = one.siren is None or row.siret.startswith(one.siren)
        listed = not sirets or row.siret in sirets
        return "" if ours and listed else row.address or row.siret
    if not row.address or not known:
        return ""
    return "" if fold(row.address) in known else row.address


def _rejects(one: _Known, rules: Rules) -> tuple[Reject, ...]:
    """Keep the returns that tell a lack of funds; a technical one is our own business."""
    codes = rules.reference.returns.codes
    return tuple(
        Reject(row.on, row.code, row.amount_minor or 0, row.currency or "EUR")
        for row in one.signs
        if row.kind == signs.REJECT and codes.get(row.code) is Strength.STRONG
    )


def _record(one: _Known, published: _Published | None, units: list[Any], day: date) -> PublicRecord:
    def of(kind: str) -> list[Any]:
        return [row for row in one.signs if row.kind == kind]

    entries = [row for row in of(signs.PRIVILEGE) if row.ended_on is None or row.ended_on > day]

    def entered(test: Callable[[str], bool]) -> tuple[date, ...]:
        return tuple(row.on for row in entries if test(row.code or ""))

    accounts = tuple(_accounts(row) for row in of(signs.ACCOUNTS))
    filed = [one.closed_on for one in accounts] + list(published.filed if published else ())
    company = next((unit for unit in units if not unit.siret), None)
    return PublicRecord(
        standing=_registered(published.standing if published else Standing(), company),
        privileges=entered(lambda code: code not in {"pledge", "lawsuit"}),
        pledges=entered(lambda code: code == "pledge"),
        lawsuits=entered(lambda code: code == "lawsuit"),
        managers=published.managers if published else (),
        seats=published.seats if published else (),
        covers=tuple(
            Cover(row.on, row.code or "granted", row.amount_minor, row.currency or "EUR")
            for row in of(signs.COVER)
        ),
        ratings=tuple((row.on, int(row.data["rank"])) for row in of(signs.RATING)),
        accounts=accounts,
        last_closing=max(filed, default=None),
        naf=(company.naf or "") if company is not None else "",
    )


def _accounts(row: Any) -> Accounts:  # noqa: ANN401 - a row of the database
    data = row.data
    return Accounts(row.on, data.get("equity"), data.get("capital"), data.get("result"))


def _registered(found: Standing, company: Any | None) -> Standing:  # noqa: ANN401
    """Let the register speak: a company that it calls closed has ceased, one alive has not."""
    if company is None:
        return found
    if company.active:
        older = found.since is None or company.stated_on > found.since
        gone = found.trouble in {Trouble.CEASED, Trouble.DISSOLVED}
        return Standing(sold_on=found.sold_on, sale=found.sale) if gone and older else found
    if found.trouble in {Trouble.RUNNING, Trouble.CEASED}:
        return found
    since = company.changed_on or company.stated_on
    return Standing(
        trouble=Trouble.CEASED,
        since=since,
        cause=f"registry:{company.siren}:{since.isoformat()}",
        sold_on=found.sold_on,
        sale=found.sale,
    )
