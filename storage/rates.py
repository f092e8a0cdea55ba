"""How fast messages may leave, shared by every process: token buckets as rows.

Whoever draws tokens holds the row of the whole bot until his transaction ends, so that the
draws of all processes come one after the other.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from sqlalchemy import Row, bindparam, delete, select

from storage.tables import rate_bucket
from storage.upsert import Upsert
from storage.work import Work
from storage.workers import shared_now

OVERALL: Final = "overall"
ANOTHER_CLOCK: Final = 5.0
"""Seconds: a bucket written so far in the future was written before the clock was set back."""
RESTED: Final = timedelta(minutes=2)
EPSILON: Final = 1e-6


@dataclass(frozen=True, slots=True)
class Pace:
    """The rates kept (a second) and what may leave at once; measured in performance.md 9.

    Answers never wait for the overall rate, and for their chat's only after a flood of
    taps; what they take is missing for the others. The burst leaves the server's own bucket
    half full: room for a rush of answers, and for requests that are late.
    """

    overall: float = 29.9
    overall_burst: float = 15.0
    chat: float = 1.0
    chat_burst: float = 3.0
    group: float = 20 / 60
    answer_debt: float = 20.0


@dataclass(slots=True)
class Bucket:
    """So many tokens a second, up to a number; times are seconds of one clock."""

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
        self.fill(now)
        missing = 1.0 - debt - self.level
        return max(self.closed_until - now, missing / self.rate, 0.0)

    def take(self, now: float, tokens: float = 1.0) -> None:
        """Take tokens, there or not; a negative number gives some back."""
        self.fill(now)
        self.level = min(max(self.level - tokens, -self.most_owed), self.burst)

    def close(self, now: float, seconds: float) -> None:
        """Let nothing through for so long, and no burst after it."""
        self.fill(now)
        self.closed_until = max(self.closed_until, now + seconds)
        self.level = min(self.level, 1.0)

    def rested(self, now: float) -> bool:
        """Tell whether it is as good as new."""
        self.fill(now)
        return self.closed_until <= now and self.level >= self.burst

    def crowded(self, now: float) -> bool:
        """Tell whether more than one token was taken lately."""
        self.fill(now)
        return self.level < self.burst - 1.0 - 1e-9

    def fill(self, now: float) -> None:
        """Add what has come since the last time; nothing comes while it is closed."""
        since = max(self.at, self.closed_until)
        if now > since:
            self.level = min(self.burst, self.level + (now - since) * self.rate)
        self.at = max(self.at, now)


_ONE = select(rate_bucket).where(rate_bucket.c.name == bindparam("one")).with_for_update()
_SOME = select(rate_bucket).where(rate_bucket.c.name.in_(bindparam("names", expanding=True)))
_PEEK = select(rate_bucket.c.at, rate_bucket.c.closed_until).where(rate_bucket.c.name == OVERALL)
_LOW = select(rate_bucket).where(
    rate_bucket.c.name != OVERALL,
    (rate_bucket.c.level < 1.0) | rate_bucket.c.closed_until.is_not(None),
)
_MAKE = Upsert(rate_bucket, keys=["name"])
_KEEP = Upsert(rate_bucket, keys=["name"], update=["level", "at", "closed_until"])
_FORGET = delete(rate_bucket).where(
    rate_bucket.c.name != OVERALL,
    rate_bucket.c.at < bindparam("before"),
    rate_bucket.c.closed_until.is_(None) | (rate_bucket.c.closed_until < bindparam("before")),
)


class Till:
    """The shared buckets, held until the transaction ends."""

    def __init__(self, work: Work, pace: Pace, now: datetime) -> None:
        """Wait for one's turn; the time is read after that."""
        self._work = work
        self.pace = pace
        row = work.first(_ONE, {"one": OVERALL})
        if row is None:
            # all that is known is that nothing is known: no burst, another may just have sent
            work.execute(_MAKE, {"name": OVERALL, "level": 0.0, "at": shared_now(work, now)})
            row = work.first(_ONE, {"one": OVERALL})
        self.now = shared_now(work, now).timestamp()
        self.overall = self._read(row, self._empty(OVERALL))
        self._chats: dict[str, Bucket] = {}

    def resting(self) -> set[int]:
        """Name the chats that may not get a message now."""
        rows = self._work.all(_LOW)
        buckets = ((row.name, self._read(row, self._empty(row.name))) for row in rows)
        return {int(name) for name, bucket in buckets if bucket.wait(self.now) > EPSILON}

    def take(self, chat_ids: Iterable[int]) -> None:
        """Take one token of the whole bot and one of the chat for each message."""
        wanted = [str(chat_id) for chat_id in chat_ids]
        self._load(wanted)
        for name in wanted:
            self.overall.take(self.now)
            self._chats[name].take(self.now)

    def chat(self, chat_id: int) -> Bucket:
        """Return the bucket of a chat."""
        self._load([str(chat_id)])
        return self._chats[str(chat_id)]

    def keep(self) -> None:
        """Write down what was changed."""
        changed = {OVERALL: self.overall, **self._chats}
        rows = [self._row(name, changed[name]) for name in sorted(changed)]
        self._work.execute_many(_KEEP, rows)

    def _load(self, names: list[str]) -> None:
        known = {row.name: row for row in self._work.all(_SOME, {"names": names})}
        for name in names:
            if name not in self._chats:
                self._chats[name] = self._read(known.get(name), self._empty(name))

    def _empty(self, name: str) -> Bucket:
        pace = self.pace
        if name == OVERALL:
            # a flood of answers holds the others up for a second at most
            return Bucket(pace.overall, pace.overall_burst, most_owed=pace.overall)
        rate = min(pace.group, pace.chat) if name.startswith("-") else pace.chat
        return Bucket(rate, pace.chat_burst, most_owed=pace.answer_debt)

    def _read(self, row: Row[Any] | None, bucket: Bucket) -> Bucket:
        if row is None:
            return bucket
        bucket.level, bucket.at = min(row.level, bucket.burst), row.at.timestamp()
        if row.closed_until is not None:
            bucket.closed_until = row.closed_until.timestamp()
        if bucket.at > self.now + ANOTHER_CLOCK:
            bucket.at, bucket.closed_until = self.now, 0.0
        return bucket

    def _row(self, name: str, bucket: Bucket) -> dict[str, Any]:
        bucket.fill(self.now)
        closed = bucket.closed_until > self.now
        return {
            "name": name,
            "level": bucket.level,
            "at": datetime.fromtimestamp(bucket.at, UTC),
            "closed_until": datetime.fromtimestamp(bucket.closed_until, UTC) if closed else None,
        }


def owe(work: Work, pace: Pace, now: datetime, spent: int) -> None:
    """Count what left without asking: answers, and second requests for one message."""
    till = Till(work, pace, now)
    till.overall.take(till.now, spent)
    till.keep()


def rest(work: Work, pace: Pace, now: datetime, chat_id: int, seconds: float) -> None:
    """Let a chat wait, for every process."""
    till = Till(work, pace, now)
    till.chat(chat_id).close(till.now, seconds)
    till.keep()


def refuse(
    work: Work, pace: Pace, now: datetime, chat_id: int, seconds: float, *, crowded: bool
) -> bool:
    """Heed a 429: pause the chat when it had more than one lately, else the whole bot.

    Telegram does not say which limit was passed. A chat that had nothing but this message
    cannot have passed its own; `crowded` is what the asking process knows of it. Tell
    whether the whole bot pauses.
    """
    till = Till(work, pace, now)
    chat = till.chat(chat_id)
    whole = not (crowded or chat.crowded(till.now))
    chat.close(till.now, seconds)
    if whole:
        till.overall.close(till.now, seconds)
    till.keep()
    return whole


def closed_for(work: Work, now: datetime) -> float:
    """Return for how many seconds the whole bot has to pause."""
    row = work.first(_PEEK)
    until: datetime | None = row.closed_until if row else None
    if row is None or until is None:
        return 0.0
    at = shared_now(work, now)
    another_clock = row.at > at + timedelta(seconds=ANOTHER_CLOCK)
    return 0.0 if another_clock else max(0.0, (until - at).total_seconds())


def forget_rested(work: Work, now: datetime) -> None:
    """Delete the buckets of chats that are as good as new."""
    work.execute(_FORGET, {"before": shared_now(work, now) - RESTED})
