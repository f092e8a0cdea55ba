"""Structured logs, as text or JSON: one line an event, never a token, a name or a text."""

from __future__ import annotations

import json
import logging
import re
import sys
from datetime import UTC, datetime
from traceback import TracebackException
from typing import Any, Final, TextIO

REDACTED: Final = "[token]"
HIDDEN: Final = "…"
LONGEST: Final = 300
# What any bot's token looks like: a log must not tell another one's either.
ANY_TOKEN: Final = re.compile(r"(?<!\d)\d{5,}:[A-Za-z0-9_-]{30,}")
# What stands between quotation marks in an error came from outside: a name, a text, a value.
QUOTED: Final = re.compile(r"(?<!\w)(?:'(.*?)'(?!\w)|\"(.*?)\"(?!\w)|«(.*?)»|“(.*?)”)", re.DOTALL)
# The database's own names are kept: they say which rule was broken.
IDENTIFIER: Final = re.compile(r"[a-z0-9]+(?:_[a-z0-9]+)+")
OURS: Final = ("bot", "config", "credit", "storage")
# Under DEBUG they would tell every message they carry.
TALKATIVE: Final = (
    *("httpx", "httpcore", "apscheduler", "aiosqlite", "aiohttp.access"),
    *("telegram", "psycopg"),
)
PLAIN: Final = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}
BARE_WORD: Final = re.compile(r"[^\s\"=]+")


class Redaction(logging.Filter):
    """Take tokens, and what came from people or files, out of what a handler will write."""

    def __init__(self, token: str) -> None:
        super().__init__()
        self._token = token

    def clean(self, text: str) -> str:
        """Return the text without tokens."""
        if self._token:
            text = text.replace(self._token, REDACTED)
        return ANY_TOKEN.sub(REDACTED, text)

    def filter(self, record: logging.LogRecord) -> bool:
        """Rewrite the record in place; nothing is kept back."""
        said = self.clean(_said(record))
        record.msg, record.args = said if _is_ours(record) else unquoted(said), None
        if record.exc_info and record.exc_info[1]:
            record.exc_text = self.clean(_trace(record.exc_info[1]))
        if record.stack_info:
            record.stack_info = self.clean(record.stack_info)
        for name, value in fields_of(record).items():
            if not isinstance(value, int | float | bool | None):
                setattr(record, name, unquoted(self.clean(str(value)))[:LONGEST])
        return True


class OneLine(logging.Formatter):
    """Write `2026-11-22T07:45:00.123Z INFO bot.delivery.intake stored count=3`."""

    def format(self, record: logging.LogRecord) -> str:
        """Spell a record on one line, the traceback (if any) as one quoted field."""
        parts = [_at(record), record.levelname, record.name]
        parts.append(_said(record).replace("\n", "\\n"))
        parts.extend(f"{name}={_spelled(value)}" for name, value in fields_of(record).items())
        if record.exc_text:
            parts.append(f"traceback={_spelled(record.exc_text)}")
        return " ".join(parts)


class AsJson(logging.Formatter):
    """Write each record as a JSON object on a line of its own; fields stand beside the event."""

    def format(self, record: logging.LogRecord) -> str:
        """Spell a record; a field named like one of ours gets an underscore."""
        line: dict[str, Any] = {
            "at": _at(record),
            "level": record.levelname,
            "logger": record.name,
            "event": _said(record),
        }
        for name, value in fields_of(record).items():
            line[f"{name}_" if name in line else name] = value
        if record.exc_text:
            line["traceback"] = record.exc_text
        return json.dumps(line, ensure_ascii=False, default=str)


FORMS: Final = {"text": OneLine, "json": AsJson}


def fields_of(record: logging.LogRecord) -> dict[str, Any]:
    """Return what the caller gave as `extra`."""
    return {name: value for name, value in vars(record).items() if name not in PLAIN}


def configure(level: str, token: str, stream: TextIO | None = None, form: str = "text") -> None:
    """Send every log to a stream (standard error), one line each, as `text` or `json`."""
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(FORMS[form]())
    # on the handler: a logger's own filter does not see the records of its children
    handler.addFilter(Redaction(token))
    root = logging.getLogger()
    for old in list(root.handlers):
        root.removeHandler(old)
    root.addHandler(handler)
    root.setLevel(level.upper())
    for name in TALKATIVE:
        logging.getLogger(name).setLevel(logging.WARNING)


def unquoted(text: str) -> str:
    """Hide what stands between quotation marks, the database's own names apart."""
    return QUOTED.sub(_hidden, text)


def _hidden(found: re.Match[str]) -> str:
    inner = next((group for group in found.groups() if group is not None), "")
    return found[0] if IDENTIFIER.fullmatch(inner) else f"{found[0][0]}{HIDDEN}{found[0][-1]}"


def _trace(error: BaseException) -> str:
    """Tell where an error came from, and its first line without what it quotes.

    Further lines hold statements, values and rows: customers.
    """
    parts: list[str] = []
    told: TracebackException | None = TracebackException.from_exception(error, compact=True)
    while told is not None:
        said = unquoted((str(told).splitlines() or [""])[0])[:LONGEST]
        name = told.exc_type.__qualname__ if told.exc_type else "?"
        parts.append("".join(told.stack.format()) + f"{name}: {said}".removesuffix(": "))
        told = told.__cause__ or (None if told.__suppress_context__ else told.__context__)
    return "\nbecause of\n".join(parts)


def _is_ours(record: logging.LogRecord) -> bool:
    return record.name.partition(".")[0] in OURS


def _at(record: logging.LogRecord) -> str:
    at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
    return at.replace("+00:00", "Z")


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
