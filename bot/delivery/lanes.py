"""Messages in memory: one lane per chat, the most urgent head first."""

from __future__ import annotations

import heapq
from collections import defaultdict

from storage.outbox import Outgoing, Priority

Rank = tuple[int, int]


class Lanes:
    """Keep each chat's messages in order and tell which one may leave next.

    One message of a chat is on its way at a time. Times are monotonic seconds.
    """

    def __init__(self) -> None:
        self._lanes: defaultdict[int, list[tuple[Rank, Outgoing]]] = defaultdict(list)
        self._held: set[int] = set()
        self._busy: set[int] = set()
        self._resting: dict[int, float] = {}
        self._ready: list[tuple[Rank, int]] = []
        self._later: list[tuple[float, int]] = []
        self._answers = 0

    def __len__(self) -> int:
        return len(self._held)

    def __contains__(self, row_id: int) -> bool:
        return row_id in self._held

    @property
    def answers(self) -> int:
        """Return how many answers are held, those on their way included."""
        return self._answers

    def owes(self, chat_id: int) -> bool:
        """Tell whether something is on its way to this chat, or an answer waits for its turn."""
        lane = self._lanes.get(chat_id, ())
        return chat_id in self._busy or any(row.priority == Priority.ANSWER for _, row in lane)

    def on_its_way(self, chat_id: int) -> bool:
        """Tell whether a message to this chat is on its way."""
        return chat_id in self._busy

    def overtaken(self, row: Outgoing) -> bool:
        """Tell whether a younger answer puts another screen where this one would stand."""
        place = _place(row)
        lane = self._lanes.get(row.chat_id, ()) if place is not None else ()
        return any(one.id > row.id and _place(one) == place for _, one in lane)

    def add(self, row: Outgoing) -> None:
        """Take a message in; one that is held already is left where it is."""
        if row.id in self._held:
            return
        self._held.add(row.id)
        self._answers += row.priority == Priority.ANSWER
        self._queue(row)

    def head(self) -> Outgoing | None:
        """Return the message whose turn it is, without taking it."""
        while self._ready:
            rank, chat_id = self._ready[0]
            lane = self._lanes.get(chat_id)
            if lane and lane[0][0] == rank and self._free(chat_id):
                return lane[0][1]
            heapq.heappop(self._ready)
        return None

    def take(self, row: Outgoing) -> None:
        """Send the head on its way: its chat is busy until `free`."""
        heapq.heappop(self._lanes[row.chat_id])
        self._busy.add(row.chat_id)

    def rest(self, chat_id: int, until: float) -> None:
        """Let a chat wait."""
        self._resting[chat_id] = max(until, self._resting.get(chat_id, 0.0))
        heapq.heappush(self._later, (self._resting[chat_id], chat_id))

    def free(self, row: Outgoing, again: Outgoing | None = None) -> None:
        """Say that a message is no longer on its way; `again` is what it has become."""
        self._busy.discard(row.chat_id)
        if again is None:
            self._held.discard(row.id)
            self._answers -= row.priority == Priority.ANSWER
        else:
            heapq.heappush(self._lanes[again.chat_id], (_rank(again), again))
            self._offer(again.chat_id)  # its chat may have got another number
        self._offer(row.chat_id)

    def waiting(self) -> list[Outgoing]:
        """Return what is held and not on its way."""
        return [row for lane in self._lanes.values() for _, row in lane]

    def forget(self, row: Outgoing) -> None:
        """Let go of a message that is not on its way."""
        lane = self._lanes[row.chat_id]
        lane.remove((_rank(row), row))
        heapq.heapify(lane)
        self._held.discard(row.id)
        self._answers -= row.priority == Priority.ANSWER
        self._offer(row.chat_id)

    @property
    def chats(self) -> set[int]:
        """Name the chats that have a message here or rest."""
        return self._busy | self._resting.keys() | self._lanes.keys()

    def wake(self, now: float) -> None:
        """Let the chats go on whose rest is over."""
        while self._later and self._later[0][0] <= now:
            _, chat_id = heapq.heappop(self._later)
            if self._resting.get(chat_id, now + 1.0) <= now:
                del self._resting[chat_id]
                self._offer(chat_id)

    def next_wake(self) -> float | None:
        """Return when the next rest is over."""
        return self._later[0][0] if self._later else None

    def _queue(self, row: Outgoing) -> None:
        heapq.heappush(self._lanes[row.chat_id], (_rank(row), row))
        self._offer(row.chat_id)

    def _offer(self, chat_id: int) -> None:
        lane = self._lanes.get(chat_id)
        if not lane:
            self._lanes.pop(chat_id, None)
        elif self._free(chat_id):
            heapq.heappush(self._ready, (lane[0][0], chat_id))

    def _free(self, chat_id: int) -> bool:
        return chat_id not in self._busy and chat_id not in self._resting


def _rank(row: Outgoing) -> Rank:
    return row.priority, row.id


def _place(row: Outgoing) -> int | None:
    """Return the number of the message that an answer edits, None of any other."""
    if row.priority != Priority.ANSWER or row.body.get("method") != "editMessageText":
        return None
    number = row.body["params"].get("message_id")
    return number if isinstance(number, int) else None
