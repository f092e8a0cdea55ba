"""Which digests were put in the outbox, by their key."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import bindparam, select

from storage.tables import outbox
from storage.work import Work

_POSTED = select(outbox.c.dedupe).where(outbox.c.dedupe.in_(bindparam("keys", expanding=True)))


def posted(work: Work, keys: Iterable[str]) -> set[str]:
    """Return those of the keys that the outbox knows, sent or not."""
    return set(work.scalars(_POSTED, {"keys": sorted(keys)}))
