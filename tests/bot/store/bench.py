"""A company with a folder and a chat, whose clock ticks when a test says so."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import select

from bot.handlers import announced
from bot.handlers.news import News
from bot.jobs import store
from bot.jobs.timetable import Bench, Fetch
from bot.screens.render import speaker
from credit.moment import Moment
from credit.people import Role
from storage import people, tables
from storage.database import Database, connect
from storage.work import Work
from tests.bot.talks.stage import NOW, PARIS, rules

CLAIRE, JULIE, MARC, ANNE = 103, 101, 102, 104
STAFF = {
    CLAIRE: ("Claire Roy", Role.CREDIT_MANAGER, ()),
    ANNE: ("Anne Faure", Role.CREDIT_MANAGER, ()),
    JULIE: ("Julie Martin", Role.REP, ("R1",)),
    MARC: ("Marc Petit", Role.REP, ("R2",)),
}
OPEN = "Code client;Client;Facture;Date facture;Échéance;Total TTC;Reste dû;Devise;Commercial"
UNCLEAR = "Code client;Client;Facture;Date facture;Échéance;Montant TTC"


@dataclass
class Clock:
    """A clock that stands still until it is moved."""

    zone: Any = PARIS
    offset_seconds: float = 0.0
    at: Any = field(default=NOW)

    def now(self) -> Moment:
        self.at += timedelta(milliseconds=1)  # two runs of a job are never the same moment
        return Moment(self.at, self.zone)


@dataclass
class Company:
    """What a test works with: the open database and the bench of the jobs."""

    database: Database
    bench: Bench
    root: Path

    def drop(self, name: str, *lines: str) -> Path:
        path = self.root / "in" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes("\r\n".join(lines).encode("cp1252"))
        return path

    async def look(self) -> list[tuple[str, str]]:
        """Let the clock look at the folder until dropped files had their quiet second."""
        came = await store.bring_in(self.bench)
        for path, (state, since) in list(self.bench.entrance.arrivals._seen.items()):
            self.bench.entrance.arrivals._seen[path] = (state, since - 2)
        came += await store.bring_in(self.bench)
        return [(one.file, one.outcome) for one in came]

    async def cards(self, who: int) -> list[str]:
        """Word every card that waits for a person."""
        return [text for text, _ in await self.bodies(who)]

    async def bodies(self, who: int) -> list[tuple[str, list[list[dict[str, Any]]]]]:
        return await self.database.read(_worded, who, self.bench.clock.now())

    async def rows(self, table: Any) -> list[Any]:
        return await self.database.read(
            lambda work: list(work.all(select(table).order_by(table.c.id)))
        )

    def rooms(self) -> dict[str, list[str]]:
        names = {"in": self.root / "in", "done": self.root / "in/done"}
        names["refused"] = self.root / "in/refused"
        return {
            room: sorted(path.name for path in folder.iterdir() if path.is_file())
            for room, folder in names.items()
        }


def _worded(work: Work, who: int, now: Moment) -> list[tuple[str, list[list[dict[str, Any]]]]]:
    box = tables.outbox
    rows = work.all(
        select(box.c.body).where(box.c.chat_id == who, box.c.kind == "upload").order_by(box.c.id)
    )
    person = people.by_telegram(work, who)
    assert person is not None
    render = announced.KINDS["upload"]
    found = []
    for row in rows:
        body = render(News(work, speaker("fr", PARIS), rules(), person, who, row.body, now))
        if body is not None:
            keys = body["params"].get("reply_markup", {}).get("inline_keyboard", [])
            text = body["params"]["text"].replace("\N{NO-BREAK SPACE}", " ")
            found.append((text.replace("\N{NARROW NO-BREAK SPACE}", " "), keys))
    return found


def with_company(
    url: str,
    folder: Path,
    story: Callable[[Company], Coroutine[Any, Any, None]],
    fetch: Fetch | None = None,
) -> None:
    """Tell a story in a company that has nothing in its book yet."""

    async def told() -> None:
        database = connect(url)
        await database.open()
        try:
            await database.transact(_hire)
            root = folder / "store"
            bench = Bench(database, rules(), Clock(), root, folder / "uploads", fetch)
            await story(Company(database, bench, root))
        finally:
            await database.close()

    asyncio.run(told())


def _hire(work: Work) -> None:
    for telegram, (name, role, codes) in STAFF.items():
        people.add(
            work, telegram_id=telegram, name=name, role=role, locale="fr", codes=codes, at=NOW
        )
