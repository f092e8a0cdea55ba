"""Which digests were put in the outbox, by their key."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, time
from typing import Final

from sqlalchemy import String, bindparam, cast, exists, select

from storage.tables import outbox, person
from storage.work import Work

_BEFORE: Final = "digest:"
_POSTED = select(outbox.c.dedupe).where(outbox.c.dedupe.in_(bindparam("keys", expanding=True)))
_KEY = (
    bindparam("prefix", type_=String)
    + cast(person.c.id, String)
    + bindparam("suffix", type_=String)
)
_UNPOSTED = (
    select(person.c.id)
    .where(
        person.c.active.is_(True),
        person.c.telegram_id.is_not(None),
        person.c.digest_at <= bindparam("clock", type_=String),
        ~exists().where(outbox.c.dedupe == _KEY),
    )
    .order_by(person.c.id)
)


def posted(work: Work, keys: Iterable[str]) -> set[str]:
    """Return those of the keys that the outbox knows, sent or not."""
    return set(work.scalars(_POSTED, {"keys": sorted(keys)}))


def key(person_id: int, on: date) -> str:
    """Return the key that lets one digest per person and day into the outbox."""
    return f"{_BEFORE}{person_id}{_after(on)}"


def unposted(work: Work, on: date, clock: time) -> list[int]:
    """Name whose digest of a day is due at that time of day and was not put in the outbox."""
    values = {"prefix": _BEFORE, "suffix": _after(on), "clock": f"{clock:%H:%M}"}
    return work.scalars(_UNPOSTED, values)


def _after(on: date) -> str:
    return f":{on.isoformat()}"
