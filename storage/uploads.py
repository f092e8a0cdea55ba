"""Files on their way into the book, with the credit manager they were sent by or are shown to.

```mermaid
stateDiagram-v2
  [*] --> waiting: sent to the bot
  [*] --> asking: dropped in the folder, its columns are not certain
  [*] --> imported: dropped in the folder and imported
  [*] --> refused: dropped in the folder and refused
  waiting --> fetched: downloaded
  fetched --> asking: read, its columns are not certain
  asking --> fetched: answered
  asking --> imported: a colleague answered and imported the same dropped file
  fetched --> ready: read, a dry run was made
  ready --> accepted: the person said « import »
  accepted --> imported
  waiting --> refused
  fetched --> refused
  accepted --> refused
  waiting --> cancelled
  asking --> cancelled
  ready --> cancelled
```
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Row, bindparam, func, insert, select, update

from storage.tables import upload
from storage.work import Work


class State(StrEnum):
    """Where a file is in its life."""

    WAITING = "waiting"
    FETCHED = "fetched"
    ASKING = "asking"
    READY = "ready"
    ACCEPTED = "accepted"
    IMPORTED = "imported"
    CANCELLED = "cancelled"
    REFUSED = "refused"


BUSY = (State.WAITING, State.FETCHED, State.ACCEPTED)
"""The states in which the clock has something to do."""


@dataclass(frozen=True, slots=True)
class Upload:
    """One file for one person; `path` is where it lies, None before it is downloaded."""

    id: int
    person_id: int
    file_id: str
    unique_id: str
    name: str
    path: str | None
    state: State
    overrides: Mapping[str, str]
    report: Mapping[str, Any]
    message_id: int | None
    at: datetime
    tries: int = 0  # steps that were begun and came to no end

    @property
    def dropped(self) -> bool:
        """Tell whether the file came through the folder, not through the chat."""
        return not self.file_id


_ADD = insert(upload)
_BY_ID = select(upload).where(upload.c.id == bindparam("id"))
_IN = (
    select(upload)
    .where(upload.c.state.in_(bindparam("states", expanding=True)))
    .order_by(upload.c.id)
)
_SHOWN = select(upload.c.id).where(
    upload.c.person_id == bindparam("person"),
    upload.c.unique_id == bindparam("unique"),
    upload.c.file_id == "",
    upload.c.state == bindparam("state"),
)
_DROPPED = select(upload).where(
    upload.c.unique_id == bindparam("unique"),
    upload.c.file_id == "",
    upload.c.path == bindparam("path"),
)
_UNDER_WAY = (
    select(func.count())
    .select_from(upload)
    .where(
        upload.c.person_id == bindparam("person"),
        upload.c.state.in_(("waiting", "fetched", "asking", "ready", "accepted")),
        upload.c.file_id != "",
    )
)
_SINCE = (
    select(func.count())
    .select_from(upload)
    .where(
        upload.c.person_id == bindparam("person"),
        upload.c.file_id != "",
        upload.c.at > bindparam("since"),
    )
)
_MOVE = (
    update(upload)
    .where(
        upload.c.id == bindparam("u"),
        upload.c.state.in_(bindparam("was", expanding=True)),
    )
    .values(
        state=bindparam("s"),
        path=bindparam("p"),
        overrides=bindparam("o"),
        report=bindparam("r"),
        tries=0,
    )
)
_TRIED = (
    update(upload)
    .where(upload.c.id == bindparam("u"), upload.c.state == bindparam("was"))
    .values(tries=bindparam("n"))
)
_SHOW = update(upload).where(upload.c.id == bindparam("u")).values(message_id=bindparam("m"))
_OVER = (
    select(upload)
    .where(
        upload.c.state.in_(("imported", "cancelled", "refused")),
        upload.c.file_id != "",
        upload.c.path.is_not(None),
        upload.c.at < bindparam("before"),
    )
    .order_by(upload.c.id)
    .limit(50)
)
_FORGET = update(upload).where(upload.c.id == bindparam("u")).values(path=None)


def add(work: Work, values: dict[str, Any]) -> int:
    """Keep a file; `values` are its columns."""
    return work.insert(_ADD, {"overrides": {}, "report": {}, "path": None, **values})


def by_id(work: Work, upload_id: int) -> Upload | None:
    """Find a file."""
    row = work.first(_BY_ID, {"id": upload_id})
    return row and _upload(row)


def in_states(work: Work, states: tuple[State, ...]) -> list[Upload]:
    """Read the files in these states, oldest first."""
    return [_upload(row) for row in work.all(_IN, {"states": [one.value for one in states]})]


def was_shown(work: Work, person_id: int, sha256: str, state: State) -> bool:
    """Tell whether a person was shown a dropped file in that state already."""
    values = {"person": person_id, "unique": sha256, "state": state.value}
    return work.first(_SHOWN, values) is not None


def dropped(work: Work, sha256: str, path: str) -> list[Upload]:
    """Read what people were shown of a file that lies in the folder."""
    return [_upload(row) for row in work.all(_DROPPED, {"unique": sha256, "path": path})]


def under_way(work: Work, person_id: int) -> int:
    """Count the files that a person sent and that are not over."""
    return int(work.scalar(_UNDER_WAY, {"person": person_id}))


def sent_since(work: Work, person_id: int, since: datetime) -> int:
    """Count the files that a person sent after a moment."""
    return int(work.scalar(_SINCE, {"person": person_id, "since": since}))


def move(
    work: Work,
    one: Upload,
    state: State,
    *,
    path: str | None = None,
    overrides: Mapping[str, str] | None = None,
    report: Mapping[str, Any] | None = None,
) -> bool:
    """Take a file along one arrow of its life; False when it is no longer where it was."""
    values = {
        "u": one.id,
        "was": [one.state.value],
        "s": state.value,
        "p": path or one.path,
        "o": dict(one.overrides if overrides is None else overrides),
        "r": dict(one.report if report is None else report),
    }
    return work.execute(_MOVE, values) == 1


def tried(work: Work, one: Upload, times: int) -> None:
    """Note how many steps were begun that came to no end; one that was taken further has none."""
    work.execute(_TRIED, {"u": one.id, "was": one.state.value, "n": times})


def shown_by(work: Work, upload_id: int, message_id: int) -> None:
    """Remember which message shows the file."""
    work.execute(_SHOW, {"u": upload_id, "m": message_id})


def over(work: Work, before: datetime) -> list[Upload]:
    """Read the sent files, over before a moment, that still lie on the disk."""
    return [_upload(row) for row in work.all(_OVER, {"before": before})]


def forget(work: Work, upload_id: int) -> None:
    """Note that the file lies nowhere any more."""
    work.execute(_FORGET, {"u": upload_id})


def _upload(row: Row[Any]) -> Upload:
    return Upload(
        id=row.id,
        person_id=row.person_id,
        file_id=row.file_id,
        unique_id=row.unique_id,
        name=row.name,
        path=row.path,
        state=State(row.state),
        overrides=row.overrides,
        report=row.report or {},
        message_id=row.message_id,
        at=row.at,
        tries=row.tries,
    )
