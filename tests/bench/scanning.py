"""E, F: a look at every customer with all rules, against the same money in one SQL statement."""

from __future__ import annotations

import shutil
import sqlite3
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from itertools import count
from pathlib import Path
from random import Random
from typing import Final

from bot.use_cases import alerts
from storage.events import Origin
from storage.sqlite_connection import open_sqlite
from tests.bench.bench import Bench, Contender, Figures, Goal, Size
from tests.bench.ledger import SEED, now, rules, seed
from tests.storage.inline import inline

PRODUCT: Final = "alerts.scan, every customer"
AGAIN: Final = "alerts.scan again, nothing changed"
CHANGED: Final = "alerts.scan of whom 1 % of the items changed"
ANCHOR: Final = "plain SQL aggregate, rows out"
LARGE: Final = 100_000
ITEMS: Final = 10
LATE: Final = 0.3
"""The part of the large company's customers that owe something late."""

AGGREGATE: Final = """
select customer_id, currency, sum(open_minor), sum(case when due_on < :today then open_minor end),
  sum(case when due_on < :today and due_on >= date(:today, '-30 days') then open_minor end),
  sum(case when due_on < date(:today, '-30 days') and due_on >= date(:today, '-60 days')
    then open_minor end),
  sum(case when due_on < date(:today, '-60 days') then open_minor end),
  min(case when due_on < :today then due_on end)
from item where open_minor != 0 group by customer_id, currency
"""


@dataclass(frozen=True, slots=True)
class Company:
    """A seeded book, and a copy of it whose alerts are known."""

    folder: Path
    book: Path
    scanned: Path
    customers: int


@contextmanager
def stage(folder: Path, size: Size) -> Iterator[Mapping[str, Contender]]:
    """Seed a company of which every customer is late: the most that a scan can have to do."""
    path = folder / "seed" / "relance.db"
    seed(path, readers=50, customers=size.scanned, items=ITEMS * size.scanned)
    yield _contenders(folder, path, size.scanned)


@contextmanager
def large(folder: Path, size: Size) -> Iterator[Mapping[str, Contender]]:
    """Seed a company of a hundred thousand customers of whom three in ten are late."""
    customers = LARGE if size.scanned >= 1_000 else size.scanned
    path = folder / "seed" / "relance.db"
    seed(path, readers=50, customers=customers, items=0)
    with closing(open_sqlite(path)) as raw, raw:
        raw.execute("begin")
        raw.executemany(INSERT, invented(customers))
        raw.execute("commit")
    yield _contenders(folder, path, customers)


INSERT: Final = """
insert into item_row (id, customer_id, key, kind, number, issued_on, due_on, currency,
  amount_minor, open_minor, total_known, stated_on, first_import)
values (?, ?, ?, 'invoice', ?, ?, ?, 'EUR', ?, ?, 1, ?, 1)
"""


def invented(customers: int) -> Iterator[tuple[object, ...]]:
    """Invent the items customer by customer: those who pay late have one to six late ones."""
    chance, today = Random(SEED), now().today
    days = [(today - timedelta(days=n)).isoformat() for n in range(-60, 250)]
    for number in range(customers * ITEMS):
        if number % ITEMS == 0:
            late = chance.randint(1, 6) if chance.random() < LATE else 0
        past_due = chance.randint(1, 150) if number % ITEMS < late else -chance.randint(0, 60)
        amount = chance.randint(5_000, 150_000)  # within the limit, all together
        name = f"FA-{number:07d}"
        dates = (days[past_due + 90], days[past_due + 60])
        yield (number + 1, number // ITEMS + 1, name, name, *dates, amount, amount, days[60])


def _contenders(folder: Path, book: Path, customers: int) -> Mapping[str, Contender]:
    company = Company(folder, book, folder / "scanned.db", customers)
    shutil.copyfile(book, company.scanned)
    _scan(company.scanned, "bench:before", range(1, customers + 1))
    names = count(1)

    def copy(path: Path) -> Path:
        made = folder / "round.db"
        for left in folder.glob("round.db*"):
            left.unlink()
        shutil.copyfile(path, made)
        return made

    def first() -> Figures:
        return _scan(copy(book), f"bench:{next(names)}", range(1, customers + 1))

    def again() -> Figures:
        return _scan(copy(company.scanned), f"bench:{next(names)}", range(1, customers + 1))

    def changed() -> Figures:
        path = copy(company.scanned)
        return _scan(path, f"bench:{next(names)}", _pay(path, customers))

    def aggregate() -> Figures:
        with closing(open_sqlite(book, read_only=True)) as raw:
            return _aggregated(raw, customers)

    return {PRODUCT: first, AGAIN: again, CHANGED: changed, ANCHOR: aggregate}


def _scan(path: Path, key: str, customer_ids: Iterable[int]) -> Figures:
    ids, known_rules = list(customer_ids), rules()
    began, cpu = time.perf_counter(), time.process_time()
    with inline(f"sqlite:///{path}") as work:
        report = alerts.scan(work, Origin(None, None, now(), key), ids, known_rules, tell=False)
    figures = {"seconds": time.perf_counter() - began, "cpu": time.process_time() - cpu}
    assert report.total == len(ids)
    return figures


def _pay(path: Path, customers: int) -> list[int]:
    """Let 1 % of the items be paid in part; return whose they are."""
    chance = Random(SEED)
    total = customers * ITEMS
    paid = chance.sample(range(1, total + 1), max(1, total // 100))
    touched: set[int] = set()
    with closing(open_sqlite(path)) as raw:
        raw.execute("begin")
        for item in paid:
            raw.execute("update item_row set open_minor = open_minor - 100 where id = ?", (item,))
            found = raw.execute("select customer_id from item_row where id = ?", (item,))
            touched.update(row[0] for row in found)
        raw.execute("commit")
    return sorted(touched)


def _aggregated(raw: sqlite3.Connection, customers: int) -> Figures:
    began, cpu = time.perf_counter(), time.process_time()
    rows = raw.execute(AGGREGATE, {"today": now().today.isoformat()}).fetchall()
    figures = {"seconds": time.perf_counter() - began, "cpu": time.process_time() - cpu}
    assert len(rows) == customers
    return figures


GOALS: Final = (
    Goal("seconds", PRODUCT, ANCHOR),
    Goal("cpu", PRODUCT, ANCHOR),
    Goal("seconds", AGAIN, ANCHOR),
    Goal("cpu", AGAIN, ANCHOR),
    Goal("cpu", CHANGED, PRODUCT),
)
SCAN = Bench(
    name="scan",
    letter="E",
    title="all rules over every customer, all of them late",
    stage=stage,
    goals=GOALS,
)
LARGE_SCAN = Bench(
    name="scan-large",
    letter="E",
    title="all rules over 100,000 customers and 1,000,000 open items, three customers in ten late",
    stage=large,
    goals=GOALS,
)
