"""G: a CSV of receivables into the book, against the csv module and one executemany."""

from __future__ import annotations

import csv
import shutil
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, closing, contextmanager
from datetime import date, timedelta
from functools import cache
from itertools import count
from pathlib import Path
from random import Random
from typing import Final

from bot.use_cases.imports import import_file
from storage import migrate
from storage.events import Origin
from storage.sqlite_connection import open_sqlite
from storage.sync.reading import read_file
from tests.bench.bench import Bench, Contender, Figures, Goal, Size
from tests.bench.ledger import SEED, now, rules
from tests.storage.inline import inline

PRODUCT: Final = "import_file, new"
AGAIN: Final = "import_file, 1 % changed"
FLOOR: Final = "csv module + executemany"
READ: Final = "read_file and its rows"
PARSE: Final = "csv module, typed, unchecked"
HEADER: Final = (
    "Code client;Client;Facture;Date facture;Échéance;Total TTC;Reste dû;Devise;Commercial"
)
PER_CUSTOMER: Final = 10
FLOOR_TABLE: Final = (
    "create table line(customer text, name text, number text primary key,"
    " issued int, due int, total int, open int, currency text, rep text)"
)


@contextmanager
def stage(folder: Path, lines: int) -> Iterator[Mapping[str, Contender]]:
    """Write the file of a day and that of the next, and a book that has read the first."""
    first, second = folder / "first.csv", folder / "second.csv"
    write(first, lines, paid_every=0)
    write(second, lines, paid_every=100)
    empty, read = folder / "empty.db", folder / "read.db"
    migrate.upgrade(f"sqlite:///{empty}")
    shutil.copyfile(empty, read)
    bring(read, first, lines)
    rounds = count(1)

    def fresh(seed: Path) -> Path:
        return Path(shutil.copyfile(seed, folder / f"round-{next(rounds)}.db"))

    yield {
        PRODUCT: lambda: {"lines/s": lines / bring(fresh(empty), first, lines)},
        AGAIN: lambda: {"lines/s": lines / bring(fresh(read), second, lines)},
        FLOOR: lambda: _floor(folder / f"floor-{next(rounds)}.db", first, lines),
        READ: lambda: _read(first, lines),
        PARSE: lambda: _parsed(first, lines),
    }


def write(path: Path, lines: int, *, paid_every: int) -> None:
    """Write the open items of a day; of some, half is paid."""
    random, today = Random(SEED), now().today
    with path.open("w", encoding="cp1252", newline="") as out:
        out.write(HEADER + "\r\n")
        for number in range(lines):
            customer, late = number // PER_CUSTOMER, random.randint(-60, 90)
            due, cents = today - timedelta(days=late), random.randint(5_000, 900_000)
            left = cents // 2 if paid_every and number % paid_every == 0 else cents
            out.write(
                f"C{customer:06d};Menuiserie Vauquermont {customer};FA-{number:07d};"
                f"{_day(due - timedelta(days=30))};{_day(due)};{_amount(cents)};{_amount(left)};"
                f"EUR;R{customer % 50:02d}\r\n"
            )


def _day(day: date) -> str:
    return f"{day:%d/%m/%Y}"


def _amount(cents: int) -> str:
    return f"{cents // 100},{cents % 100:02d}"


def bring(database: Path, file: Path, lines: int) -> float:
    """Import a file as the command line does, rules and alerts included; return the seconds."""
    known_rules, at = rules(), now()
    began = time.perf_counter()
    with inline(f"sqlite:///{database}") as work:
        origin = Origin(None, None, at, f"bench:{file.name}")
        report = import_file(work, origin, file, rules=known_rules, channel="cli")
    seconds = time.perf_counter() - began
    seen = report.new + report.changed + report.unchanged
    assert seen == lines, f"{seen} of {lines} lines were taken: {report.rejections[:3]}"
    return seconds


def _floor(database: Path, file: Path, lines: int) -> Figures:
    began = time.perf_counter()
    with closing(open_sqlite(database)) as raw:
        raw.execute(FLOOR_TABLE)
        raw.execute("begin immediate")
        raw.executemany("insert into line values (?,?,?,?,?,?,?,?,?)", _rows(file))
        raw.execute("commit")
        seconds = time.perf_counter() - began
        kept = raw.execute("select count(*) from line").fetchone()[0]
    assert kept == lines
    return {"lines/s": lines / seconds}


def _read(file: Path, lines: int) -> Figures:
    """Recognise a file and read it to the end, as an import does before it writes."""
    began = time.perf_counter()
    reading = read_file(file)
    taken = sum(1 for _ in reading.rows())
    seconds = time.perf_counter() - began
    assert (taken, reading.certain, reading.rejections) == (lines, True, [])
    return {"lines/s": lines / seconds}


def _parsed(file: Path, lines: int) -> Figures:
    began = time.perf_counter()
    taken = sum(1 for _ in _rows(file))
    seconds = time.perf_counter() - began
    assert taken == lines
    return {"lines/s": lines / seconds}


def _rows(file: Path) -> Iterator[tuple[object, ...]]:
    with file.open(encoding="cp1252", newline="") as source:
        rows = csv.reader(source, delimiter=";")
        next(rows)
        yield from map(_typed, rows)


def _typed(row: list[str]) -> tuple[object, ...]:
    code, name, number, issued, due, total, left, currency, rep = row
    amounts = _cents(total), _cents(left)
    return (code, name, number, _ordinal(issued), _ordinal(due), *amounts, currency, rep)


@cache
def _ordinal(written: str) -> int:
    day, month, year = written.split("/")
    return date(int(year), int(month), int(day)).toordinal()


def _cents(written: str) -> int:
    whole, _, cents = written.partition(",")
    return int(whole) * 100 + int(cents)


def _of(place: int) -> Callable[[Path, Size], AbstractContextManager[Mapping[str, Contender]]]:
    return lambda folder, size: stage(folder, size.lines[place])


GOALS: Final = (
    Goal("lines/s", PRODUCT, FLOOR),
    Goal("lines/s", AGAIN, FLOOR),
    Goal("lines/s", AGAIN, PRODUCT),
    Goal("lines/s", READ, PARSE),
)
IMPORT = Bench("import", "G", "import of 20 000 lines, rules included", _of(0), GOALS)
LARGE_IMPORT = Bench("import-large", "G", "import of 200 000 lines, rules included", _of(-1), GOALS)
