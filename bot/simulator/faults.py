"""Faults to order, for tests: what a network and a busy Telegram do to a caller."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from bot.simulator.errors import ChatError
from bot.simulator.values import JsonObject


class FaultKind(StrEnum):
    """What happens to the call; in the first group nothing is done, in the second it is."""

    TOO_MANY = "429"
    INTERNAL = "500"
    BAD_GATEWAY = "502"
    GARBAGE = "garbage"
    DROP = "drop"
    HALF = "half"
    LOST_ANSWER = "lost_answer"
    SLOW = "slow"

    @property
    def is_before(self) -> bool:
        """Tell whether the fault strikes before the call is carried out."""
        return self not in (FaultKind.HALF, FaultKind.LOST_ANSWER, FaultKind.SLOW)


@dataclass(slots=True)
class Fault:
    """A fault waiting for calls of `method` (`*`: any); `seconds` is for slow answers."""

    method: str
    kind: FaultKind
    count: int = 1
    retry_after: int = 1
    seconds: float = 1.5


@dataclass(slots=True)
class Faults:
    """The faults ordered and not yet used up, oldest first."""

    waiting: list[Fault] = field(default_factory=list)

    def order(self, raw: object) -> None:
        """Replace the waiting faults by those of the chat API."""
        if not isinstance(raw, list):
            raise ChatError(400, "faults must be a list")
        self.waiting = [_fault(item) for item in raw]

    def take(self, method: str) -> Fault | None:
        """Return the fault that strikes this call, counting it down."""
        for fault in self.waiting:
            if fault.method.lower() in ("*", method):
                fault.count -= 1
                if fault.count <= 0:
                    self.waiting.remove(fault)
                return fault
        return None

    def as_json(self) -> list[JsonObject]:
        """Return what still waits."""
        return [{"method": f.method, "kind": f.kind.value, "count": f.count} for f in self.waiting]


def _fault(raw: object) -> Fault:
    try:
        if not isinstance(raw, dict):
            raise TypeError  # noqa: TRY301 - one refusal for every malformed fault
        return Fault(
            method=str(raw["method"]),
            kind=FaultKind(str(raw["kind"])),
            count=int(raw.get("count", 1)),
            retry_after=int(raw.get("retry_after", 1)),
            seconds=float(raw.get("seconds", 1.5)),
        )
    except (KeyError, TypeError, ValueError):
        raise ChatError(400, f"this is not a fault: {raw!r}") from None
