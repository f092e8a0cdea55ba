"""A ledger that writes its exports as files, and a book that takes them in."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select

from bot.scripts.library import load
from bot.use_cases.balances import aged
from bot.use_cases.import_report import ImportReport
from bot.use_cases.imports import import_file
from bot.use_cases.rules import Rules
from config.policy import load_policy
from config.reference import load_reference
from config.working_days import french_calendar
from credit.moment import Moment
from credit.people import Role
from storage import book, people, tables
from storage.events import Origin
from storage.work import Work

PARIS = ZoneInfo("Europe/Paris")
TODAY = date(2026, 11, 20)  # a Friday
_keys = count(1)

ITEMS = "Code client;Client;Facture;Date facture;Échéance;Total TTC;Reste dû;Devise;Commercial"
BARE = "Code client;Client;Facture;Date facture;Échéance;Reste dû;Devise"
PAID = "Code client;Date de règlement;Montant;Devise;Facture;Référence"
PEOPLE = "Code client;Raison sociale;Commercial;Plafond;Contact;Téléphone"


@cache
def rules() -> Rules:
    return Rules(
        company="Négoce",
        zone=PARIS,
        locale="fr",
        policy=load_policy(),
        calendar=french_calendar(),
        reference=load_reference(),
        scripts=load(),
    )


def signed(day: date = TODAY, hour: int = 9) -> Origin:
    now = Moment(datetime.combine(day, time(hour), tzinfo=PARIS), PARIS)
    return Origin(None, None, now, f"test:{next(_keys)}")


def a_file(folder: Path, header: str, *lines: str) -> Path:
    path = folder / f"export-{next(_keys)}.csv"
    path.write_text("\n".join([header, *lines]) + "\n", encoding="utf-8")
    return path


def line(
    number: str,
    opened: str,
    *,
    total: str | None = None,
    customer: str = "C1",
    issued: str = "01/09/2026",
    due: str = "01/10/2026",
    currency: str = "EUR",
    rep: str = "R1",
) -> str:
    """Write a line under `ITEMS`."""
    amounts = f"{opened if total is None else total};{opened}"
    return f"{customer};Client {customer};{number};{issued};{due};{amounts};{currency};{rep}"


def bare(number: str, opened: str, *, customer: str = "C1", due: str = "01/10/2026") -> str:
    """Write a line under `BARE`: no total."""
    return f"{customer};Client {customer};{number};01/09/2026;{due};{opened};EUR"


def take(
    work: Work, path: Path, *, on: date = TODAY, hour: int = 9, **options: Any
) -> ImportReport:
    return import_file(work, signed(on, hour), path, rules=rules(), channel="cli", **options)


def items(work: Work) -> dict[str, int]:
    """Read what is open of each key."""
    rows = work.all(select(tables.item.c.key, tables.item.c.open_minor))
    return {row.key: row.open_minor for row in rows}


def item(work: Work, key: str) -> Any:
    found = work.first(select(tables.item).where(tables.item.c.key == key))
    assert found is not None
    return found


def stated_on(work: Work, key: str) -> date:
    """Return the day of the last file that stated an item, changed or not."""
    [known] = book.by_ids(work, [item(work, key).id])
    return known.stated_on


def settlements(work: Work, key: str) -> list[tuple[date | None, int, bool]]:
    """Read what reduced an item: day, minor units, and whether a payment is known."""
    settlement = tables.settlement
    rows = work.all(
        select(settlement)
        .where(settlement.c.item_id == item(work, key).id)
        .order_by(settlement.c.settled_on, settlement.c.id)
    )
    return [(row.settled_on, row.amount_minor, row.payment_id is not None) for row in rows]


def total(work: Work, day: date = TODAY) -> dict[tuple[str, str], str]:
    """Read the balance of each customer and currency on a day."""
    return {(row.code, row.currency): row.total.as_text() for row in aged(work, day)}


def balanced(work: Work) -> None:
    """Check that every item is what it was less what reduced it."""
    sums: dict[int, int] = {}
    for row in work.all(select(tables.settlement)):
        sums[row.item_id] = sums.get(row.item_id, 0) + row.amount_minor
    for row in work.all(select(tables.item)):
        assert row.amount_minor - sums.get(row.id, 0) == row.open_minor, row.key


def everything(work: Work) -> dict[str, Sequence[Any]]:
    """Read the book whole, to compare it with itself later."""
    book = (tables.customer, tables.item, tables.payment, tables.settlement, tables.import_run)
    rest = (tables.event, tables.outbox, tables.alert, tables.fact)
    return {t.name: work.all(select(t).order_by(*t.primary_key)) for t in (*book, *rest)}


def a_rep(work: Work, *codes: str, role: Role = Role.REP, telegram: int = 11) -> int:
    return people.add(
        work,
        telegram_id=telegram,
        name=f"Person {telegram}",
        role=role,
        locale="fr",
        codes=codes,
        at=signed().at.at,
    )
