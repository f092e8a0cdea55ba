"""Rules tried on the past, as the chat asks for it: who asked, what came of it, per rule."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from bot.use_cases import telling
from bot.use_cases.refusals import NotYourRole, Outdated
from credit.people import Role
from storage import facts, feedback, observations, people, portfolio
from storage.events import record

if TYPE_CHECKING:
    from credit.people import Person
    from storage.events import Origin
    from storage.observations import Often
    from storage.work import Work

TRIAL = "trial"
"""The kind of the news that a trial is over."""
MONTHS = (3, 6, 12)
READERS = frozenset({Role.CREDIT_MANAGER, Role.ADMIN})
_ASKED, _FOUND = "trial_asked", "trial"


@dataclass(frozen=True, slots=True)
class Asked:
    """A trial that waits for its turn: so many months, for these people."""

    months: int
    people: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class RuleLine:
    """One rule: what a trial found of it, what people said, where it is lit now."""

    rule: str
    fired: int
    judged: int
    followed: int
    per_week: float  # times a rep and a week
    taps: Mapping[str, int]  # "not relevant", by reason
    lit: int  # accounts
    seen: Often | None  # by reps, where the rule is about what they see


@dataclass(frozen=True, slots=True)
class Trial:
    """The last trial: its days, when it was made, alerts a rep received a week."""

    months: int
    first: date
    last: date
    at: datetime
    per_rep_and_week: float


@dataclass(frozen=True, slots=True)
class Overview:
    """The rules, those that fired most first; `running` are the months that are being tried."""

    trial: Trial | None
    running: int
    rules: tuple[RuleLine, ...]


def ask(work: Work, origin: Origin, person: Person, months: int) -> None:
    """Order a trial of the last months; raise `NotYourRole`, `Outdated` for a span not offered."""
    if person.role not in READERS:
        raise NotYourRole
    if months not in MONTHS:
        raise Outdated
    before = asked(work)
    waiting = before.people if before and before.months == months else ()
    names = sorted({*waiting, person.id})
    facts.put(work, _ASKED, {"months": months, "people": names})
    record(work, origin, "rules.trial_asked", {"months": months})


def asked(work: Work) -> Asked | None:
    """Read the trial that waits for its turn, if one does."""
    value = facts.get(work, _ASKED)
    return Asked(int(value["months"]), tuple(value["people"])) if value else None


def keep(work: Work, origin: Origin, done: Asked, found: Mapping[str, Any] | None) -> None:
    """Keep what a trial found and tell who asked; None: it did not come to its end."""
    if found is not None:
        value = {**found, "months": done.months, "at": origin.at.at.isoformat()}
        facts.put(work, _FOUND, value)
    now = asked(work)
    readers = set(done.people)
    if now is not None and now.months == done.months:
        readers |= set(now.people)
        facts.put(work, _ASKED, {})
    for one in people.desk(work):
        if one.id in readers:
            telling.tell(
                work,
                origin.at,
                one,
                TRIAL,
                {"failed": found is None},
                dedupe=f"{TRIAL}:{one.id}:{origin.key}",
            )


def overview(work: Work, person: Person) -> Overview:
    """Read the rules with the last trial, people's taps and where each is lit now."""
    if person.role not in READERS:
        raise NotYourRole
    value = facts.get(work, _FOUND)
    waiting = asked(work)
    return Overview(
        trial=_trial(value) if value else None,
        running=waiting.months if waiting else 0,
        rules=_lines(work, value or {}),
    )


def _trial(value: Mapping[str, Any]) -> Trial:
    return Trial(
        months=int(value["months"]),
        first=date.fromisoformat(value["first"]),
        last=date.fromisoformat(value["last"]),
        at=datetime.fromisoformat(value["at"]),
        per_rep_and_week=float(value["alerts_per_rep_per_week"]),
    )


def _lines(work: Work, value: Mapping[str, Any]) -> tuple[RuleLine, ...]:
    tried = {one["rule"]: one for one in value.get("rules", ())}
    taps: dict[str, dict[str, int]] = {}
    for row in feedback.reasons(work):
        taps.setdefault(row.signal, {})[row.reason] = row.n
    lit, seen = _lit(portfolio.lit(work, None)), observations.often(work)
    shares = max(1, int(value.get("weeks", 1))) * max(1, int(value.get("reps", 1)))
    lines = []
    for rule in {*tried, *taps, *lit, *seen}:
        counts = tried.get(rule, {})
        fired = int(counts.get("fired", 0))
        lines.append(
            RuleLine(
                rule=rule,
                fired=fired,
                judged=int(counts.get("judged", 0)),
                followed=int(counts.get("followed", 0)),
                per_week=fired / shares,
                taps=taps.get(rule, {}),
                lit=lit[rule],
                seen=seen.get(rule),
            )
        )
    return tuple(sorted(lines, key=lambda one: (-one.fired, -one.lit, one.rule)))


def _lit(rows: Sequence[Any]) -> Counter[str]:
    return Counter(str(signal["id"]) for row in rows for signal in row.signals if signal["points"])
