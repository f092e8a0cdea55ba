# ruff: noqa: A002 - an id is called id, as in the values that are built here
"""Builders of the values that the tests of the credit room and of the alerts need."""

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from config.policy import load_policy
from credit.calendar import WorkingCalendar
from credit.moment import Moment
from credit.money import Money
from credit.people import Person, Role
from credit.promise import Means, Promise, PromiseLine, PromiseState
from credit.receivable import ItemKind, OpenItem, Payment, Settlement

TODAY = date(2026, 11, 25)  # a Wednesday
PARIS = ZoneInfo("Europe/Paris")
POLICY = load_policy()


def weekdays_only(*holidays: date) -> WorkingCalendar:
    return WorkingCalendar(lambda day: day in holidays)


def eur(amount: str) -> Money:
    return Money(Decimal(amount), "EUR")


def paris(year: int, month: int, day: int, hour: int = 10, minute: int = 0) -> Moment:
    return Moment(datetime(year, month, day, hour, minute, tzinfo=PARIS).astimezone(UTC), PARIS)


def an_item(
    minor: int = 100_000,
    *,
    days_past_due: int = 35,
    due_on: date | None = None,
    id: int = 1,
    kind: ItemKind = ItemKind.INVOICE,
    currency: str = "EUR",
    amount_minor: int | None = None,
    disputed_minor: int = 0,
    promised_until: date | None = None,
    promised_minor: int | None = None,
    today: date = TODAY,
) -> OpenItem:
    due = due_on or today - timedelta(days=days_past_due)
    return OpenItem(
        id=id,
        customer=7,
        kind=kind,
        number=f"F{id}",
        issued_on=due - timedelta(days=30),
        due_on=due,
        currency=currency,
        amount_minor=minor if amount_minor is None else amount_minor,
        open_minor=minor,
        disputed_minor=disputed_minor,
        promised_until=promised_until,
        promised_minor=promised_minor,
    )


def without_due_date(minor: int, id: int = 90) -> OpenItem:
    return OpenItem(id, 7, ItemKind.OTHER, "OD", None, None, "EUR", minor, minor)


def settled(
    minor: int, days_late: int, *, id: int = 50, on: date = TODAY, left_minor: int = 0
) -> Settlement:
    due = on - timedelta(days=days_late)
    item = OpenItem(
        id, 7, ItemKind.INVOICE, f"F{id}", None, due, "EUR", minor + left_minor, left_minor
    )
    return Settlement(item, on, minor)


def a_promise(
    *lines: tuple[date, int],
    id: int = 1,
    means: Means = Means.TRANSFER,
    made_on: date = date(2026, 11, 2),
    items: frozenset[int] = frozenset(),
    state: PromiseState = PromiseState.OPEN,
) -> Promise:
    return Promise(
        id=id,
        customer=7,
        author=1,
        made_on=made_on,
        currency="EUR",
        lines=tuple(PromiseLine(*line) for line in lines),
        means=means,
        items=items,
        state=state,
    )


def a_payment(
    minor: int,
    on: date,
    *,
    id: int = 1,
    item_id: int | None = None,
    customer: int = 7,
    currency: str = "EUR",
) -> Payment:
    return Payment(id, customer, on, currency, minor, item_id)


def a_person(
    role: Role = Role.REP,
    *codes: str,
    id: int = 1,
    name: str = "Ana",
    active: bool = True,
    enrolled: bool = True,
) -> Person:
    telegram_id = 1000 + id if enrolled else None
    return Person(id, telegram_id, name, role, "fr", frozenset(codes), active, time(7, 45))
