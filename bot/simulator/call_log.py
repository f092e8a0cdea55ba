"""The Bot API calls that the server saw, for tests."""

from __future__ import annotations

from collections import Counter, deque
from itertools import islice

from bot.simulator.params import Params
from bot.simulator.values import JsonObject

MOST_CALLS = 20_000
_Call = tuple[int, float, str, Params, str, str]


class CallLog:
    """The last calls, numbered from 1, and the count of all; an entry is rendered when read."""

    def __init__(self) -> None:
        """Start empty."""
        self._calls: deque[_Call] = deque(maxlen=MOST_CALLS)
        self._counts: Counter[tuple[str, str]] = Counter()
        self._last = 0

    def add(self, at: float, method: str, params: Params, error: str, fault: str = "") -> None:
        """Note a call; `error` is empty for one that was carried out, `fault` names what struck."""
        self._last += 1
        # What was uploaded would stay in memory as long as the log does.
        kept = Params(params.loggable()) if params.files else params
        self._calls.append((self._last, at, method, kept, error, fault))
        self._counts[method.lower(), "refused" if error else "ok"] += 1
        if fault:
            self._counts[method.lower(), "struck"] += 1

    def after(self, number: int) -> list[JsonObject]:
        """Return the calls with a number greater than `number`."""
        skipped = max(0, number - (self._last - len(self._calls)))
        return [_shown(call) for call in islice(self._calls, skipped, None)]

    def counts(self) -> JsonObject:
        """Return by method how many calls were carried out, refused, struck by a fault."""
        methods: dict[str, object] = {}
        for method in sorted({method for method, _ in self._counts}):
            names = ("ok", "refused", "struck")
            methods[method] = {name: self._counts[method, name] for name in names}
        return methods


def _shown(call: _Call) -> JsonObject:
    number, at, method, params, error, fault = call
    return {
        "n": number,
        "at": at,
        "method": method,
        "chat_id": params.integer("chat_id") or None,
        "ok": not error,
        "error": error,
        "fault": fault,
        "params": params.loggable(),
    }
