"""How results are told: a table for people, JSON for machines, and on which machine it was."""

from __future__ import annotations

import json
import os
import platform
import sqlite3
from collections.abc import Iterator, Sequence
from importlib.metadata import version

from tests.bench.bench import Measured, Ratio

PACKAGES = ("python-telegram-bot", "aiohttp", "SQLAlchemy", "aiosqlite", "Jinja2", "Babel")


def machine() -> dict[str, str]:
    """Describe what the figures depend on."""
    load = os.getloadavg() if hasattr(os, "getloadavg") else (0.0,)
    return {
        "system": f"{platform.system()} {platform.machine()}",
        "cores": str(os.cpu_count()),
        "load": f"{load[0]:.1f}",
        "python": platform.python_version(),
        "sqlite": sqlite3.sqlite_version,
        **{name: version(name) for name in PACKAGES},
    }


def table(results: Sequence[Measured]) -> str:
    """Write a Markdown table of medians and one of ratios."""
    rows = [line for result in results for line in _figures(result)]
    ratios = [_judged(result, ratio) for result in results for ratio in result.ratios()]
    parts = ["| | contender | figure | median | all rounds |\n|---|---|---|---|---|", *rows, ""]
    if ratios:
        head = (
            "| | figure | ratio of medians | over the rounds | goal | |\n|---|---|---|---|---|---|"
        )
        parts += [head, *ratios]
    return "\n".join(parts)


def _figures(result: Measured) -> Iterator[str]:
    for contender, figures in result.rounds.items():
        for figure, values in figures.items():
            middle = short(result.median_of(contender, figure))
            each = ", ".join(short(value) for value in values)
            yield f"| {result.bench.letter} | {contender} | {figure} | {middle} | {each} |"


def _judged(result: Measured, ratio: Ratio) -> str:
    goal = ratio.goal
    verdict = "" if not goal.bound else ("met" if goal.met(ratio.ratio) else "missed")
    what = f"{goal.figure}: {goal.subject} / {goal.anchor}"
    spread = f"{ratio.lowest:.2f} – {ratio.highest:.2f}"
    return (
        f"| {result.bench.letter} | {what} | **{ratio.ratio:.2f}** | {spread}"
        f" | {goal.bound} | {verdict} |"
    )


def short(value: float) -> str:
    """Write a figure with three digits that count."""
    if abs(value) >= 100:
        return f"{value:,.0f}".replace(",", " ")
    return f"{value:.3g}"


def as_json(results: Sequence[Measured]) -> str:
    """Write everything that was measured."""
    benches = {
        result.bench.name: {
            "letter": result.bench.letter,
            "rounds": result.rounds,
            "ratios": [
                {
                    "figure": one.goal.figure,
                    "subject": one.goal.subject,
                    "anchor": one.goal.anchor,
                    "ratio": one.ratio,
                    "spread": [one.lowest, one.highest],
                    "goal": one.goal.bound,
                    "met": one.goal.met(one.ratio),
                }
                for one in result.ratios()
            ],
        }
        for result in results
    }
    return json.dumps({"machine": machine(), "benches": benches}, indent=2, ensure_ascii=False)
