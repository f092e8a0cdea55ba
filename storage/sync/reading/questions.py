"""What a reader asks a person when a file does not say it clearly."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

from storage.sync.reading.fields import Field, Kind


class QuestionKind(StrEnum):
    """What is not certain."""

    UNKNOWN_KIND = "unknown_kind"
    MISSING_FIELD = "missing_field"
    AMBIGUOUS_FIELD = "ambiguous_field"
    NO_DUE_DATES = "no_due_dates"
    TOTAL_AS_OPEN = "total_as_open"
    CUMULATIVE_BALANCE = "cumulative_balance"
    AMBIGUOUS_DECIMAL = "ambiguous_decimal"
    AMBIGUOUS_DATES = "ambiguous_dates"
    CONTRADICTORY_DATES = "contradictory_dates"
    UNKNOWN_ANSWER = "unknown_answer"


NONE_OF_THEM = "-"
"""The answer that no column of the file is the field: `--map due_date=-`."""

DATE_ORDER = "date_order"
DECIMAL = "decimal"
"""Keys of the answers that are no column: `day_first`/`month_first`, `comma`/`point`."""


@dataclass(frozen=True, slots=True)
class Question:
    """One thing to ask; it is answered by `key=one of the candidates`."""

    kind: QuestionKind
    key: str
    candidates: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Remembered:
    """The answers a person confirmed for files of one fingerprint."""

    fingerprint: str
    kind: Kind
    answers: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the file: its index from 0 and its header as written."""

    index: int
    header: str


@dataclass(frozen=True, slots=True)
class ColumnMap:
    """Which columns are which fields; several only for addresses, telephones, buckets."""

    columns: Mapping[Field, tuple[Column, ...]]
    _fields: Mapping[int, Field] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        at = {c.index: name for name, cs in reversed(list(self.columns.items())) for c in cs}
        object.__setattr__(self, "_fields", at)

    def get(self, wanted: Field) -> Column | None:
        """Return the (first) column of a field."""
        found = self.columns.get(wanted)
        return found[0] if found else None

    def index(self, wanted: Field) -> int:
        """Return the index of a field's column, -1 when the file has none."""
        found = self.columns.get(wanted)
        return found[0].index if found else -1

    def every(self, wanted: Field) -> tuple[int, ...]:
        """Return the indexes of all columns of a field."""
        return tuple(column.index for column in self.columns.get(wanted, ()))

    def __contains__(self, wanted: object) -> bool:
        return wanted in self.columns

    def field_at(self, index: int) -> Field | None:
        """Return the field of the column at an index."""
        return self._fields.get(index)
