"""News about disputes, posted as facts: who hears of what is worded when it leaves."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.use_cases import telling
from credit.calendar import is_open
from credit.people import Role
from storage import disputes, people

if TYPE_CHECKING:
    from bot.use_cases.rules import Rules
    from credit.people import Person
    from storage.events import Origin
    from storage.work import Work

NEWS = "dispute"
"""The kind of the news about disputes."""
DECIDERS = frozenset({Role.CREDIT_MANAGER, Role.ADMIN})
OPENED, WITHDRAWN = "opened", "withdrawn"
DECIDED, UNDONE, CREDITED = "decided", "undone", "credited"
ANSWER_TASK = "answer_credit"
"""What a rep has to do when he is asked about a dispute."""


def tell(
    work: Work,
    origin: Origin,
    actor: Person | None,
    reader: Person,
    dispute: int,
    step: int,
    what: str,
) -> None:
    """Post one piece of news for a reader, unless it is his own doing."""
    if actor is not None and reader.id == actor.id:
        return
    telling.tell(
        work,
        origin.at,
        reader,
        NEWS,
        {"dispute": dispute, "step": step, "what": what},
        dedupe=_key(dispute, step, what, reader),
    )


def tell_deciders(
    work: Work, origin: Origin, person: Person, dispute: int, step: int, what: str
) -> None:
    """Post one piece of news for everybody who decides disputes."""
    for one in people.desk(work):
        if one.role in DECIDERS:
            tell(work, origin, person, one, dispute, step, what)


def opened(work: Work, origin: Origin, person: Person, dispute: int, rules: Rules) -> None:
    """Tell at once who decides; what is opened off hours is in the next digest (handbook 12.1)."""
    if is_open(origin.at, rules.calendar, (rules.policy.hours.push,)):
        tell_deciders(work, origin, person, dispute, 0, OPENED)


def withdrawn(work: Work, origin: Origin, person: Person, dispute: int) -> None:
    """Bring what was told of a dispute up to date, now that it is taken back."""
    tell_deciders(work, origin, person, dispute, 0, WITHDRAWN)


def message_of(work: Work, reader: Person, dispute: int) -> int | None:
    """Find the message that told the reader of a new dispute; None when it has not left."""
    return disputes.told_by(work, _key(dispute, 0, OPENED, reader))


def _key(dispute: int, step: int, what: str, reader: Person) -> str:
    return f"dispute:{dispute}:{step}:{what}:{reader.id}"
