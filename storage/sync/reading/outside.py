"""Files about customers that are no ledger: orders, notices, register, insurers, bank returns.

What a file is follows from its headers alone (`outside.toml`), unless somebody says it; a file
of another kind is none of these, and is read as the ledger's. Rows come out typed; lines that
cannot be read are rejected with their reason.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from importlib import resources
from itertools import islice
from pathlib import Path
from typing import Any, Final

from storage.sync.reading.amounts import Mark, read_number, to_minor
from storage.sync.reading.bytestreams import from_path, survey
from storage.sync.reading.currencies import currency_named
from storage.sync.reading.dates import DateOrder, read_date
from storage.sync.reading.reasons import FileReason, FileRefused, Reason, Refused
from storage.sync.reading.sources import lines_of, open_text
from storage.sync.reading.texts import Cell, cell_text, clean, fold
from storage.sync.reading.workbooks import is_workbook, open_workbook

NOTICES: Final = "notices"
_HEAD: Final = 20
_CAMEL: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_DATES: Final = frozenset({"on", "ended", "closing"})
_MONEY: Final = frozenset({"amount", "equity", "capital", "result"})
_NEEDED: Final = Reason.MISSING_CUSTOMER
Record = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Fault:
    """A line that was not taken: where, in which column, the value, the reason's code."""

    line: int
    column: str | None
    value: str
    reason: str


@dataclass(slots=True)
class Outside:
    """A file that was recognised and read: its kind, its digest, its rows by column name.

    Nothing is read of a file that is said to be of a kind and lacks columns of it: `missing`
    names them ("a|b": one of them), `headers` are those that it has.
    """

    file: str
    sha256: str
    kind: str
    rows: list[dict[str, Any]] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    missing: tuple[str, ...] = ()
    headers: tuple[str, ...] = ()


@cache
def vocabulary() -> dict[str, Any]:
    """Return what headers and codes mean, as `outside.toml` says."""
    text = resources.files(__package__).joinpath("outside.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


@cache
def kinds() -> tuple[str, ...]:
    """Name the kinds of files that are no ledger."""
    return tuple(k for k, one in vocabulary().items() if isinstance(one, dict) and "needs" in one)


def kind_of(path: Path) -> str | None:
    """Tell what a file is by its first lines; None when it is none of these, or unreadable."""
    try:
        origin = from_path(path)
        with origin.open() as stream:
            head = stream.read(1 << 16)
        if _is_json(head):
            first = next(_json_records(path), None)
            return None if first is None else _kind(list(first))
        found = _header(_lines(path))
    except (FileRefused, ValueError, UnicodeDecodeError):
        return None
    return None if found is None else found[0]


def read_outside(
    path: Path, kind: str | None = None, named: Mapping[str, str] | None = None
) -> Outside | None:
    """Read a whole file of one of these kinds; None when it is of none.

    `kind` says what the file is, whatever its headers; `named` gives headers by column.
    Raise `FileRefused` for a file that is said to be of a kind and cannot be read at all.
    """
    told = {_folded(header): name for name, header in (named or {}).items()}
    found_kind = kind or kind_of(path)
    if found_kind is None:
        return None
    origin = from_path(path)
    found = Outside(origin.name, survey(origin).sha256, found_kind)
    if kind and (lacking := _lacking(path, kind, told)):
        found.missing, found.headers = lacking
        return found
    records = _records(path, found_kind, told)
    _read(found, records, told)
    return found


def _read(found: Outside, records: Iterable[dict[str, Any]], told: Mapping[str, str]) -> None:
    for number, record in enumerate(records, 1):
        line = int(record.get("_line", number))
        try:
            found.rows.append({"_line": line, **_typed(found.kind, record, told)})
        except Refused as refused:
            value = cell_text(refused.value if isinstance(refused.value, str) else "")[:120]
            found.faults.append(Fault(line, None, value, refused.reason.value))


def coded(group: str, text: str | None) -> str | None:
    """Return the code that the words of a cell stand for."""
    folded = fold(text or "")
    for code, starts in vocabulary()["words"][group].items():
        if any(start in folded for start in starts):
            return str(code)
    return None


def _records(path: Path, kind: str, told: Mapping[str, str]) -> Iterator[dict[str, Any]]:
    if _written_as_json(path):
        return _json_records(path)
    return _table_records(path, kind, told)


def _written_as_json(path: Path) -> bool:
    with from_path(path).open() as stream:
        return _is_json(stream.read(1 << 16))


def _lacking(
    path: Path, kind: str, told: Mapping[str, str]
) -> tuple[tuple[str, ...], tuple[str, ...]] | None:
    """Name what the best line of headers lacks of a kind, and its headers; None when nothing."""
    try:
        heads = _heads(path)
    except FileRefused:
        raise
    except ValueError:  # no JSON, or no text at all
        raise FileRefused(FileReason.UNREADABLE) from None
    if not heads:
        raise FileRefused(FileReason.EMPTY)
    best = max(heads, key=lambda names: len(_columns(kind, names, told)))
    known = _columns(kind, best, told)
    needs = vocabulary()[kind]["needs"]
    missing = tuple(need for need in needs if not known & set(need.split("|")))
    return (missing, tuple(name for name in best if name.strip())) if missing else None


def _heads(path: Path) -> list[list[str]]:
    """Read what may be headers: the names of the first record, or the first lines of a table."""
    if _written_as_json(path):
        return [list(one) for one in islice(_json_records(path), 1)]
    return [[cell_text(cell) for cell in cells] for _, cells in islice(_lines(path), _HEAD)]


def _is_json(head: bytes) -> bool:
    return head.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in {b"[", b"{"}


def _json_records(path: Path) -> Iterator[dict[str, Any]]:
    """Yield the records of an array, of an answer that holds one, or of one record a line."""
    text = path.read_text(encoding="utf-8-sig")
    try:
        whole = json.loads(text)
    except ValueError:
        for number, line in enumerate(text.splitlines(), 1):
            if line.strip():
                yield {**_record(json.loads(line)), "_line": number}
        return
    if isinstance(whole, dict):
        whole = next((whole[k] for k in ("results", "records") if k in whole), [whole])
    for one in whole:
        yield _record(one)


def _record(one: object) -> dict[str, Any]:
    """Return the fields of a record; an older form of the open data puts them one level down."""
    if not isinstance(one, dict):
        raise ValueError(one)  # noqa: TRY004 - what is no record is no file of ours
    inner = one.get("fields") or (one.get("record") or {}).get("fields")
    return dict(inner) if isinstance(inner, dict) else dict(one)


def _lines(path: Path) -> Iterator[tuple[int, Sequence[Cell]]]:
    origin = from_path(path)
    surveyed = survey(origin)
    if is_workbook(surveyed):
        source: Any = open_workbook(origin, surveyed)
    else:
        source = open_text(origin, surveyed)
    for number, cells, _ in lines_of(source):
        yield number, cells


def _header(
    lines: Iterable[tuple[int, Sequence[Cell]]],
    kind: str | None = None,
    told: Mapping[str, str] | None = None,
) -> tuple[str, int, list[str]] | None:
    """Find the line of headers; with a kind, the first that names all that this kind needs."""
    for number, cells in islice(lines, _HEAD):
        names = [cell_text(cell) for cell in cells]
        found = _kind(names) if kind is None else kind
        if found is not None and (kind is None or _meets(kind, _columns(kind, names, told or {}))):
            return found, number, names
    return None


def _kind(names: Iterable[str]) -> str | None:
    headers = list(names)
    for kind in kinds():
        known = _columns(kind, headers, {})
        if _meets(kind, known) and not known & set(vocabulary()[kind].get("without", ())):
            return kind
    return None


def _columns(kind: str, names: Iterable[str], told: Mapping[str, str]) -> set[str]:
    """Tell which columns of a kind these headers name."""
    folded = {_folded(name) for name in names}
    columns = vocabulary()[kind]["columns"].items()
    known = {key for key, words in columns if folded & set(words)}
    return known | {name for header, name in told.items() if header in folded}


def _meets(kind: str, known: set[str]) -> bool:
    return all(known & set(need.split("|")) for need in vocabulary()[kind]["needs"])


def _folded(name: str) -> str:
    return fold(_CAMEL.sub(" ", name))


def _table_records(path: Path, kind: str, told: Mapping[str, str]) -> Iterator[dict[str, Any]]:
    lines = _lines(path)
    found = _header(lines, kind, told)
    if found is None:
        return
    _, _, names = found
    for number, cells in lines:
        if any(cell_text(cell).strip() for cell in cells):
            record: dict[str, Any] = dict(zip(names, cells, strict=False))
            yield {**record, "_line": number}


def _typed(kind: str, record: Record, told: Mapping[str, str]) -> dict[str, Any]:
    """Type the columns of a record; a notice stays as it was published."""
    if kind == NOTICES:
        return dict(record)
    raw = _named(kind, record, told)
    currency = currency_named(cell_text(raw.get("currency"))) if raw.get("currency") else "EUR"
    if currency is None:
        raise Refused(Reason.UNKNOWN_CURRENCY, raw.get("currency"))
    found: dict[str, Any] = {"currency": currency}
    for name, cell in raw.items():
        if name in _DATES:
            found[name] = read_date(cell, DateOrder.DAY_FIRST)
        elif name in _MONEY:
            found[name] = _minor(cell, currency)
        elif name != "currency":
            found[name] = clean(cell_text(cell))[0] or None
    _must(kind, found)
    return found


def _named(kind: str, record: Record, told: Mapping[str, str]) -> dict[str, Cell]:
    """Give each cell its column's name; of two that mean the same the filled one counts."""
    columns = vocabulary()[kind]["columns"]
    raw: dict[str, Cell] = {}
    for header, cell in record.items():
        folded = _folded(header)
        name = told.get(folded) or next((k for k, v in columns.items() if folded in v), None)
        if name is not None and (name not in raw or raw[name] in {None, ""}):
            raw[name] = cell
    return raw


def _minor(cell: Cell, currency: str) -> int | None:
    number = read_number(cell, _mark(cell))
    return None if number is None else to_minor(number, currency)


def _mark(cell: Cell) -> Mark | None:
    """Take the last of the two marks for the decimal one, as a whole column is not studied."""
    text = cell_text(cell)
    if "," in text and "." in text:
        return Mark.COMMA if text.rindex(",") > text.rindex(".") else Mark.POINT
    return Mark.COMMA if "," in text else Mark.POINT


def _must(kind: str, found: Mapping[str, Any]) -> None:
    for need in vocabulary()[kind]["needs"]:
        names = need.split("|")
        if not any(found.get(name) is not None for name in names):
            wanted = Reason.MISSING_DATE if names[0] in _DATES else _NEEDED
            raise Refused(Reason.MISSING_AMOUNT if names[0] in _MONEY else wanted)


def text_of(value: object) -> Any:  # noqa: ANN401 - a value of JSON
    """Read a field that holds JSON as text, as tables of the open data do; else as it is."""
    if isinstance(value, str) and value.lstrip()[:1] in {"{", "["}:
        try:
            return json.loads(value)
        except ValueError:
            return value
    return value


def day_of(value: object) -> date | None:
    """Read a day of the open data, None when there is none."""
    try:
        return read_date(value if isinstance(value, str) else None, DateOrder.DAY_FIRST)
    except Refused:
        return None
