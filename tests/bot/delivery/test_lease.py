"""Who holds a lease keeps it through an outage of its file, and whatever another clock says."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from bot.delivery import lease
from bot.delivery.lease import Lease
from credit.moment import Moment
from storage import facts
from storage.database import connect
from tests.bot.delivery.office import Office, goes_away, in_office, now, until

FIRST, SECOND = "north/1/a", "south/2/b"


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lease, "RENEW_SECONDS", 0.01)


def a_lease(office: Office, owner: str = FIRST) -> Lease:
    return Lease(office.database, "process", now, owner)


def test_a_file_that_cannot_be_written_for_long_costs_no_lease(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lease, "SPAN", timedelta(seconds=0.05))

    async def play(office: Office) -> None:
        holding = a_lease(office)
        await holding.acquire()
        with monkeypatch.context() as patch:
            goes_away(office, patch, "transact", 30)
            losing = asyncio.create_task(holding.lost())
            await asyncio.wait([losing], timeout=0.5)
        assert holding.held
        losing.cancel()
        await holding.release()

    in_office(sqlite_url, play)


def test_who_took_the_lease_of_a_file_meanwhile_has_it(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def play(office: Office) -> None:
        holding = a_lease(office)
        await holding.acquire()
        with monkeypatch.context() as patch:
            goes_away(office, patch, "read", 3)
            taken = (now(), timedelta(seconds=12), FIRST)
            await office.database.transact(facts.acquire, "process", SECOND, *taken)
            await asyncio.wait_for(holding.lost(), 5)
        await holding.release()
        assert await office.database.read(facts.holder, "process") == SECOND

    in_office(sqlite_url, play)


def test_a_lease_that_cannot_be_given_back_holds_up_no_stop_and_ends_by_itself(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def play(office: Office) -> None:
        holding = a_lease(office)
        await holding.acquire()
        with monkeypatch.context() as patch:
            goes_away(office, patch, "transact", 1000)
            await holding.release()
        assert not holding.held
        assert await office.database.read(facts.holder, "process") == FIRST
        later = Moment(now().at + lease.SPAN + timedelta(seconds=1), now().zone)
        taken = (later, lease.SPAN, "")
        assert await office.database.transact(facts.acquire, "process", SECOND, *taken)

    in_office(sqlite_url, play)


def test_a_machine_whose_clock_is_ahead_takes_no_lease_from_a_living_process(
    postgres_url: str,
) -> None:
    async def play(office: Office) -> None:
        def ahead() -> Moment:
            return Moment(now().at + timedelta(seconds=20), now().zone)

        other = connect(office.url, SECOND)
        await other.open()
        holding, greedy = a_lease(office), Lease(other, "process", ahead)
        await holding.acquire()
        taking = asyncio.create_task(greedy.acquire())
        await asyncio.wait([taking], timeout=0.3)
        assert holding.held
        assert not taking.done()
        await holding.release()
        await until(taking.done)
        await greedy.release()
        await other.close()

    in_office(postgres_url, play)
