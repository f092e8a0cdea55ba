"""E: a look at every customer with all rules, against the same money in one SQL statement."""

from __future__ import annotations

import shutil
import sqlite3
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from itertools import count
from pathlib import Path
from typing import Final

from bot.use_cases import alerts
from storage.events import Origin
from storage.sqlite_connection import open_sqlite
from tests.bench.bench import Bench, Contender, Figures, Goal, Size
from tests.bench.ledger import now, rules, seed
from tests.storage.inline import inline

PRODUCT: Final = "alerts.scan, every customer"
AGAIN: Final = "alerts.scan again, nothing changed"
ANCHOR: Final = "plain SQL aggregate, rows out"
AGGREGATE: Final = """
select customer_id, currency, sum(open_minor), sum(case when due_on < :today then open_minor end),
  sum(case when due_on < :today and due_on >= date(:today, '-30 days') then open_minor end),
  sum(case when due_on < date(:today, '-30 days') and due_on >= date(:today, '-60 days')
    then open_minor end),
  sum(case when due_on < date(:today, '-60 days') then open_minor end),
  min(case when due_on < :today then due_on end)
from item where open_minor != 0 group by customer_id, currency
"""


@contextmanager
def stage(folder: Path, size: Size) -> Iterator[Mapping[str, Contender]]:
    """Seed a company without any alert; every round works on a copy of its own."""
    ledger = seed(
        folder / "seed" / "relance.db", readers=50, customers=size.scanned, items=10 * size.scanned
    )
    rounds, known_rules = count(1), rules()

    def scan(path: Path, key: str) -> float:
        began = time.perf_counter()
        with inline(f"sqlite:///{path}") as work:
            origin = Origin(None, None, now(), key)
            everybody = range(1, size.scanned + 1)
            report = alerts.scan(work, origin, everybody, known_rules, tell=False)
        seconds = time.perf_counter() - began
        assert len(report.accounts) == size.scanned
        return seconds

    def fresh() -> Path:
        path = folder / f"round-{next(rounds)}.db"
        shutil.copyfile(ledger.path, path)
        return path

    def first() -> Figures:
        return {"seconds": scan(fresh(), "bench:first")}

    def again() -> Figures:
        path = fresh()
        scan(path, "bench:first")
        return {"seconds": scan(path, "bench:again")}

    def aggregate() -> Figures:
        with closing(open_sqlite(ledger.path, read_only=True)) as raw:
            return {"seconds": _aggregated(raw, size.scanned)}

    yield {PRODUCT: first, AGAIN: again, ANCHOR: aggregate}


def _aggregated(raw: sqlite3.Connection, customers: int) -> float:
    began = time.perf_counter()
    rows = raw.execute(AGGREGATE, {"today": now().today.isoformat()}).fetchall()
    seconds = time.perf_counter() - began
    assert len(rows) == customers
    return seconds


SCAN = Bench(
    name="scan",
    letter="E",
    title="all rules over every customer",
    stage=stage,
    goals=(Goal("seconds", PRODUCT, ANCHOR), Goal("seconds", AGAIN, ANCHOR)),
)
