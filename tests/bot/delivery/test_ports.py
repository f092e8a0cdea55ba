"""The side port tells whether the process is well and what it has done, and nothing else."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta

import aiohttp
import pytest
from sqlalchemy import text

from bot.delivery.exposition import family, histogram
from bot.delivery.meters import Histogram, Meters
from bot.delivery.ports import Ports
from storage import inbox, outbox
from storage.database import Database, connect
from storage.inbox import Received
from storage.outbox import Outgoing, Settled
from storage.work import Work
from tests.bot.delivery.office import LEA, now, posted

SAMPLE = re.compile(r'[a-z_]+(\{[a-z]+="[^"\\\n]*"(,[a-z]+="[^"\\\n]*")*\})? (\+Inf|[0-9.e+-]+)')


@dataclass
class Watch:
    """A process with a side port, and somebody who looks at it."""

    database: Database
    meters: Meters
    ports: Ports
    session: aiohttp.ClientSession
    troubles: list[str] = field(default_factory=list)

    async def get(self, path: str) -> tuple[int, str]:
        async with self.session.get(f"http://127.0.0.1:{self.ports.port}{path}") as answer:
            return answer.status, await answer.text()

    async def figure(self, sample: str) -> str:
        _, said = await self.get("/metrics")
        found = [one.rpartition(" ") for one in said.splitlines()]
        return next(value for name, _, value in found if name == sample)


@asynccontextmanager
async def a_watch(url: str) -> AsyncIterator[Watch]:
    database, meters, troubles = connect(url, "here/1/a"), Meters(), list[str]()
    await database.open()
    ports = Ports(database, meters, lambda: troubles, now, "1.2.3", "127.0.0.1", 0)
    await ports.start()
    try:
        async with aiohttp.ClientSession() as session:
            yield Watch(database, meters, ports, session, troubles)
    finally:
        await ports.stop()
        await database.close()


def watching(url: str, play: Callable[[Watch], Awaitable[None]]) -> None:
    async def run() -> None:
        async with a_watch(url) as watch:
            await play(watch)

    asyncio.run(run())


def test_a_process_that_lives_is_healthy_and_one_that_works_is_ready(database_url: str) -> None:
    async def play(watch: Watch) -> None:
        assert await watch.get("/healthz") == (200, "ok\n")
        status, said = await watch.get("/readyz")
        assert (status, json.loads(said)) == (200, {"ready": True, "troubles": []})

    watching(database_url, play)


def test_what_does_not_run_is_named(sqlite_url: str) -> None:
    async def play(watch: Watch) -> None:
        watch.troubles.append("intake")
        status, said = await watch.get("/readyz")
        assert (status, json.loads(said)["troubles"]) == (503, ["intake"])
        assert (await watch.get("/healthz"))[0] == 200

    watching(sqlite_url, play)


def test_without_a_database_it_is_not_ready_and_still_counts(sqlite_url: str) -> None:
    async def play(watch: Watch) -> None:
        await watch.database.close()
        status, said = await watch.get("/readyz")
        assert (status, json.loads(said)["troubles"]) == (503, ["database"])
        assert await watch.figure("relance_database_up") == "0"
        assert await watch.figure('relance_updates_total{outcome="handled"}') == "0"
        await watch.database.open()

    watching(sqlite_url, play)


@pytest.mark.parametrize(("version", "troubles"), [("0001", ["schema"]), ("9999", [])])
def test_an_older_schema_is_a_trouble_and_a_newer_one_serves(
    database_url: str, version: str, troubles: list[str]
) -> None:
    async def play(watch: Watch) -> None:
        restated = text("update alembic_version set version_num = :version")
        await watch.database.transact(lambda work: work.execute(restated, {"version": version}))
        assert json.loads((await watch.get("/readyz"))[1])["troubles"] == troubles

    watching(database_url, play)


def stored(work: Work) -> None:
    long_ago = replace(now(), at=now().at - timedelta(minutes=5))
    updates = [Received(n, n, '{"text": "Dupont"}') for n in range(3)]
    inbox.store(work, [*updates, Received(9, 9, "{}", error="broken")], long_ago)
    inbox.finish(work, 0, now())
    posted(work, text="Dupont doit 10 000 €", kind="alert", priority=1, age=timedelta(minutes=2))


def test_the_metrics_tell_numbers_and_no_content(database_url: str) -> None:
    async def play(watch: Watch) -> None:
        await watch.database.transact(stored)
        watch.meters.updates.add("received", times=4)
        watch.meters.calls.add("sendMessage", "429")
        watch.meters.calls.add("sendMessage", "200", times=2)
        watch.meters.on_note(Settled("alert", "sent"))
        watch.meters.on_note("a note of somebody else")
        with watch.meters.handling():
            pass
        _, said = await watch.get("/metrics")
        assert "Dupont" not in said
        lines = [line for line in said.splitlines() if not line.startswith("#")]
        assert [line for line in lines if not SAMPLE.fullmatch(line)] == []
        assert len(lines) == len({line.rpartition(" ")[0] for line in lines})
        expected = {
            'relance_build_info{version="1.2.3"}': "1",
            'relance_updates_total{outcome="received"}': "4",
            'relance_messages_total{kind="alert",outcome="sent"}': "1",
            'relance_api_calls_total{method="sendMessage",status="200"}': "2",
            "relance_api_limited_total": "1",
            'relance_inbox_updates{state="waiting"}': "2",
            'relance_inbox_updates{state="parked"}': "1",
            'relance_outbox_messages{state="waiting",kind="alert"}': "1",
            "relance_handling_seconds_count": "1",
            "relance_database_up": "1",
        }
        assert {name: await watch.figure(name) for name in expected} == expected
        assert 300 <= float(await watch.figure("relance_inbox_oldest_seconds")) < 400
        assert 120 <= float(await watch.figure("relance_outbox_oldest_seconds")) < 200

    watching(database_url, play)


def kept_for_the_morning(work: Work) -> None:
    later = now().at + timedelta(hours=8)
    posted(work, kind="alert", priority=1, age=timedelta(hours=6), not_before=later)


def test_a_message_kept_for_working_hours_is_not_late(database_url: str) -> None:
    async def play(watch: Watch) -> None:
        await watch.database.transact(kept_for_the_morning)
        assert await watch.figure('relance_outbox_messages{state="waiting",kind="alert"}') == "1"
        assert await watch.figure("relance_outbox_oldest_seconds") == "0"

    watching(database_url, play)


def test_a_message_whose_end_is_committed_is_counted(sqlite_url: str) -> None:
    async def play(watch: Watch) -> None:
        watch.database.listen(watch.meters.on_note)
        await watch.database.transact(sent)
        await watch.database.read(inbox.next_offset, now())  # the note comes before this answer
        assert watch.meters.messages.counts == {("alert", "sent"): 1}

    watching(sqlite_url, play)


def sent(work: Work) -> None:
    at = now().at
    row_id = posted(work, kind="alert", priority=1)
    assert row_id is not None
    row = Outgoing(row_id, 1, "alert", None, LEA, True, {}, at, at)
    outbox.settle(work, row, outbox.State.SENT, at)


def test_labels_and_numbers_are_spelled_as_prometheus_reads_them() -> None:
    assert family("a", "gauge", "x\\y\nz", [({"l": 'q"\\\n'}, 1.5), ({}, 2)]) == (
        '# HELP a x\\\\y\\nz\n# TYPE a gauge\na{l="q\\"\\\\\\n"} 1.5\na 2\n'
    )


def test_a_histogram_accumulates_its_buckets() -> None:
    held = Histogram((0.1, 1.0))
    for seconds in (0.05, 0.1, 0.5, 3.0):
        held.note(seconds)
    assert histogram("h", "x", held.edges, held.buckets, held.total).splitlines()[2:] == [
        'h_bucket{le="0.1"} 2',
        'h_bucket{le="1"} 3',
        'h_bucket{le="+Inf"} 4',
        "h_sum 3.65",
        "h_count 4",
    ]


def test_an_address_that_is_taken_is_an_os_error(sqlite_url: str) -> None:
    async def play(watch: Watch) -> None:
        second = Ports(watch.database, Meters(), list, now, "1", "127.0.0.1", watch.ports.port)
        with pytest.raises(OSError, match="in use"):
            await second.start()

    watching(sqlite_url, play)
