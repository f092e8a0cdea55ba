"""What goes back to the credit manager's store: full states as tables, events as lines."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib import resources
from typing import Any
from zoneinfo import ZoneInfo

from credit.money import Money
from storage import contacts, disputes, events, promises
from storage.sync.journal import Line
from storage.sync.spreadsheets import Cell, table
from storage.work import Work

BATCH = 500
Rows = Iterable[Sequence[Cell]]


@dataclass(frozen=True, slots=True)
class Outgoing:
    """The content of `out/` as of the event `mark`: files by name, and the journal's next lines.

    While the journal has more to come there are no files: they come with its last lines.
    """

    mark: int
    files: dict[str, bytes]
    journal: tuple[Line, ...]
    journal_mark: int


def gather(work: Work, zone: ZoneInfo, journal_from: int, until: int) -> Outgoing:
    """Read everything that goes out; moments are written in the company's zone.

    The journal goes as far as an earlier snapshot said that it is settled.
    """
    rows = events.journal_after(work, journal_from, until, BATCH)
    return Outgoing(
        mark=until,
        files=_files(work, zone) if len(rows) < BATCH else {},
        journal=tuple(map(_line, rows)),
        journal_mark=rows[-1].id if rows else journal_from,
    )


def _files(work: Work, zone: ZoneInfo) -> dict[str, bytes]:
    return {
        "promises.csv": _table("promises", _promises(promises.export(work))),
        "disputes.csv": _table("disputes", _disputes(disputes.export(work), zone)),
        "contacts.csv": _table("contacts", _contacts(contacts.export(work), zone)),
    }


def _line(row: Any) -> Line:  # noqa: ANN401 - an event's row
    return {
        "id": row.uid,
        "at": row.at.isoformat(),
        "author": row.author,
        "kind": row.kind,
        "customer": row.customer,
        "data": row.data,
        "update_id": row.update_id,
    }


def _promises(rows: Iterable[dict[str, Any]]) -> Rows:
    """Write one row per instalment, so that a spreadsheet can filter by day."""
    for one in rows:
        for line in one["lines"]:
            yield (
                *(one["uid"], one["code"], one["customer"], line.n, len(one["lines"])),
                *(line.due_on, _money(line.amount_minor, one), one["currency"]),
                *(_money(line.paid_minor, one), word("promise", line.state)),
                *(word("promise", one["state"]), word("means", one["means"])),
                *(", ".join(one["numbers"]), one["contact"], _flag(one["engaged"])),
                *(one["made_on"], one["author"], _money(line.credited_minor, one)),
            )


def _disputes(rows: Iterable[dict[str, Any]], zone: ZoneInfo) -> Rows:
    for one in rows:
        founded = one["founded_minor"]
        yield (
            *(one["uid"], one["code"], one["customer"], one["number"], one["reason"]),
            *(word("reason", one["reason"]), _money(one["amount_minor"], one), one["currency"]),
            *(None if founded is None else _money(founded, one), word("dispute", one["state"])),
            *(one["opened_on"], one["target_on"], word("owner", one["owner"]), one["photos"]),
            *(one["text"], one["author"]),
            *_ruled(one["ruling"], zone),
            one["credit_note"],
        )


def _ruled(step: Any, zone: ZoneInfo) -> Sequence[Cell]:  # noqa: ANN401 - a step's row, or None
    if step is None:
        return (None, None, None)
    return step.at.astimezone(zone).date(), step.decider, step.text


def _contacts(rows: Iterable[Any], zone: ZoneInfo) -> Rows:
    for one in rows:
        yield (
            *(one.uid, one.code, one.customer, one.on, _hour(one.at, zone)),
            *(word("channel", one.channel), word("outcome", one.outcome), _flag(one.answered)),
            *(one.reason, word("reason", one.reason), one.contact, one.note),
            *(_flag(one.withdrawn_at is not None), one.author),
        )


def _money(minor: int, row: dict[str, Any]) -> Money:
    return Money.from_minor(int(minor), row["currency"])


def _hour(at: datetime, zone: ZoneInfo) -> str:
    return at.astimezone(zone).strftime("%H:%M")


def _flag(value: object) -> str:
    words: dict[str, str] = _content()["words"]
    return words["yes" if value else "no"]


def word(family: str, code: str | None) -> str:
    """Say a code in the ledger's words; a code without words is written as it is."""
    return str(_content()["words"][family].get(code, code)) if code else ""


def headings(name: str) -> list[str]:
    """Return the column headings of one file: `promises`, `disputes` or `contacts`."""
    return list(_content()["headings"][name])


def _table(name: str, rows: Rows) -> bytes:
    return table(headings(name), rows)


@cache
def _content() -> dict[str, Any]:
    return tomllib.loads(resources.files(__package__).joinpath("columns.toml").read_text("utf-8"))
