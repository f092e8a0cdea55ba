"""Flood limits: token buckets overall, per chat, per group and per edited message."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from bot.simulator.errors import ApiError, bad_request, too_many_requests
from bot.simulator.params import Params
from bot.simulator.values import JsonObject

_FORGET_OVER = 10_000
# Seconds since 1970 as floats are a quarter of a microsecond apart.
_ROUNDING = 1e-4
SENDS = frozenset(
    {
        "sendmessage",
        "sendphoto",
        "senddocument",
        "sendvoice",
        "sendmediagroup",
        "copymessage",
        "forwardmessage",
    }
)
EDITS = frozenset(
    {"editmessagetext", "editmessagecaption", "editmessagemedia", "editmessagereplymarkup"}
)


@dataclass(slots=True)
class Bucket:
    """Tokens that refill at `rate` a second up to `capacity`."""

    rate: float
    capacity: float
    tokens: float
    at: float
    closed_until: float = 0.0

    def wait(self, now: float, cost: float) -> float:
        """Return the seconds until `cost` tokens are there; 0 when they are now."""
        elapsed = max(now - self.at, 0.0)
        self.tokens = min(self.capacity, self.tokens + elapsed * self.rate)
        self.at = now
        if now < self.closed_until:
            return self.closed_until - now
        # A call may cost more than the bucket holds (an album): a full bucket lets it pass.
        missing = min(cost, self.capacity) - self.tokens
        return missing / self.rate if missing > _ROUNDING else 0.0


@dataclass(slots=True)
class Limits:
    """The limits in force; with `penalty`, an overshoot closes its bucket until retry_after."""

    clock: Callable[[], float]
    enforce: bool = True
    overall: float = 30.0
    overall_burst: float = 0.0
    per_chat: float = 1.0
    per_group_minute: float = 20.0
    burst: float = 3.0
    penalty: bool = False
    buckets: dict[tuple[object, ...], Bucket] = field(default_factory=dict)

    def configure(self, wanted: JsonObject) -> JsonObject:
        """Change the limits named in `wanted` and refill every bucket; return all of them."""
        for name in ("enforce", "penalty"):
            if isinstance(wanted.get(name), bool):
                setattr(self, name, wanted[name])
        for name in ("overall", "overall_burst", "per_chat", "per_group_minute", "burst"):
            value = wanted.get(name)
            least = 0.0 if name == "overall_burst" else 1e-9
            if isinstance(value, int | float) and not isinstance(value, bool) and value >= least:
                setattr(self, name, float(value))
        self.buckets.clear()
        return self.as_json()

    def as_json(self) -> JsonObject:
        """Return the limits as the chat API shows them."""
        return {
            "enforce": self.enforce,
            "overall": self.overall,
            "overall_burst": self.overall_burst,
            "per_chat": self.per_chat,
            "per_group_minute": self.per_group_minute,
            "burst": self.burst,
            "penalty": self.penalty,
        }

    def spend(self, method: str, params: Params) -> None:
        """Take the tokens of a call, or raise the 429 that refuses it; takes all or nothing."""
        if not self.enforce or method not in SENDS | EDITS:
            return
        now = self.clock()
        cost = _cost(method, params)
        buckets = [self._bucket(now, *spec) for spec in self._specs(method, params)]
        refusing = [(bucket, bucket.wait(now, cost)) for bucket in buckets]
        longest = max(wait for _, wait in refusing)
        if longest > 0:
            raise self._refusal(now, longest, refusing)
        for bucket in buckets:
            bucket.tokens -= cost
        self._forget(now)

    def _refusal(
        self, now: float, longest: float, refusing: Iterable[tuple[Bucket, float]]
    ) -> ApiError:
        seconds = max(1, math.ceil(longest))
        for bucket, wait in refusing:
            if self.penalty and wait > 0 and now >= bucket.closed_until:
                bucket.closed_until = now + seconds
        return too_many_requests(seconds)

    def _specs(
        self, method: str, params: Params
    ) -> Iterable[tuple[tuple[object, ...], float, float]]:
        yield ("overall",), self.overall, self.overall_burst or self.overall
        chat = params.integer("chat_id")
        if method in EDITS:
            key = ("edit", chat, params.integer("message_id"))
            yield key, self.per_chat, self.burst
            return
        yield ("chat", chat), self.per_chat, self.burst
        if chat < 0:
            yield ("group", chat), self.per_group_minute / 60, self.per_group_minute

    def _bucket(self, now: float, key: tuple[object, ...], rate: float, capacity: float) -> Bucket:
        return self.buckets.setdefault(key, Bucket(rate, capacity, capacity, now))

    def _forget(self, now: float) -> None:
        """Drop full buckets now and then, so that a long run does not grow."""
        if len(self.buckets) > _FORGET_OVER:
            for key, bucket in list(self.buckets.items()):
                if now - bucket.at > bucket.capacity / bucket.rate and now > bucket.closed_until:
                    del self.buckets[key]


def _cost(method: str, params: Params) -> float:
    if method != "sendmediagroup":
        return 1.0
    media = params.json("media", "can't parse media JSON object")
    if not isinstance(media, list):
        raise bad_request("expected an Array of InputMedia")
    return float(max(len(media), 1))
