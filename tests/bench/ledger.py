"""An invented company in a database: readers with a portfolio each, customers, open items."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import insert

from bot.application import build_rules
from bot.use_cases import alerts, daily_look
from bot.use_cases.rules import Rules
from config.settings import Settings
from credit.moment import Moment
from credit.people import Role
from storage import facts, migrate
from storage.customers import fold
from storage.events import Origin
from storage.tables import customer_row, item_row, person, portfolio
from storage.work import Work
from tests.bench.updates import FIRST_READER
from tests.storage.inline import inline

ZONE = ZoneInfo("Europe/Paris")
SEED = 20_260_312
CHUNK = 5_000
OFF_HOURS = "23:59"
"""When readers want their digest: never, else a bot that starts late sends it while measured."""
DUE_DAYS = (-40, -25, -10, 0, 5, 20, 38, 55, 75, 100)  # days past due of a customer's ten items


@dataclass(frozen=True, slots=True)
class Ledger:
    """A seeded database and what is known of it; customers and readers count from 1."""

    path: Path
    readers: int
    customers: int

    @property
    def url(self) -> str:
        """Return the address of the database."""
        return f"sqlite:///{self.path}"


def now() -> Moment:
    """Return the present moment in the company's zone."""
    return Moment(datetime.now(UTC), ZONE)


def rules() -> Rules:
    """Return the rules of a company that decided nothing by itself."""
    return build_rules(Settings(_env_file=None))


def seed(path: Path, *, readers: int, customers: int, items: int, alarmed: int = 0) -> Ledger:
    """Write the company; the first `alarmed` customers have their alert raised already."""
    ledger = Ledger(path, readers, customers)
    path.parent.mkdir(parents=True, exist_ok=True)
    migrate.upgrade(ledger.url)
    fill(ledger.url, readers=readers, customers=customers, items=items, alarmed=alarmed)
    return ledger


def fill(url: str, *, readers: int, customers: int, items: int, alarmed: int = 0) -> None:
    """Write the company in a database that has its tables and nothing in them."""
    at = now()
    with inline(url) as work:
        for number in range(1, readers + 1):
            work.execute(insert(person), _reader(number, at))
        codes = [{"person_id": n, "code": code_of(n)} for n in range(1, readers + 1)]
        work.execute_many(insert(portfolio), codes)
        _rows(work, customer_row, (_customer(n, readers, at) for n in range(1, customers + 1)))
        _rows(work, item_row, (_item(n, customers, at) for n in range(items)))
        facts.put(work, "data_as_of", at.at.isoformat())
        daily_look.done(work, at.today)  # else the bot looks at everybody while it is measured
    if alarmed:
        with inline(url) as work:
            origin = Origin(None, None, at, "bench:alarm")
            alerts.scan(work, origin, range(1, alarmed + 1), rules(), tell=False)


def code_of(reader: int) -> str:
    """Return the code of a reader's portfolio."""
    return f"R{reader:04d}"


def _rows(work: Work, table: Any, rows: Iterator[dict[str, Any]]) -> None:
    kept = list(rows)
    for start in range(0, len(kept), CHUNK):
        work.execute_many(insert(table), kept[start : start + CHUNK])


def _reader(number: int, at: Moment) -> dict[str, Any]:
    return {
        "id": number,
        "telegram_id": FIRST_READER + number,
        "name": f"Camille Moreau {number}",
        "role": Role.REP.value,
        "locale": "fr",
        "digest_at": OFF_HOURS,
        "enrolled_at": at.at,
    }


def _customer(number: int, readers: int, at: Moment) -> dict[str, Any]:
    name = f"Menuiserie Vauquermont {number}"
    code = f"{411_000_000 + number}"
    return {
        "id": number,
        "code": code,
        "name": name,
        "search": fold(f"{code} {name}"),
        "rep_code": code_of((number - 1) % readers + 1),
        "credit_limit_minor": 1_500_000,
        "limit_currency": "EUR",
        "changed_at": at.at,
    }


def _item(number: int, customers: int, at: Moment) -> dict[str, Any]:
    past_due = DUE_DAYS[number // customers % len(DUE_DAYS)]
    due = at.today - timedelta(days=past_due)
    amount = Random(SEED + number).randint(5_000, 400_000)
    return {
        "id": number + 1,
        "customer_id": number % customers + 1,
        "key": f"FA-{number:07d}",
        "kind": "invoice",
        "number": f"FA-{number:07d}",
        "issued_on": due - timedelta(days=30),
        "due_on": due,
        "currency": "EUR",
        "amount_minor": amount,
        "open_minor": amount,
        "total_known": True,
        "stated_on": at.today,
        "first_import": 1,
    }
