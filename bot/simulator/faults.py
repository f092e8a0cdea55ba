"""Faults to order, for tests: what a network and a busy Telegram do to a caller."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import dataclass, field
from enum import StrEnum
from fnmatch import fnmatchcase

from bot.simulator.values import JsonObject

WEBHOOK = "webhook"


class FaultKind(StrEnum):
    """What happens to a call; `CAN_BE_EITHER` may strike before it is carried out, or after."""

    TOO_MANY = "429"
    INTERNAL = "500"
    BAD_GATEWAY = "502"
    GARBAGE = "garbage"
    DROP = "drop"
    HANG = "hang"
    HALF = "half"
    LOST_ANSWER = "lost_answer"
    SLOW = "slow"
    LATE = "late"

    @property
    def is_after(self) -> bool:
        """Tell whether the call is carried out, unless the order says otherwise."""
        return self in ALWAYS_DONE or self is FaultKind.HALF


ALWAYS_DONE = frozenset({FaultKind.LOST_ANSWER, FaultKind.SLOW, FaultKind.LATE})
CAN_BE_EITHER = frozenset(
    {
        FaultKind.INTERNAL,
        FaultKind.BAD_GATEWAY,
        FaultKind.GARBAGE,
        FaultKind.DROP,
        FaultKind.HANG,
        FaultKind.HALF,
    }
)
Step = FaultKind | None


@dataclass(frozen=True, slots=True)
class Strike:
    """One fault that strikes one call; `done` tells whether the call is carried out."""

    kind: FaultKind
    done: bool
    retry_after: int
    seconds: float


@dataclass(slots=True, eq=False)
class Fault:
    """An order: which calls are struck, by what, how often.

    `steps` is a script, one step a call (None lets it through); without `script`, each strike
    takes one of the steps by the seed. `count` 0 has no end. With `each_chat`, every chat has a
    count and a script of its own.
    """

    method: str
    steps: tuple[Step, ...]
    script: bool = False
    chat: int | None = None
    each_chat: bool = False
    skip: int = 0
    count: int = 1
    rate: float = 1.0
    done: bool | None = None
    retry_after: int = 1
    seconds: float | None = None
    number: int = 0
    seen: Counter[int] = field(default_factory=Counter)
    drawn: Counter[tuple[str, int]] = field(default_factory=Counter)
    struck: Counter[int] = field(default_factory=Counter)

    def fits(self, method: str, chat: int) -> bool:
        """Tell whether the order is about this call; webhook deliveries must be named."""
        if self.chat is not None and self.chat != chat:
            return False
        if WEBHOOK in (method, self.method):
            return method == self.method
        return fnmatchcase(method, self.method)

    def is_over(self, chat: int) -> bool:
        """Tell whether nothing is left to strike with, in this chat for an `each_chat` order."""
        key = self._key(chat)
        if self.script:
            return self.seen[key] >= self.skip + len(self.steps)
        return 0 < self.count <= self.struck[key]

    def step(self, seed: int, method: str, chat: int) -> tuple[bool, Step]:
        """Count a call and return whether the order decides its fate, and what happens to it."""
        key = self._key(chat)
        place = self.seen[key] - self.skip
        self.seen[key] += 1
        if place < 0:
            return False, None
        if self.script:
            kind = self.steps[place]
        elif self.rate == 1.0 and len(self.steps) == 1:
            kind = self.steps[0]
        else:
            kind = self._draw(seed, method, chat)
        self.struck[key] += kind is not None
        return self.script or kind is not None, kind

    def _draw(self, seed: int, method: str, chat: int) -> Step:
        """Draw for each call apart, so that the pace of other chats changes nothing."""
        self.drawn[method, chat] += 1
        place = self.drawn[method, chat]
        draw = random.Random(f"{seed} {self.number} {method} {chat} {place}")  # noqa: S311
        return draw.choice(self.steps) if draw.random() < self.rate else None

    def strike(self, kind: FaultKind) -> Strike:
        """Return the strike of this kind, with the details of the order."""
        done = kind.is_after if self.done is None or kind not in CAN_BE_EITHER else self.done
        default = 1.5 if kind in (FaultKind.SLOW, FaultKind.LATE) else 3600.0
        seconds = default if self.seconds is None else self.seconds
        return Strike(kind, done, self.retry_after, seconds)

    def _key(self, chat: int) -> int:
        return chat if self.each_chat else 0

    def as_json(self) -> JsonObject:
        """Return the order as it stands."""
        names = [str(step.value) if step else "ok" for step in self.steps]
        struck = sum(self.struck.values())
        return {
            "method": self.method,
            "chat": self.chat,
            "kind": names[0] if len(names) == 1 else names,
            "count": max(self.count - struck, 0) if self.count else 0,
            "rate": self.rate,
            "struck": struck,
        }


@dataclass(slots=True)
class Faults:
    """The orders in force, oldest first, and the count of every fault injected so far."""

    seed: int = 0
    waiting: list[Fault] = field(default_factory=list)
    injected: Counter[tuple[str, int, FaultKind, bool]] = field(default_factory=Counter)

    def take(self, method: str, chat: int = 0) -> Strike | None:
        """Return what strikes this call (`method` in lower case), counting it."""
        for fault in self.waiting:
            if not fault.fits(method, chat) or fault.is_over(chat):
                continue
            decided, kind = fault.step(self.seed, method, chat)
            if fault.is_over(chat) and not fault.each_chat:
                self.waiting.remove(fault)
            if not decided:
                continue
            return None if kind is None else self._inject(method, chat, fault.strike(kind))
        return None

    def _inject(self, method: str, chat: int, strike: Strike) -> Strike:
        self.injected[method, chat, strike.kind, strike.done] += 1
        return strike

    def as_json(self) -> JsonObject:
        """Return the seed, the orders that still wait and the faults injected."""
        return {
            "seed": self.seed,
            "faults": [fault.as_json() for fault in self.waiting],
            "injected": [
                {"method": method, "chat_id": chat, "kind": kind.value, "done": done, "count": n}
                for (method, chat, kind, done), n in sorted(self.injected.items())
            ],
            "total": sum(self.injected.values()),
        }
