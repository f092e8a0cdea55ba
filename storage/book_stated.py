"""The tables in which the lines of a file are set down while it is taken in, and no longer."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import BigInteger, Boolean, Column, Date, Integer, MetaData, String, Table
from sqlalchemy.schema import CreateTable, DropTable

if TYPE_CHECKING:
    from storage.work import Work

_TABLES: Final = MetaData()


def _temporary(name: str, *columns: Column[Any]) -> Table:
    return Table(name, _TABLES, *columns, prefixes=["TEMPORARY"])


line = _temporary(
    "stated_line",
    Column("line", Integer, primary_key=True, autoincrement=False),
    Column("customer_id", BigInteger, nullable=False),
    Column("number", String),
    Column("kind", String, nullable=False),
    Column("issued_on", Date),
    Column("due_on", Date),
    Column("amount_minor", BigInteger),
    Column("open_minor", BigInteger, nullable=False),
    Column("currency", String, nullable=False),
    Column("disputed", Boolean, nullable=False, server_default="0"),
    Column("reference", String),
    Column("order_number", String),
    Column("settled_on", Date),
)
# lines that say of an open item anything else than the book says: seldom many
other = _temporary("stated_other", Column("line", Integer, primary_key=True, autoincrement=False))
# numbers that stand on several lines of one customer
twice = _temporary(
    "stated_twice",
    Column("customer_id", BigInteger, primary_key=True, autoincrement=False),
    Column("number", String, primary_key=True),
)
# customers of whom the book has no item, and whose lines are all plain
fresh = _temporary(
    "stated_fresh", Column("customer_id", BigInteger, primary_key=True, autoincrement=False)
)
# customers of a first book who have a line that is taken one by one
odd = _temporary(
    "stated_odd", Column("customer_id", BigInteger, primary_key=True, autoincrement=False)
)
# further lines of one number in a first book, and which of them each is
again = _temporary(
    "stated_again",
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("n", Integer, nullable=False),
)
# lines that repeat another one exactly
doubled = _temporary(
    "stated_doubled",
    Column("line", Integer, primary_key=True, autoincrement=False),
    Column("customer_id", BigInteger, nullable=False),
)
# what lines of a first book refer to, as hashes, where a number stands twice
label = _temporary(
    "stated_label",
    Column("line", Integer, primary_key=True, autoincrement=False),
    Column("said", BigInteger, nullable=False),
)


@contextmanager
def stated_tables(work: Work) -> Iterator[None]:
    """Make the tables; in the end they are gone."""
    for table in _TABLES.tables.values():
        work.execute(CreateTable(table))
    yield
    # after an error the transaction is undone, and they with it
    for table in _TABLES.tables.values():
        work.execute(DropTable(table))
