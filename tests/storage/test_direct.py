"""Statements that go straight to the driver do what SQLAlchemy would have done."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import bindparam, insert, literal_column, select, text, update
from sqlalchemy.exc import IntegrityError, StatementError

from storage import direct
from storage.tables import customer, customer_row, fact, item, item_row
from storage.work import Work
from tests.storage.inline import inline

AT = datetime(2026, 3, 10, 9, 0, tzinfo=UTC)
ADD = insert(customer_row)
RENAME = update(customer_row).where(customer_row.c.id == bindparam("c")).values(name=bindparam("n"))
NAMED = select(customer.c.id, customer.c.changed_at, customer.c.name.label("called")).where(
    customer.c.name.in_(["Durand", "Petit"]), customer.c.id >= bindparam("least")
)
OF_CODES = select(customer.c.code).where(customer.c.code.in_(bindparam("codes", expanding=True)))
OPEN = select(item).where(item.c.open_minor != literal_column("0"))
PUT = insert(fact)


def durand(code: str = "C1", name: str = "Durand") -> dict[str, object]:
    return {"code": code, "name": name, "search": name.lower(), "changed_at": AT}


def went_straight(work: Work, statement: object, values: dict[str, object]) -> bool:
    return direct.run(work._connection, work.raw(), statement, values) is not None  # type: ignore[arg-type]


def test_the_second_time_gives_the_same_rows_as_the_first(database_url: str) -> None:
    with inline(database_url) as work:
        work.execute(ADD, durand())
        first = work.all(NAMED, {"least": 1})
        second = work.all(NAMED, {"least": 1})
        assert went_straight(work, NAMED, {"least": 1})
    assert list(first) == list(second)
    assert second[0].changed_at == AT
    assert dict(first[0]._mapping) == dict(second[0]._mapping) == second[0]._asdict()


def test_keys_counts_and_single_values_are_told(database_url: str) -> None:
    with inline(database_url) as work:
        keys = [work.insert(ADD, durand(f"C{n}")) for n in range(3)]
        touched = [work.execute(RENAME, {"c": key, "n": "Petit"}) for key in (*keys, 99)]
        ids = [work.scalars(NAMED, {"least": keys[1]}) for _ in range(2)]
        nobody = [work.first(NAMED, {"least": 99}) for _ in range(2)]
        nothing = [work.scalar(NAMED, {"least": 99}) for _ in range(2)]
    assert keys == [1, 2, 3]
    assert touched == [1, 1, 1, 0]
    assert ids == [[2, 3]] * 2
    assert nobody == nothing == [None, None]


def test_an_insert_gives_back_what_it_was_asked_for(database_url: str) -> None:
    telling = insert(customer_row).returning(customer_row.c.code)
    with inline(database_url) as work:
        codes = [work.scalar(telling, durand(f"C{n}")) for n in range(3)]
    assert codes == ["C0", "C1", "C2"]


def test_a_short_list_goes_straight_too_and_a_long_one_does_not(database_url: str) -> None:
    with inline(database_url) as work:
        for n in range(17):
            work.execute(ADD, durand(f"C{n:02}"))
        wanted: list[list[str]] = [[], ["C01"], ["C00", "C02"], [f"C{n:02}" for n in range(17)]]
        for _ in range(2):
            assert [work.scalars(OF_CODES, {"codes": codes}) for codes in wanted] == wanted
        straight = [went_straight(work, OF_CODES, {"codes": codes}) for codes in wanted]
    assert straight == [True, True, True, False]


def test_other_names_make_another_insert(database_url: str) -> None:
    with inline(database_url) as work:
        for n in range(2):
            work.execute(ADD, durand(f"C{n}"))
            work.execute(ADD, {**durand(f"D{n}"), "siren": "123456782"})
        sirens = work.all(text("select siren from customer order by code"))
    assert [row.siren for row in sirens] == [None, None, "123456782", "123456782"]


def test_json_dates_and_truths_come_back_as_they_went(database_url: str) -> None:
    line = {
        "kind": "invoice",
        "due_on": date(2026, 2, 1),
        "currency": "EUR",
        "amount_minor": 100,
        "open_minor": 100,
        "stated_on": date(2026, 3, 1),
        "disputed_in_ledger": True,
        "first_import": 1,
    }
    add, value = insert(item_row), select(fact.c.value).where(fact.c.name == bindparam("name"))
    with inline(database_url) as work:
        owner = work.insert(ADD, durand())
        for key in ("a", "b"):
            work.execute(add, {**line, "key": key, "customer_id": owner})
            work.execute(PUT, {"name": key, "value": {"n": [1, None]}})
        rows = [work.all(OPEN) for _ in range(2)]
        facts = [work.scalar(value, {"name": "b"}) for _ in range(2)]
    assert list(rows[0]) == list(rows[1])
    assert [(row.due_on, row.disputed_in_ledger) for row in rows[1]] == [
        (date(2026, 2, 1), True)
    ] * 2
    assert facts == [{"n": [1, None]}] * 2


def test_the_errors_are_sqlalchemys(sqlite_url: str) -> None:
    with inline(sqlite_url) as work:
        for n in range(2):
            work.execute(ADD, durand(f"C{n}"))
        with pytest.raises(IntegrityError):
            work.execute(ADD, durand("C1"))
        assert work.scalars(OF_CODES, {"codes": ["C0", "C1"]}) == ["C0", "C1"]
        naive = {**durand("C9"), "changed_at": AT.replace(tzinfo=None)}
        with pytest.raises(StatementError):
            work.execute(ADD, naive)
        for _ in range(2):
            with pytest.raises(StatementError):
                work.all(NAMED, {})
    with inline(sqlite_url) as work:
        assert len(work.all(select(customer.c.id))) == 2


def test_a_refused_row_is_told_in_sqlalchemys_words_on_postgresql_too(postgres_url: str) -> None:
    with inline(postgres_url) as work:
        work.execute(ADD, durand("C0"))
        with pytest.raises(IntegrityError), work.attempt():
            work.execute(ADD, durand("C0"))
        assert work.scalars(select(customer.c.code)) == ["C0"]


def test_rows_taken_from_a_query_give_no_key(database_url: str) -> None:
    columns = ["code", "name", "search", "changed_at"]
    copied = select(customer.c.code + "-2", *(customer.c[name] for name in columns[1:])).where(
        customer.c.code == bindparam("of")
    )
    with inline(database_url) as work:
        for code in ("C1", "C2", "C3"):
            work.execute(ADD, durand(code))
            assert (
                work.execute(insert(customer_row).from_select(columns, copied), {"of": code}) == 1
            )
        copy = insert(customer_row).from_select(columns, copied)
        assert [work.execute(copy, {"of": f"C{n}-2"}) for n in (1, 2, 3)] == [1, 1, 1]


def test_many_rows_are_written_as_each_one_would_be(database_url: str) -> None:
    with inline(database_url) as work:
        for start in (0, 10, 20):
            rows = [durand(f"C{n}") for n in range(start, start + 10)]
            assert work.execute_many(ADD, rows) == 10
        found = work.all(select(customer.c.code, customer.c.changed_at))
        moved = [{"c": n, "n": "Petit"} for n in (1, 2, 99)]
        assert [work.execute_many(RENAME, moved) for _ in range(2)] == [2, 2]
    assert sorted(row.code for row in found) == sorted(f"C{n}" for n in range(30))
    assert {row.changed_at for row in found} == {AT}


def test_a_refused_one_of_many_is_told_in_sqlalchemys_words(sqlite_url: str) -> None:
    with inline(sqlite_url) as work:
        for n in range(0, 4, 2):
            work.execute_many(ADD, [durand(f"C{n}"), durand(f"C{n + 1}")])
        assert direct.run_many(work._connection, work.raw(), ADD, [durand("C8"), durand("C9")]) == 2
        with pytest.raises(IntegrityError):
            work.execute_many(ADD, [durand("C10"), durand("C1")])
        with pytest.raises(StatementError):
            work.execute_many(ADD, [durand("C11"), {**durand("C12"), "changed_at": "noon"}])
