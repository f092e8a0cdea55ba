"""The demo's book and its past, brought in by the same use cases as any company's."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from secrets import token_urlsafe
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.application import House
    from bot.demo.cast import Colleague
    from bot.demo.deeds import Deed
    from bot.use_cases.accounts import Account
    from credit.moment import Moment
    from credit.people import Person
    from storage.events import Origin
    from storage.work import Work

SECRET_BYTES = 16
OFFICE_HOUR = time(10, 20)


@dataclass(frozen=True, slots=True)
class Stage:
    """One step of the past: the moment it happened, signed so that it has an identity."""

    house: House

    def origin(self, what: str, days_ago: int, person: Person | None = None) -> Origin:
        """Sign what happened in the morning so many days ago, or now when it is today."""
        from storage.events import Origin

        return Origin(person.id if person else None, None, self.moment(days_ago), f"demo:{what}")

    def moment(self, days_ago: int) -> Moment:
        """Return the moment of a morning so many days ago."""
        now = self.house.clock.now()
        if not days_ago:
            return now
        day = now.today - timedelta(days=days_ago)
        morning = datetime.combine(day, OFFICE_HOUR, tzinfo=now.zone)
        return replace(now, at=morning.astimezone(UTC))


def play_past(work: Work, house: House, files: list[Path]) -> None:
    """Live the weeks before the demo: an export, what the reps did, what came of it.

    The reps are known but not in yet, so that nobody is told of what is long past: each of
    them comes in by his own invitation when the demo starts.
    """
    from bot.demo.deeds import DEEDS, LAST_EXPORT_DAYS
    from bot.use_cases import alert_watch, alerts, judging
    from bot.use_cases.imports import import_file
    from storage import customers

    stage = Stage(house)
    staff = _former_staff(work, stage)
    for path in files:
        origin = stage.origin(f"export:{path.name}", LAST_EXPORT_DAYS)
        import_file(work, origin, path, rules=house.rules, channel="cli")
    for deed in DEEDS:
        _do(work, stage, deed, staff)
        origin = stage.origin(f"judge:{deed.days_ago}:{deed.place}", deed.days_ago)
        judging.judge_due(work, origin, house.rules)
    alert_watch.escalate_unanswered(work, stage.origin("escalate", 0), house.rules)
    # a digest that leaves before today's export must not tell the figures of the last one
    everybody = [customer_id for customer_id, _ in customers.names(work, None)]
    alerts.scan(work, stage.origin("look", 0), everybody, house.rules, tell=False)


def _former_staff(work: Work, stage: Stage) -> dict[str, Person]:
    """Enrol everybody by invitation, then close the access: it opens again in the chat."""
    from bot.demo.cast import STAFF
    from bot.use_cases import access

    staff: dict[str, Person] = {}
    for one in STAFF:
        origin = stage.origin(f"staff:{one.username}", 60)
        payload = invite(work, origin, one)
        person, _ = access.enrol(
            work,
            origin,
            telegram_id=one.telegram_id,
            payload=payload,
            name=one.name,
            locale=one.language,
        )
        access.revoke(work, stage.origin(f"leave:{one.username}", 59), None, person.id)
        staff |= dict.fromkeys(one.codes if one.role == "rep" else (one.role,), person)
    return staff


def _staff(work: Work) -> dict[str, Person]:
    """Find who is in now: a rep by the codes of his portfolio, anybody else by the role."""
    from credit.people import Role
    from storage import people

    everybody = people.active(work)
    staff = {one.role.value.replace("_", "-"): one for one in everybody}
    reps = [one for one in everybody if one.role is Role.REP]
    return staff | {code: one for one in reps for code in sorted(one.codes)}


def invite(work: Work, origin: Origin, one: Colleague) -> str:
    """Make a colleague's invitation and return its payload."""
    from bot.use_cases import access
    from credit.people import Role

    role = Role(one.role.replace("-", "_"))
    offer = access.Invitation(role, one.name, one.codes, token_urlsafe(SECRET_BYTES))
    return access.invite(work, origin, None, offer).payload


def invite_everybody(work: Work, house: House) -> dict[int, str]:
    """Make everybody's invitation; return the payloads by Telegram id."""
    from bot.demo.cast import STAFF

    stage = Stage(house)
    return {
        one.telegram_id: invite(work, stage.origin(f"invite:{one.username}", 0), one)
        for one in STAFF
    }


def _do(work: Work, stage: Stage, deed: Deed, staff: dict[str, Person]) -> None:
    from bot.demo.deeds import DISPUTE, ORDER, PROMISE, QUESTION, VISIT
    from bot.use_cases import accounts
    from storage import customers

    customer = customers.by_code(work, deed.customer)
    if customer is None:
        raise LookupError(deed.customer)
    person = staff[deed.by or customer.rep_code or ""]
    what = f"{deed.kind}:{deed.place}:{deed.days_ago}"
    origin = stage.origin(what, deed.days_ago, person)
    account = accounts.load(work, customer.id, origin.at, stage.house.rules)
    known = {PROMISE: _promise, DISPUTE: _dispute, VISIT: _visit, ORDER: _order}
    act = {**known, QUESTION: _question}.get(deed.kind, _call)
    act(work, origin, person, account, deed, stage.house)


def _promise(
    work: Work, origin: Origin, person: Person, account: Account, deed: Deed, house: House
) -> None:
    from bot.use_cases import promises
    from credit.promise import Means, PromiseLine

    oldest = account.claimable[0]
    due_on = origin.at.today + timedelta(days=deed.due_in)
    line = PromiseLine(due_on, oldest.undisputed_minor * deed.percent // 100)
    request = promises.PromiseRequest(
        currency=oldest.currency,
        lines=(line,),
        means=Means.TRANSFER,
        scope=promises.OLDEST,
        items=frozenset({oldest.id}),
        contact=account.people[0].name if account.people else None,
    )
    promises.make(work, origin, person, account.customer.id, request, house.rules)


def _dispute(
    work: Work, origin: Origin, person: Person, account: Account, deed: Deed, house: House
) -> None:
    from bot.use_cases import disputes
    from credit.dispute import DisputeReason
    from credit.money import Money

    oldest = account.claimable[0]
    minor = oldest.undisputed_minor * deed.percent // 100
    request = disputes.DisputeRequest(
        reason=DisputeReason(deed.reason),
        item_id=oldest.id,
        amount=Money.from_minor(minor, oldest.currency),
        text=deed.note,
    )
    disputes.open_dispute(work, origin, person, account.customer.id, request, house.rules)


def _call(
    work: Work, origin: Origin, person: Person, account: Account, deed: Deed, _house: House
) -> None:
    from bot.use_cases import contacts

    request = contacts.ContactRequest(outcome=deed.outcome, reason=deed.reason)
    contacts.record_contact(work, origin, person, account.customer.id, request)


def _visit(
    work: Work, origin: Origin, person: Person, account: Account, deed: Deed, house: House
) -> None:
    from bot.use_cases import observations

    customer = account.customer.id
    seen = observations.observe(work, origin, person, customer, deed.code, house.rules)
    observations.describe(work, seen, deed.note, [])


def _order(
    work: Work, origin: Origin, person: Person, account: Account, deed: Deed, house: House
) -> None:
    from bot.use_cases import orders
    from credit.money import Money

    amount = Money.from_minor(deed.euros * 100, "EUR")
    held = orders.check(work, account.customer.id, amount, origin.at, house.rules)
    orders.looked_up(work, origin, held)
    request = orders.draft(work, origin, person, held)
    orders.ask(work, origin, person, request, deed.note, house.rules)


def _question(
    work: Work, origin: Origin, person: Person, account: Account, deed: Deed, house: House
) -> None:
    from bot.use_cases import dispute_deciding

    dispute_deciding.ask(work, origin, person, account.disputes[0].id, deed.note, house.rules)


def bring_today(work: Work, house: House, files: list[Path]) -> int:
    """Import today's files and look at every account: the cards leave for their reps.

    Return how many accounts are worth a card.
    """
    from bot.commands import demo_credit, demo_openings
    from bot.demo.deeds import TODAY
    from bot.use_cases import alerts, judging
    from bot.use_cases.imports import import_file
    from storage import customers

    stage = Stage(house)
    for path in files:
        origin = stage.origin(f"today:{path.name}", 0)
        import_file(work, origin, path, rules=house.rules, channel="cli")
    judging.judge_due(work, stage.origin("judge:today", 0), house.rules)
    staff = _staff(work)
    for deed in TODAY:
        _do(work, stage, deed, staff)
    demo_openings.play(work, house, stage, staff)
    demo_credit.play(work, house, stage)
    everybody = [customer_id for customer_id, _ in customers.names(work, None)]
    return alerts.scan(work, stage.origin("scan", 0), everybody, house.rules).pushed
