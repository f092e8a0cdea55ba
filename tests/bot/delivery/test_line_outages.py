"""A database that is away parks nobody; a defect in a statement is no outage."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from storage import inbox
from storage.inbox import Received
from storage.work import Work
from tests.bot.delivery.office import Office, goes_away, in_office, until
from tests.bot.delivery.test_line import Hands, _row, an_update, stored


def test_an_outage_of_the_database_parks_nobody(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.delivery.line.DATABASE_PAUSE", 0.01)

    async def play(office: Office) -> None:
        hands = Hands(office)
        (one,) = await stored(office, [an_update(1, 1)])
        goes_away(office, monkeypatch, "transact", 12)
        (await office.serving(hands)).put([one])
        await until(lambda: hands.numbers() == [1])

    in_office(sqlite_url, play)


def test_a_write_that_fails_as_in_an_outage_is_tried_for_as_long_as_it_lasts(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.delivery.line.DATABASE_PAUSE", 0.01)

    async def play(office: Office) -> None:
        hands, failures = Hands(office), [1] * 9

        async def handle(one: Received) -> bool:
            if failures:
                failures.pop()
                await office.database.read(_forbidden)  # only this transaction is refused
            return await hands(one)

        (await office.serving(handle)).put(await stored(office, [an_update(1, 1)]))
        await until(lambda: hands.numbers() == [1])
        assert failures == []
        assert (await office.database.read(_row, 1))["attempts"] == 0

    in_office(sqlite_url, play)


def test_a_defect_in_a_statement_is_no_outage_and_is_parked(sqlite_url: str) -> None:
    async def play(office: Office) -> None:
        wrong = {1: _unknown_table, 2: _unbindable}

        async def handle(one: Received) -> bool:
            await office.database.transact(wrong[one.update_id])
            return True

        line = await office.serving(handle)
        line.put(await stored(office, [an_update(1, 1), an_update(2, 2)]))
        await until(lambda: line.held == 0)
        for number in (1, 2):
            assert (await office.database.read(_row, number))["parked"]

    in_office(sqlite_url, play)


def _forbidden(work: Work) -> None:
    inbox.begin(work, 1)


def _unknown_table(work: Work) -> None:
    work.execute(text("select 1 from nowhere"))


def _unbindable(work: Work) -> None:
    work.execute(text("select :x"), {"x": ["a list"]})
