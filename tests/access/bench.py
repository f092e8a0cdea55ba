"""Carry out updates one by one on a furnished database and forget them again."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

from sqlalchemy import func, insert, select

from bot.application import build_rules
from bot.handlers import surface
from bot.handlers.dispatch import Desk, Wish, handle
from bot.handlers.request import Incoming
from bot.screens.render import speaker
from config.settings import Settings
from storage import tables
from storage.work import Work
from tests.access import town
from tests.storage.inline import inline

# Rows that an update may always leave behind, whoever sent it.
UNTOUCHED_BY_RULE = ("inbox", "outbox", "event")
Rows = dict[str, list[tuple[Any, ...]]]


@dataclass(frozen=True, slots=True)
class Seen:
    """What one update did: the bodies it posted, the events, and which tables changed."""

    bodies: list[Any]
    events: list[str]
    changed: dict[str, list[str]]

    @property
    def toasts(self) -> list[str]:
        """Return the short texts over the chat."""
        asked = [body.get("query") or body.get("params", {}) for body in self.bodies]
        return [str(one["text"]) for one in asked if "text" in one]

    @property
    def screens(self) -> list[str]:
        """Return the texts of messages, sent or edited."""
        return [
            str(body["params"].get("text", body["params"].get("caption", "")))
            for body in self.bodies
            if body["method"] != "answerCallbackQuery"
        ]


@dataclass
class Bench:
    """A furnished database, the rules of a company, and the dispatcher."""

    work: Work
    ids: town.Ids
    numbers: Iterator[int] = field(default_factory=lambda: count(1))

    def __post_init__(self) -> None:
        self.last = 0
        surface.load()
        rules = build_rules(Settings(_env_file=None, company="Maison Durand"), "relance_bot")
        self.desk = Desk(rules, lambda locale: speaker(locale or "fr", rules.zone))
        self.before = dump(self.work)

    @contextmanager
    def forgotten(self) -> Iterator[Work]:
        """Forget what is done inside."""
        raw = self.work.raw()
        raw.execute("savepoint update_under_test")
        try:
            yield self.work
        finally:
            raw.execute("rollback to update_under_test")
            raw.execute("release update_under_test")

    def press(self, who: int, data: str) -> Seen:
        """Press a button that carries this data."""
        return self.see(who, press=data, query_id="77", tapped=41)

    def command(self, who: int, name: str, arguments: str) -> Seen:
        """Type a command."""
        return self.see(
            who, command=name, arguments=arguments, incoming=written(f"/{name} {arguments}")
        )

    def type(self, who: int, text: str) -> Seen:
        """Type a text."""
        return self.see(who, incoming=written(text))

    def see(self, who: int, **wish: Any) -> Seen:
        """Carry out one update, look at every table, and forget."""
        with self.forgotten():
            posted = self.carry(who, **wish)
            told = select(tables.event.c.kind).where(tables.event.c.update_id == self.last)
            events = self.work.scalars(told)
            return Seen(posted, events, changes(self.before, dump(self.work)))

    def answered(self, who: int, data: str) -> list[Any]:
        """Press with this data, forget it, and return what was posted."""
        with self.forgotten():
            return self.carry(who, press=data, query_id="77", tapped=41)

    def carry(self, who: int, **wish: Any) -> list[Any]:
        """Carry out one update that is not forgotten, and return the bodies it posted."""
        work = self.work
        number = self.last = next(self.numbers)
        stored = {"update_id": number, "sender": who, "body": "{}", "received_at": town.AT}
        work.execute(insert(tables.inbox), stored)
        before = work.scalar(select(func.max(tables.outbox.c.id))) or 0
        handle(
            work,
            Wish(
                update_id=number,
                telegram_id=who,
                chat_id=who,
                first_name=town.NAMES.get(who, "Inconnu"),
                language="fr",
                now=town.NOW,
                **wish,
            ),
            self.desk,
        )
        return work.scalars(select(tables.outbox.c.body).where(tables.outbox.c.id > before))


def written(text: str) -> Incoming:
    """Make a message as it was typed."""
    return Incoming(message_id=900, text=text, written_on=town.TODAY)


def dump(work: Work) -> Rows:
    """Read every table but those that any update may add to."""
    return {
        table.name: [tuple(row) for row in work.all(select(table))]
        for table in tables.metadata.sorted_tables
        if table.name not in UNTOUCHED_BY_RULE
    }


def changes(before: Rows, after: Rows) -> dict[str, list[str]]:
    """List the rows that came or went, by table; when a person was last seen is no change."""
    found = {}
    for name, rows in after.items():
        was, is_now = [{_known(name, row) for row in version} for version in (before[name], rows)]
        if moved := sorted(was ^ is_now):
            found[name] = moved
    return found


def _known(table: str, row: tuple[Any, ...]) -> str:
    if table != "person":
        return repr(row)
    names = [column.name for column in tables.person.c]
    return repr([value for name, value in zip(names, row, strict=True) if name != "last_seen_at"])


@contextmanager
def furnished(url: str) -> Iterator[Bench]:
    """Fill an empty SQLite database and yield the bench over it, in a transaction of its own."""
    with inline(url) as work:
        yield Bench(work, town.furnish(work))


def a_copy_of(template: Path, folder: Path) -> str:
    """Copy a SQLite template and return its address."""
    file = folder / "access.db"
    file.write_bytes(template.read_bytes())
    return f"sqlite:///{file}"
