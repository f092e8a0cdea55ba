"""What follows an import that is seen: promises judged, alerts looked at, people told.

It is done in pieces from a list in the database, so that a long import keeps nobody waiting
and a killed process leaves nothing undone.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.use_cases import alerts, dispute_deciding, judging
from credit.calendar import next_open
from storage import book_follow, disputes, imports
from storage.book_customers import carry_over
from storage.book_follow import Follow
from storage.events import Origin, record

if TYPE_CHECKING:
    from bot.use_cases.import_report import ImportReport
    from bot.use_cases.rules import Rules
    from storage.work import Work

KEPT = 100
"""How many rejected lines the list of imports keeps of each."""
FEW, NEWS = 2, 100
"""How many customers the first piece looks at, and how many facts about them one takes."""
ALONE = 500
"""How many customers a piece looks at while no bot runs."""
AHEAD = 20
"""How many customers are looked at before, for practice."""
EVERYBODY = 1_000_000
MOVES = ("raised", "worsened", "eased", "cleared")


@dataclass(frozen=True, slots=True)
class Followed:
    """A piece of what follows an import; `over` with all that looking `found` when it is done."""

    version: int
    found: Mapping[str, Any]
    over: bool


def begin(
    work: Work,
    origin: Origin,
    version: int,
    subject: Mapping[str, Any],
    report: ImportReport,
    touched: Iterable[int],
) -> int:
    """List what an import touched, in the transaction that shows it; close what it paid.

    Return the number of disputes that closed by themselves.
    """
    closed = _close_paid_disputes(work, origin)
    told = replace(report, disputes_closed=len(closed)).as_json()
    found = {"disputes_closed": len(closed)}
    book_follow.open_follow(work, Follow(version, subject, told, found))
    book_follow.touch(work, version, {*touched, *closed}, scan=True)
    book_follow.touch(work, version, judging.waiting(work, origin), scan=False)
    return len(closed)


def list_touched(
    work: Work, version: int, subject: Mapping[str, Any], report: ImportReport
) -> None:
    """List whom a file touched that is no ledger's, in the transaction that takes it."""
    book_follow.open_follow(work, Follow(version, subject, report.as_json(), {}))
    book_follow.touch(work, version, report.touched, scan=True)


def follow(work: Work, origin: Origin, rules: Rules, most: int = FEW) -> Followed | None:
    """Do the next piece of the oldest import that is not over; None when all are."""
    ahead = book_follow.first(work)
    if ahead is None:
        return None
    last, news = book_follow.later(work, ahead.version, NEWS)
    if news:
        carry_over(work, news, origin.at.at)
        book_follow.carried(work, ahead.version, last)
        return Followed(ahead.version, ahead.found, over=False)
    listed = book_follow.touched(work, ahead.version, most)
    if listed:
        found = _look(work, origin, rules, listed, ahead.found)
        if found != ahead.found:
            book_follow.note(work, ahead.version, found)
        book_follow.looked(work, ahead.version, listed[-1][0])
        return Followed(ahead.version, found, over=False)
    _end(work, origin, ahead)
    return Followed(ahead.version, ahead.found, over=True)


def look_ahead(work: Work, origin: Origin, rules: Rules) -> None:
    """Look at the first whom an import touched and keep nothing, to be asked on a reader.

    The first look in the life of a process learns the holidays and makes its statements
    ready, which takes tenths of a second: the writer, and who waits for it, is spared that.
    """
    next_open(origin.at, rules.calendar, rules.policy.hours.push)
    ahead = book_follow.first(work)
    if ahead is not None:
        some = book_follow.touched(work, ahead.version, AHEAD)
        alerts.look(work, [customer for customer, _ in some], origin.at, rules)


def follow_all(work: Work, origin: Origin, rules: Rules) -> Mapping[str, Any]:
    """Do everything that waits, at once; return what the last import's looking found."""
    found: Mapping[str, Any] = {}
    while (piece := follow(work, origin, rules, EVERYBODY)) is not None:
        found = piece.found
    return found


def completed(report: ImportReport, found: Mapping[str, Any]) -> ImportReport:
    """Add what looking found to the report of an import."""
    return replace(
        report,
        judged=tuple(found.get("judged", ())),
        alerts=found.get("alerts", dict.fromkeys(MOVES, 0)),
        disputes_closed=found.get("disputes_closed", 0),
    )


def tell(work: Work, origin: Origin, subject: Mapping[str, Any], report: Mapping[str, Any]) -> None:
    """Show the report to whom the import was for: who sent the file, or who looks after it."""
    # both bring files in, and are told here what became of them
    from bot.use_cases import sync, uploads  # noqa: PLC0415

    if "upload" in subject:
        uploads.imported(work, origin, int(subject["upload"]), report)
    elif "path" in subject:
        sync.imported(work, origin, Path(subject["path"]), str(subject["sha256"]), report)


def _look(
    work: Work,
    origin: Origin,
    rules: Rules,
    listed: list[tuple[int, bool]],
    before: Mapping[str, Any],
) -> dict[str, Any]:
    """Judge the promises of some customers and look at the alerts of those that moved."""
    judged = judging.judge(work, origin, (one for one, _ in listed), rules)
    moved = {one.customer_id for one in judged}
    affected = [one for one, scan in listed if scan or one in moved]
    seen = alerts.scan(work, origin, affected, rules)
    known = before.get("alerts", {})
    return {
        **before,
        "judged": [*before.get("judged", []), *(one.as_json() for one in judged)],
        "alerts": {name: known.get(name, 0) + getattr(seen, name) for name in MOVES},
    }


def _end(work: Work, origin: Origin, ahead: Follow) -> None:
    """Complete the report of an import and tell it."""
    news = {
        "promises_judged": ahead.found.get("judged", []),
        "alerts": ahead.found.get("alerts", dict.fromkeys(MOVES, 0)),
    }
    imports.complete(work, ahead.version, news)
    book_follow.close(work, ahead.version)
    tell(work, origin, ahead.subject, {**ahead.report, **news})


def _close_paid_disputes(work: Work, origin: Origin) -> list[int]:
    """Close the disputes that are settled, or credited as decided; return whose each was."""
    customers: list[int] = []
    for row in disputes.paid_meanwhile(work):
        found = disputes.by_id(work, row.id)
        if found and disputes.set_state(work, row.id, found.state, "closed", origin.at.at):
            record(work, origin, "dispute.closed", {"dispute": row.uid}, row.customer_id)
            customers.append(int(row.customer_id))
    return [*customers, *dispute_deciding.close_credited(work, origin)]
