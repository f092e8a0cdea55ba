"""Reviews of customers: the proposal, what the credit manager decides of it, and who is due."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bot.use_cases import alerts, credit_standing
from bot.use_cases.credit_deciding import Decided, Proposal, propose, put
from bot.use_cases.credit_standing import FOUNDED, SCORE, SINCE
from bot.use_cases.orders import DECIDERS
from bot.use_cases.refusals import DecisionRefused, NotYourRole, Outdated, ReasonMissing
from credit.money import Money
from credit.review import is_worse
from credit.risk_class import RiskClass
from storage import credit_decisions
from storage.events import record

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.use_cases.rules import Rules
    from credit.moment import Moment
    from credit.people import Person
    from storage.events import Origin
    from storage.work import Work

REASON_LIMIT = 200
SHOWN = 8
PAGE = 8
BEST_SCORE = 10
OLDEST = 1600  # no company that buys today is older


@dataclass(frozen=True, slots=True)
class Due:
    """A page of reviews: those that are due, or the customers nobody ever decided on."""

    never: bool
    page: int
    due: int  # how many of each kind
    unrated: int
    rows: tuple[Any, ...]

    @property
    def pages(self) -> int:
        """Return how many pages the kind that is shown has, one at least."""
        return max(1, -(-(self.unrated if self.never else self.due) // PAGE))


@dataclass(frozen=True, slots=True)
class Seen:
    """What a button showed: the class, and the limit in minor units (-1: none)."""

    risk: str
    minor: int


def proposed(
    work: Work, customer_id: int, now: Moment, rules: Rules, wanted: RiskClass | None = None
) -> Proposal:
    """Say what grid and limit rule propose for a customer now; nothing is written."""
    return propose(credit_standing.read(work, customer_id, now, rules), rules, wanted)


def accept(
    work: Work, origin: Origin, person: Person, customer_id: int, seen: Seen, rules: Rules
) -> Proposal:
    """Decide as proposed; raise `Outdated` when the proposal is not what was seen any more."""
    _must_decide(person)
    found = proposed(work, customer_id, origin.at, rules)
    amount = found.amount
    now = Seen(found.risk.value, -1 if amount is None else amount.minor)
    if now != seen:
        raise Outdated
    decided = Decided(
        found.risk, amount, credit_decisions.REVIEW, person.id, None, found.valid_until
    )
    put(work, origin, found, decided, rules)
    alerts.scan(work, origin, [customer_id], rules)
    return proposed(work, customer_id, origin.at, rules)


def change(
    work: Work,
    origin: Origin,
    person: Person,
    customer_id: int,
    risk: RiskClass,
    limit: Money,
    reason: str,
    rules: Rules,
) -> None:
    """Decide otherwise than proposed, with a reason.

    An upgrade before the review is due is marked as an early review. Raise `ReasonMissing`
    without a reason, `DecisionRefused` for a limit that the class or its currency forbids.
    """
    _must_decide(person)
    why = reason.strip()[:REASON_LIMIT]
    if not why:
        raise ReasonMissing
    found = proposed(work, customer_id, origin.at, rules, risk)
    if limit.minor < 0 or limit.currency != found.seen.currency:
        raise DecisionRefused("currency")
    if limit.minor and not rules.policy.classes[risk].limit_factor:
        raise DecisionRefused("no_limit")
    up = found.in_force is not None and is_worse(found.in_force, risk)
    cause = credit_decisions.EARLY if up and not found.due else credit_decisions.REVIEW
    decided = Decided(risk, limit, cause, person.id, why, found.valid_until)
    put(work, origin, found, decided, rules)
    alerts.scan(work, origin, [customer_id], rules)


def complete(
    work: Work, origin: Origin, person: Person, customer_id: int, said: Mapping[str, Any]
) -> None:
    """Keep what no file tells of a company; what is not said stays as it was.

    Raise `DecisionRefused` for a score above ten or a year that cannot be.
    """
    _must_decide(person)
    given = {name: value for name, value in said.items() if value is not None}
    if int(given.get(SCORE, 0)) > BEST_SCORE:
        raise DecisionRefused("score")
    years = [int(given[name]) for name in (FOUNDED, SINCE) if name in given]
    if any(not OLDEST <= year <= origin.at.today.year for year in years):
        raise DecisionRefused("year")
    known = credit_decisions.known(work, customer_id)
    data = {**known, **given}
    values = {"customer_id": customer_id, "data": data, "person_id": person.id, "at": origin.at.at}
    credit_decisions.keep_known(work, values)
    record(work, origin, "credit.completed", {"names": sorted(given)}, customer_id)


def history(work: Work, customer_id: int) -> list[Any]:
    """Read the last decisions on a customer, the one in force first."""
    return credit_decisions.history(work, customer_id, SHOWN)


def due(work: Work, person: Person, now: Moment, page: int, *, never: bool) -> Due:
    """Read a page of the reviews that are due, or of the customers without any decision."""
    _must_decide(person)
    page = max(0, page)
    waiting, rows = credit_decisions.due(work, now.today, page * PAGE, PAGE)
    unrated, others = credit_decisions.never(work, page * PAGE, PAGE)
    return Due(never, page, waiting, unrated, tuple(others if never else rows))


def _must_decide(person: Person) -> None:
    if person.role not in DECIDERS:
        raise NotYourRole
