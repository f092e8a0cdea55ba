"""What is lacking of a promise that is kept all the same is claimed."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from bot.use_cases import worklist
from credit.promise import PromiseState
from storage import contacts, people
from tests.bot.use_cases.ledger import ITEMS, PAID, a_file, a_rep, item, line, take
from tests.bot.use_cases.test_judging import MONDAY, THEN, a_promise, state
from tests.storage.inline import inline


def test_the_rest_of_a_promise_kept_but_for_a_few_percent_is_planned_to_be_claimed(
    database_url: str, tmp_path: Path
) -> None:
    """Handbook 7.2: 95 percent are enough, and the remainder is a task."""
    with inline(database_url) as work:
        rep = a_rep(work, "R1")
        take(work, a_file(tmp_path, ITEMS, line("F1", "1000"), line("F2", "5")), on=THEN)
        promise = a_promise(work, rep, 100_000)
        customer = item(work, "F1#1").customer_id
        first = f"C1;{MONDAY:%d/%m/%Y};960;EUR;F1;VIR 1"
        take(work, a_file(tmp_path, PAID, first), on=MONDAY)
        assert state(work, promise) is PromiseState.KEPT
        [rest] = contacts.tasks_of(work, customer)
        tuesday = MONDAY + timedelta(days=1)
        assert (rest.kind, rest.person_id, rest.due_on) == ("claim_remainder", rep, tuesday)
        person = people.by_id(work, rep)
        assert person is not None
        assert [one.kind for one in worklist.tasks(work, person, tuesday)] == ["claim_remainder"]
        second = f"C1;{tuesday:%d/%m/%Y};40;EUR;F1;VIR 2"
        take(work, a_file(tmp_path, PAID, first, second), on=tuesday)
        assert contacts.tasks_of(work, customer) == []


def test_a_promise_kept_to_the_cent_leaves_nothing_to_do(database_url: str, tmp_path: Path) -> None:
    with inline(database_url) as work:
        rep = a_rep(work, "R1")
        take(work, a_file(tmp_path, ITEMS, line("F1", "1000"), line("F2", "5")), on=THEN)
        a_promise(work, rep, 100_000)
        customer = item(work, "F1#1").customer_id
        wire = f"C1;{MONDAY:%d/%m/%Y};1000;EUR;F1;VIR 1"
        take(work, a_file(tmp_path, PAID, wire), on=MONDAY)
        assert contacts.tasks_of(work, customer) == []
