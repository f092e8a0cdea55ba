"""K: what a file of ten payments costs, whatever the size of the book it comes into."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from bot.jobs import importing
from bot.jobs.timetable import Bench
from bot.use_cases.imports import Wish
from config.clock import Clock
from storage.database import connect
from tests.bench.ledger import ZONE, Ledger, now, rules

HEADER: Final = "Code client;Date de règlement;Montant;Devise;Facture;Référence"
TEN: Final = 10
WARM: Final = 2
"""The first imports in the life of a process compile their statements."""
TIMES: Final = 5


def ms_a_file(ledger: Ledger, customers: Sequence[int]) -> float:
    """Import files of ten payments one after the other; return the processor time of one."""
    return asyncio.run(_imported(ledger, customers[:TEN]))


async def _imported(ledger: Ledger, customers: Sequence[int]) -> float:
    folder, began = ledger.path.parent, 0.0
    database = connect(ledger.url)
    await database.open()
    try:
        bench = Bench(database, rules(), Clock(0, ZONE), folder, folder)
        for number in range(WARM + TIMES):
            if number == WARM:
                began = time.process_time()
            wish = Wish(_payments(folder / f"payments-{number}.csv", customers, number), "cli")
            report = await importing.bring(bench, bench.origin("import"), wish)
            assert (report.kind, report.new) == ("payments", len(customers))
        return (time.process_time() - began) * 1_000 / TIMES
    finally:
        await database.close()


def _payments(path: Path, customers: Sequence[int], number: int) -> Path:
    """Write a payment by each customer that names no invoice."""
    day = f"{now().today:%d/%m/%Y}"
    lines = [f"{411_000_000 + one};{day};{10 + number},00;EUR;;VIR{number}" for one in customers]
    path.write_text("\n".join([HEADER, *lines]) + "\n", encoding="utf-8")
    return path
