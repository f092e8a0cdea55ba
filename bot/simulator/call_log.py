"""The Bot API calls that the server saw, for tests."""

from __future__ import annotations

from collections import deque

from bot.simulator.params import Params
from bot.simulator.values import JsonObject

MOST_CALLS = 20_000


class CallLog:
    """The last calls, numbered from 1."""

    def __init__(self) -> None:
        """Start empty."""
        self._calls: deque[JsonObject] = deque(maxlen=MOST_CALLS)
        self._last = 0

    def add(self, at: float, method: str, params: Params, error: str) -> None:
        """Note a call; `error` is empty for one that succeeded."""
        self._last += 1
        self._calls.append(
            {
                "n": self._last,
                "at": at,
                "method": method,
                "chat_id": params.integer("chat_id") or None,
                "ok": not error,
                "error": error,
                "params": params.loggable(),
            }
        )

    def after(self, number: int) -> list[JsonObject]:
        """Return the calls with a number greater than `number`."""
        skipped = max(0, number - (self._last - len(self._calls)))
        return list(self._calls)[skipped:]
