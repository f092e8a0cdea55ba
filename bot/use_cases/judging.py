"""Promises judged from what was paid, and each change of state told once.

What a credit note took was not paid: it takes its part off the promise (`credit.judgement`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from bot.use_cases import alerts, telling
from bot.use_cases.accounts import data_as_of
from bot.use_cases.evidence import as_payments, money_of
from credit.calendar import next_open
from credit.judgement import NO_SET_OFFS, Judgement, SetOffs, covered_until, judge_all
from credit.moment import Moment
from credit.money import Money
from credit.people import Role
from credit.promise import CLOSED_BY_HAND, DONE, FULFILLED, PromiseState
from credit.set_offs import tell_apart
from storage import contacts, customers, evidence, people, promises
from storage.events import Origin, record

if TYPE_CHECKING:
    from bot.use_cases.rules import Rules
    from credit.people import Person
    from credit.set_offs import Settled
    from storage.promises import Kept
    from storage.work import Work

PROMISE_JUDGED = "promise_judged"
REMAINDER = "claim_remainder"
MEMORY = timedelta(days=400)
"""Promises older than this are history: no late file decides them anew."""

LARGE: Final = Decimal(5000)
"""From so many euros on, the credit managers hear of a broken promise (other currencies: in
the proportion of the policy's floors)."""

FAILED: Final = frozenset({PromiseState.BROKEN, PromiseState.PARTLY_KEPT})
_ALIVE: Final = tuple(state for state in PromiseState if state not in CLOSED_BY_HAND)


@dataclass(frozen=True, slots=True)
class Judged:
    """A promise whose state changed."""

    promise_id: int
    uid: str
    customer_id: int
    was: PromiseState
    state: PromiseState
    paid: Money
    promised: Money
    credited: Money

    def as_json(self) -> dict[str, Any]:
        """Write it as plain values."""
        return {
            "promise": self.uid,
            "was": self.was.value,
            "state": self.state.value,
            "paid": self.paid.as_text(),
            "promised": self.promised.as_text(),
            "credited": self.credited.as_text(),
            "currency": self.paid.currency,
        }


def judge(work: Work, origin: Origin, customer_ids: Iterable[int], rules: Rules) -> list[Judged]:
    """Judge every promise of these customers from payments and settlements (handbook 7.2).

    Writes what is decided, closes the tasks of promises kept, tells each change once. The
    caller looks at the alerts of the customers whose promises moved.
    """
    moved = []
    for customer_id in promises.who_made(work, set(customer_ids)):
        for kept, verdict in _verdicts(work, origin, customer_id, rules):
            one = _write(work, origin, kept, verdict, rules)
            if one is not None:
                _tell(work, origin, kept, one, rules)
                moved.append(one)
    return moved


def judge_due(
    work: Work, origin: Origin, rules: Rules, among: Iterable[int] | None = None
) -> list[Judged]:
    """Judge the promises whose grace ended although no file came, as far as the data goes.

    Without data that covers a grace nothing is decided: a late file breaks nobody's word.
    `among` are the customers that are judged; None: all that `waiting` names.
    """
    moved = judge(work, origin, waiting(work, origin) if among is None else among, rules)
    if moved:
        alerts.scan(work, origin, sorted({one.customer_id for one in moved}), rules)
    return moved


def waiting(work: Work, origin: Origin) -> list[int]:
    """Name the customers with an instalment whose day is over and that nobody has judged."""
    today = origin.at.today
    return promises.whose_due(work, today - MEMORY, today - timedelta(days=1))


def ripe(work: Work, origin: Origin, customer_ids: Iterable[int], rules: Rules) -> list[int]:
    """Name those of these customers of whose promises something is to be written now."""
    return [
        one
        for one in customer_ids
        if any(_news(*both) is not None for both in _verdicts(work, origin, one, rules))
    ]


def _verdicts(
    work: Work, origin: Origin, customer_id: int, rules: Rules
) -> list[tuple[Kept, Judgement]]:
    today = origin.at.today
    oldest = today - MEMORY
    alive = promises.of_customer(work, customer_id, _ALIVE)
    recent = [kept for kept in alive if kept.promise.made_on > oldest]
    if not recent:
        return []
    since = min(kept.promise.made_on for kept in recent)
    fresh = data_as_of(work)
    received = evidence.received_since(work, customer_id, since)
    settled = evidence.settled_since(work, customer_id, since)
    by_money, credited = tell_apart(settled, evidence.notes_since(work, customer_id, since))
    verdicts = judge_all(
        (kept.promise for kept in recent),
        money_of(customer_id, received, by_money),
        today=today,
        calendar=rules.calendar,
        data_as_of=covered_until(Moment(fresh, rules.zone)) if fresh else None,
        policy=rules.policy.promise,
        set_offs=_set_offs(work, customer_id, recent, credited),
    )
    return [(kept, verdicts[kept.promise.id]) for kept in recent]


def _set_offs(
    work: Work, customer_id: int, recent: Iterable[Kept], credited: Sequence[Settled]
) -> SetOffs:
    if not credited:
        return NO_SET_OFFS
    covered = {item for kept in recent for item in kept.promise.items}
    return SetOffs(as_payments(customer_id, credited), evidence.still_open(work, covered))


def _news(kept: Kept, verdict: Judgement) -> list[tuple[PromiseState, int, int]] | None:
    """Return the instalments as they are to be written; None when nothing is.

    A customer who gave no firm word ("sans engagement") can keep it, never break it.
    """
    if not kept.engaged and verdict.state in FAILED:
        return None
    lines = [(line.state, line.paid_minor, line.credited_minor) for line in verdict.lines]
    known = list(zip(kept.line_states, kept.line_paid, kept.line_credited, strict=True))
    return None if verdict.state is kept.promise.state and lines == known else lines


def _write(
    work: Work, origin: Origin, kept: Kept, verdict: Judgement, rules: Rules
) -> Judged | None:
    """Write a verdict that is news; return it when the promise as a whole changed its state."""
    was, state = kept.promise.state, verdict.state
    lines = _news(kept, verdict)
    if lines is None:
        return None
    promise_id = kept.promise.id
    if not promises.judge(work, kept, state, lines, origin.at.at):
        return None  # somebody has closed or judged it since it was read
    rest = _rest(work, kept, verdict)
    if state in DONE and (state is not was or not rest):
        contacts.drop_tasks_of_promise(work, promise_id, origin.at.at)
    if state is was:
        return None
    currency = kept.promise.currency
    one = Judged(
        promise_id,
        kept.uid,
        kept.promise.customer,
        was,
        state,
        Money.from_minor(verdict.paid_minor, currency),
        Money.from_minor(kept.promise.amount_minor, currency),
        Money.from_minor(verdict.credited_minor, currency),
    )
    record(work, origin, "promise.judged", one.as_json(), one.customer_id)
    if state in FULFILLED and rest:
        _plan_remainder(work, origin, kept, one, rules)
    return one


def _rest(work: Work, kept: Kept, verdict: Judgement) -> int:
    """Return what of a promise is neither paid nor credited, at most what is open of its items."""
    promise = kept.promise
    left = promise.amount_minor - verdict.paid_minor - verdict.credited_minor
    if left <= 0 or not promise.items:
        return left
    return min(left, sum(evidence.still_open(work, promise.items).values()))


def _plan_remainder(work: Work, origin: Origin, kept: Kept, one: Judged, rules: Rules) -> None:
    """Plan to claim the rest of a promise that is kept but for a few percent (handbook 7.2)."""
    for person in _hearers(work, kept, one, rules)[:1]:
        contacts.add_task(
            work,
            {
                "uid": origin.uid(f"task:{REMAINDER}:{kept.promise.id}"),
                "customer_id": one.customer_id,
                "person_id": person.id,
                "kind": REMAINDER,
                "due_on": rules.calendar.add_working(origin.at.today, 1),
                "promise_id": kept.promise.id,
                "created_at": origin.at.at,
            },
        )


def _tell(work: Work, origin: Origin, kept: Kept, one: Judged, rules: Rules) -> None:
    """Tell the author, and the credit managers of a large promise broken, in working hours."""
    if one.state is PromiseState.OPEN:
        return
    when = next_open(origin.at, rules.calendar, rules.policy.hours.push)
    for person in _hearers(work, kept, one, rules):
        telling.tell(
            work,
            origin.at,
            person,
            PROMISE_JUDGED,
            {
                "promise_id": one.promise_id,
                "state": one.state.value,
                "was": one.was.value,
            },
            # a cheque that bounces breaks the same promise a second time
            dedupe=f"promise:{one.promise_id}:{one.state.value}:{person.id}:{origin.key}",
            not_before=when,
        )


def _hearers(work: Work, kept: Kept, one: Judged, rules: Rules) -> list[Person]:
    """Name who hears of it: the author, or who has the account now that he has left."""
    author = people.by_id(work, kept.promise.author) if kept.promise.author else None
    if author is not None and author.active:
        told = [author]
    else:
        _, code = customers.owner(work, one.customer_id)
        told = [person for person in people.around(work, code) if person.role is Role.REP]
    if one.state in FAILED and _is_large(one, rules):
        told += [person for person in people.desk(work) if person.role is Role.CREDIT_MANAGER]
    return list({person.id: person for person in told}.values())


def _is_large(one: Judged, rules: Rules) -> bool:
    floor = rules.policy.floor
    missing = one.promised - one.paid - one.credited
    scale = floor.of(missing.currency).amount / floor.of("EUR").amount
    return missing.amount > LARGE * scale
