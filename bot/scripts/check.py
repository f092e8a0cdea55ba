"""Check every script of a folder, and walk every way through it to an outcome."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from bot.scripts.library import build, sources
from bot.scripts.model import Script, Step
from bot.scripts.pathways import neighbours
from bot.scripts.reading import Fault
from bot.scripts.reason import Reason

FARTHEST = 20
"""Inputs within which the shortest way out of any step must reach an outcome."""


def check(folder: Path | None = None) -> tuple[Fault, ...]:
    """Return everything wrong with the scripts of a folder (the packaged ones complete it)."""
    scripts, faults = build(sources(folder))
    far = [fault for script in scripts.values() for fault in far_steps(script)]
    return tuple(sorted({*faults, *far}))


def far_steps(script: Script, farthest: int = FARTHEST) -> list[Fault]:
    """Return the steps from which even the shortest way to an outcome is too long."""
    away = distances(script.steps)
    return [
        Fault(
            f"{script.id}.toml", name, Reason("an outcome is {away} inputs away", away=away[name])
        )
        for name in script.steps
        if away[name] > farthest
    ]


def distances(steps: Mapping[str, Step]) -> dict[str, int]:
    """Return, for each step that has a way out, the fewest inputs between it and an outcome."""
    away = {name: 0 for name, step in steps.items() if step.outcome}
    changed = True
    while changed:
        changed = False
        for name, step in steps.items():
            ways = [away[to] for to in neighbours(step, steps) if to in away]
            nearest = min(ways, default=None)
            if nearest is not None and nearest + step.stops < away.get(name, len(steps) + 1):
                away[name] = nearest + step.stops
                changed = True
    return away
