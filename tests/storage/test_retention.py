"""What is kept of persons goes after its time: nothing more, nothing less, and in small pieces."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import fields, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import event as listening
from sqlalchemy import func, insert, select

from config.policy import load_policy
from credit.people import Role
from credit.policy import RetentionPolicy
from storage import tables
from storage.retention import PIECE, Rule
from storage.retention_rules import RULES
from storage.work import Work
from tests.day.company import a_customer, an_invoice, hire
from tests.storage.contents import contents
from tests.storage.inline import inline
from tests.storage.lives import a_life, put, typed
from tests.storage.lives_openings import openings

NOW = datetime(2040, 6, 1, 12, tzinfo=UTC)
LONG_AGO = datetime(2020, 1, 15, 9, tzinfo=UTC)
LATELY = NOW - timedelta(days=1)
BOOK = {
    "customer_row",
    "item_row",
    "payment_row",
    "settlement_row",
    "column_mapping",
    "book",
    "book_touched",
    "book_later",
    "book_follow",
}
SPANS = load_policy().retention


def run(work: Work, rule: Rule, now: datetime = NOW, most: int = 10_000) -> int:
    """Take pieces to the end, or `most` of them; return the rows that went."""
    before, after, done = now - timedelta(days=getattr(SPANS, rule.span)), None, 0
    for _ in range(most):
        piece = rule.piece(work, before, after, now=now)
        done += piece.done
        after = piece.last
        if after is None:
            break
    return done


def run_all(work: Work, now: datetime = NOW) -> dict[str, int]:
    return {rule.name: run(work, rule, now) for rule in RULES}


def rule(name: str) -> Rule:
    return next(one for one in RULES if one.name == name)


def due_now(work: Work) -> dict[str, int]:
    return {
        one.name: one.due(work, NOW - timedelta(days=getattr(SPANS, one.span))).count
        for one in RULES
    }


def holding(url: str, what: str) -> set[str]:
    return {name for name, rows in contents(url).items() if what in repr(rows)}


def how_many(work: Work, table: str) -> int:
    return int(work.scalar(select(func.count()).select_from(tables.metadata.tables[table])))


def test_after_its_time_nothing_is_left_that_a_person_typed_or_was_called(
    database_url: str,
) -> None:
    with inline(database_url) as work:
        a_life(work, LONG_AGO, 1)
        a_life(work, LATELY, 2)
    assert len(holding(database_url, typed(1))) > 12
    with inline(database_url) as work:
        run_all(work)
    assert holding(database_url, typed(1)) == set()
    assert holding(database_url, "7000001") == set()
    assert len(holding(database_url, typed(2))) > 12
    with inline(database_url) as work:
        names = select(tables.person.c.name).order_by(tables.person.c.id)
        assert work.scalars(names) == ["#1", typed(2)]


def test_a_dry_run_tells_what_a_run_then_takes_and_changes_nothing(database_url: str) -> None:
    with inline(database_url) as work:
        a_life(work, LONG_AGO, 1)
        a_life(work, LATELY, 2)
    before = contents(database_url)
    with inline(database_url) as work:
        told = due_now(work)
    assert contents(database_url) == before
    with inline(database_url) as work:
        taken = {}
        for one in RULES:
            assert due_now(work)[one.name] >= (told[one.name] > 0)
            taken[one.name] = run(work, one)
        assert set(due_now(work).values()) == {0}
    assert taken == told
    assert {name for name, count in told.items() if not count} == {"files_left"}


def test_what_is_young_stays_as_it_is(database_url: str) -> None:
    with inline(database_url) as work:
        a_life(work, LATELY, 1)
    before = contents(database_url)
    with inline(database_url) as work:
        assert set(run_all(work).values()) == {0}
    after = contents(database_url)
    assert {**after, "fact": []} == {**before, "fact": []}


def test_the_book_and_the_fact_that_something_happened_stay(database_url: str) -> None:
    with inline(database_url) as work:
        a_life(work, LONG_AGO, 1)
        a_life(work, LATELY, 2)
    before = contents(database_url)
    with inline(database_url) as work:
        run_all(work)
        kinds = work.scalars(select(tables.event.c.kind).order_by(tables.event.c.id))
        data = work.scalars(select(tables.event.c.data).order_by(tables.event.c.id))
    after = contents(database_url)
    assert {name: after[name] for name in BOOK} == {name: before[name] for name in BOOK}
    assert len(after["event"]) == len(before["event"]) == len(kinds)
    assert data[0] == {"uid": "c1", "note": None, "contact": None, "outcome": "paid"}
    assert data[4] == {"uid": "o1", "code": None}
    assert data[5]["note"] == typed(2)
    assert data[9] == {"uid": "o2", "code": "T01"}


def test_the_oldest_that_is_kept_is_told(database_url: str) -> None:
    with inline(database_url) as work:
        a_life(work, LONG_AGO, 1)
        a_life(work, LATELY, 2)
        found = {
            one.name: one.due(work, NOW - timedelta(days=getattr(SPANS, one.span))) for one in RULES
        }
    assert found["updates"].oldest_kept == LATELY
    assert found["trail_texts"].oldest_kept == LATELY
    assert found["files_left"].oldest_kept is None


def many_conversations(work: Work, count: int, at: datetime) -> None:
    put(work, "person", id=1, name="A", role="rep")
    row = {"person_id": 1, "script": "call", "digest": "d", "step": "s", "call": {}, "version": 1}
    moments = {"started_at": at, "changed_at": at, "state": "done"}
    work.execute_many(insert(tables.conversation), [{**row, **moments}] * count)


def many_events(work: Work, count: int, at: datetime, first: int = 0) -> None:
    rows = [
        {"uid": f"e{n}", "at": at, "kind": "contact.recorded", "data": {"note": typed(n)}}
        for n in range(first, first + count)
    ]
    work.execute_many(insert(tables.event), rows)


@pytest.mark.parametrize("name", ["conversations", "updates", "trail_texts"])
def test_a_piece_looks_at_a_hundred_rows_and_the_next_goes_on(database_url: str, name: str) -> None:
    rows = 2 * PIECE + 50
    with inline(database_url) as work:
        many_conversations(work, rows, LONG_AGO)
        many_events(work, rows, LONG_AGO)
        updates = [
            {"update_id": n, "sender": 1, "body": "x", "received_at": LONG_AGO, "done_at": LONG_AGO}
            for n in range(rows)
        ]
        work.execute_many(insert(tables.inbox), updates)
    with inline(database_url) as work:
        assert run(work, rule(name), most=1) == PIECE
    with inline(database_url) as work:  # as after a kill: only what is in the database is known
        rest = rows - PIECE - (1 if name == "conversations" else 0)
        assert run(work, rule(name)) == rest
        assert run(work, rule(name)) == 0


def test_a_walk_along_the_audit_trail_goes_on_where_the_last_one_ended(database_url: str) -> None:
    with inline(database_url) as work:
        many_events(work, 250, LONG_AGO)
        many_events(work, 250, LATELY, first=250)
        assert run(work, rule("trail_texts")) == 250
    with inline(database_url) as work:
        with statements(work) as seen:
            assert run(work, rule("trail_texts")) == 0
        assert len([one for one in seen if "FROM event" in one]) == 1
        assert run(work, rule("trail_texts"), NOW + timedelta(days=400)) == 250


@pytest.mark.parametrize("wrong", [1, PIECE - 1, 2 * PIECE + 1])
def test_rows_dated_ahead_by_a_wrong_clock_stop_no_walk_and_go_with_their_neighbours(
    database_url: str, wrong: int
) -> None:
    with inline(database_url) as work:
        many_events(work, 30, LONG_AGO)
        many_events(work, wrong, NOW + timedelta(days=9000), first=1000)
        many_events(work, 30, LONG_AGO, first=2000)
        many_events(work, 30, LATELY, first=3000)
    with inline(database_url) as work:
        assert run(work, rule("trail_texts")) == 60 + wrong
        assert run(work, rule("trail_texts")) == 0


@pytest.mark.parametrize("wrong", [1, 2 * PIECE])
def test_rows_dated_ahead_stay_as_long_as_those_after_them(database_url: str, wrong: int) -> None:
    with inline(database_url) as work:
        many_events(work, 30, LONG_AGO)
        many_events(work, wrong, NOW + timedelta(days=9000), first=1000)
        assert run(work, rule("trail_texts")) == 30
        many_events(work, 30, LATELY, first=2000)
        many_events(work, 30, LONG_AGO, first=3000)  # by a clock that was late
        assert run(work, rule("trail_texts")) == 0
        assert run(work, rule("trail_texts"), NOW + timedelta(days=400)) == 60 + wrong


@contextmanager
def statements(work: Work) -> Iterator[list[str]]:
    seen: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        seen.append(statement)

    listening.listen(work._connection, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        listening.remove(work._connection, "before_cursor_execute", note)


def test_the_last_number_of_a_table_is_not_given_away_again(database_url: str) -> None:
    with inline(database_url) as work:
        a_life(work, LONG_AGO, 1)
        a_life(work, LONG_AGO, 2)
        run_all(work)
        for name in ("conversation", "promise", "dispute", "contact_record", "broadcast", "upload"):
            assert how_many(work, name) == 1, name


def test_running_affairs_never_go_however_old(database_url: str) -> None:
    with inline(database_url) as work:
        a_life(work, LONG_AGO, 1)
        a_life(work, LONG_AGO, 2)
        work.execute(tables.promise.update().values(state="open", judged_at=None))
        work.execute(tables.dispute.update().values(state="under_review"))
        work.execute(tables.alert.update().values(state="raised"))
        work.execute(tables.item_row.update().values(open_minor=100))
        work.execute(tables.person.update().values(active=True, revoked_at=None))
        work.execute(tables.outbox.update().values(state="parked"))
        work.execute(tables.inbox.update().values(done_at=None, parked=False))
        work.execute(tables.task.update().values(done_at=None))
        run_all(work)
        left = {
            name: how_many(work, name) for name in ("promise", "dispute", "alert", "attachment")
        }
        kept = {name: how_many(work, name) for name in ("customer_contact", "outbox", "inbox")}
        texts = select(tables.dispute.c.text).order_by(tables.dispute.c.id)
        assert work.scalars(texts) == [typed(1), typed(2)]
        names = select(tables.person.c.name).order_by(tables.person.c.id)
        assert work.scalars(names) == [typed(1), typed(2)]
        notes = select(tables.task.c.note).order_by(tables.task.c.id)
        assert work.scalars(notes) == [typed(1), typed(2)]
    assert left == {"promise": 2, "dispute": 2, "alert": 2, "attachment": 2}
    assert kept == {"customer_contact": 2, "outbox": 6, "inbox": 4}


def test_a_customer_who_paid_lately_keeps_his_contacts(database_url: str) -> None:
    with inline(database_url) as work:
        a_life(work, LONG_AGO, 1)
        put(
            work,
            "payment_row",
            customer_id=1,
            key="p",
            received_on=date(2039, 1, 1),
            currency="EUR",
            amount_minor=5,
            import_id=1,
        )
        assert run(work, rule("customer_contacts")) == 0


def test_a_file_that_nobody_decided_on_is_cancelled_so_that_it_leaves_the_disk(
    database_url: str,
) -> None:
    with inline(database_url) as work:
        a_life(work, LONG_AGO, 1)
        work.execute(tables.upload.update().values(state="asking", path="/uploads/1.csv"))
        assert run(work, rule("files_left")) == 1
        assert work.scalars(select(tables.upload.c.state)) == ["cancelled"]
        assert run(work, rule("files")) == 0  # it still lies on the disk


@pytest.mark.parametrize("change", [{"updates": 7}, {"messages": 731}, {"notes": 0}])
def test_spans_that_would_forget_what_is_still_needed_are_refused(change: dict[str, int]) -> None:
    with pytest.raises(ValueError, match=r"kept|span"):
        replace(SPANS, **change)


def test_every_span_of_the_policy_is_used() -> None:
    assert {one.span for one in RULES} == {field.name for field in fields(RetentionPolicy)}
    assert len({one.name for one in RULES}) == len(RULES)


# What the ledger says, what the machine needs, and who is there: none of it has a span.
STAYS = {
    *("customer_row", "item_row", "payment_row", "settlement_row", "column_mapping", "person"),
    *("book", "book_touched", "book_later", "book_follow", "event", "task", "import_run"),
    *("notice", "registry_unit", "sales_order", "sign"),  # other files of the ledger, registers
    *("fact", "lease", "worker", "job_slot", "rate_bucket"),
    "observation_count",  # of no customer, by nobody
}
GOES_WITH_ITS_PARENT = {
    *("attachment", "promise_line", "promise_item", "card", "portfolio", "broadcast_recipient"),
    *("opening_answer", "dispute_step", "gathered_alert", "alert_volume", "broadcast_wave"),
}


def test_of_every_table_it_is_decided_what_becomes_of_it() -> None:
    """A new table with texts or names needs a rule; one without belongs in a set above."""
    decided = {one.table for one in RULES} | STAYS | GOES_WITH_ITS_PARENT
    assert set(tables.metadata.tables) - decided == set()


@pytest.mark.parametrize("found_by", [{"siren": "552100554"}, {"code": "C1"}])
def test_the_file_of_an_account_that_still_owes_is_kept_however_it_is_found(
    database_url: str, found_by: dict[str, str]
) -> None:
    with inline(database_url) as work:
        person = hire(work, "Léa", Role.REP, "R1")
        customer = a_customer(work, "C1", siren="552100554" if "siren" in found_by else None)
        invoice = an_invoice(work, customer, "F1", today=LONG_AGO.date())
        openings(work, LONG_AGO, person.id, "said")
        accepted = tables.opening_file.c.state == "accepted"
        work.execute(tables.opening_file.update().where(accepted).values(**found_by))
        other = {"id": 900, "uid": "of900", "person_id": person.id, "name": "", "state": "accepted"}
        empty: dict[str, Any] = {"scope": "", "point": "", "guarantees": [], "note": None}
        at = {"created_at": LONG_AGO, "changed_at": LONG_AGO}
        work.execute(insert(tables.opening_file), {**other, **empty, **at})
        assert run(work, rule("openings")) == 0
        paid = tables.item_row.c.id == invoice
        work.execute(tables.item_row.update().where(paid).values(open_minor=0))
        assert run(work, rule("openings")) == 1


def test_a_dry_run_foresees_who_will_have_written_nothing_that_is_kept(database_url: str) -> None:
    wrote = {1: LONG_AGO, 2: LATELY, 3: NOW - timedelta(days=SPANS.updates + 9), 4: None}
    with inline(database_url) as work:
        for sender, at in wrote.items():
            put(work, "inbox_queue", sender=sender)
            if at is not None:
                given_up = {"parked": True} if sender == 3 else {"done_at": at}
                put(
                    work,
                    "inbox",
                    update_id=sender,
                    sender=sender,
                    body="",
                    received_at=at,
                    **given_up,
                )
        spans = (SPANS.updates, SPANS.technical)
        told = rule("senders").due(work, *(NOW - timedelta(days=days) for days in spans))
        assert told.count == 2
        assert run_all(work)["senders"] == 2
        assert work.scalars(select(tables.inbox_queue.c.sender).order_by("sender")) == [2, 3]
