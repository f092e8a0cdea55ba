"""A synchronous client of the chat API, for tests that play people (journeys)."""

from __future__ import annotations

from bot.simulator.telephone import Person, Shown
from bot.simulator.wire import Refused, Wire

__all__ = ["Chat", "Person", "Refused", "Shown"]


class Chat:
    """The chat API of a simulator at `url`."""

    def __init__(self, url: str) -> None:
        """Talk to this address."""
        self.wire = Wire(url)

    def person(self, user: int) -> Person:
        """Return the telephone of a person."""
        return Person(self.wire, user)

    def add_person(
        self,
        id: int,  # noqa: A002 - Telegram's name
        first_name: str,
        **fields: object,
    ) -> Person:
        """Add a person (last_name, username, language_code, role, start, started)."""
        self.wire.post("/chat/people", {"id": id, "first_name": first_name, **fields})
        return self.person(id)

    def add_group(self, id: int, members: list[int], **fields: object) -> None:  # noqa: A002
        """Put the bot in a group of these people (title, type, status, migrated_to)."""
        self.wire.post("/chat/groups", {"id": id, "members": members, **fields})

    def state(self) -> dict[str, object]:
        """Return the bot, the banner and the people."""
        return self.wire.get("/chat/state")

    def log(self, method: str = "", after: int = 0) -> list[dict[str, object]]:
        """Return the Bot API calls since number `after`, of one method if named."""
        calls = self.wire.get(f"/chat/log?after={after}")["calls"]
        found = calls if isinstance(calls, list) else []
        return [c for c in found if method.lower() in ("", str(c["method"]).lower())]

    def faults(self, *faults: dict[str, object], **options: object) -> dict[str, object]:
        """Order faults, in the place of those that wait; none clears them.

        Options: seed, add, reset. Return the orders that wait and the faults injected.
        """
        return self.wire.post("/chat/faults", {"faults": list(faults), **options})

    def injected(self) -> dict[str, object]:
        """Return the orders of faults that wait, and the count of those injected."""
        return self.wire.get("/chat/faults")

    def counts(self) -> dict[str, object]:
        """Return how many messages each chat got, and how many calls each method."""
        return self.wire.get("/chat/counts")

    def deliveries(self, after: int = 0, chat: int | None = None) -> list[dict[str, object]]:
        """Return all that was sent, edited, deleted, received since `after`, oldest first."""
        found: list[dict[str, object]] = []
        query, more = "" if chat is None else f"&chat={chat}", True
        while more:
            page = self.wire.get(f"/chat/deliveries?after={after}{query}")
            found += page["deliveries"] if isinstance(page["deliveries"], list) else []
            after, more = int(str(page["seq"])), page["more"] is True
        return found

    def fault(self, method: str, kind: str, count: int = 1, **details: object) -> None:
        """Order one fault (details: chat, skip, rate, done, retry_after, seconds)."""
        self.faults({"method": method, "kind": kind, "count": count, **details})

    def limits(self, **limits: object) -> dict[str, object]:
        """Change the flood limits.

        enforce, overall, overall_burst, per_chat, per_group_minute, burst, penalty.
        """
        return self.wire.post("/chat/limits", limits)

    def bring(self, **order: object) -> dict[str, object]:
        """Bring an `update` as it is, sound or not; bring each one from now on so many `times`."""
        return self.wire.post("/chat/updates", order)

    def advance(self, seconds: int) -> None:
        """Move the server's time forward."""
        self.wire.post("/chat/clock", {"advance": seconds})
