"""What was seen at a customer's, read again: who, when, until when it counts, with its proofs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from bot.use_cases.discretion import KNOWS_ALL
from bot.use_cases.refusals import Outdated
from storage import observations

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.use_cases.rules import Rules
    from credit.people import Person
    from storage.work import Work


@dataclass(frozen=True, slots=True)
class Proof:
    """A photo or, with its seconds, a voice note, by Telegram's file id."""

    file_id: str
    seconds: int | None

    @property
    def spoken(self) -> bool:
        """Tell a voice note from a photo."""
        return self.seconds is not None


@dataclass(frozen=True, slots=True)
class Sighting:
    """One thing seen or heard; `until` is the last day on which it weighs in the light."""

    id: int
    code: str
    on: date
    until: date
    author: str
    source: str
    note: str
    proofs: tuple[Proof, ...]


def seen(
    work: Work, person: Person, customer_id: int, today: date, rules: Rules
) -> tuple[Sighting, ...]:
    """Read what still weighs at a customer's as this reader may see it, newest first."""
    since = today - timedelta(days=rules.policy.signals.field.gone_days)
    rows = observations.last(work, customer_id, since)
    return tuple(_sighting(row, rules) for row in rows if _may_read(person, row.code, rules))


def proof(work: Work, person: Person, observation_id: int, place: int, rules: Rules) -> Proof:
    """Find one file of an observation; raise `Outdated` when it is gone or not for this reader."""
    row = observations.by_id(work, observation_id)
    if row is None or row.withdrawn_at is not None or not _may_read(person, row.code, rules):
        raise Outdated
    if not 0 <= place < len(row.files):
        raise Outdated
    return _proof(row.files[place])


def customer_of(work: Work, observation_id: int) -> int:
    """Name whose account an observation is about; 0, which is nobody's, for an unknown one."""
    row = observations.by_id(work, observation_id)
    return int(row.customer_id) if row else 0


def _may_read(person: Person, code: str, rules: Rules) -> bool:
    return person.role in KNOWS_ALL or code not in rules.policy.signals.field.private


def _sighting(row: Any, rules: Rules) -> Sighting:  # noqa: ANN401 - a row of SQL
    days = timedelta(days=rules.policy.signals.field.gone_days - 1)
    proofs = tuple(_proof(one) for one in row.files)
    return Sighting(
        *(row.id, row.code, row.on, row.on + days, row.author, row.source or "", row.note or ""),
        proofs=proofs,
    )


def _proof(file: Mapping[str, Any]) -> Proof:
    return Proof(file["file_id"], file.get("seconds"))
