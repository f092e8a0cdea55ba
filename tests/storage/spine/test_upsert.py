"""One upsert, written once as a constant, does the same on both databases."""

from __future__ import annotations

from storage.upsert import Upsert
from tests.storage.inline import inline
from tests.storage.spine import ledger

thing = ledger.thing
LEAVE = Upsert(thing, keys=["name"], returning=[thing.c.id])
TAKE = Upsert(thing, keys=["name"], update=["amount"])
KEEP_HIGHEST = Upsert(
    thing,
    keys=["name"],
    update=lambda offered: {"amount": offered.amount},
    where=lambda offered: offered.amount > thing.c.amount,
    returning=[thing.c.id, thing.c.amount],
)
COUNT_UP = Upsert(
    thing, keys=["name"], update=lambda offered: {"amount": thing.c.amount + offered.amount}
)


def test_a_row_already_there_may_stay_as_it_is(blank_database_url: str) -> None:
    with inline(blank_database_url) as work:
        ledger.furnish(work)
        key = work.scalar(LEAVE, {"name": "a", "amount": 1})
        assert isinstance(key, int)
        assert work.scalar(LEAVE, {"name": "a", "amount": 2}) is None
        assert work.scalar(ledger.NAMED, {"name": "a"}) == 1


def test_a_row_already_there_may_take_the_offered_value(blank_database_url: str) -> None:
    with inline(blank_database_url) as work:
        ledger.furnish(work)
        rows = [{"name": "a", "amount": 1}, {"name": "b", "amount": 2}, {"name": "a", "amount": 3}]
        assert work.execute_many(TAKE, rows) == 3
        assert work.scalar(ledger.NAMED, {"name": "a"}) == 3
        assert work.execute(TAKE, {"name": "a", "amount": 4}) == 1


def test_an_update_may_be_conditional_and_computed(blank_database_url: str) -> None:
    with inline(blank_database_url) as work:
        ledger.furnish(work)
        work.execute(KEEP_HIGHEST, {"name": "a", "amount": 5})
        assert work.first(KEEP_HIGHEST, {"name": "a", "amount": 4}) is None
        assert work.execute(KEEP_HIGHEST, {"name": "a", "amount": 6}) == 1
        work.execute(COUNT_UP, {"name": "a", "amount": 10})
        assert work.scalar(ledger.NAMED, {"name": "a"}) == 16


def test_a_statement_is_built_once_per_database() -> None:
    assert TAKE.on("sqlite") is TAKE.on("sqlite")
    assert TAKE.on("postgresql") is not TAKE.on("sqlite")
