"""The packaged scripts are sound, and the loader's word for it is checked a second way."""

from __future__ import annotations

import pytest

from bot.scripts.library import build, sources
from bot.scripts.model import Script, Step

SCRIPTS, FAULTS = build(sources())


def ways_on(step: Step, script: Script) -> set[str]:
    """Name the steps that an input at this one may lead to."""
    own = (branch.to for branch in step.then)
    chosen = (branch.to for choice in step.choices for branch in choice.then)
    found = {
        branch.to
        for name in step.find_in
        for other in (script.steps[name],)
        for branches in (other.then, *(choice.then for choice in other.choices))
        for branch in branches
    }
    return {*own, *chosen, *found}


def reached_from(start: str, script: Script) -> set[str]:
    reached, waiting = {start}, [start]
    while waiting:
        for name in ways_on(script.steps[waiting.pop()], script) - reached:
            reached.add(name)
            waiting.append(name)
    return reached


def test_the_packaged_scripts_have_no_fault() -> None:
    assert not FAULTS
    assert SCRIPTS


@pytest.mark.parametrize("name", sorted(SCRIPTS))
def test_wherever_one_stands_in_a_script_an_outcome_can_be_reached(name: str) -> None:
    script = SCRIPTS[name]
    for step in reached_from(script.start, script):
        reachable = reached_from(step, script)
        assert any(script.steps[other].outcome for other in reachable), step


@pytest.mark.parametrize("name", sorted(SCRIPTS))
def test_a_script_stops_only_at_an_outcome(name: str) -> None:
    script = SCRIPTS[name]
    stuck = [
        step.id for step in script.steps.values() if not step.outcome and not ways_on(step, script)
    ]
    assert not stuck


@pytest.mark.parametrize("name", sorted(SCRIPTS))
def test_every_step_of_a_script_can_be_reached(name: str) -> None:
    script = SCRIPTS[name]
    assert reached_from(script.start, script) == set(script.steps)
