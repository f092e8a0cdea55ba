"""Promises to pay: made within the rules, written into the book, taken back while it is time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from bot.use_cases import accounts
from bot.use_cases.refusals import (
    DateRefused,
    NothingToClaim,
    NotYours,
    Outdated,
    PromiseRefused,
    TooLateToUndo,
)
from credit.acceptance import AcceptanceRule, AcceptanceWarning, Severity, acceptance
from credit.money import Money
from credit.promise import Means, PromiseLine, PromiseState
from credit.risk_class import RiskClass
from storage import contacts, promises
from storage.events import Origin, record

if TYPE_CHECKING:
    from datetime import date

    from bot.use_cases.accounts import Account
    from bot.use_cases.rules import Rules
    from credit.people import Person
    from credit.promise import PromisePolicy
    from storage.promises import Kept
    from storage.work import Work

UNDO_MINUTES = 10
FOLLOW_UP = "check_promise"
ALL, OLDEST, OTHER = "all", "oldest", "other"


@dataclass(frozen=True, slots=True)
class PromiseRequest:
    """What the customer promised; `items` chosen by him, empty for the oldest first."""

    currency: str
    lines: tuple[PromiseLine, ...]
    means: Means
    scope: str = ALL
    items: frozenset[int] = frozenset()
    contact: str | None = None
    engaged: bool = True
    reference: str | None = None


def make(
    work: Work,
    origin: Origin,
    person: Person,
    customer_id: int,
    request: PromiseRequest,
    rules: Rules,
) -> Kept:
    """Write a promise down, in the place of those that run on the same invoices.

    Raise `NothingToClaim`, `DateRefused` or `PromiseRefused` before anything is written.
    The caller refreshes the account's alert once all that belongs together is recorded.
    """
    account = accounts.load(work, customer_id, origin.at, rules)
    covered = _covered(account, request)
    warnings = _checked(work, account, request, covered, rules)
    lines = tuple(sorted(request.lines, key=lambda line: line.due_on))
    uid = origin.uid("promise")
    promise_id = promises.add(
        work,
        {
            "uid": uid,
            "customer_id": customer_id,
            "person_id": person.id,
            "contact": (request.contact or "")[:120] or None,
            "means": request.means.value,
            "scope": request.scope,
            "currency": request.currency,
            "amount_minor": sum(line.amount_minor for line in lines),
            "state": PromiseState.OPEN.value,
            "engaged": request.engaged,
            "warnings": [_plain(warning) for warning in warnings],
            "made_at": origin.at.at,
            "made_on": origin.at.today,
        },
        lines,
        covered,
    )
    _supersede(work, origin, account, promise_id, {item for item, _ in covered}, uid)
    kept = _must(promises.by_id(work, promise_id))
    _follow_up(work, origin, kept, person.id, rules)
    record(work, origin, "promise.made", _told(kept, request, warnings), customer_id)
    return kept


def withdraw(
    work: Work,
    origin: Origin,
    person: Person,
    promise_id: int,
    rules: Rules,
) -> int:
    """Undo a promise within ten minutes, by its author; return its customer.

    What it had replaced runs again. Raise `TooLateToUndo` afterwards.
    """
    kept = promises.by_id(work, promise_id)
    if kept is None or kept.promise.author != person.id:
        raise NotYours
    if origin.at.at - kept.made_at > timedelta(minutes=UNDO_MINUTES):
        raise TooLateToUndo(UNDO_MINUTES)
    take_back(work, origin, kept, rules)
    return kept.promise.customer


def take_back(work: Work, origin: Origin, kept: Kept, rules: Rules) -> None:
    """Withdraw a running promise and let those run again that it had replaced."""
    promise = kept.promise
    if not promises.close(work, promise.id, PromiseState.WITHDRAWN, origin.at.at):
        raise Outdated
    contacts.drop_tasks_of_promise(work, promise.id, origin.at.at)
    record(work, origin, "promise.withdrawn", {"uid": kept.uid}, promise.customer)
    for former in promises.reopen_superseded(work, promise.id):
        again = _must(promises.by_id(work, former))
        _follow_up(work, origin, again, again.promise.author, rules)


def totals(kept: Kept) -> Money:
    """Return what was promised in all."""
    return Money.from_minor(kept.promise.amount_minor, kept.promise.currency)


def _covered(account: Account, request: PromiseRequest) -> list[tuple[int, int]]:
    """Lay the amount on the invoices: those chosen, else the oldest claimable first."""
    if request.items:
        pool = [
            item for item in account.items if item.id in request.items and item.undisputed_minor > 0
        ]
    else:
        pool = list(account.claimable)
    pool = [item for item in pool if item.currency == request.currency]
    if not pool:
        raise NothingToClaim
    left = sum(line.amount_minor for line in request.lines)
    covered = []
    for item in pool:
        part = min(left, item.undisputed_minor)
        if part > 0:
            covered.append((item.id, part))
            left -= part
    return covered


def _checked(
    work: Work,
    account: Account,
    request: PromiseRequest,
    covered: Sequence[tuple[int, int]],
    rules: Rules,
) -> list[AcceptanceWarning]:
    """Apply handbook 7.2: refuse what nobody may bend, return what must be known."""
    policy = rules.policy.promise
    broken = promises.broken_by_item(work, account.customer.id)
    warnings = acceptance(
        request.lines,
        _claimed(account, request.currency, covered),
        account.today,
        risk_class(account),
        max((broken.get(item, 0) for item, _ in covered), default=0),
        policy,
        request.means,
    )
    for warning in warnings:
        _refuse(warning, request, policy)
    return warnings


def _claimed(account: Account, currency: str, covered: Sequence[tuple[int, int]]) -> Money:
    """Return what can be asked for: the overdue part, or more when later invoices are covered."""
    claim = account.claim(currency)
    return max(claim, Money.from_minor(sum(minor for _, minor in covered), currency))


def _refuse(warning: AcceptanceWarning, request: PromiseRequest, policy: PromisePolicy) -> None:
    match warning.rule:
        case AcceptanceRule.NO_LINE | AcceptanceRule.AMOUNT_NOT_POSITIVE:
            raise PromiseRefused("no_amount")
        case AcceptanceRule.DATE_IN_THE_PAST:
            raise DateRefused(request.lines[0].due_on)
        case AcceptanceRule.CASH_ABOVE_LIMIT:
            raise PromiseRefused("cash_too_high")
        case AcceptanceRule.TOO_MANY_LINES:
            raise PromiseRefused("too_many_lines", {"most": policy.max_lines})
        case AcceptanceRule.BROKEN_TOO_OFTEN:
            # Money sent while one is on the line is no third promise: it is taken (call script).
            if request.means is not Means.INSTANT_TRANSFER:
                raise PromiseRefused("broken_too_often", {"broken": warning.value})
        case _ if warning.severity is Severity.REFUSE:
            raise PromiseRefused(warning.rule.value)


def risk_class(account: Account) -> RiskClass | None:
    """Return the customer's class, None when it is not rated or the letter is unknown."""
    letter = account.customer.risk_class
    return RiskClass(letter) if letter in {one.value for one in RiskClass} else None


def _supersede(
    work: Work, origin: Origin, account: Account, by: int, items: set[int], uid: str
) -> None:
    for running in account.promises:
        if not running.promise.items & items:
            continue
        if promises.close(work, running.promise.id, PromiseState.SUPERSEDED, origin.at.at, by):
            contacts.drop_tasks_of_promise(work, running.promise.id, origin.at.at)
            data = {"uid": running.uid, "by": uid}
            record(work, origin, "promise.superseded", data, account.customer.id)


def _follow_up(work: Work, origin: Origin, kept: Kept, person_id: int, rules: Rules) -> None:
    """Plan to look at the bank the worked day after each instalment (handbook 7.2, state 12)."""
    for due_on in sorted({line.due_on for line in kept.promise.lines}):
        contacts.add_task(
            work,
            {
                "uid": origin.uid(f"task:{FOLLOW_UP}:{kept.promise.id}:{due_on}"),
                "customer_id": kept.promise.customer,
                "person_id": person_id,
                "kind": FOLLOW_UP,
                "due_on": _worked_after(due_on, rules),
                "promise_id": kept.promise.id,
                "created_at": origin.at.at,
            },
        )


def _worked_after(day: date, rules: Rules) -> date:
    return rules.calendar.add_working(day, 1)


def _told(
    kept: Kept, request: PromiseRequest, warnings: Iterable[AcceptanceWarning]
) -> dict[str, Any]:
    promise = kept.promise
    return {
        "uid": kept.uid,
        "amount": totals(kept).as_text(),
        "currency": promise.currency,
        "lines": [
            {
                "due_on": line.due_on.isoformat(),
                "amount": Money.from_minor(line.amount_minor, promise.currency).as_text(),
            }
            for line in promise.lines
        ],
        "means": promise.means.value,
        "contact": promise.contact,
        "scope": kept.scope,
        "invoices": list(kept.numbers),
        "engaged": kept.engaged,
        "reference": request.reference,
        "warnings": [_plain(warning) for warning in warnings],
    }


def _plain(warning: AcceptanceWarning) -> Mapping[str, Any]:
    return {
        "rule": warning.rule.value,
        "severity": warning.severity.value,
        "value": _said(warning.value),
        "limit": _said(warning.limit),
    }


def _said(figure: Money | date | int) -> str | int:
    if isinstance(figure, Money):
        return f"{figure.as_text()} {figure.currency}"
    return figure if isinstance(figure, int) else figure.isoformat()


def _must(kept: Kept | None) -> Kept:
    if kept is None:  # it was read or written in this very transaction
        raise Outdated
    return kept
