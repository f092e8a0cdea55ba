"""Token buckets: how fast messages may leave, overall and to one chat."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

SMALL_ENOUGH: Final = 1_000


@dataclass(frozen=True, slots=True)
class Pace:
    """The rates kept (a second) and what may leave at once; measured in performance.md 9.

    Answers never wait for the overall rate, and for their chat's only after a flood of
    taps; what they take is missing for the others.
    """

    overall: float = 29.9
    overall_burst: float = 25.0
    chat: float = 1.0
    chat_burst: float = 3.0
    answer_debt: float = 20.0


@dataclass(slots=True)
class Bucket:
    """So many tokens a second, up to a number; times are monotonic seconds."""

    rate: float
    burst: float
    most_owed: float
    level: float = field(init=False)
    at: float = field(init=False, default=0.0)
    closed_until: float = field(init=False, default=0.0)

    def __post_init__(self) -> None:
        """Start full."""
        self.level = self.burst

    def wait(self, now: float, debt: float = 0.0) -> float:
        """Return the seconds until a token may be taken, if so many may be owed."""
        self._fill(now)
        missing = 1.0 - debt - self.level
        return max(self.closed_until - now, missing / self.rate, 0.0)

    def take(self, now: float) -> None:
        """Take a token, there or not."""
        self._fill(now)
        self.level = max(self.level - 1.0, -self.most_owed)

    def close(self, now: float, seconds: float) -> None:
        """Let nothing through for so long, and no burst after it."""
        self.closed_until = max(self.closed_until, now + seconds)
        self.level = min(self.level, 1.0)
        self.at = max(self.at, self.closed_until)

    def rested(self, now: float) -> bool:
        """Tell whether it is as good as new."""
        self._fill(now)
        return self.closed_until <= now and self.level >= self.burst

    def _fill(self, now: float) -> None:
        if now > self.at:
            self.level = min(self.burst, self.level + (now - self.at) * self.rate)
            self.at = now


class Rates:
    """The buckets of one bot."""

    def __init__(self, pace: Pace) -> None:
        self.pace = pace
        # a flood of answers holds the others up for a second at most
        self.overall = Bucket(pace.overall, pace.overall_burst, most_owed=pace.overall)
        self._chats: dict[int, Bucket] = {}

    def chat(self, chat_id: int) -> Bucket:
        """Return the bucket of a chat."""
        bucket = self._chats.get(chat_id)
        if bucket is None:
            pace = self.pace
            bucket = Bucket(pace.chat, pace.chat_burst, most_owed=pace.answer_debt)
            self._chats[chat_id] = bucket
        return bucket

    def overall_wait(self, now: float, *, answer: bool) -> float:
        """Return the seconds until the whole bot may send: an answer waits for a pause only."""
        return self.overall.wait(now, debt=float("inf") if answer else 0.0)

    def chat_wait(self, chat_id: int, now: float, *, answer: bool) -> float:
        """Return the seconds until a chat may get one more."""
        return self.chat(chat_id).wait(now, debt=self.pace.answer_debt if answer else 0.0)

    def take(self, chat_id: int, now: float) -> None:
        """Count a message that leaves."""
        self.overall.take(now)
        self.chat(chat_id).take(now)
        if len(self._chats) > SMALL_ENOUGH:
            self._forget_rested(now)

    def refuse(self, chat_id: int, now: float, seconds: float) -> None:
        """Heed a 429: pause the chat when it had more than one lately, else the whole bot.

        Telegram does not say which limit was passed. A chat that had nothing but this
        message cannot have passed its own.
        """
        chat = self.chat(chat_id)
        chat.wait(now)
        crowded = chat.level < chat.burst - 1.0 - 1e-9
        chat.close(now, seconds)
        if not crowded:
            self.overall.close(now, seconds)

    def _forget_rested(self, now: float) -> None:
        rested = [chat_id for chat_id, bucket in self._chats.items() if bucket.rested(now)]
        for chat_id in rested:
            del self._chats[chat_id]
