"""What has not reached its reader: told to who runs the house, tried again or given up."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from bot.use_cases import telling
from credit.people import Role
from storage import outbox, outbox_care, people
from storage.events import Origin, record
from storage.outbox_care import Stuck
from storage.reason import reason

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from credit.moment import Moment
    from storage.work import Work

NOTICE = "notice"
PARKED = "parked"
DECIDE = frozenset({Role.ADMIN, Role.CREDIT_MANAGER})


@dataclass(frozen=True, slots=True)
class Survey:
    """What the outbox holds: how many wait, and each message that may need a person."""

    waiting: Mapping[str, int]
    oldest: datetime | None
    sending: Sequence[Stuck]
    uncertain: Sequence[Stuck]
    parked: Sequence[Stuck]


def survey(work: Work) -> Survey:
    """Read what waits, by kind, and what is on its way, in doubt, or parked."""
    depths = [one for one in outbox_care.depths(work) if one.state == outbox.State.WAITING]
    stuck = outbox_care.stuck(work)
    return Survey(
        waiting={one.kind: one.count for one in depths},
        oldest=min((one.oldest for one in depths), default=None),
        sending=[one for one in stuck if one.state == outbox.State.SENDING],
        uncertain=[one for one in stuck if one.uncertain],
        parked=[one for one in stuck if one.state == outbox.State.PARKED and not one.uncertain],
    )


def retry(work: Work, origin: Origin, ids: Iterable[int] | None) -> list[int]:
    """Let messages wait again that are parked or in doubt (None: all of them); return which."""
    chosen = outbox_care.undecided(work, ids)
    outbox_care.again(work, chosen, origin.at.at)
    if chosen:
        record(work, origin, "outbox.retried", {"messages": chosen})
    return chosen


def drop(work: Work, origin: Origin, ids: Iterable[int] | None) -> list[int]:
    """Give messages up: all parked or in doubt (None), or any that waits; return which."""
    chosen = outbox_care.undecided(work, ids) if ids is None else outbox_care.idle(work, ids)
    outbox_care.discard(work, chosen, reason("given up by hand"), origin.at.at)
    if chosen:
        record(work, origin, "outbox.dropped", {"messages": chosen})
    return chosen


def report_parked(work: Work, now: Moment) -> int:
    """Tell who runs the house that messages are parked, once a day each; return how many."""
    return tell_deciders(work, PARKED, now)


def tell_deciders(work: Work, code: str, now: Moment) -> int:
    """Tell who runs the house what needs a decision, once a day each; return how many."""
    told = 0
    for one in people.desk(work):
        if one.role in DECIDE:
            row = telling.tell(
                work,
                now,
                one,
                NOTICE,
                {"code": code},
                dedupe=f"{code}:{one.id}:{now.today.isoformat()}",
            )
            told += row is not None
    return told
