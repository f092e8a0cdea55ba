"""Moments and JSON come back as they were stored, on both databases."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy.exc import StatementError

from storage.types import JsonText, NaiveDateTimeError, UtcDateTime, spelled
from storage.work import Work
from tests.storage.inline import inline

tables = sa.MetaData()
note = sa.Table(
    "note",
    tables,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("at", UtcDateTime),
    sa.Column("day", sa.Date),
    sa.Column("facts", JsonText),
)
MOMENTS = [
    datetime(1969, 12, 31, 23, 59, 59, 999999, UTC),
    datetime(2024, 2, 29, 12, 30, 15, 123456, timezone(timedelta(hours=2))),
    datetime(2024, 2, 29, 12, 30, 15, 123456, UTC),
    datetime(9999, 12, 31, tzinfo=UTC),
]
ONE = sa.select(note.c.at, note.c.day, note.c.facts).where(note.c.id == sa.bindparam("it"))


def kept(work: Work, **values: object) -> tuple[object, ...]:
    row = work.first(ONE, {"it": work.insert(sa.insert(note), values)})
    assert row is not None
    return tuple(row)


def test_moments_come_back_in_utc_and_sort_by_time(blank_database_url: str) -> None:
    with inline(blank_database_url) as work:
        work.execute(sa.schema.CreateTable(note))
        for moment in reversed(MOMENTS):
            back, _, _ = kept(work, at=moment)
            assert back == moment
            assert isinstance(back, datetime)
            assert back.tzinfo is UTC
        assert work.scalars(sa.select(note.c.at).order_by(note.c.at)) == MOMENTS
        later = sa.select(note.c.at).where(note.c.at > MOMENTS[1]).order_by(note.c.at)
        assert work.scalars(later) == MOMENTS[2:]


def test_nothing_and_days_and_json_come_back(blank_database_url: str) -> None:
    facts = {"b": [1, None, True], "a": {"é": "«"}, "n": 1.5}
    with inline(blank_database_url) as work:
        work.execute(sa.schema.CreateTable(note))
        assert kept(work, at=None, day=None, facts=None) == (None, None, None)
        assert kept(work, day=date(2024, 2, 29), facts=facts) == (None, date(2024, 2, 29), facts)
        spelling = work.scalar(sa.select(sa.cast(note.c.facts, sa.Text)).where(note.c.id == 2))
        assert spelling == '{"a":{"é":"«"},"b":[1,null,true],"n":1.5}'


@pytest.mark.parametrize(
    ("values", "refusal"),
    [({"at": datetime(2024, 1, 1)}, NaiveDateTimeError), ({"facts": float("nan")}, ValueError)],
)
def test_a_naive_moment_and_a_number_that_is_none_are_refused(
    blank_database_url: str, values: dict[str, object], refusal: type[Exception]
) -> None:
    with inline(blank_database_url) as work:
        work.execute(sa.schema.CreateTable(note))
        with pytest.raises(StatementError) as raised:
            kept(work, **values)
        assert isinstance(raised.value.orig, refusal)


@settings(max_examples=50)
@given(st.datetimes(timezones=st.timezones()))
def test_a_moment_is_stored_to_the_microsecond(moment: datetime) -> None:
    try:
        in_utc = moment.astimezone(UTC)
    except OverflowError:
        return
    write, read = _sqlite_way(UtcDateTime())
    assert read(write(moment)) == in_utc


@settings(max_examples=30)
@given(st.dictionaries(st.text(), st.integers() | st.none() | st.text()))
def test_equal_values_are_spelled_alike(value: dict[str, object]) -> None:
    assert spelled(dict(reversed(value.items()))) == spelled(value)
    write, read = _sqlite_way(JsonText())
    assert read(write(value)) == value


def _sqlite_way(
    kind: UtcDateTime | JsonText,
) -> tuple[Callable[..., object], Callable[..., object]]:
    from sqlalchemy.dialects import sqlite

    dialect = sqlite.dialect()
    return (
        lambda value: kind.process_bind_param(value, dialect),
        lambda value: kind.process_result_value(value, dialect),
    )
