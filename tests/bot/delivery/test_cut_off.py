"""Who was cut off from the database himself takes nobody for dead before he may have spoken."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import insert, update

from storage import workers
from storage.tables import inbox_queue, worker
from storage.work import Work
from tests.bot.delivery.office import now
from tests.bot.delivery.test_sharing import Replica, among, queue_of, until_idle


def test_who_was_cut_off_itself_takes_nobodys_people_at_once(postgres_url: str) -> None:
    @among(postgres_url, "one/1/a")
    async def play(one: Replica) -> None:
        await one.database.transact(workers.beat, "other/2/b", "all", now())
        await one.database.transact(silenced, "other/2/b")
        queued = insert(inbox_queue).values(sender=7, head=3, owner="other/2/b")
        await one.database.transact(lambda work: work.execute(queued))
        assert one.sharing._swept_at is not None
        one.sharing._swept_at -= 60.0  # the database was away: nobody could beat
        await one.sharing._sweep()
        assert await one.database.read(queue_of) == [(7, 3, "other/2/b")]
        one.sharing._patient_until = 0.0
        await one.sharing._sweep()
        await until_idle(one.database)


def silenced(work: Work, owner: str) -> None:
    """Let a process have said a minute ago that it lives."""
    before = now().at - timedelta(minutes=1)
    work.execute(update(worker).where(worker.c.owner == owner).values(seen_at=before))
