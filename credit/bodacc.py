"""What a company's published legal notices come to: is it insolvent, ceased, sold (handbook 3.9).

```mermaid
stateDiagram-v2
    [*] --> running: opening
    running --> running: conversion into another procedure
    running --> plan: plan adopted
    plan --> running: plan ended early
    plan --> clear: plan carried out
    running --> clear: closed, debts paid; opening quashed
    running --> ceased: closed for lack of assets
```
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum


class NoticeKind(StrEnum):
    """What a notice says, as far as a creditor cares."""

    OPENING = "opening"
    CONVERSION = "conversion"
    PLAN = "plan"
    PLAN_ENDED = "plan_ended"  # for want of being carried out: the procedure runs again
    CLEARED = "cleared"  # debts paid, plan carried out, opening quashed
    NO_ASSETS = "no_assets"  # closed for lack of assets: the company is over
    STRUCK_OFF = "struck_off"
    DISSOLVED = "dissolved"
    SALE = "sale"
    ACCOUNTS = "accounts"
    MANAGER = "manager"
    SEAT = "seat"
    OTHER = "other"


class Procedure(StrEnum):
    """The three procedures: their words must not be mixed up."""

    SAFEGUARD = "safeguard"
    RECEIVERSHIP = "receivership"
    LIQUIDATION = "liquidation"


class Revision(StrEnum):
    """What a notice does to an earlier one."""

    FIRST = "first"
    CORRECTION = "correction"
    CANCELLATION = "cancellation"


@dataclass(frozen=True, slots=True)
class Notice:
    """A published notice of one company; `corrects` is the id of the one it corrects or cancels."""

    id: str
    siren: str
    kind: NoticeKind
    published_on: date
    procedure: Procedure | None = None
    revision: Revision = Revision.FIRST
    corrects: str = ""
    closed_on: date | None = None  # of the accounts filed
    domiciliation: bool = False  # the new seat is a lent address


class Trouble(StrEnum):
    """How a company stands towards its creditors."""

    NONE = "none"
    RUNNING = "running"
    PLAN = "plan"
    CEASED = "ceased"
    DISSOLVED = "dissolved"


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a company stands: deadlines run from `opened_on`; `cause` is the notice that counts."""

    trouble: Trouble = Trouble.NONE
    procedure: Procedure | None = None
    opened_on: date | None = None
    since: date | None = None
    cause: str = ""
    sold_on: date | None = None
    sale: str = ""  # the notice of the sale


def in_force(notices: Iterable[Notice]) -> list[Notice]:
    """Drop what was cancelled and replace what was corrected, oldest first.

    A correction counts from the day of the notice that it corrects, the earlier and so the
    safer one for every deadline. It may name another company: the first one is then clear.
    """
    known: dict[str, Notice] = {}
    stands: dict[str, str] = {}  # the number of a notice, then that of what stands in its place
    ordered = sorted(notices, key=lambda one: (one.published_on, bool(one.corrects), one.id))
    for one in ordered:
        place = stands.get(one.corrects, one.corrects)
        earlier = known.pop(place, None)
        if place:
            former = [number for number, last in stands.items() if last == place]
            stands |= dict.fromkeys((place, *former), one.id)
        if one.revision is Revision.CANCELLATION:
            continue
        if earlier is not None:
            kind = earlier.kind if one.kind is NoticeKind.OTHER else one.kind
            procedure = one.procedure or earlier.procedure
            known[one.id] = replace(
                one, kind=kind, procedure=procedure, published_on=earlier.published_on
            )
        else:
            known[one.id] = one
    return sorted(known.values(), key=lambda one: (one.published_on, one.id))


def standing(notices: Sequence[Notice], today: date, stale_days: int) -> Standing:
    """Follow a company's notices in force up to today; what is older than `stale_days` is history.

    `notices` come from `in_force` and are of one company.
    """
    found = Standing()
    for one in notices:
        if one.published_on <= today:
            found = _after(found, one)
    if found.since is not None and (today - found.since).days > stale_days:
        return replace(Standing(), sold_on=found.sold_on, sale=found.sale)
    return found


def _after(found: Standing, one: Notice) -> Standing:
    if one.kind in _RUNS:
        return _running(found, one)
    if one.kind in _OVER:
        return _over(found, one, _OVER[one.kind])
    if one.kind is NoticeKind.PLAN:
        return replace(found, trouble=Trouble.PLAN, since=one.published_on, cause=one.id)
    if one.kind is NoticeKind.CLEARED:
        return Standing(sold_on=found.sold_on, sale=found.sale)
    if one.kind is NoticeKind.SALE:
        return replace(found, sold_on=one.published_on, sale=one.id)
    return found


def _running(found: Standing, one: Notice) -> Standing:
    """Begin or go on with a procedure: claims are declared from the first opening."""
    goes_on = found.trouble is Trouble.RUNNING and one.kind is not NoticeKind.OPENING
    return replace(
        found,
        trouble=Trouble.RUNNING,
        procedure=one.procedure or found.procedure,
        opened_on=found.opened_on if goes_on else one.published_on,
        since=one.published_on,
        cause=one.id,
    )


def _over(found: Standing, one: Notice, trouble: Trouble) -> Standing:
    """End the company; winding up is no news of one that is insolvent or gone."""
    if trouble is Trouble.DISSOLVED and found.trouble in {Trouble.RUNNING, Trouble.CEASED}:
        return found
    return replace(
        found, trouble=trouble, procedure=None, opened_on=None, since=one.published_on, cause=one.id
    )


_RUNS = frozenset({NoticeKind.OPENING, NoticeKind.CONVERSION, NoticeKind.PLAN_ENDED})
_OVER = {
    NoticeKind.NO_ASSETS: Trouble.CEASED,
    NoticeKind.STRUCK_OFF: Trouble.CEASED,
    NoticeKind.DISSOLVED: Trouble.DISSOLVED,
}
