"""A release that still serves goes on while the next one's migrations are in: expand first.

The statements are those of the first schema, written down as they were: they do not change
with the code. Imports are not among them: they wait until every process is of one release.
"""

from __future__ import annotations

import pytest
from sqlalchemy import text

from storage import migrate
from storage.work import Work
from tests.storage.inline import inline
from tests.storage.older import at_revision

AT = {"sqlite": "1763800000000000", "postgresql": "timestamptz '2025-11-22 08:00Z'"}

BEFORE = (
    "insert into person (id, telegram_id, name, role, enrolled_at) values (1, 7, 'A', 'rep', {at})",
    "insert into portfolio (person_id, code) values (1, 'R1')",
    (
        "insert into customer (id, code, name, search, rep_code, changed_at) "
        "values (1, 'C1', 'Acme', 'acme', 'R1', {at})"
    ),
    (
        "insert into item (id, customer_id, key, kind, number, due_on, currency, amount_minor, "
        "open_minor, stated_on, first_import, last_import) "
        "values (1, 1, 'F1#1', 'invoice', 'F1', '2025-10-01', 'EUR', 100, 60, '2025-11-01', 1, 1)"
    ),
    (
        "insert into settlement (id, item_id, settled_on, amount_minor, import_id) "
        "values (1, 1, '2025-11-01', 40, 1)"
    ),
    (
        "insert into payment (id, customer_id, key, received_on, currency, amount_minor, item_id, "
        "import_id) values (1, 1, 'p', '2025-11-01', 'EUR', 40, 1, 1)"
    ),
    "insert into inbox (update_id, sender, body, received_at) values (1, 7, '{{}}', {at})",
)
READ = (
    (
        "select id, telegram_id, name, role, locale, active, digest_at from person "
        "where telegram_id = 7"
    ),
    "select code from portfolio where person_id = 1",
    (
        "select id, code, name, siren, rep_code, assigned_code, credit_limit_minor from customer "
        "where id = 1"
    ),
    (
        "select id, key, kind, number, issued_on, due_on, currency, amount_minor, open_minor, "
        "total_known, disputed_in_ledger, stated_on, first_import, last_import, settled_on "
        "from item where customer_id = 1 and open_minor <> 0"
    ),
    (
        "select item.id, settlement.amount_minor from settlement join item "
        "on item.id = settlement.item_id where item.customer_id = 1"
    ),
    "select id, received_on, amount_minor, item_id from payment where customer_id = 1",
    "select update_id, sender, body, attempts from inbox where done_at is null and not parked",
)
WRITE = (
    (
        "insert into inbox (update_id, sender, body, received_at) values (2, 7, '{{}}', {at}) "
        "on conflict (update_id) do nothing"
    ),
    "update inbox set done_at = {at}, error = null where update_id = 2 and done_at is null",
    "update person set last_seen_at = {at}, unreachable_since = null where id = 1",
    (
        "insert into promise (uid, customer_id, person_id, means, scope, currency, amount_minor, "
        "state, warnings, made_at, made_on) values ('p1', 1, 1, 'transfer', 'all', 'EUR', 60, "
        "'open', '[]', {at}, '2025-11-22')"
    ),
    (
        "insert into promise_line (promise_id, n, due_on, amount_minor, state) "
        "select id, 1, '2025-11-30', 60, 'open' from promise where uid = 'p1'"
    ),
    (
        "insert into promise_item (promise_id, item_id, amount_minor) "
        "select id, 1, 60 from promise where uid = 'p1'"
    ),
    (
        "insert into dispute (uid, customer_id, item_id, person_id, reason, currency, "
        "amount_minor, state, opened_at, opened_on) values ('d1', 1, 1, 1, 'L04', 'EUR', 10, "
        "'open', {at}, "
        "'2025-11-22')"
    ),
    (
        'insert into contact_record (uid, customer_id, person_id, at, "on", channel, outcome, '
        "answered) values ('c1', 1, 1, {at}, '2025-11-22', 'call', 'paid', {true})"
    ),
    (
        "insert into conversation (person_id, customer_id, script, digest, step, call, version, "
        "state, started_at, changed_at) values (1, 1, 'call', 'd', 's', '{{}}', 1, 'active', "
        "{at}, {at})"
    ),
    "update conversation set step = 't', version = 2, changed_at = {at} where person_id = 1",
    (
        "insert into alert (customer_id, level, state, lights, signals, points, version, "
        "raised_at, "
        "changed_at) values (1, 2, 'raised', '[]', '[]', 4, 1, {at}, {at})"
    ),
    "update alert set state = 'acknowledged', answered_by = 1, version = 2 where customer_id = 1",
    (
        "insert into event (uid, at, person_id, kind, customer_id, update_id, data) "
        "values ('e1', {at}, 1, 'promise.made', 1, 2, '{{}}')"
    ),
    (
        "insert into outbox (priority, kind, person_id, chat_id, dedupe, ready, body, created_at, "
        "not_before, state) values (0, 'answer', 1, 7, 'u2:0', {true}, '{{}}', {at}, {at}, "
        "'waiting')"
    ),
    "update outbox set state = 'sending', not_before = {at} where state = 'waiting'",
    "update outbox set state = 'sent', sent_at = {at}, message_id = 5 where state = 'sending'",
    "insert into fact (name, value) values ('word', '1')",
    "insert into lease (name, owner, until) values ('poller', 'me', {at})",
)


def carry_out(work: Work, statements: tuple[str, ...]) -> list[int]:
    words = {"at": AT[work.dialect], "true": "true" if work.dialect == "postgresql" else "1"}
    return [work.execute(text(one.format(**words))) for one in statements]


@pytest.fixture
def upgraded_under_way(blank_database_url: str) -> str:
    """A database of the first release with a small book, then brought to the present schema."""
    at_revision(blank_database_url, "0001")
    with inline(blank_database_url) as work:
        assert set(carry_out(work, BEFORE)) == {1}
    migrate.upgrade(blank_database_url)
    return blank_database_url


def test_what_the_first_release_wrote_is_read_by_its_own_statements(
    upgraded_under_way: str,
) -> None:
    with inline(upgraded_under_way) as work:
        assert carry_out(work, READ) == [1] * len(READ)


def test_taps_of_the_first_release_are_still_served(upgraded_under_way: str) -> None:
    with inline(upgraded_under_way) as work:
        assert carry_out(work, WRITE) == [1] * len(WRITE)
        assert set(carry_out(work, READ)) == {1}


def test_the_present_release_knows_the_schema_that_the_migrations_leave(
    upgraded_under_way: str,
) -> None:
    assert migrate.differences(upgraded_under_way) == []
