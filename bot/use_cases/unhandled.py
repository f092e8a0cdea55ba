"""Updates that cannot be handled: noted, given up, told to who sent them and who runs the house."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from bot.use_cases import telling
from bot.use_cases.outbox import NOTICE, tell_deciders
from storage import inbox, people
from storage.inbox import AlreadyHandled

if TYPE_CHECKING:
    from collections.abc import Sequence

    from credit.moment import Moment
    from storage.inbox import Received
    from storage.work import Work

UNHANDLED = "unhandled"
GIVEN_UP = "given_up"
MOST_DEATHS: Final = 3
DEADLY: Final = "processes died while it was handled"


def store(
    work: Work, updates: Sequence[Received], now: Moment, places: int = 0, *, tell: bool = True
) -> list[Received]:
    """Store what came and return what this process is to handle, as `inbox.store` does.

    Who runs the house is told of what was set aside as it came: once a day, however much it
    is. A caller who has just had it told says so, and spares a flood the asking.
    """
    mine = inbox.store(work, updates, now, places)
    if tell and any(one.error for one in updates):
        tell_deciders(work, UNHANDLED, now)
    return mine


def begin(work: Work, one: Received, now: Moment) -> bool:
    """Count an update taken over from a dead process; give it up when too many have died.

    False when it is given up; raises `AlreadyHandled` when another process was done with it.
    """
    if one.begun >= MOST_DEATHS:
        if not failed(work, one, one.attempts, DEADLY, now):
            raise AlreadyHandled(one.update_id)
        _own_up(work, one, now)
        return False
    inbox.begin(work, one.update_id)
    return True


def failed(work: Work, one: Received, attempts: int, error: str, now: Moment | None) -> bool:
    """Note that handling failed, so many times; with an instant it is given up, and told.

    False when it was handled meanwhile, by another process: there is nothing to tell.
    """
    noted = inbox.fail(work, one.update_id, attempts, error, parked=now is not None)
    if noted and now is not None:
        tell_deciders(work, UNHANDLED, now)
    return noted


def reference(update_id: int) -> str:
    """Return what a person quotes of an update that failed; the log has it too."""
    return f"R{update_id % 10**8:08d}"


def _own_up(work: Work, one: Received, now: Moment) -> None:
    """Tell who sent an update that it is given up, below what he sent; strangers hear nothing."""
    person = people.by_telegram(work, one.sender)
    if person is None or not person.active:
        return
    telling.tell(
        work,
        now,
        person,
        NOTICE,
        {"code": GIVEN_UP, "update_id": one.update_id, "message_id": _message_of(one.body)},
        dedupe=f"defect:{one.update_id}",
    )


def _message_of(body: str) -> int | None:
    """Return the number of the message that was sent, or whose button was pressed."""
    update: dict[str, Any] = json.loads(body)
    pressed = update.get("callback_query") or {}
    message = update.get("message") or pressed.get("message") or {}
    number: int | None = message.get("message_id")
    return number
