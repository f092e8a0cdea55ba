"""Inline one script in another, so that a form exists once and is used everywhere."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from bot.scripts.model import Branch, Step
from bot.scripts.reading import Draft, Fault
from bot.scripts.reason import Reason

RETURN = "@"
"""A target `@name` leaves the file: to its own step when used alone, else to the includer's."""


def flatten(
    draft: Draft, drafts: Mapping[str, Draft], within: tuple[str, ...] = ()
) -> tuple[dict[str, Step], list[Fault]]:
    """Return the steps of a draft with those of its inclusions, prefixed by the included name."""
    file = f"{draft.id}.toml"
    aliases = {name: f"{name}.{drafts[name].start}" for name in draft.includes if name in drafts}
    steps = {name: _retarget(step, aliases) for name, step in draft.steps.items()}
    faults: list[Fault] = []
    for name, returns in draft.includes.items():
        wrong = _refusal(name, returns, drafts, (*within, draft.id))
        if wrong:
            faults.append(
                Fault(file, "", Reason("include {name}: {wrong}", name=name, wrong=wrong))
            )
            continue
        inner, inner_faults = flatten(drafts[name], drafts, (*within, draft.id))
        steps.update(_prefixed(name, inner, {**returns}))
        faults += inner_faults
    return steps, faults


def settle(steps: Mapping[str, Step], returns: Mapping[str, str]) -> dict[str, Step]:
    """Send every `@name` still open to the step that the file itself names for it."""
    own = {f"{RETURN}{name}": target for name, target in returns.items()}
    return {name: _retarget(step, own) for name, step in steps.items()}


def _refusal(
    name: str, returns: Mapping[str, str], drafts: Mapping[str, Draft], within: tuple[str, ...]
) -> Reason | None:
    if name not in drafts:
        return Reason("no such script")
    if name in within:
        return Reason("a script cannot contain itself")
    declared = set(drafts[name].returns)
    missing, unknown = declared - set(returns), set(returns) - declared
    if missing or unknown:
        return Reason("returns must be exactly {declared}", declared=sorted(declared))
    return None


def _prefixed(prefix: str, inner: Mapping[str, Step], returns: dict[str, str]) -> dict[str, Step]:
    renamed = {name: f"{prefix}.{name}" for name in inner}
    renamed.update({f"{RETURN}{name}": target for name, target in returns.items()})
    return {
        renamed[name]: replace(
            _retarget(step, renamed),
            id=renamed[name],
            find_in=tuple(renamed.get(other, other) for other in step.find_in),
        )
        for name, step in inner.items()
    }


def _retarget(step: Step, names: Mapping[str, str]) -> Step:
    return replace(
        step,
        then=_renamed(step.then, names),
        choices=tuple(
            replace(choice, then=_renamed(choice.then, names)) for choice in step.choices
        ),
    )


def _renamed(branches: tuple[Branch, ...], names: Mapping[str, str]) -> tuple[Branch, ...]:
    return tuple(replace(branch, to=names.get(branch.to, branch.to)) for branch in branches)
