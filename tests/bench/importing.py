"""G, G2: a file of receivables into the book, against a bare reader and one executemany."""

from __future__ import annotations

import csv
import shutil
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from itertools import count
from multiprocessing import get_context
from pathlib import Path
from random import Random
from typing import Final

from python_calamine import CalamineWorkbook
from xlsxwriter import Workbook

from bot.use_cases import following, imports
from storage import former_export, migrate
from storage.events import Origin
from storage.sqlite_connection import open_sqlite
from storage.sync.reading import read_file
from tests.bench.bench import Bench, Contender, Figures, Goal, Size
from tests.bench.ledger import SEED, now, rules
from tests.storage.inline import inline

PRODUCT: Final = "an import, new"
AGAIN: Final = "an import, 1 % changed"
FLOOR: Final = "csv module + executemany"
SHEET: Final = "an import of a workbook, new"
CALAMINE: Final = "python-calamine + executemany"
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
MILLION: Final = 1_000_000


@dataclass(slots=True)
class Watch:
    """Seconds, processor seconds and megabytes since it was made."""

    began: float = 0.0
    cpu: float = 0.0
    megabytes: float = 0.0

    def __post_init__(self) -> None:
        """Begin now."""
        self.began, self.cpu = time.perf_counter(), time.process_time()
        self.megabytes = _peak()

    def read(self, note: str = "") -> Figures:
        """Tell how much went by; memory is what the peak has risen by."""
        return {
            f"s{note}": time.perf_counter() - self.began,
            f"CPU s{note}": time.process_time() - self.cpu,
            f"more MB{note}": max(_peak() - self.megabytes, 0.1),
        }


def _peak() -> float:
    """Read the most memory since this program began: `ru_maxrss` counts its parent's too."""
    told = Path("/proc/self/status").read_text("ascii")
    return next(float(line.split()[1]) / 1024 for line in told.splitlines() if "VmHWM" in line)


def alone(function: Callable[..., Figures], *args: object) -> Figures:
    """Measure in a process of its own, whose memory nobody has used before."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as child:
        return child.submit(function, *args).result()


@contextmanager
def stage(folder: Path, lines: int) -> Iterator[Mapping[str, Contender]]:
    """Write the file of a day and that of the next, and a book that has read the first."""
    first, second = folder / "first.csv", folder / "second.csv"
    write(first, lines, paid_every=0)
    write(second, lines, paid_every=100)
    empty, read = folder / "empty.db", folder / "read.db"
    migrate.upgrade(f"sqlite:///{empty}")
    shutil.copyfile(empty, read)
    alone(bring, read, first, lines)
    rounds = count(1)

    def copy(seed: Path) -> Path:
        place, text = folder / f"round-{next(rounds)}.db", former_export.beside(seed)
        if text.exists():
            shutil.copyfile(text, former_export.beside(place))
        return Path(shutil.copyfile(seed, place))

    yield {
        PRODUCT: lambda: alone(bring, copy(empty), first, lines),
        AGAIN: lambda: alone(bring, copy(read), second, lines),
        FLOOR: lambda: alone(_floor, folder / f"floor-{next(rounds)}.db", first, lines),
        READ: lambda: alone(_read, first, lines),
        PARSE: lambda: alone(_parsed, first, lines),
    }


@contextmanager
def workbook(folder: Path, lines: int) -> Iterator[Mapping[str, Contender]]:
    """Write the workbook of a day."""
    text, sheet, empty = folder / "first.csv", folder / "first.xlsx", folder / "empty.db"
    write(text, lines, paid_every=0)
    write_sheet(text, sheet)
    migrate.upgrade(f"sqlite:///{empty}")
    rounds = count(1)

    def copy() -> Path:
        return Path(shutil.copyfile(empty, folder / f"round-{next(rounds)}.db"))

    yield {
        SHEET: lambda: alone(bring, copy(), sheet, lines),
        CALAMINE: lambda: alone(_sheet_floor, folder / f"floor-{next(rounds)}.db", sheet, lines),
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


def write_sheet(text: Path, sheet: Path) -> None:
    """Write the lines of a file as a workbook does: days and amounts are numbers."""
    with Workbook(str(sheet), {"constant_memory": True}) as book:
        page, day = book.add_worksheet("Encours"), book.add_format({"num_format": "dd/mm/yyyy"})
        with text.open(encoding="cp1252", newline="") as source:
            for place, cells in enumerate(csv.reader(source, delimiter=";")):
                if not place:
                    page.write_row(0, 0, cells)
                    continue
                page.write_row(place, 0, cells[:3])
                for column in (3, 4):
                    page.write_datetime(place, column, _date(cells[column]), day)
                page.write_row(place, 5, [_cents(one) / 100 for one in cells[5:7]])
                page.write_row(place, 7, cells[7:])


def bring(database: Path, file: Path, lines: int) -> Figures:
    """Import a file as the command line does; what follows, rules and alerts, is told apart."""
    known_rules, origin = rules(), Origin(None, None, now(), f"bench:{file.name}")
    wish = imports.Wish(file, "cli", former=former_export.beside(database))
    watch = Watch()
    with inline(f"sqlite:///{database}") as work:
        written = imports.write(work, origin, wish)
        assert isinstance(written, imports.Written)
        imports.conclude(work, origin, wish, written)
        report = written.report
        seen = report.new + report.changed + report.unchanged
        assert seen == lines, f"{seen} of {lines} lines were taken: {report.rejections[:3]}"
        figures = watch.read()
        following.follow_all(work, origin, known_rules)
    return {**figures, **watch.read(" with the look")}


def _floor(database: Path, file: Path, lines: int) -> Figures:
    return _loaded(database, lambda: _rows(file), lines)


def _sheet_floor(database: Path, file: Path, lines: int) -> Figures:
    return _loaded(database, lambda: _sheet_rows(file), lines)


def _loaded(
    database: Path, rows: Callable[[], Iterator[tuple[object, ...]]], lines: int
) -> Figures:
    watch = Watch()
    with closing(open_sqlite(database)) as raw:
        raw.execute(FLOOR_TABLE)
        raw.execute("begin immediate")
        raw.executemany("insert into line values (?,?,?,?,?,?,?,?,?)", rows())
        raw.execute("commit")
        figures = watch.read()
        kept = raw.execute("select count(*) from line").fetchone()[0]
    assert kept == lines
    return {**figures, **watch.read(" with the look")}


def _sheet_rows(file: Path) -> Iterator[tuple[object, ...]]:
    book = CalamineWorkbook.from_path(str(file))
    rows = book.get_sheet_by_index(0).to_python()
    for code, name, number, issued, due, total, left, currency, rep in rows[1:]:
        assert isinstance(issued, date)
        assert isinstance(due, date)
        days = issued.toordinal(), due.toordinal()
        assert isinstance(total, float)
        assert isinstance(left, float)
        yield (code, name, number, *days, round(total * 100), round(left * 100), currency, rep)


def _read(file: Path, lines: int) -> Figures:
    """Recognise a file and read it to the end, as an import does before it writes."""
    watch = Watch()
    reading = read_file(file)
    taken = sum(1 for _ in reading.rows())
    figures = watch.read()
    assert (taken, reading.certain, reading.rejections) == (lines, True, [])
    return figures


def _parsed(file: Path, lines: int) -> Figures:
    watch = Watch()
    taken = sum(1 for _ in _rows(file))
    figures = watch.read()
    assert taken == lines
    return figures


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
    return _date(written).toordinal()


def _date(written: str) -> date:
    day, month, year = written.split("/")
    return date(int(year), int(month), int(day))


def _cents(written: str) -> int:
    whole, _, cents = written.partition(",")
    return int(whole) * 100 + int(cents)


def _of(place: int) -> Callable[[Path, Size], AbstractContextManager[Mapping[str, Contender]]]:
    return lambda folder, size: stage(folder, size.lines[place])


GOALS: Final = (
    Goal("s", PRODUCT, FLOOR, at_most=1.5),
    Goal("CPU s", PRODUCT, FLOOR),
    Goal("CPU s with the look", PRODUCT, FLOOR),
    Goal("s", AGAIN, FLOOR, at_most=0.9),
    Goal("CPU s", AGAIN, FLOOR),
    Goal("CPU s with the look", AGAIN, FLOOR),
    Goal("CPU s", READ, PARSE),
)
IMPORT = Bench("import", "G", "import of 20 000 lines", _of(0), GOALS)
LARGE_IMPORT = Bench("import-large", "G", "import of 200 000 lines", _of(-1), GOALS)
MILLION_IMPORT = Bench(
    "import-million",
    "G",
    "import of 1 000 000 lines",
    lambda folder, _size: stage(folder, MILLION),
    GOALS,
)
WORKBOOK_IMPORT = Bench(
    "xlsx",
    "G2",
    "import of a workbook of 200 000 lines",
    lambda folder, size: workbook(folder, size.lines[-1]),
    (
        Goal("s", SHEET, CALAMINE, at_most=1.3),
        Goal("CPU s", SHEET, CALAMINE),
        Goal("more MB", SHEET, CALAMINE),
    ),
)
