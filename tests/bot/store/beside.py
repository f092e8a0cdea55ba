"""A week of exports, and what they leave to be seen, however they come in."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from bot.jobs import importing
from bot.jobs.timetable import Bench
from bot.use_cases.import_report import ImportReport
from bot.use_cases.imports import Wish
from credit.moment import Moment
from storage import book_versions, tables
from storage.database import connect
from storage.events import Origin
from tests.bot.store.bench import Clock
from tests.bot.use_cases.ledger import ITEMS, PAID, PEOPLE, a_file, line, rules
from tests.storage.inline import inline

VERSIONED = (tables.customer, tables.item, tables.payment, tables.settlement)
OTHERS = (tables.customer_contact, tables.import_run, tables.alert, tables.outbox, tables.event)
ASIDE = pytest.mark.parametrize("aside", [False, True], ids=["here", "in a process of its own"])
REJECTS = "Code client;Code rejet;Date rejet;Montant"


def files(folder: Path) -> list[Path]:
    """A week of exports: everything a book goes through."""
    open_items = [line(f"F{n}", f"{n}00,00", customer=f"C{n % 4}") for n in range(1, 9)]
    partly_paid = line("F2", "50,00", total="200,00", customer="C2")
    return [
        a_file(folder, PEOPLE, "C1;Alpha;R1;1000;Ann;0102030405", "C9;Neuf;R2;;;"),
        a_file(folder, ITEMS, *open_items),
        a_file(folder, PAID, "C3;18/11/2026;120,00;EUR;F3;REF1", "C1;19/11/2026;77,00;EUR;;REF2"),
        a_file(folder, ITEMS, *open_items[2:], partly_paid, line("N1", "5,00", customer="C7")),
        a_file(folder, PEOPLE, "C1;Alpha & Co;R2;2000;Bob;0102030406", "C9;Neuf;R2;;;"),
        a_file(folder, ITEMS, *open_items[4:], line("F1", "100,00", customer="C1")),
        a_file(folder, REJECTS, "C2;AM04;18/11/2026;120,00", "C3;AC04;18/11/2026;50,00"),
    ]


class StillClock(Clock):
    """A clock that counts no looks at it: how many there are depends on the machine."""

    def now(self) -> Moment:
        return Moment(self.at, self.zone)


async def opened(url: str, story: Callable[[Bench], Awaitable[Any]], folder: Path) -> Any:
    database = connect(url)
    await database.open()
    try:
        uploads = folder / "uploads"
        bench = Bench(database, rules(), StillClock(), folder, uploads, is_gone=lambda _owner: True)
        return await story(bench)
    finally:
        await database.close()


def bring(
    url: str, paths: Sequence[Path], *, aside: bool = False, partial: bool = False, **how: Any
) -> list[Any]:
    """Import files one after the other; each is signed by its name."""

    async def story(bench: Bench) -> list[ImportReport]:
        return [
            await importing.bring(
                bench,
                Origin(None, None, bench.clock.now(), f"test:{path.name}"),
                Wish(path, "cli", partial=partial),
                aside=aside,
                **how,
            )
            for path in paths
        ]

    return list(asyncio.run(opened(url, story, paths[0].parent)))


def book(url: str) -> dict[str, list[tuple[Any, ...]]]:
    """Read everything an import leaves to be seen."""
    with inline(url) as work:
        return {
            table.name: [tuple(row) for row in work.all(select(table).order_by(*table.primary_key))]
            for table in (*VERSIONED, *OTHERS)
        }


def left_over(url: str) -> int:
    """Count the rows of versions that are neither seen nor the one before."""
    with inline(url) as work:
        standing = book_versions.standing(work)
        assert standing.pending is None
        lists = (tables.book_touched, tables.book_later, tables.book_follow)
        rows = sum(work.scalar(select(func.count()).select_from(one)) for one in lists)
        for one in book_versions.ROWS:
            wrong = (one.c.since > standing.version) | (one.c.until <= standing.previous)
            rows += work.scalar(select(func.count()).select_from(one).where(wrong))
        return int(rows)


def short(
    url: str, paths: Sequence[Path], monkeypatch: pytest.MonkeyPatch, **how: Any
) -> list[Any]:
    with monkeypatch.context() as patched:
        patched.setattr(importing, "SHORT_FILE", 1_000_000)
        return bring(url, paths, **how)
