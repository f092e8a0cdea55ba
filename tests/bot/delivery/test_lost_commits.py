"""A connection cut while the server commits: what was committed is done once, in order, soon."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import Connection, select
from sqlalchemy.exc import OperationalError

from bot.delivery import sharing
from bot.use_cases import unhandled
from storage import inbox, outbox_turns, serving
from storage.database import Database
from storage.inbox import Received
from storage.outbox import Priority
from storage.postgres_database import PostgresDatabase
from storage.tables import outbox as table
from tests.bot.delivery.office import LEA, MARC, Office, in_office, now, posted, until, until_state
from tests.bot.delivery.test_answers_in_order import NORTH, a_worker, answered, handled
from tests.bot.delivery.test_senders_together import a_replica, database_of
from tests.bot.delivery.test_sharing import Replica, among, updates


class CutError(OperationalError):
    def __init__(self) -> None:
        super().__init__("commit", None, Exception("server closed the connection"))
        self.connection_invalidated = True


def cut_at_commit(patch: pytest.MonkeyPatch, function: Callable[..., Any], times: int = 1) -> None:
    """Let the answer to so many commits of a function be lost: the rows are there."""
    tried, cuts = PostgresDatabase._tried, [1] * times

    def cut(
        self: PostgresDatabase, job: Any, end: Callable[[Connection], None], **options: Any
    ) -> None:
        tried(self, job, end, **options)
        if job.function is function and cuts:
            cuts.pop()
            raise CutError

    patch.setattr(PostgresDatabase, "_tried", cut)


def test_an_answer_whose_commit_nobody_heard_of_leaves_before_the_next(
    postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def play(office: Office) -> None:
        cut_at_commit(monkeypatch, answered)
        async with a_worker(office, NORTH) as bring:
            await bring(7, "d’abord")
            await handled(office, 7)
            await bring(8, "ensuite")
            await until(lambda: len(office.shown()) == 2, 20)
        assert office.shown() == ["d’abord", "ensuite"]

    in_office(postgres_url, play)


def test_an_answer_that_no_update_asked_for_again_is_found_by_a_sweep(
    postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.delivery.sender.SWEEP_SECONDS", 0.1)
    monkeypatch.setattr(outbox_turns, "ORPHAN", outbox_turns.ORPHAN / 100)
    cut_at_commit(monkeypatch, posted)

    async def play(office: Office) -> None:
        async with a_replica(office, NORTH) as north:
            with pytest.raises(CutError):
                await database_of(north).transact(posted, text="réponse")
            await until(lambda: office.shown() == ["réponse"], 20)
            await until(lambda: north.held == 0)
            assert await ends(database_of(north)) == {"sent"}

    in_office(postgres_url, play)


def test_news_whose_draw_nobody_heard_of_is_sent_once_all_the_same(
    postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.delivery.sender.SWEEP_SECONDS", 0.1)
    cut_at_commit(monkeypatch, outbox_turns.draw)

    async def play(office: Office) -> None:
        ids = [
            await office.post(text=f"{chat}{n}", chat_id=chat, priority=1, kind="notice")
            for chat in (LEA, MARC)
            for n in range(2)
        ]
        async with a_replica(office, NORTH):
            for row_id in ids:
                await until_state(office, row_id, "sent", 20)
        for chat in (LEA, MARC):
            assert office.shown(chat) == [f"{chat}0", f"{chat}1"]
        assert {(await office.row(row_id))["doubts"] for row_id in ids} == {0}

    in_office(postgres_url, play)


@pytest.fixture
def often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sharing, "SWEEP_SECONDS", 0.05)
    monkeypatch.setattr(sharing, "LOOK_SECONDS", 0.05)


@pytest.mark.usefixtures("often")
def test_who_wrote_what_nobody_knows_is_stored_is_served_within_seconds(
    postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def play(one: Replica) -> None:
        cut_at_commit(monkeypatch, unhandled.store)
        with pytest.raises(CutError):
            await one.intake.store_batch(updates([1]))
        await one.intake.store_batch(updates([1]))  # Telegram brings it again
        await one.intake.store_batch(updates([2]))
        await until(lambda: one.handled == [1, 2])

    among(postgres_url, "one/1/a")(play)


@pytest.mark.usefixtures("often")
def test_who_was_taken_and_nobody_knows_it_is_served_within_seconds(
    postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def play(one: Replica) -> None:
        cut_at_commit(monkeypatch, serving.claim)
        await one.database.transact(inbox.store, [Received(1, 1, "{}")], now(), 0)
        await until(lambda: one.handled == [1])

    among(postgres_url, "one/1/a")(play)


def test_what_is_in_memory_is_left_where_it_is(postgres_url: str) -> None:
    async def play(office: Office) -> None:
        async with a_replica(office, NORTH) as north:
            office.fault("sendMessage", "slow", seconds=0.8)
            row_id = await office.post(text="alerte", priority=Priority.ALERT, kind="notice")
            await until(lambda: bool(north._flights), 10)
            await north.recall()
            await north.recall([LEA])
            assert await office.state(row_id) == "sending"
            await until_state(office, row_id, "sent", 10)
        assert office.shown() == ["alerte"]

    in_office(postgres_url, play)


async def ends(database: Database) -> set[str]:
    return set(await database.read(lambda work: work.scalars(select(table.c.state))))
