"""What a benchmark is: contenders measured in turns, and the ratios they are judged by."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from statistics import median

Figures = Mapping[str, float]
Contender = Callable[[], Figures]


@dataclass(frozen=True, slots=True)
class Size:
    """How much is measured: the real thing, or just enough to see that it runs."""

    taps: int
    warm_up: int
    customers: int
    items: int
    transactions: int
    lines: tuple[int, ...]
    scanned: int


FULL = Size(600, 64, 2_000, 20_000, 600, (20_000, 200_000), 2_000)
SMALL = Size(40, 8, 60, 600, 64, (300,), 20)


@dataclass(frozen=True, slots=True)
class Goal:
    """A bound on the ratio of two contenders' figures; None: reported, not judged."""

    figure: str
    subject: str
    anchor: str
    at_least: float | None = None
    at_most: float | None = None

    def met(self, ratio: float) -> bool:
        """Tell whether a ratio is within the bound."""
        above = self.at_least is None or ratio >= self.at_least
        return above and (self.at_most is None or ratio <= self.at_most)

    @property
    def bound(self) -> str:
        """Write the bound."""
        if self.at_least is not None:
            return f"≥ {self.at_least:g}"
        return "" if self.at_most is None else f"≤ {self.at_most:g}"


@dataclass(frozen=True, slots=True)
class Bench:
    """One thing that is measured; `stage` prepares it and yields its contenders by name."""

    name: str
    letter: str
    title: str
    stage: Callable[[Path, Size], AbstractContextManager[Mapping[str, Contender]]]
    goals: Sequence[Goal]


@dataclass(frozen=True, slots=True)
class Ratio:
    """Two contenders compared: the ratio of their medians and its spread over the rounds."""

    goal: Goal
    ratio: float
    lowest: float
    highest: float


@dataclass(frozen=True, slots=True)
class Measured:
    """Every figure of every contender, one value a round."""

    bench: Bench
    rounds: Mapping[str, Mapping[str, Sequence[float]]]

    def median_of(self, contender: str, figure: str) -> float:
        """Return the middle value of a figure."""
        return median(self.rounds[contender][figure])

    def ratios(self) -> list[Ratio]:
        """Compare what the goals name, as far as it was measured."""
        return [self._ratio(goal) for goal in self.bench.goals if self._knows(goal)]

    def _knows(self, goal: Goal) -> bool:
        return all(goal.figure in self.rounds.get(n, {}) for n in (goal.subject, goal.anchor))

    def _ratio(self, goal: Goal) -> Ratio:
        subject = self.rounds[goal.subject][goal.figure]
        anchor = self.rounds[goal.anchor][goal.figure]
        each = [one / other for one, other in zip(subject, anchor, strict=True)]
        return Ratio(goal, median(subject) / median(anchor), min(each), max(each))


def measure(bench: Bench, folder: Path, size: Size, rounds: int) -> Measured:
    """Let the contenders take turns, the first to go changing with every round."""
    kept: dict[str, dict[str, list[float]]] = {}
    with bench.stage(folder, size) as contenders:
        names = list(contenders)
        for number in range(rounds):
            start = number % len(names)
            for name in names[start:] + names[:start]:
                for figure, value in contenders[name]().items():
                    kept.setdefault(name, {}).setdefault(figure, []).append(value)
    return Measured(bench, {name: kept[name] for name in names})
