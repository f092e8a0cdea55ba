"""Whose delivery report is behind: as counting every recipient one by one would say."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from random import Random

from sqlalchemy import insert

from credit.people import Role
from storage import broadcasts, tables
from storage.broadcasts import BLOCKED, FAILED, SEEN, SENT, STEPS, WAITING
from tests.day.company import MORNING, hire
from tests.storage.inline import inline

MIXES = (
    (WAITING, SENT),
    (WAITING, SENT, SEEN),
    (SENT, SEEN, BLOCKED, FAILED),
    (SEEN,),
    (WAITING, SENT, SEEN, BLOCKED, FAILED),
)
SINCE = MORNING.at - timedelta(days=30)


def progress_of(states: Sequence[str]) -> int:
    return sum({WAITING: 0, SEEN: 2}.get(state, 1) for state in states)


def is_behind(told: int, states: Sequence[str]) -> bool:
    """Say it as the report's author would: something moved, and all or enough of it."""
    moved = progress_of(states) - told
    return moved != 0 and (WAITING not in states or moved * STEPS >= len(states))


def test_a_report_is_behind_as_counting_each_recipient_says(database_url: str) -> None:
    chance, expected = Random(3), []
    with inline(database_url) as work:
        people = [hire(work, f"Rep {n}", Role.REP, "R1").id for n in range(12)]
        for _ in range(120):
            states = [chance.choice(chance.choice(MIXES)) for _ in people[: chance.randint(1, 12)]]
            told = max(0, progress_of(states) - chance.choice((0, 0, 1, 2, 5)))
            shown = chance.choice((None, 77, 78))
            at = chance.choice((SINCE, SINCE + timedelta(seconds=1), MORNING.at))
            broadcast = work.insert(
                insert(tables.broadcast),
                {
                    "person_id": people[0],
                    "text": "…",
                    "audience": "everybody",
                    "at": at,
                    "report_message_id": shown,
                    "report_version": told,
                },
            )
            row = {"broadcast_id": broadcast, "at": at}
            work.execute_many(
                insert(tables.broadcast_recipient),
                [
                    {**row, "person_id": one, "state": state}
                    for one, state in zip(people, states, strict=False)
                ],
            )
            if shown and at > SINCE and is_behind(told, states):
                expected.append((broadcast, progress_of(states)))
        assert broadcasts.behind(work, SINCE) == expected
    assert 20 < len(expected) < 100
