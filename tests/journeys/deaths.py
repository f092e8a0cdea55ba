"""The moments at which a power cut meets a gesture."""

from __future__ import annotations

from collections.abc import Callable

from tests.journeys.harness import Company
from tests.journeys.story import Step

SENDS = ("sendMessage", "editMessageText")
WAITING = "select count(*) as n from outbox where state in ('waiting', 'sending')"
SENDING = "select count(*) as n from outbox where state = 'sending'"
REFUSED = "select count(*) as n from outbox where state = 'waiting' and error is not null"
UNHANDLED = "select count(*) as n from inbox where done_at is null"

Death = Callable[[Company, Step], None]


def at_once(company: Company, step: Step) -> None:
    """Die before the update is fetched, or while it is handled."""
    step.gesture(company)
    company.kill()


def untold(company: Company, step: Step, seconds: int = 1) -> None:
    """Die when the update is handled and Telegram has refused the answer for so long."""
    busy: dict[str, object] = {"kind": "429", "count": 100, "retry_after": seconds}
    company.chat.faults(*({"method": name, **busy} for name in SENDS))
    step.gesture(company)
    company.until(
        lambda: number(company, REFUSED) and not number(company, SENDING), "a message put back"
    )
    company.kill()


def unacknowledged(company: Company, step: Step) -> None:
    """Die when the answer has arrived and Telegram's word about it has not."""
    slow: dict[str, object] = {"kind": "slow", "count": 1, "seconds": 2.0}
    company.chat.faults(*({"method": name, **slow} for name in SENDS))
    step.gesture(company)
    step.seen(company)
    company.kill()


def afterwards(company: Company, step: Step) -> None:
    """Die as soon as the answer is seen."""
    step.gesture(company)
    step.seen(company)
    company.kill()


DEATHS: tuple[Death, ...] = (at_once, untold, unacknowledged, afterwards)
REPEATING = (unacknowledged, afterwards)


def number(company: Company, statement: str) -> int:
    """Count rows."""
    return int(company.rows(statement)[0]["n"])


def quiet(company: Company) -> None:
    """Wait until every update is handled and no message is on its way."""
    company.until(
        lambda: not number(company, UNHANDLED) and not number(company, WAITING), "a quiet bot"
    )
