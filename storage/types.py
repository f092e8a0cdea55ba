"""Column types that hold the same value on SQLite and on PostgreSQL."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import BigInteger, Column, DateTime, Dialect, MetaData, Table, Text
from sqlalchemy.types import TypeDecorator, TypeEngine

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)


class NaiveDateTimeError(ValueError):
    """A moment without a time zone was about to be stored."""

    def __init__(self, value: datetime) -> None:
        super().__init__(f"a stored moment needs a time zone: {value.isoformat()}")
        self.value = value


class UtcDateTime(TypeDecorator[datetime]):
    """Store a moment, aware and in UTC, to the microsecond.

    SQLite keeps whole microseconds since 1970 (8 bytes, sorts and indexes as a number),
    PostgreSQL keeps `timestamptz`. Refuse a naive datetime with `NaiveDateTimeError`.
    """

    impl = BigInteger
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Choose the column's type in the given dialect."""
        if dialect.name == "postgresql":
            return dialect.type_descriptor(DateTime(timezone=True))
        return dialect.type_descriptor(BigInteger())

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | int | None:
        """Turn an aware moment into what the driver stores."""
        return None if value is None else stored_moment(value, dialect.name)

    def process_result_value(
        self,
        value: datetime | int | None,
        dialect: Dialect,  # noqa: ARG002
    ) -> datetime | None:
        """Turn what the driver read into an aware moment in UTC."""
        return None if value is None else moment_of(value)


def stored_moment(value: datetime, dialect: str) -> datetime | int:
    """Turn an aware moment into what a dialect's driver stores; refuse `NaiveDateTimeError`."""
    if value.tzinfo is None or value.utcoffset() is None:
        raise NaiveDateTimeError(value)
    return value if dialect == "postgresql" else (value - EPOCH) // MICROSECOND


def moment_of(value: datetime | int) -> datetime:
    """Turn what a driver reads of a `UtcDateTime` into an aware moment in UTC."""
    if isinstance(value, datetime):
        return value.astimezone(UTC)
    return EPOCH + timedelta(microseconds=value)


class JsonText(TypeDecorator[Any]):
    """Store a JSON value as text with one spelling per value: sorted keys, no spaces.

    `None` is SQL NULL; NaN and infinities are refused with `ValueError`.
    """

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: object, dialect: Dialect) -> str | None:  # noqa: ARG002
        """Spell the value."""
        return None if value is None else spelled(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> object:  # noqa: ARG002
        """Read the value back."""
        return None if value is None else json.loads(value)


_SPELLER = json.JSONEncoder(
    ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False
)


def spelled(value: object) -> str:
    """Spell a JSON value in the one way that two equal values share."""
    return _SPELLER.encode(value)


def as_text(table: Table) -> Table:
    """Return the same table with its JSON as text, for who spells what he writes once."""
    columns = (
        Column(one.name, Text() if isinstance(one.type, JsonText) else one.type) for one in table.c
    )
    return Table(table.name, MetaData(), *columns)
