"""`relance check` finds what is wrong inside the database, and is quick on a large book."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import insert, text

from bot.screens.health import words
from bot.screens.render import speaker
from bot.use_cases import integrity
from bot.use_cases.health import Finding
from credit.people import Role
from storage import backup, facts, inbox, outbox, tables
from storage.backup import Copy
from storage.events import record
from storage.inbox import Received
from storage.work import Work
from tests.credit.builders import PARIS, TODAY
from tests.day.company import MORNING, a_customer, an_invoice, at, hire, promised, settled, signed
from tests.storage.inline import inline


def found(work: Work) -> dict[str, Finding]:
    answer = {one.code: one for one in integrity.inside(work, MORNING)}
    for locale in ("fr", "en"):
        for one in answer.values():
            assert "\n" not in words(speaker(locale, PARIS), one)
    return answer


def a_sound_book(work: Work) -> tuple[int, int]:
    customer = a_customer(work, "C1")
    item = an_invoice(work, customer, "F1", 100_000, open_minor=60_000)
    settled(work, item, 40_000, TODAY)
    rep = hire(work, "Léa", Role.REP, "R1")
    promised(work, customer, rep, 60_000, TODAY, items=[(item, 60_000)])
    return customer, item


def test_a_sound_book_has_one_line_to_say(database_url: str) -> None:
    with inline(database_url) as work:
        a_sound_book(work)
        answer = found(work)
    backed_up = "backup_never" if database_url.startswith("sqlite") else "backup_elsewhere"
    assert set(answer) == {"integrity", "queues", "clock", backed_up} or "clock_skewed" in answer
    assert {one.state for one in answer.values()} <= {"ok", "warning"}


def an_amount_changed(work: Work) -> None:
    work.execute(text("update item_row set open_minor = 1"))


def a_settlement_lost(work: Work) -> None:
    work.execute(text("delete from settlement_row"))


def an_instalment_lost(work: Work) -> None:
    work.execute(text("delete from promise_line"))


def an_item_moved(work: Work) -> None:
    other = a_customer(work, "C2")
    work.execute(text(f"update item_row set customer_id = {other}"))


def an_item_lost(work: Work) -> None:
    work.execute(text("delete from item_row"))


def an_item_doubled(work: Work) -> None:
    work.execute(text("drop index uq_item_row_key"))
    names = "id, until, customer_id, key, kind, currency, amount_minor, open_minor, stated_on"
    work.execute(
        text(
            f"insert into item_row ({names}, first_import, number, since) "
            f"select {names}, first_import, number, since - 1 from item_row"
        )
    )


@pytest.mark.parametrize(
    ("harm", "code", "named"),
    [
        (an_amount_changed, "sums_wrong", "F1"),
        (a_settlement_lost, "sums_wrong", "F1"),
        (an_instalment_lost, "promise_sums_wrong", "C1"),
        (an_item_moved, "promise_items_wrong", "C1"),
        (an_item_doubled, "twice_wrong", "item"),
    ],
)
def test_what_does_not_add_up_is_a_fault_with_a_name(
    database_url: str, harm: Callable[[Work], None], code: str, named: str
) -> None:
    with inline(database_url) as work:
        a_sound_book(work)
        harm(work)
        fault = found(work)[code]
    assert (fault.state, fault.data["count"], fault.data["first"]) == ("fault", 1, named)


def test_a_reference_to_an_item_that_is_no_more_is_a_fault(database_url: str) -> None:
    with inline(database_url) as work:
        a_sound_book(work)
        an_item_lost(work)
        fault = found(work)["references_wrong"]
    assert fault.data["count"] == 2
    assert fault.data["first"] == "promise_item.item_id, settlement.item_id"


def test_an_import_that_is_not_finished_is_told(database_url: str) -> None:
    with inline(database_url) as work:
        work.execute(text("update book set pending = 5"))
        assert found(work)["import_unfinished"].state == "warning"


def test_a_row_without_its_parent_is_a_fault(sqlite_url: str) -> None:
    with inline(sqlite_url) as work:
        a_sound_book(work)
    with inline(sqlite_url) as work:
        work.execute(text("pragma defer_foreign_keys=on"))
        work.execute(
            text(
                "insert into attachment (id, dispute_id, file_id, unique_id, at) "
                "values (1, 99, 'f', 'u', 1)"
            )
        )
        fault = found(work)["orphans_wrong"]
        work.execute(text("delete from attachment"))
    assert fault.data["first"] == "attachment"


def test_an_event_that_stands_twice_is_a_fault(postgres_url: str) -> None:
    with inline(postgres_url) as work:
        record(work, signed(), "x.y", {})
        work.execute(text("alter table event drop constraint uq_event_uid"))
        work.execute(
            text("insert into event (uid, at, kind, data) select uid, at, kind, data from event")
        )
        assert found(work)["trail_wrong"].data["count"] == 1


def test_updates_and_messages_that_wait_are_told(database_url: str) -> None:
    with inline(database_url) as work:
        early = at(TODAY, 7)
        inbox.store(work, [Received(1, 7, "{}"), Received(2, 7, "{}")], early)
        inbox.fail(work, 2, 3, "broken", parked=True)
        outbox.post(work, kind="alert", person_id=None, chat_id=7, body={}, priority=1, at=early)
        answer = found(work)
    assert answer["updates_late"].data["count"] == 1
    assert (answer["updates_parked"].data["count"], answer["updates_parked"].data["first"]) == (
        1,
        "2",
    )
    assert answer["messages_late"].data["count"] == 1
    assert "queues" not in answer


def test_a_clock_behind_what_happened_is_told(sqlite_url: str) -> None:
    with inline(sqlite_url) as work:
        record(work, signed(at(TODAY, 11)), "x.y", {})
        assert found(work)["clock_behind"].data["minutes"] == 120


@pytest.mark.parametrize(("days", "state"), [(0, "ok"), (7, "ok"), (8, "warning")])
def test_the_age_of_the_last_backup_is_told(database_url: str, days: int, state: str) -> None:
    copy = Copy(Path("copy"), 1, "abc", "0002", {})
    with inline(database_url) as work:
        backup.note(work, copy, MORNING.at - timedelta(days=days))
        one = found(work)["backup_age"]
    assert (one.state, one.data["days"]) == (state, days)


def test_a_book_that_was_never_copied_is_a_warning(sqlite_url: str) -> None:
    with inline(sqlite_url) as work:
        assert found(work)["backup_never"].state == "ok"
        facts.put(work, "data_as_of", MORNING.at.isoformat())
        assert found(work)["backup_never"].state == "warning"


def test_a_large_book_is_looked_at_in_a_few_statements(sqlite_url: str) -> None:
    with inline(sqlite_url) as work:
        customer = a_customer(work, "C1")
        row = {"customer_id": customer, "kind": "invoice", "currency": "EUR", "stated_on": TODAY}
        rows = [
            {
                **row,
                "key": f"F{n}#1",
                "number": f"F{n}",
                "amount_minor": 100,
                "open_minor": n % 2,
                "first_import": 1,
            }
            for n in range(2_000)
        ]
        work.execute_many(insert(tables.item_row), rows)
        fault = found(work)["sums_wrong"]
    assert (fault.data["count"], fault.data["first"]) == (2_000, "F0, F1, F2")
