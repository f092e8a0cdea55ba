"""Everything that reached the chats, in order: the far end, where an oracle counts."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from itertools import islice

from bot.simulator.keyboards import numbered_buttons
from bot.simulator.values import JsonObject, Message

MOST_AT_ONCE = 10_000
_Entry = tuple[float, str, Message]


class Ledger:
    """What was sent, edited and deleted; messages are frozen, so an entry costs one tuple."""

    def __init__(self, bot: int) -> None:
        """Start empty; `bot` is the user id whose messages count as sent, not as received."""
        self._bot = bot
        self._entries: list[_Entry] = []
        self._counts: Counter[tuple[int, str]] = Counter()

    @property
    def last(self) -> int:
        """Return the number of the last entry, 0 before the first."""
        return len(self._entries)

    def note(self, at: float, message: Message, *, new: bool) -> None:
        """Note the new state of a message."""
        what = "deleted" if message.deleted else "sent" if new else "edited"
        if new and message.sender_id != self._bot:
            what = "received"
        self._entries.append((at, what, message))
        self._counts[message.chat_id, what] += 1

    def after(self, number: int, chat: int | None, limit: int) -> JsonObject:
        """Return up to `limit` entries after `number`, and the number to go on from.

        With `chat`, only those of one chat.
        """
        found: list[JsonObject] = []
        seen = number
        for seen, entry in self._from(number):
            if chat is None or entry[2].chat_id == chat:
                found.append(_shown(seen, entry))
            if len(found) >= limit:
                break
        return {"seq": seen, "more": seen < self.last, "deliveries": found}

    def _from(self, number: int) -> Iterator[tuple[int, _Entry]]:
        return enumerate(islice(self._entries, number, None), number + 1)

    def counts(self) -> JsonObject:
        """Return by chat id how many messages were sent, edited, deleted and received."""
        chats: dict[str, JsonObject] = defaultdict(
            lambda: dict.fromkeys(("sent", "edited", "deleted", "received"), 0)
        )
        for (chat, what), count in self._counts.items():
            chats[str(chat)][what] = count
        return dict(chats)


def _shown(number: int, entry: _Entry) -> JsonObject:
    at, what, message = entry
    return {
        "seq": number,
        "at": at,
        "what": what,
        "chat_id": message.chat_id,
        "message_id": message.message_id,
        "text": message.text,
        "media": message.media.kind if message.media else "",
        "file": message.media.best.name if message.media else "",
        "buttons": [str(button["text"]) for _, button in numbered_buttons(message)],
        "silent": message.silent,
    }
