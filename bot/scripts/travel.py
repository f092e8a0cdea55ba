"""Move from one stop to the next: follow branches, set and gather answers, collect effects."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from bot.scripts.call import Call, Frame, State, Turn
from bot.scripts.effects import Effect
from bot.scripts.model import Branch, EffectPlan, Script, Step
from bot.scripts.values import Facts, holds, is_missing

LONGEST_HISTORY = 60
"""Steps one can go back; a longer conversation forgets its beginning, not its answers."""

Answers = Mapping[str, object]


def go(
    script: Script, call: Call, answers: Answers, branches: tuple[Branch, ...], facts: Facts
) -> Turn:
    """Leave the present stop with these answers and follow the branches to the next stop or end.

    What was recorded cannot be walked back over: an effect on the way empties the history.
    """
    first = _pick(branches, facts.seen_with(answers))
    arrived, reached, effects = _follow(script, first, answers, facts)
    frame = _frame(call.step, call.answers, arrived)
    history = () if effects else (*call.history, frame)[-LONGEST_HISTORY:]
    moved = replace(
        call,
        step=reached.id,
        answers=arrived,
        history=history,
        picked=(),
        page=0,
        state=State.DONE if reached.outcome else State.ACTIVE,
        outcome=reached.outcome,
    )
    return Turn(moved, effects)


def begin(script: Script, call: Call, facts: Facts) -> Turn:
    """Follow the script from its start to its first stop, with no step to go back to."""
    turn = go(script, call, call.answers, (Branch(script.start),), facts)
    return replace(turn, call=replace(turn.call, history=()))


def step_back(call: Call) -> Call:
    """Return to the step before, with the answers as they were in it."""
    frame = call.history[-1]
    answers = {name: value for name, value in call.answers.items() if name not in frame.added}
    return replace(
        call,
        step=frame.step,
        answers={**answers, **frame.changed},
        history=call.history[:-1],
        picked=(),
        page=0,
    )


def _follow(
    script: Script, first: str, answers: Answers, facts: Facts
) -> tuple[Answers, Step, tuple[Effect, ...]]:
    effects: list[Effect] = []
    step = script.steps[first]
    while True:
        answers = _gathered(step, answers)
        seen = facts.seen_with(answers)
        effects.extend(_effect(plan, seen) for plan in step.effects)
        answers = {name: value for name, value in answers.items() if name not in step.forget}
        if step.stops or step.outcome:
            return answers, step, tuple(effects)
        step = script.steps[_pick(step.then, facts.seen_with(answers))]


def _pick(branches: tuple[Branch, ...], seen: Mapping[str, object]) -> str:
    return next(branch.to for branch in branches if holds(branch.when, seen))


def _gathered(step: Step, answers: Answers) -> Answers:
    """Return the answers once a step has set its own and kept a line of them."""
    known = {**answers, **step.sets}
    if step.keep:
        line = {name: known[name] for name in step.keep.take if name in known}
        before = known.get(step.keep.into)
        known[step.keep.into] = [*(before if isinstance(before, list) else []), line]
    return known


def _effect(plan: EffectPlan, seen: Mapping[str, object]) -> Effect:
    found = {name: seen.get(source) for name, source in plan.references.items()}
    known = {name: value for name, value in found.items() if not is_missing(value)}
    return Effect(plan.name, {**plan.literals, **known})


def _frame(step: str, before: Answers, after: Answers) -> Frame:
    changed = {name: value for name, value in before.items() if after.get(name) != value}
    added = tuple(name for name in after if name not in before)
    return Frame(step, changed, added)
