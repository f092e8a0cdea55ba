"""Promises are judged from what was paid, and each change is told once."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import select, update

from bot.handlers.judged import rendered
from bot.handlers.news import News
from bot.screens.account import card
from bot.screens.render import speaker
from bot.use_cases import accounts, judging
from credit.gate import positions
from credit.people import Role
from credit.promise import PromiseLine, PromiseState
from storage import contacts, indicators, people, portfolio, promises, tables
from storage.work import Work
from tests.bot.use_cases.ledger import (
    BARE,
    ITEMS,
    PAID,
    PARIS,
    TODAY,
    a_file,
    a_rep,
    bare,
    item,
    line,
    rules,
    settlements,
    signed,
    take,
)
from tests.storage.inline import inline

MONDAY = date(2026, 11, 16)
THEN = date(2026, 11, 10)


def a_promise(
    work: Work,
    author: int,
    *amounts: int,
    keys: tuple[str, ...] = ("F1#1",),
    made: date = THEN,
    due: date = MONDAY,
    engaged: bool = True,
    hour: int = 0,
) -> int:
    """Write a promise by bank transfer: grace ends on the next working day."""
    covered = [item(work, key) for key in keys]
    lines = [PromiseLine(due + timedelta(days=7 * n), minor) for n, minor in enumerate(amounts)]
    at = datetime.combine(made, time(hour), tzinfo=PARIS)
    values: dict[str, Any] = {
        "uid": f"p-{author}-{len(work.all(select(tables.promise)))}",
        "customer_id": covered[0].customer_id,
        "person_id": author,
        "means": "transfer",
        "scope": "all",
        "currency": "EUR",
        "amount_minor": sum(amounts),
        "state": "open",
        "engaged": engaged,
        "warnings": [],
        "made_at": at,
        "made_on": made,
    }
    pairs = [(one.id, one.open_minor) for one in covered]
    promise_id = promises.add(work, values, lines, pairs)
    task = {
        "uid": f"t-{promise_id}",
        "customer_id": covered[0].customer_id,
        "person_id": author,
        "kind": "check_promise",
        "due_on": due,
        "promise_id": promise_id,
        "created_at": at,
    }
    contacts.add_task(work, task)
    return promise_id


def state(work: Work, promise_id: int) -> PromiseState:
    kept = promises.by_id(work, promise_id)
    assert kept is not None
    return kept.promise.state


def told(work: Work) -> list[tuple[int, str]]:
    """Read the news of promises: person, state."""
    rows = work.all(
        select(tables.outbox)
        .where(tables.outbox.c.kind == judging.PROMISE_JUDGED)
        .order_by(tables.outbox.c.id)
    )
    return [(row.person_id, row.body["state"]) for row in rows]


def test_an_item_that_vanishes_keeps_its_promise(database_url: str, tmp_path: Path) -> None:
    with inline(database_url) as work:
        rep = a_rep(work, "R1")
        take(work, a_file(tmp_path, BARE, bare("F1", "100"), bare("F2", "5")), on=THEN)
        promise = a_promise(work, rep, 10000)
        report = take(work, a_file(tmp_path, BARE, bare("F2", "5")), on=MONDAY)
        assert [one["state"] for one in report.judged] == ["kept"]
        assert state(work, promise) is PromiseState.KEPT
        assert told(work) == [(rep, "kept")]
        assert contacts.tasks_of(work, item(work, "F1#1").customer_id) == []
        judging.judge(work, signed(), [item(work, "F1#1").customer_id], rules())
        assert told(work) == [(rep, "kept")]


def test_money_that_came_on_a_running_promise_is_promised_no_more(
    database_url: str, tmp_path: Path
) -> None:
    with inline(database_url) as work:
        rep = a_rep(work, "R1")
        take(work, a_file(tmp_path, ITEMS, line("F1", "1000")), on=THEN)
        promise = a_promise(work, rep, 30_000, 30_000, due=TODAY)
        work.execute(update(tables.promise_item).values(amount_minor=60_000))
        wire = f"C1;{MONDAY:%d/%m/%Y};300;EUR;F1;VIR 1"
        take(work, a_file(tmp_path, PAID, wire), on=MONDAY)
        assert state(work, promise) is PromiseState.OPEN
        customer = item(work, "F1#1").customer_id
        account = accounts.load(work, customer, signed(MONDAY).at, rules())
        (position,) = positions(account.items, MONDAY)
        assert (position.overdue.minor, position.promised.minor) == (70_000, 30_000)
        assert position.unspoken.minor == 40_000  # neither paid nor promised
        (debtor,) = portfolio.debtors(work, None, MONDAY, rules().policy.dispute.rules)
        assert debtor.items == account.items
        said = card(speaker("en", PARIS), account).text
        assert "Promised: €300.00 by" in said
        assert "already received: €300.00" in said


def promised_of(work: Work, key: str, on: date) -> int:
    """Return what promises still speak for of an item, in minor units."""
    account = accounts.load(work, item(work, key).customer_id, signed(on).at, rules())
    (found,) = [one for one in account.items if one.number == key.partition("#")[0]]
    return found.promised_minor or 0


def test_money_told_of_after_a_promise_of_that_day_is_promised_no_more(
    database_url: str, tmp_path: Path
) -> None:
    with inline(database_url) as work:
        rep = a_rep(work, "R1")
        others = line("F2", "1000", customer="C2")
        take(work, a_file(tmp_path, ITEMS, line("F1", "1000"), others), on=THEN)
        promise = a_promise(work, rep, 100_000, made=MONDAY, hour=10, due=TODAY)
        a_promise(work, rep, 100_000, keys=("F2#1",), made=TODAY)  # nothing to the first
        wire = f"C1;{MONDAY:%d/%m/%Y};300;EUR;F1;VIR 1"
        take(work, a_file(tmp_path, PAID, wire), on=MONDAY, hour=18)
        assert promised_of(work, "F1#1", MONDAY) == 70_000
        kept = promises.by_id(work, promise)
        assert kept is not None
        assert kept.paid_minor == 30_000


def test_money_known_before_a_promise_of_that_day_is_no_part_of_it(
    database_url: str, tmp_path: Path
) -> None:
    with inline(database_url) as work:
        rep = a_rep(work, "R1")
        take(work, a_file(tmp_path, ITEMS, line("F1", "1000")), on=THEN)
        opened = line("F1", "600", total="1000")
        take(work, a_file(tmp_path, ITEMS, opened), on=MONDAY, hour=8)
        promise = a_promise(work, rep, 40_000, made=MONDAY, hour=10, due=TODAY)
        work.execute(update(tables.promise_item).values(amount_minor=40_000))
        wire = f"C1;{MONDAY:%d/%m/%Y};400;EUR;F1;VIR 1"  # what the item was less this morning
        take(work, a_file(tmp_path, PAID, wire), on=MONDAY, hour=18)
        assert settlements(work, "F1#1") == [(MONDAY, 40_000, True)]
        assert promised_of(work, "F1#1", MONDAY) == 40_000
        assert state(work, promise) is PromiseState.OPEN
        kept = promises.by_id(work, promise)
        assert kept is not None
        assert kept.paid_minor == 0


def test_what_is_paid_of_a_promise_is_not_taken_off_the_forecast_twice(
    database_url: str, tmp_path: Path
) -> None:
    with inline(database_url) as work:
        rep = a_rep(work, "R1")
        later = line("F1", "1000", due="30/11/2026")
        take(work, a_file(tmp_path, ITEMS, later), on=THEN)
        a_promise(work, rep, 30_000, 30_000, due=TODAY)
        work.execute(update(tables.promise_item).values(amount_minor=60_000))
        wire = f"C1;{MONDAY:%d/%m/%Y};300;EUR;F1;VIR 1"
        take(work, a_file(tmp_path, PAID, wire), on=MONDAY)
        until = MONDAY + timedelta(days=28)
        coming = indicators.coming(work, None, MONDAY, until)
        assert sum(row.minor for row in coming) == 30_000
        (owed,) = indicators.exposed(work, None, MONDAY, until=until)
        (promised,) = indicators.spoken_for(work, None, MONDAY, until)
        assert owed.falling_minor - promised.minor == 40_000  # neither paid nor promised


def test_the_same_money_never_counts_as_payment_and_as_settlement(
    database_url: str, tmp_path: Path
) -> None:
    with inline(database_url) as work:
        rep = a_rep(work, "R1")
        lines = [bare("F1", "100"), bare("F2", "100"), bare("F9", "1")]
        take(work, a_file(tmp_path, BARE, *lines), on=THEN)
        promise = a_promise(work, rep, 20000, keys=("F1#1", "F2#1"))
        wire = f"C1;{MONDAY:%d/%m/%Y};100;EUR;;VIR 1"
        take(work, a_file(tmp_path, PAID, wire), on=MONDAY)
        # the ledger matches the money to F1, which vanishes the next day
        take(work, a_file(tmp_path, BARE, *lines[1:]), on=MONDAY + timedelta(days=1))
        report = take(work, a_file(tmp_path, BARE, *reversed(lines[1:])), on=TODAY)
        assert [one["paid"] for one in report.judged] == ["100.00"]
        assert state(work, promise) is PromiseState.PARTLY_KEPT


def test_a_promise_without_money_is_broken_once_the_data_covers_its_grace(
    database_url: str, tmp_path: Path
) -> None:
    with inline(database_url) as work:
        rep, boss = a_rep(work, "R1"), a_rep(work, role=Role.CREDIT_MANAGER, telegram=12)
        both = [line("F1", "6000"), line("F2", "5")]
        take(work, a_file(tmp_path, ITEMS, *both), on=THEN)
        promise = a_promise(work, rep, 600_000)
        grace = MONDAY + timedelta(days=1)
        take(work, a_file(tmp_path, ITEMS, *reversed(both)), on=grace)
        assert state(work, promise) is PromiseState.OPEN
        take(work, a_file(tmp_path, ITEMS, both[0], both[1], ""), on=grace + timedelta(days=1))
        assert state(work, promise) is PromiseState.BROKEN
        assert told(work) == [(rep, "broken"), (boss, "broken")]


def test_only_large_broken_promises_reach_the_credit_manager(
    sqlite_url: str, tmp_path: Path
) -> None:
    with inline(sqlite_url) as work:
        rep = a_rep(work, "R1")
        a_rep(work, role=Role.CREDIT_MANAGER, telegram=12)
        take(work, a_file(tmp_path, ITEMS, line("F1", "100")), on=THEN)
        a_promise(work, rep, 10_000)
        take(work, a_file(tmp_path, ITEMS, line("F1", "100"), ""), on=TODAY)
        assert told(work) == [(rep, "broken")]


def test_a_late_payments_file_corrects_a_broken_promise(database_url: str, tmp_path: Path) -> None:
    with inline(database_url) as work:
        rep = a_rep(work, "R1")
        take(work, a_file(tmp_path, ITEMS, line("F1", "100")), on=THEN)
        promise = a_promise(work, rep, 10_000)
        take(work, a_file(tmp_path, ITEMS, line("F1", "100"), ""), on=TODAY)
        assert state(work, promise) is PromiseState.BROKEN
        take(work, a_file(tmp_path, PAID, f"C1;{MONDAY:%d/%m/%Y};100;EUR;F1;VIR"), on=TODAY)
        assert state(work, promise) is PromiseState.KEPT
        assert told(work) == [(rep, "broken"), (rep, "kept")]


def test_a_promise_broken_again_by_a_bounced_cheque_is_told_again(
    database_url: str, tmp_path: Path
) -> None:
    with inline(database_url) as work:
        rep = a_rep(work, "R1")
        take(work, a_file(tmp_path, ITEMS, line("F1", "100,00")), on=THEN)
        a_promise(work, rep, 10000)
        take(work, a_file(tmp_path, ITEMS, line("F1", "100,00")), on=TODAY - timedelta(days=1))
        cheque = "C1;18/11/2026;100,00;EUR;F1;CHQ 1"
        take(work, a_file(tmp_path, PAID, cheque), hour=10)
        back = "C1;19/11/2026;-100,00;EUR;F1;CHQ 1 REJET"
        take(work, a_file(tmp_path, PAID, cheque, back), hour=11)
        assert told(work) == [(rep, "broken"), (rep, "kept_late"), (rep, "broken")]


def test_no_file_breaks_no_promise_and_the_clock_judges_what_is_covered(
    database_url: str, tmp_path: Path
) -> None:
    with inline(database_url) as work:
        rep = a_rep(work, "R1")
        take(work, a_file(tmp_path, ITEMS, line("F1", "100")), on=THEN)
        promise = a_promise(work, rep, 10_000)
        assert judging.judge_due(work, signed(TODAY), rules()) == []
        assert state(work, promise) is PromiseState.OPEN
        fresh = signed(TODAY).at.at.isoformat()
        work.execute(tables.fact.update().values(value=fresh))
        [one] = judging.judge_due(work, signed(TODAY), rules())
        assert (one.was, one.state) == (PromiseState.OPEN, PromiseState.BROKEN)
        assert judging.judge_due(work, signed(TODAY), rules()) == []


def test_an_instalment_paid_is_written_while_the_promise_runs(
    database_url: str, tmp_path: Path
) -> None:
    with inline(database_url) as work:
        rep = a_rep(work, "R1")
        take(work, a_file(tmp_path, ITEMS, line("F1", "100")), on=THEN)
        promise = a_promise(work, rep, 6_000, 4_000)
        report = take(work, a_file(tmp_path, ITEMS, line("F1", "40", total="100")), on=MONDAY)
        assert report.judged == ()
        kept = promises.by_id(work, promise)
        assert kept is not None
        assert kept.line_states == (PromiseState.KEPT, PromiseState.OPEN)
        assert kept.paid_minor == 6_000
        assert told(work) == []


def test_a_word_without_engagement_can_be_kept_but_not_broken(
    sqlite_url: str, tmp_path: Path
) -> None:
    with inline(sqlite_url) as work:
        rep = a_rep(work, "R1")
        take(work, a_file(tmp_path, ITEMS, line("F1", "100"), line("F2", "1")), on=THEN)
        promise = a_promise(work, rep, 10_000, engaged=False)
        take(work, a_file(tmp_path, ITEMS, line("F2", "1"), line("F1", "100")), on=TODAY)
        assert state(work, promise) is PromiseState.OPEN
        take(work, a_file(tmp_path, ITEMS, line("F2", "1")), on=TODAY + timedelta(days=3))
        assert state(work, promise) is PromiseState.KEPT_LATE


def test_news_wait_for_working_hours_and_for_the_one_who_has_the_account_now(
    sqlite_url: str, tmp_path: Path
) -> None:
    with inline(sqlite_url) as work:
        gone, heir = a_rep(work, "R1"), a_rep(work, "R1", telegram=12)
        take(work, a_file(tmp_path, ITEMS, line("F1", "100"), line("F2", "1")), on=THEN)
        a_promise(work, gone, 10_000)
        people.revoke(work, gone, signed().at.at)
        saturday = MONDAY + timedelta(days=5)
        take(work, a_file(tmp_path, ITEMS, line("F2", "1")), on=saturday)
        assert told(work) == [(heir, "kept_late")]
        when = work.scalar(
            select(tables.outbox.c.not_before).where(tables.outbox.c.kind == judging.PROMISE_JUDGED)
        )
        assert when.astimezone(PARIS).isoformat() == "2026-11-23T07:30:00+01:00"


def test_a_settled_dispute_closes_by_itself(sqlite_url: str, tmp_path: Path) -> None:
    with inline(sqlite_url) as work:
        rep = a_rep(work, "R1")
        take(work, a_file(tmp_path, ITEMS, line("F1", "100"), line("F2", "1")), on=THEN)
        one = item(work, "F1#1")
        work.execute(
            tables.dispute.insert(),
            {
                "uid": "d-1",
                "customer_id": one.customer_id,
                "item_id": one.id,
                "person_id": rep,
                "reason": "L04",
                "currency": "EUR",
                "amount_minor": 3000,
                "state": "open",
                "opened_at": signed(THEN).at.at,
                "opened_on": THEN,
            },
        )
        report = take(work, a_file(tmp_path, ITEMS, line("F2", "1")))
        assert report.disputes_closed == 1
        assert work.scalar(select(tables.dispute.c.state)) == "closed"
        kinds = work.scalars(select(tables.event.c.kind))
        assert kinds.count("dispute.closed") == 1


def test_the_news_is_worded_for_its_reader_and_dropped_when_overtaken(
    sqlite_url: str, tmp_path: Path
) -> None:
    with inline(sqlite_url) as work:
        rep = a_rep(work, "R1")
        stranger = a_rep(work, "R2", telegram=13)
        take(work, a_file(tmp_path, ITEMS, line("F1", "100")), on=THEN)
        promise = a_promise(work, rep, 10_000)
        take(work, a_file(tmp_path, ITEMS, line("F1", "60", total="100")), on=TODAY)
        body = {"promise_id": promise, "state": "partly_kept", "was": "open"}
        now = signed().at

        def said(person_id: int, locale: str, **other: str) -> str | None:
            person = people.by_id(work, person_id)
            assert person is not None
            facts, voice = {**body, **other}, speaker(locale, PARIS)
            screen = rendered(News(work, voice, rules(), person, 1, facts, now))
            return screen.text if screen else None

        french, english = said(rep, "fr"), said(rep, "en")
        assert french is not None
        assert english is not None
        assert "Promesse partiellement tenue" in french
        assert "40,00" in french
        assert "€40.00 received of €100.00 promised" in english
        assert said(rep, "fr", state="broken") is None
        assert said(stranger, "fr") is None
