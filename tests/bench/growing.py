"""K: what a press, a code, a page, a look and a short file cost in a far larger book."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import replace
from functools import partial
from itertools import count
from pathlib import Path
from typing import Final

from sqlalchemy import func, insert, select

from bot.handlers import surface
from bot.handlers.dispatch import Desk, Wish, handle
from bot.handlers.request import Incoming
from bot.screens.alert import TakeCharge
from bot.screens.render import speaker
from bot.screens.tap import encode
from bot.use_cases import alerts
from bot.use_cases.rules import Rules
from storage import alerts as stored
from storage.customers import ALL
from storage.events import Origin
from storage.sqlite_connection import open_sqlite
from storage.tables import inbox, outbox
from storage.work import Work
from tests.bench.bench import Bench, Contender, Figures, Goal, Size
from tests.bench.growing_imports import ms_a_file
from tests.bench.ledger import ZONE, Ledger, now, rules, seed
from tests.bench.scanning import INSERT, ITEMS, invented
from tests.bench.updates import FIRST_READER
from tests.storage.inline import inline

GROWN: Final = 100
CUSTOMERS: Final = 1_000
PORTFOLIO: Final = 20
ASKED: Final = 100
PRESSED: Final = 1_000_000  # the numbers of updates count from these
TYPED: Final = 2_000_000
PAGED: Final = 3_000_000
NEWS: Final = select(func.count()).where(outbox.c.kind == stored.NEWS)
ANSWERS: Final = select(func.count()).where(outbox.c.kind == "answer")
LITTLE: Final = "10 000 items"
MUCH: Final = "1 000 000 items"
FLAT: Final = 1.3
"""How much more the larger book may cost: its indexes are a page deeper."""


@contextmanager
def stage(folder: Path, size: Size) -> Iterator[Mapping[str, Contender]]:
    """Seed two companies, one a hundred times the other, whose first customers were looked at."""
    customers = min(CUSTOMERS, 10 * size.scanned)
    grown = customers * (GROWN if size.scanned >= CUSTOMERS else 2)
    yield {
        LITTLE: _contender(folder / "little.db", customers),
        MUCH: _contender(folder / "much.db", grown),
    }


def _contender(path: Path, customers: int) -> Contender:
    readers = max(1, customers // PORTFOLIO)
    ledger = seed(path, readers=readers, customers=customers, items=0)
    with closing(open_sqlite(path)) as raw, raw:
        raw.execute("begin")
        raw.executemany(INSERT, invented(customers))
        raw.execute("commit")
    lit = _look(ledger, "bench:before")
    rounds = count(1)
    surface.load()

    def turn() -> Figures:
        copy = path.with_name("round.db")
        for left in path.parent.glob("round.db*"):
            left.unlink()
        shutil.copyfile(path, copy)
        return _asked(Ledger(copy, readers, customers), lit, next(rounds))

    return turn


def _look(ledger: Ledger, key: str) -> list[int]:
    """Look at the first customers; return who of them is lit."""
    with inline(ledger.url) as work:
        everybody = range(1, _looked_at(ledger) + 1)
        alerts.scan(work, Origin(None, None, now(), key), everybody, rules(), tell=False)
        return sorted(row.customer_id for row in stored.gravest(work, None, ALL))


def _looked_at(ledger: Ledger) -> int:
    """Return how many were looked at before; as many after them have news to be told."""
    return min(ledger.customers // 2, 4 * ASKED)


def _asked(ledger: Ledger, lit: Sequence[int], number: int) -> Figures:
    known = rules()
    desk = Desk(known, lambda locale: speaker(locale or "fr", ZONE))
    with inline(ledger.url) as work:
        came = [one + first for first in (PRESSED, TYPED, PAGED) for one in lit]
        stored_as = {"sender": 0, "body": "{}", "received_at": now().at}
        work.execute_many(insert(inbox), [{"update_id": one, **stored_as} for one in came])
        press = partial(_press, work, desk, ledger)
        code = partial(_typed, work, desk, ledger)
        page = partial(_paged, work, desk, ledger)
        look = partial(_looked, work, known, number)
        tell = partial(_looked, work, known, number, tell=True)
        new = range(_looked_at(ledger) + 1, 2 * _looked_at(ledger) + 1)
        figures = {
            "ms a press": _each(press, lit),
            "ms a typed code": _each(code, lit),
            "ms a page": _each(page, lit),
            "ms a look": _each(look, lit),
            "ms a told look": _each(tell, new),
        }
        taken = [row for row in stored.gravest(work, None, ALL) if row.state == stored.ACKNOWLEDGED]
        assert len(taken) == len(lit)
        assert work.scalar(ANSWERS) == len(came)
        assert work.scalar(NEWS) > 0
    return {**figures, "ms a file of ten payments": ms_a_file(ledger, lit)}


def _each(ask: Callable[[int], None], customers: Sequence[int]) -> float:
    """Return the milliseconds of processor time of one; the first ones compile statements."""
    warm = len(customers) // 4
    for one in customers[:warm]:
        ask(one)
    began = time.process_time()
    for one in customers[warm:]:
        ask(one)
    return (time.process_time() - began) * 1_000 / (len(customers) - warm)


def _wish(ledger: Ledger, customer: int, update: int) -> Wish:
    telegram_id = FIRST_READER + (customer - 1) % ledger.readers + 1
    return Wish(update, telegram_id, telegram_id, "Camille", "fr", now())


def _press(work: Work, desk: Desk, ledger: Ledger, customer: int) -> None:
    wish = _wish(ledger, customer, PRESSED + customer)
    data = encode(TakeCharge(customer))
    handle(work, replace(wish, press=data, query_id=str(customer), tapped=customer), desk)


def _typed(work: Work, desk: Desk, ledger: Ledger, customer: int) -> None:
    wish = _wish(ledger, customer, TYPED + customer)
    said = Incoming(customer, f"{411_000_000 + customer}", wish.now.today)
    handle(work, replace(wish, incoming=said), desk)


def _paged(work: Work, desk: Desk, ledger: Ledger, customer: int) -> None:
    wish = _wish(ledger, customer, PAGED + customer)
    said = Incoming(customer, "/tableau", wish.now.today)
    handle(work, replace(wish, command="tableau", incoming=said), desk)


def _looked(work: Work, known: Rules, number: int, customer: int, *, tell: bool = False) -> None:
    origin = Origin(None, None, now(), f"bench:{number}:{customer}")
    alerts.scan(work, origin, [customer], known, tell=tell)


GROWTH = Bench(
    name="growth",
    letter="K",
    title=f"the same asked of {CUSTOMERS * ITEMS} items and of {GROWN} times as many",
    stage=stage,
    goals=tuple(
        Goal(figure, MUCH, LITTLE, at_most=FLAT)
        for figure in (
            "ms a press",
            "ms a typed code",
            "ms a page",
            "ms a look",
            "ms a told look",
            "ms a file of ten payments",
        )
    ),
)
