"""What became of a request, and what its reply says of pauses and numbers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from bot.delivery.api import Reply
from bot.delivery.request import Request
from bot.delivery.verdict import Verdict

LONGEST_TOLD: Final = 86_400.0


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a request, in the shape in which it was last posted."""

    verdict: Verdict
    request: Request
    error: str = ""
    pause: float = 0.0
    message_id: int | None = None
    moved_to: int | None = None


def outcome_of(verdict: Verdict, request: Request, reply: Reply) -> Outcome:
    """Return what a reply says about a request, in values that a clock and a column can hold."""
    made = reply.result.get("message_id") if isinstance(reply.result, dict) else None
    return Outcome(
        verdict,
        request,
        error=f"{reply.code} {reply.description}",
        pause=_pause_told(reply),
        message_id=made if _is_key(made) else request.params.get("message_id"),
        moved_to=reply.migrate_to if _is_key(reply.migrate_to) else None,
    )


def _pause_told(reply: Reply) -> float:
    """Return the pause that a reply asks for, in seconds that a clock can count."""
    return min(max(1.0, reply.retry_after), LONGEST_TOLD)  # max(1.0, nan) is 1.0


def _is_key(found: object) -> bool:
    """Tell whether a number of Telegram's is one that the database can keep."""
    return isinstance(found, int) and not isinstance(found, bool) and abs(found) < 2**63
