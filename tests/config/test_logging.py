"""Structured logs without secrets."""

from __future__ import annotations

import io
import json
import logging
import sqlite3
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import datetime

import psycopg
import pytest
from pydantic import BaseModel
from sqlalchemy import StaticPool, create_engine, text

from config.logging import configure

TOKEN = "123456789:AAE-invented_token_of_thirty_five_ch"


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    stream = io.StringIO()
    configure("info", TOKEN, stream)
    yield stream
    root.handlers[:] = handlers
    root.setLevel(level)


def test_an_event_is_one_line_with_its_fields(written: io.StringIO) -> None:
    logging.getLogger("bot.delivery").info("stored", extra={"count": 3, "why": "a b=c"})
    line = written.getvalue()
    assert line.endswith('Z INFO bot.delivery stored count=3 why="a b=c"\n')
    assert line.count("\n") == 1


def test_the_token_is_never_written_wherever_it_hides(written: io.StringIO) -> None:
    log = logging.getLogger("anything.below")
    log.warning("POST https://api.telegram.org/bot%s/getMe", TOKEN)
    log.warning("url", extra={"url": f"/bot{TOKEN}/getMe", "args_of": [TOKEN]})
    log.error("failed", exc_info=RuntimeError(f"cannot reach bot{TOKEN}"))
    assert "RuntimeError" in written.getvalue()
    assert TOKEN not in written.getvalue()
    assert "invented_token" not in written.getvalue()
    assert written.getvalue().count("[token]") == 3  # the list of tokens is hidden whole


def test_the_token_of_another_bot_is_redacted_too(written: io.StringIO) -> None:
    logging.getLogger().error("bot987654321:BBF-another_bots_token_of_35_chars_x/getMe")
    assert "another_bots" not in written.getvalue()


def test_a_traceback_stays_on_its_line_and_hides_the_values_of_a_statement(
    written: io.StringIO,
) -> None:
    error = ValueError("UNIQUE failed\n[SQL: insert]\n[parameters: ('Dupont SA', 12)]\n(Background")
    logging.getLogger("storage").error("failed", exc_info=error)
    assert written.getvalue().count("\n") == 1
    assert "Dupont" not in written.getvalue()
    assert "ValueError" in written.getvalue()


def test_arguments_that_do_not_fit_do_not_stop_the_program(written: io.StringIO) -> None:
    logging.getLogger("x").info("two %s %s", *["one"])
    assert "two %s %s" in written.getvalue()


def test_talkative_libraries_are_heard_from_warnings_on(written: io.StringIO) -> None:
    for name in ("httpx", "httpcore.connection", "apscheduler.executors"):
        logging.getLogger(name).info("chatter")
        logging.getLogger(name).warning("trouble")
    assert "chatter" not in written.getvalue()
    assert written.getvalue().count("trouble") == 3


def test_logs_go_to_standard_error_when_nothing_else_is_said() -> None:
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    try:
        configure("WARNING", "")
        (handler,) = root.handlers
        assert isinstance(handler, logging.StreamHandler)
        assert handler.stream is sys.stderr
    finally:
        root.handlers[:] = handlers
        root.setLevel(level)


@contextmanager
def writing(form: str) -> Iterator[io.StringIO]:
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    stream = io.StringIO()
    configure("debug", TOKEN, stream, form)
    try:
        yield stream
    finally:
        root.handlers[:] = handlers
        root.setLevel(level)


def test_in_json_an_event_is_an_object_with_its_fields() -> None:
    with writing("json") as written:
        log = logging.getLogger("bot.delivery")
        log.info("stored", extra={"count": 3, "level": "x", "who": "une\nligne"})
        log.error("failed", exc_info=RuntimeError(f"bot{TOKEN}"))
    first, second = (json.loads(line) for line in written.getvalue().splitlines())
    assert (first["event"], first["level"], first["logger"]) == ("stored", "INFO", "bot.delivery")
    assert (first["count"], first["level_"], first["who"]) == (3, "x", "une\nligne")
    assert second["traceback"] == "RuntimeError: bot[token]"


NAME = "Jean-Noël O'Hara & Fils"
TEXT = 'il a dit "je paie demain"\nparole'


def a_key_error(value: str) -> None:
    known: dict[str, int] = {}
    known[value] += 1


def a_number(value: str) -> None:
    int(value)


def a_date(value: str) -> None:
    datetime.fromisoformat(value)


def a_json(value: str) -> None:
    json.loads(f"{{{json.dumps(value)}}}")


def a_model(value: str) -> None:
    class Shape(BaseModel):
        amount: int

    Shape.model_validate({"amount": value})


def a_row_that_is_there(value: str) -> None:
    with closing(sqlite3.connect(":memory:")) as raw:
        raw.execute("create table customer (name text unique)")
        engine = create_engine("sqlite://", creator=lambda: raw, poolclass=StaticPool)
        with engine.connect() as connection:
            for _ in range(2):
                connection.execute(text("insert into customer values (:name)"), {"name": value})


def a_server_s_word(value: str) -> None:
    raise psycopg.errors.UniqueViolation(
        f'duplicate key value violates unique constraint "uq_customer_code"\n'
        f"DETAIL:  Key (name)=({value}) already exists."
    )


@pytest.mark.parametrize("form", ["text", "json"])
@pytest.mark.parametrize(
    "fails",
    [a_key_error, a_number, a_date, a_json, a_model, a_row_that_is_there, a_server_s_word],
)
@pytest.mark.parametrize("value", [NAME, TEXT, f"{NAME}\n{TEXT}"])
def test_what_a_person_wrote_does_not_reach_the_log_through_an_error(
    fails: Callable[[str], None], value: str, form: str
) -> None:
    with writing(form) as written:
        try:
            try:
                fails(value)
            except Exception as error:
                raise RuntimeError("not handled") from error
        except RuntimeError as error:
            logging.getLogger("bot.delivery").exception(
                "failed", extra={"why": repr(error.__cause__)}
            )
    line = written.getvalue()
    assert line.count("\n") == 1
    for word in ("Jean", "Hara", "Fils", "demain", "parole"):
        assert word not in line
    assert fails.__name__ in line
    assert "because of" in line


def test_the_rule_that_a_row_broke_is_told() -> None:
    with writing("text") as written:
        try:
            a_server_s_word(NAME)
        except psycopg.Error:
            logging.getLogger("bot").exception("failed")
    assert "uq_customer_code" in written.getvalue()
    assert "UniqueViolation" in written.getvalue()


def test_under_debug_telegram_s_library_tells_no_message() -> None:
    with writing("json") as written:
        logging.getLogger("telegram.Bot").debug("Calling with %s", {"text": TEXT})
        logging.getLogger("somebody.else").warning("got '%s' from them", NAME)
    assert "demain" not in written.getvalue()
    assert "Hara" not in written.getvalue()
