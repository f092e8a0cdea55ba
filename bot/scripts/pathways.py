"""The graph of a script: where each step leads, what is reached, what is known on arrival."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from bot.scripts.effects import EFFECTS
from bot.scripts.model import Branch, Comparison, Condition, Step
from bot.scripts.reason import Reason

Steps = Mapping[str, Step]


def targets(step: Step) -> list[str]:
    """Name every step that this one may lead to, in order."""
    ways = [*step.then, *(branch for choice in step.choices for branch in choice.then)]
    return list(dict.fromkeys(branch.to for branch in ways))


def neighbours(step: Step, steps: Steps) -> list[str]:
    """Name every known step that an input at this one may lead to, jumps of `find_in` included."""
    searched = [steps[name] for name in step.find_in if name in steps]
    jumps = [to for other in searched for to in targets(other)]
    return [to for to in dict.fromkeys([*targets(step), *jumps]) if to in steps]


def graph_faults(steps: Steps, start: str) -> Iterator[tuple[str, Reason]]:
    """Yield (step, reason) for what only the whole graph shows."""
    if start not in steps:
        yield "", Reason("unknown step {start!r} at the start", start=start)
        return
    found = reachable(steps, start)
    yield from ((name, Reason("cannot be reached")) for name in steps if name not in found)
    yield from ((name, Reason("goes round without asking anything")) for name in _circles(steps))
    ending = _ending(steps)
    yield from ((name, Reason("no outcome can be reached")) for name in steps if name not in ending)
    yield from _unassigned(steps, start)


def reachable(steps: Steps, start: str) -> set[str]:
    """Return every step that some sequence of inputs reaches."""
    found, waiting = {start}, [start]
    while waiting:
        for name in neighbours(steps[waiting.pop()], steps):
            if name not in found:
                found.add(name)
                waiting.append(name)
    return found


def _circles(steps: Steps) -> list[str]:
    passing = {name: step for name, step in steps.items() if not step.stops and not step.outcome}
    left = dict.fromkeys(passing)
    changed = True
    while changed:
        free = [name for name in left if not any(to in left for to in targets(steps[name]))]
        for name in free:
            del left[name]
        changed = bool(free)
    return list(left)


def _ending(steps: Steps) -> set[str]:
    found = {name for name, step in steps.items() if step.outcome}
    while True:
        more = {
            name
            for name, step in steps.items()
            if name not in found and any(to in found for to in neighbours(step, steps))
        }
        if not more:
            return found
        found |= more


def _unassigned(steps: Steps, start: str) -> Iterator[tuple[str, Reason]]:
    """Yield the effects whose needed answer some path has not given: they would lack it."""
    sure = surely_answered(steps, start)
    for name, step in steps.items():
        given = sure.get(name, set()) | set(step.sets) | ({step.keep.into} if step.keep else set())
        for plan in step.effects:
            needs = EFFECTS[plan.name].needs if plan.name in EFFECTS else ()
            for argument, source in plan.references.items():
                if argument in needs and source not in given:
                    yield (
                        name,
                        Reason(
                            "effect {effect}: {source!r} may not have been answered",
                            effect=plan.name,
                            source=source,
                        ),
                    )


def surely_answered(steps: Steps, start: str) -> dict[str, set[str]]:
    """Return, for each reachable step, the answers that every path to it has recorded."""
    sure: dict[str, set[str]] = {start: set()}
    waiting = [start]
    while waiting:
        name = waiting.pop()
        for to, gained, lost in _moves(steps[name], steps):
            arriving = (sure[name] | gained) - lost
            known = sure.get(to)
            merged = arriving if known is None else known & arriving
            if merged != known:
                sure[to] = merged
                waiting.append(to)
    return sure


def _moves(step: Step, steps: Steps) -> Iterator[tuple[str, set[str], set[str]]]:
    """Yield every way out of a step: where it leads, the answers it gives, those it takes away."""
    own = {step.into} if step.into else set()
    if step.ask or step.options or not step.choices:
        kept = {step.keep.into} if step.keep else set()
        gained = {*step.sets, *kept, *(set() if step.optional else own)}
        lost = {*step.forget, *(own if step.optional else set())}
        yield from ((to, (gained | told), lost - told) for to, told in _told(step.then, steps))
    for source in (step, *(steps[name] for name in step.find_in if name in steps)):
        for choice in source.choices:
            gained = {*choice.sets, *({source.into} if source.into and choice.records else ())}
            ways = _told(choice.then or source.then, steps)
            yield from ((to, gained | told, set()) for to, told in ways)


def _told(branches: tuple[Branch, ...], steps: Steps) -> Iterator[tuple[str, set[str]]]:
    """Yield each known target with the names that the tests on the way prove to be there."""
    passed: set[str] = set()
    for branch in branches:
        proves, refutes = _proofs(branch.when)
        if branch.to in steps:
            yield branch.to, passed | proves
        passed |= refutes


def _proofs(when: Condition | None) -> tuple[set[str], set[str]]:
    """Return the names that are there when a test holds, and those there when it does not."""
    if when is None:
        return set(), set()
    if when.comparison is Comparison.MISSING:
        return (set(), {when.value}) if when.other is True else ({when.value}, set())
    present = when.comparison in (Comparison.IS, Comparison.ABOVE)
    return ({when.value} if present else set()), set()
