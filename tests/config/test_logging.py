"""Structured logs without secrets."""

from __future__ import annotations

import io
import logging
import sys
from collections.abc import Iterator

import pytest

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
    logging.getLogger("bot.delivery").info("stored", extra={"count": 3, "why": 'a "b" c'})
    line = written.getvalue()
    assert line.endswith('Z INFO bot.delivery stored count=3 why="a \\"b\\" c"\n')
    assert line.count("\n") == 1


def test_the_token_is_never_written_wherever_it_hides(written: io.StringIO) -> None:
    log = logging.getLogger("anything.below")
    log.warning("POST https://api.telegram.org/bot%s/getMe", TOKEN)
    log.warning("url", extra={"url": f"/bot{TOKEN}/getMe", "args_of": [TOKEN]})
    log.error("failed", exc_info=RuntimeError(f"cannot reach bot{TOKEN}"))
    assert "RuntimeError" in written.getvalue()
    assert TOKEN not in written.getvalue()
    assert "invented_token" not in written.getvalue()
    assert written.getvalue().count("[token]") == 4


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
