"""The short form of `make chaos`: a few kills and many faults, by the seed."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.chaos.oracle import judge
from tests.chaos.storm import Plan, Storm
from tests.journeys.harness import Company
from tests.journeys.processes import Launch


@pytest.mark.journey
def test_nothing_is_lost_doubled_or_disordered_when_the_bot_is_killed_under_load(
    tmp_path: Path, launch: Launch
) -> None:
    plan = Plan(seed=11, reps=2, customers=1, kills=3, every=(4, 8))
    with Company(tmp_path, launch=launch) as company:
        storm = Storm(company, plan)
        try:
            storm.blow()
            found = judge(storm)
        finally:
            storm.close()
    assert found.kills >= plan.kills, found.told()
    assert found.promises == found.disputes == plan.reps * plan.customers, found.told()
    assert found.digests >= plan.reps - found.parked, found.told()
    assert found.gathered >= plan.reps - found.parked, found.told()
    assert found.faults > 0, found.told()
    assert found.fine(), found.told()
