"""The databases of the tests are real, apart, and have the schema of this release."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from storage.tables import metadata
from tests.storage.inline import inline


def test_each_test_has_a_database_with_every_table(database_url: str) -> None:
    with inline(database_url) as work:
        for table in metadata.sorted_tables:
            assert work.scalar(sa.select(sa.func.count()).select_from(table)) is not None


def test_an_inline_transaction_that_fails_leaves_nothing(blank_database_url: str) -> None:
    notes: list[object] = []
    with inline(blank_database_url, notes) as work:
        work.execute(sa.text("create table thing (id integer primary key)"))
        work.after_commit("made")
    with pytest.raises(IntegrityError):
        _break_the_key(blank_database_url, notes)
    with inline(blank_database_url) as work:
        assert work.scalars(sa.text("select id from thing")) == []
    assert notes == ["made"]


def _break_the_key(url: str, notes: list[object]) -> None:
    with inline(url, notes) as work:
        work.after_commit("lost")
        work.execute_many(sa.text("insert into thing values (:id)"), [{"id": 1}, {"id": 1}])
