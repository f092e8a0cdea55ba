"""The anchor on PostgreSQL: the product's own statements, in psycopg's hands and nothing else."""

from __future__ import annotations

from typing import Any

import psycopg
from sqlalchemy.dialects.postgresql import psycopg as dialect

from credit.receivable import OpenItem
from storage import customers, disputes, events, inbox, items, outbox, people, promises
from storage.types import spelled
from tests.bench.promise import RULES, Wanted

Raw = psycopg.Connection[Any]
DIALECT: Any = dialect.dialect()  # type: ignore[no-untyped-call]
_READY: dict[Any, tuple[str, dict[str, Any]]] = {}


def keep_promise(connection: Raw, wanted: Wanted) -> int:
    """Do what `promise.keep_promise` does, in the same statements and one transaction."""
    with connection.transaction():
        done = {"id": wanted.update_id, "at": wanted.now.at, "me": "bench"}
        assert _run(connection, inbox._FINISH_OWNED, **done).rowcount == 1
        person = _run(connection, people._BY_TELEGRAM, telegram_id=wanted.telegram_id).fetchall()
        assert people._found(person)
        oldest = _account(connection, wanted)[0]
        promise_id = _promise(connection, wanted, oldest)
        _record(connection, wanted)
        _answer(connection, wanted)
    return promise_id


def _account(connection: Raw, wanted: Wanted) -> list[OpenItem]:
    assert _run(connection, customers._BY_ID, id=wanted.customer_id).fetchone()
    key = {"customer": wanted.customer_id}
    today = wanted.now.today
    contested = _run(connection, disputes._OF_CUSTOMER, **key, today=today).fetchall()
    promised = _run(connection, items._PROMISED, **key).fetchall()
    lines = _run(connection, items._OPEN_OF, **key).fetchall()
    return items.assembled(lines, contested, promised, promised, RULES)


def _promise(connection: Raw, wanted: Wanted, oldest: OpenItem) -> int:
    minor = oldest.open_minor
    row = wanted.promise(minor)
    made = _run(connection, promises._ADD, **{**row, "warnings": spelled(row["warnings"])})
    promise_id = int(made.fetchone().id)
    line = wanted.line(minor)
    terms = {"n": 1, "due_on": line.due_on, "amount_minor": line.amount_minor, "state": "open"}
    _run(connection, promises._ADD_LINE, promise_id=promise_id, **terms)
    covered = {"item_id": oldest.id, "amount_minor": minor}
    _run(connection, promises._ADD_ITEM, promise_id=promise_id, **covered)
    return promise_id


def _record(connection: Raw, wanted: Wanted) -> None:
    row = events._row(wanted.origin, "promise.made", wanted.event, wanted.customer_id)
    _run(connection, events._INSERT, **{**row, "data": spelled(row["data"])})


def _answer(connection: Raw, wanted: Wanted) -> None:
    message = wanted.message()
    row = {**message, "body": spelled(message["body"]), "created_at": wanted.now.at}
    row |= {"not_before": wanted.now.at, "ready": True, "state": "waiting", "owner": "bench"}
    assert _run(connection, outbox._POST_ONCE.on("postgresql"), **row).fetchone()


def _run(connection: Raw, statement: Any, **values: Any) -> Any:
    if statement not in _READY:
        _READY[statement] = _ready(statement, values)
    sql, fixed = _READY[statement]
    return connection.execute(sql, {**fixed, **values})


def _ready(statement: Any, values: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    """Compile a statement, always asked with the same names; its own values come beside it."""
    compiled = statement.compile(dialect=DIALECT, column_keys=list(values))
    state = compiled.construct_expanded_state(values)
    return state.statement, {k: v for k, v in state.parameters.items() if k not in values}
