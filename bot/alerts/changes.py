"""What changed on an account since the last look, and whether somebody must hear of it now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cache
from typing import NamedTuple

from bot.alerts.evaluation import Assessment
from credit.levels import Family, Level, Light, level_of
from credit.policy import LevelPolicy


class ChangeKind(StrEnum):
    """How an alert moved.

    ```mermaid
    stateDiagram-v2
        [*] --> raised: level above 0
        raised --> worsened: level or points rise
        worsened --> eased: level or points fall
        raised --> cleared: level 0
        eased --> worsened
        eased --> cleared
        worsened --> cleared
        cleared --> raised
    ```
    """

    RAISED = "raised"
    WORSENED = "worsened"
    EASED = "eased"
    CLEARED = "cleared"
    UNCHANGED = "unchanged"


class KnownAlert(NamedTuple):
    """What is remembered of an account's alert.

    `pushed_level` and `pushed_at` tell the last push; they stay after the alert is cleared, so
    that an account going up and down is not pushed each time. `quiet_until` comes from
    snoozing, taking charge or "not relevant".
    """

    level: Level
    points: int
    pushed_level: Level = Level.CLEAR
    pushed_at: datetime | None = None
    quiet_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """The move of an alert: push it now, tell it in the digest, or neither."""

    kind: ChangeKind
    push: bool
    digest: bool


def compare(
    before: KnownAlert | None, now: Assessment, at: datetime, policy: LevelPolicy
) -> Change:
    """Compare with what was known, and decide on the push (handbook 4.3).

    A level is pushed once when it rises, and again at the earliest after `repeat_days`; a fall
    is told in the digest only. Data too old to prove a missing payment pushes nothing, unless
    the other families reach the level of a push by themselves.
    """
    kind = _kind(before, now)
    push = _due(before, now, kind, at, policy) and (
        policy.is_fresh(now.data_as_of, at) or _speaks_without_ledger(now, policy)
    )
    return _change(kind, push=push)


@cache
def _change(kind: ChangeKind, *, push: bool) -> Change:
    return Change(kind, push, digest=kind is not ChangeKind.UNCHANGED and not push)


def _kind(before: KnownAlert | None, now: Assessment) -> ChangeKind:
    if before is None or before.level is Level.CLEAR:
        return ChangeKind.RAISED if now.level else ChangeKind.UNCHANGED
    if now.level is Level.CLEAR:
        return ChangeKind.CLEARED
    was, is_now = (before.level, before.points), (now.level, now.points)
    if is_now == was:
        return ChangeKind.UNCHANGED
    return ChangeKind.WORSENED if is_now > was else ChangeKind.EASED


def _due(
    before: KnownAlert | None,
    now: Assessment,
    kind: ChangeKind,
    at: datetime,
    policy: LevelPolicy,
) -> bool:
    if now.level < policy.push_from_level or kind is ChangeKind.EASED:
        return False
    if before is None:
        return True
    span = timedelta(days=policy.repeat_days)
    repeatable = before.pushed_at is None or at - before.pushed_at >= span
    quiet = before.quiet_until is not None and before.quiet_until > at
    # A level that rises is news even to somebody who asked for quiet.
    risen = now.level > before.level or not quiet
    return risen and (repeatable or now.level > before.pushed_level)


def _speaks_without_ledger(now: Assessment, policy: LevelPolicy) -> bool:
    others: dict[Family, Light] = {
        family: light for family, light in now.lights.items() if family is not Family.PAYMENT
    }
    critical = any(signal.critical for signal in now.signals)
    return level_of(others, critical=critical) >= policy.push_from_level
