"""Structured logs: one line per event, fields as key=value, never a token."""

from __future__ import annotations

import logging
import re
import sys
from datetime import UTC, datetime
from typing import Any, Final, TextIO

REDACTED: Final = "[token]"
# What any bot's token looks like: a log must not tell another one's either.
ANY_TOKEN: Final = re.compile(r"(?<!\d)\d{5,}:[A-Za-z0-9_-]{30,}")
# SQLAlchemy prints the values of a failed statement: names and amounts of customers.
SQL_VALUES: Final = re.compile(r"\[parameters: .*?\]\s*(?=\n|$|\(Background)", re.DOTALL)
TALKATIVE: Final = ("httpx", "httpcore", "apscheduler", "aiosqlite", "aiohttp.access")
PLAIN: Final = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}
BARE_WORD: Final = re.compile(r"[^\s\"=]+")


class Redaction(logging.Filter):
    """Take the token out of everything that a handler is about to write."""

    def __init__(self, token: str) -> None:
        super().__init__()
        self._token = token

    def clean(self, text: str) -> str:
        """Return the text without tokens and without the values of a failed statement."""
        if self._token:
            text = text.replace(self._token, REDACTED)
        return SQL_VALUES.sub("[parameters hidden]", ANY_TOKEN.sub(REDACTED, text))

    def filter(self, record: logging.LogRecord) -> bool:
        """Rewrite the record in place; nothing is kept back."""
        record.msg, record.args = self.clean(_said(record)), None
        if record.exc_info and not record.exc_text:
            record.exc_text = logging.Formatter().formatException(record.exc_info)
        if record.exc_text:
            record.exc_text = self.clean(record.exc_text)
        if record.stack_info:
            record.stack_info = self.clean(record.stack_info)
        for name, value in fields_of(record).items():
            if not isinstance(value, int | float | bool | None):
                setattr(record, name, self.clean(str(value)))
        return True


class OneLine(logging.Formatter):
    """Write `2026-11-22T07:45:00.123Z INFO bot.delivery.intake stored count=3`."""

    def format(self, record: logging.LogRecord) -> str:
        """Spell a record on one line, the traceback (if any) as one quoted field."""
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        parts = [at.replace("+00:00", "Z"), record.levelname, record.name]
        parts.append(_said(record).replace("\n", "\\n"))
        parts.extend(f"{name}={_spelled(value)}" for name, value in fields_of(record).items())
        if record.exc_info and not record.exc_text:
            record.exc_text = self.formatException(record.exc_info)
        if record.exc_text:
            parts.append(f"traceback={_spelled(record.exc_text)}")
        return " ".join(parts)


def fields_of(record: logging.LogRecord) -> dict[str, Any]:
    """Return what the caller gave as `extra`."""
    return {name: value for name, value in vars(record).items() if name not in PLAIN}


def configure(level: str, token: str, stream: TextIO | None = None) -> None:
    """Send every log to a stream (standard error), one line each, without the token."""
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(OneLine())
    # on the handler: a logger's own filter does not see the records of its children
    handler.addFilter(Redaction(token))
    root = logging.getLogger()
    for old in list(root.handlers):
        root.removeHandler(old)
    root.addHandler(handler)
    root.setLevel(level.upper())
    for name in TALKATIVE:
        logging.getLogger(name).setLevel(logging.WARNING)


def _said(record: logging.LogRecord) -> str:
    try:
        return record.getMessage()
    except (TypeError, ValueError, KeyError):  # arguments that do not fit are no reason to fail
        return str(record.msg)


def _spelled(value: object) -> str:
    text = str(value)
    if BARE_WORD.fullmatch(text):
        return text
    quoted = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{quoted}"'
