"""What can be wrong with an installation, as far as the database and the rules tell."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

from bot.use_cases import accounts, outbox
from credit.penalty import Semester
from credit.people import Role
from storage import people, workers

if TYPE_CHECKING:
    from bot.use_cases.rules import Rules
    from credit.moment import Moment
    from storage.work import Work

OK, WARNING, FAULT = "ok", "warning", "fault"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at: its name, how it stands, and the figures to say it with.

    Where an error is the `cause`, the figures hold its words in English as `why`.
    """

    check: str
    state: str
    code: str
    data: Mapping[str, object] = field(default_factory=dict)
    cause: Exception | None = field(default=None, compare=False)


def inside(work: Work, now: Moment, rules: Rules) -> list[Finding]:
    """Look at people, freshness of the book, legal rates and messages that do not leave."""
    found = [_people(work), _freshness(work, now, rules), _rates(now, rules), _outbox(work)]
    return found + _machines(work, now)


def _machines(work: Work, now: Moment) -> list[Finding]:
    """Remind who runs several machines that they share the store's folder."""
    hosts = {one.owner.partition("/")[0] for one in workers.alive(work, now)}
    return [Finding("machines", OK, "machines", {"count": len(hosts)})] if len(hosts) > 1 else []


def _people(work: Work) -> Finding:
    known = people.by_role(work)
    if not known.get(Role.CREDIT_MANAGER):
        return Finding("people", WARNING, "no_credit_manager")
    return Finding("people", OK, "people", {"count": sum(known.values())})


def _freshness(work: Work, now: Moment, rules: Rules) -> Finding:
    as_of = accounts.data_as_of(work)
    if as_of is None:
        return Finding("data", WARNING, "no_data")
    hours = int((now.at - as_of) / timedelta(hours=1))
    fresh = rules.policy.levels.is_fresh(as_of, now.at)
    return Finding("data", OK if fresh else WARNING, "data_age", {"hours": max(0, hours)})


def _rates(now: Moment, rules: Rules) -> Finding:
    wanted = Semester.of(now.today)
    found, rate = rules.rates.known(wanted)
    known = found == wanted and rate.refi_verified
    code = "rates" if known else "rates_missing"
    return Finding("rates", OK if known else WARNING, code, {"semester": str(wanted)})


def _outbox(work: Work) -> Finding:
    found = outbox.survey(work)
    parked, uncertain = len(found.parked), len(found.uncertain)
    if parked or uncertain:
        return Finding(
            "outbox", WARNING, "outbox_stuck", {"parked": parked, "uncertain": uncertain}
        )
    return Finding("outbox", OK, "outbox", {"waiting": sum(found.waiting.values())})
