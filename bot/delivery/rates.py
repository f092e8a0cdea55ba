"""What one process knows by itself of how fast messages may leave.

The buckets of the whole bot and of each chat are shared, in the database (`storage/rates.py`):
who sends a message nobody asked for draws its tokens there. Answers do not ask: they heed
pauses, are paced in their own chat after a flood of taps, and are counted afterwards.
"""

from __future__ import annotations

from typing import Final

from storage.rates import Bucket, Pace

__all__ = ["Bucket", "Pace", "Rates"]

SMALL_ENOUGH: Final = 1_000


class Rates:
    """The pauses, and the chats this process has written to; times are monotonic seconds."""

    def __init__(self, pace: Pace) -> None:
        self.pace = pace
        self.spent = 0  # sent without a token, and not counted in the shared bucket yet
        self._closed_until = 0.0
        self._chats: dict[int, Bucket] = {}

    def chat(self, chat_id: int) -> Bucket:
        """Return the bucket of a chat."""
        bucket = self._chats.get(chat_id)
        if bucket is None:
            pace = self.pace
            bucket = Bucket(pace.chat, pace.chat_burst, most_owed=pace.answer_debt)
            self._chats[chat_id] = bucket
        return bucket

    def pause(self, now: float) -> float:
        """Return the seconds until the bot may send at all."""
        return max(0.0, self._closed_until - now)

    def close(self, now: float, seconds: float) -> None:
        """Let the whole bot pause."""
        self._closed_until = max(self._closed_until, now + seconds)

    def chat_wait(self, chat_id: int, now: float) -> float:
        """Return the seconds until a chat may get one more answer."""
        return self.chat(chat_id).wait(now, debt=self.pace.answer_debt)

    def take(self, chat_id: int, now: float) -> None:
        """Count a message that leaves."""
        self.chat(chat_id).take(now)
        if len(self._chats) > SMALL_ENOUGH:
            self._forget_rested(now)

    def crowded(self, now: float) -> set[int]:
        """Name the chats that had so many messages that news must wait."""
        return {chat_id for chat_id, bucket in self._chats.items() if bucket.wait(now) > 0.0}

    def _forget_rested(self, now: float) -> None:
        rested = [chat_id for chat_id, bucket in self._chats.items() if bucket.rested(now)]
        for chat_id in rested:
            del self._chats[chat_id]
