"""The book is read through views of its rows: one version at a time, by the same indexes."""

from __future__ import annotations

import importlib
import pkgutil
from datetime import date

import pytest
from sqlalchemy import Select, bindparam, insert, literal_column, select, text
from sqlalchemy.sql import util as sql_util

import storage
from storage import book_versions
from storage.book_versions import BookBusyError
from storage.tables import item, item_row, settlement, views
from storage.work import Work
from tests.storage.inline import inline

AT = date(2026, 11, 20)
WRITERS = {
    "storage.book_first",
    "storage.book_lines",
    "storage.book_versions",
    "storage.former_export",
}
VERSIONED = {"customer_row", "item_row", "payment_row", "settlement_row"}


def an_item(work: Work, key: str, customer: int, *, since: int = 0, minor: int = 100) -> int:
    values = {
        "customer_id": customer,
        "key": key,
        "kind": "invoice",
        "currency": "EUR",
        "amount_minor": minor,
        "open_minor": minor,
        "stated_on": AT,
        "first_import": 1,
        "since": since,
    }
    return work.insert(insert(item_row), values)


def a_customer(work: Work, code: str, *, since: int = 0) -> int:
    sql = (
        "insert into customer_row (code, name, search, changed_at, since) "
        "values (:code, :code, :code, 0, :since) returning id"
    )
    if work.dialect == "postgresql":
        sql = sql.replace("0, :since", "now(), :since")
    return int(work.scalar(text(sql), {"code": code, "since": since}))


def seen(work: Work) -> list[tuple[str, int]]:
    return [(row.key, row.open_minor) for row in work.all(select(item).order_by(item.c.key))]


def test_views_have_the_columns_that_the_code_reads(database_url: str) -> None:
    with inline(database_url) as work:
        for view in views.sorted_tables:
            work.all(select(view))  # every column is named


def test_what_a_version_yet_to_come_writes_is_seen_by_nobody(database_url: str) -> None:
    with inline(database_url) as work:
        known = a_customer(work, "C1")
        changed, ended, kept = (an_item(work, key, known) for key in "abc")
        book_versions.claim(work, 5, 0, "me")
        a_customer(work, "C2", since=5)
        an_item(work, "d", known, since=5)
        book_versions.renew(work, item_row, [changed], 5)
        work.execute(item_row.update().where(item_row.c.since == 5).values(open_minor=7))
        book_versions.drop(work, item_row, [ended], 5)
        assert seen(work) == [("a", 100), ("b", 100), ("c", 100)]
        assert work.scalars(text("select code from customer")) == ["C1"]
        book_versions.flip(work, 5, "me")
        assert seen(work) == [("a", 7), ("c", 100), ("d", 7)]
        assert work.scalars(text("select code from customer order by code")) == ["C1", "C2"]
        assert kept


def test_a_row_written_twice_by_one_version_has_two_rows_and_no_more(database_url: str) -> None:
    with inline(database_url) as work:
        one = an_item(work, "a", a_customer(work, "C1"))
        book_versions.begin(work, 3)
        assert [row.since for row in book_versions.renew(work, item_row, [one], 3)] == [0]
        assert not book_versions.renew(work, item_row, [one], 3)
        rows = work.all(select(item_row.c.since, item_row.c.until).order_by(item_row.c.since))
        assert [tuple(row) for row in rows] == [(0, 3), (3, 1_000_000_000)]


def test_only_one_version_is_written_at_a_time_and_only_by_who_claimed_it(
    database_url: str,
) -> None:
    with inline(database_url) as work:
        book_versions.claim(work, 2, 0, "me")
        with pytest.raises(BookBusyError):
            book_versions.claim(work, 3, 0, "you")
        with pytest.raises(BookBusyError):
            book_versions.begin(work, 3)
        with pytest.raises(BookBusyError):
            book_versions.flip(work, 2, "you")
        with pytest.raises(BookBusyError):
            book_versions.hold(work, 2, "you")
        book_versions.hold(work, 2, "me")
        book_versions.flip(work, 2, "me")
        with pytest.raises(BookBusyError):
            book_versions.claim(work, 3, 0, "one who read the version before")
        with pytest.raises(BookBusyError):
            book_versions.begin(work, 1)


def test_only_those_who_write_the_book_ask_for_its_rows() -> None:
    asked = set()
    for found in pkgutil.iter_modules(storage.__path__, "storage."):
        for kept in vars(importlib.import_module(found.name)).values():
            for statement in kept if isinstance(kept, tuple) else (kept,):
                if isinstance(statement, Select):
                    names = {table.name for table in sql_util.find_tables(statement)}
                    asked |= {found.name for _ in names & VERSIONED}
    assert asked == WRITERS


@pytest.mark.parametrize(
    ("statement", "index"),
    [
        (
            select(item).where(
                item.c.customer_id == bindparam("id"), item.c.open_minor != literal_column("0")
            ),
            "ix_item_row_open",
        ),
        (select(item).where(item.c.id == bindparam("id")), "pk_item_row"),
        (select(item).where(item.c.number == bindparam("id")), "ix_item_row_number"),
        (
            select(item.c.id, settlement.c.amount_minor)
            .select_from(settlement.join(item))
            .where(item.c.customer_id == bindparam("id")),
            "ix_settlement_row_item",
        ),
    ],
    ids=["open items of a customer", "one item", "by number", "settlements of a customer"],
)
def test_what_a_tap_asks_is_found_by_an_index_behind_the_view(
    database_url: str, statement: object, index: str
) -> None:
    with inline(database_url) as work:
        words = str(statement.compile(compile_kwargs={"literal_binds": False}))  # type: ignore[attr-defined]
        words = words.replace(":id", "'1'" if "number" in index else "1")
        if work.dialect == "postgresql":
            work.execute(text("set local enable_seqscan = off"))
            plan = work.scalars(text(f"explain {words}"))
        else:
            plan = [row.detail for row in work.all(text(f"explain query plan {words}"))]
    told = "\n".join(plan)
    assert index.replace("pk_item_row", "item_row_1" if "SEARCH" in told else "pk_item_row") in told
    assert "SCAN item_row" not in told
    assert "Seq Scan on item_row" not in told
