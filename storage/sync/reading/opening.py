"""Opening a file: from a path or bytes to a reading, without reading its rows yet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType
from typing import Final

from storage.sync.reading.bytestreams import (
    NO_TABLES,
    Bytes,
    Origin,
    from_bytes,
    from_path,
    survey,
)
from storage.sync.reading.fec import CustomersOnly, account_columns
from storage.sync.reading.fields import Field, Kind, field_named
from storage.sync.reading.habits import FirstLines, habits_of, is_cumulative
from storage.sync.reading.headers import Header, find_header, fingerprint, sample
from storage.sync.reading.items import Habits
from storage.sync.reading.lines import Classifier
from storage.sync.reading.plan import Plan
from storage.sync.reading.questions import NONE_OF_THEM, Question, QuestionKind, Remembered
from storage.sync.reading.reading import Reading
from storage.sync.reading.reasons import FileReason, FileRefused
from storage.sync.reading.recognition import recognise, unknown_kind
from storage.sync.reading.repeated import Repeated, study_repeated
from storage.sync.reading.requirements import Table, missing
from storage.sync.reading.sources import Source, TextSource, open_text
from storage.sync.reading.study import Conventions, Study, conventions, study
from storage.sync.reading.texts import Cell, cell_text, clean, header_words
from storage.sync.reading.values import Reporter, Values
from storage.sync.reading.workbooks import is_workbook, open_workbook

_SHOWN: Final = 5
_SAMPLE: Final = 500
_SMALL: Final = 8 << 20
_WORKBOOKS: Final = (".xlsx", ".xlsm", ".xls")
_NO_ANSWERS: Final[Mapping[str, str]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class _Told:
    """What the caller says about a file."""

    kind: Kind | None
    overrides: Mapping[str, str]
    remembered: Remembered | None
    default_currency: str
    repeated: Repeated | None = None


def read_file(
    path: Path,
    *,
    kind: Kind | None = None,
    overrides: Mapping[str, str] = _NO_ANSWERS,
    remembered: Remembered | None = None,
    default_currency: str = "EUR",
    repeated: Repeated | None = None,
) -> Reading:
    """Look at a file and return what it is; its rows are read by `Reading.rows()`.

    `overrides` are a person's answers: a field and its header (or `#3`, or `-` for none),
    and `date_order`, `decimal`, `kind`. Of a text of receivables that is `repeated` but for a
    few lines only these are studied, see `study_repeated`. Every fault of the content is in the
    reading, never raised; only a path that cannot be opened raises `OSError`.
    """
    told = _Told(kind, overrides, remembered, default_currency, repeated)
    return _read(from_path(path), told)


def read_bytes(
    name: str,
    data: bytes,
    *,
    kind: Kind | None = None,
    overrides: Mapping[str, str] = _NO_ANSWERS,
    remembered: Remembered | None = None,
    default_currency: str = "EUR",
) -> Reading:
    """Look at bytes received under a name, as `read_file` does at a path."""
    return _read(from_bytes(name, data), _Told(kind, overrides, remembered, default_currency))


def _read(origin: Origin, told: _Told) -> Reading:
    surveyed = survey(origin)
    reading = Reading(origin.name, surveyed.sha256)
    try:
        _open(reading, _source(origin, surveyed, told), surveyed, told)
    except FileRefused as refused:
        reading.refused = refused.reason
    return reading


def _source(origin: Origin, surveyed: Bytes, told: _Told) -> Source:
    if surveyed.head.startswith(NO_TABLES):
        raise FileRefused(FileReason.UNSUPPORTED)
    if is_workbook(surveyed):
        return open_workbook(origin, surveyed)
    return open_text(origin, surveyed, sound=told.repeated is not None)


def _open(reading: Reading, source: Source, surveyed: Bytes, told: _Told) -> None:
    reading.layout = source.layout
    header = _header(source, surveyed, told, reading.file)
    at = account_columns(header)
    if at is not None:
        source = CustomersOnly(source, header, at)
    reading.headers = header.names
    reading.layout = replace(source.layout, header_line=header.line)
    family = "sheet" if source.layout.sheet is not None else "text"
    reading.fingerprint = fingerprint(header, family)
    answers, kind, odd = _answers(told, reading.fingerprint)
    reading.answers = answers
    rows = list(sample(source, header, _SAMPLE))
    reading.samples = tuple(tuple(clean(cell_text(c))[0] for c in row) for row in rows[:_SHOWN])
    found = recognise(header, rows, kind, answers)
    reading.kind, reading.columns, reading.questions = found.kind, found.columns, found.questions
    if odd and found.kind is not None:
        reading.questions += (unknown_kind(),)
    if found.aged_balance:
        reading.refused = FileReason.AGED_BALANCE
    elif found.kind is not None:
        stated = kind is not None
        asked = missing(
            found.kind,
            found.columns,
            Table(header, rows, fec=at is not None),
            answers,
            stated=stated,
        )
        reading.questions += tuple(asked)
        _plan(reading, _Looked(source, surveyed, header, rows, answers), told)


def _header(source: Source, surveyed: Bytes, told: _Told, name: str) -> Header:
    wanted = {**(told.remembered.answers if told.remembered else {}), **told.overrides}
    asked = frozenset(" ".join(header_words(name)) for name in wanted.values()) - {""}
    header = find_header(source, asked)
    if header is None:
        raise FileRefused(_headless(surveyed, name))
    return header


def _headless(surveyed: Bytes, name: str) -> FileReason:
    """Say why no header was found: nothing there, a broken workbook, or no titles."""
    if not surveyed.size:
        return FileReason.EMPTY
    broken = name.lower().endswith(_WORKBOOKS) and not is_workbook(surveyed)
    return FileReason.UNREADABLE if broken else FileReason.NO_HEADER


def _answers(told: _Told, key: str) -> tuple[dict[str, str], Kind | None, bool]:
    """Return a person's answers, the kind they name, and whether they name one there is not."""
    known = told.remembered if told.remembered and told.remembered.fingerprint == key else None
    answers = {**(known.answers if known else {}), **told.overrides}
    said = answers.pop("kind", "").strip().lower()
    kind = told.kind or next((k for k in Kind if k.value == said), None)
    odd = bool(said) and kind is None
    return answers, kind or (known.kind if known else None), odd


@dataclass(frozen=True, slots=True)
class _Looked:
    """What was seen of a file so far."""

    source: Source
    surveyed: Bytes
    header: Header
    rows: list[list[Cell]]
    answers: Mapping[str, str]


def _plan(reading: Reading, seen: _Looked, told: _Told) -> None:
    """Study the file, decide how it is read, and add what must be asked about values."""
    kind, default_currency = reading.kind, told.default_currency
    if kind is None:
        return
    weighed = _weighed(reading, seen, told.repeated)
    reading.line_count = weighed.lines
    how = conventions(weighed, seen.answers, english=seen.header.english)
    reading.questions += how.questions
    first = _first_lines(reading, seen, how, default_currency)
    if kind is Kind.RECEIVABLES and _is_running(reading, seen, first):
        question = QuestionKind.CUMULATIVE_BALANCE
        others = Table(seen.header, seen.rows).likely(Field.OPEN)
        reading.questions += (Question(question, Field.OPEN.value, (*others, NONE_OF_THEM)),)
    reading.plan = Plan(
        seen.source,
        seen.header,
        kind,
        how,
        _habits(first, kind, seen.source),
        default_currency,
        totals=seen.surveyed.size < _SMALL or seen.surveyed.totals,
    )


def _habits(first: FirstLines, kind: Kind, source: Source) -> Habits:
    """Return how a file is written; a line of a FEC never speaks of the customer above."""
    if kind is Kind.CUSTOMERS:
        return Habits()
    habits = habits_of(first, kind)
    return replace(habits, blocks=False) if isinstance(source, CustomersOnly) else habits


def _weighed(reading: Reading, seen: _Looked, repeated: Repeated | None) -> Study:
    source, header, columns = seen.source, seen.header, reading.columns
    if repeated and isinstance(source, TextSource) and reading.kind is Kind.RECEIVABLES:
        return study_repeated(source, header, columns, repeated)
    return study(source, header, columns)


def _first_lines(
    reading: Reading, seen: _Looked, how: Conventions, default_currency: str
) -> FirstLines:
    quiet = Reporter(reading.file, reading.headers, reading.columns)
    values = Values(reading.columns, how, quiet, default_currency)
    return FirstLines(seen.rows, values, Classifier(seen.header, reading.columns))


def _is_running(reading: Reading, seen: _Looked, first: FirstLines) -> bool:
    told = any(field_named(key) is Field.OPEN for key in seen.answers)
    return not told and Field.OPEN in reading.columns and is_cumulative(first)
