"""Expected faults of the command line, each in a line that says how to mend it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.commands.spoken import reader

# How the outside fails, by the package whose error it is; a defect of ours has other names.
AWAY = frozenset({"OperationalError", "InterfaceError", "DatabaseError", "NotADatabaseError"})
DATABASES = frozenset({"sqlalchemy", "psycopg", "sqlite3"})
NO_RIGHTS = ("unable to open database file", "readonly database")
"""What SQLite says of a file or a folder that this user may not write."""
FULL = ("database or disk is full", "No space left on device", "disk full")
"""What SQLite and PostgreSQL say of a disk that takes no more."""
LONGEST = 200


def explain(error: Exception) -> str | None:
    """Say an expected fault in one line; None for a defect, which deserves its traceback."""
    from pydantic import ValidationError

    if isinstance(error, ValidationError):
        return "\n".join(_setting(fault) for fault in error.errors())
    if (why := cause(error)) is not None:
        return reader().say("relance: {why}", why=why)
    return _refusal(error)


def cause(error: Exception) -> str | None:
    """Say what is wrong outside the product; None for a defect of ours, or a refusal."""
    return told(error) or _outside(error)


def told(error: Exception) -> str | None:
    """Say what is wrong with a file, what it holds, or the database; None for what is not."""
    from bot.screens import fault_words as words
    from bot.screens import script_words
    from bot.scripts.library import BrokenScripts
    from config.typed_toml import MISSING, ConfigFault

    if isinstance(error, ConfigFault):
        found = None if error.found is MISSING else error.found
        place = (error.file, error.key)
        return words.configuration(reader(), place, error.wanted, error.data, found)
    if isinstance(error, BrokenScripts):
        return script_words.first(reader(), error.faults)
    if isinstance(error, OSError) and error.filename is not None and error.strerror:
        return words.file(reader(), error.filename, error)
    if isinstance(error, FileNotFoundError | NotADirectoryError | PermissionError):
        return _first_line(error)
    return _of_base(error)


def _of_base(error: Exception) -> str | None:
    """Say why the database cannot be opened by this release, or copied."""
    from bot.screens import fault_words as words
    from storage.backup import BackupFault
    from storage.migrate import UnknownRevisionError
    from storage.sqlite_path import UnknownDatabaseError

    if isinstance(error, BackupFault):
        return words.copy(reader(), error.code, **error.data)
    if isinstance(error, UnknownRevisionError):
        return words.newer(reader(), error.revision)
    if isinstance(error, UnknownDatabaseError):
        return words.no_database(reader(), _first_line(error))
    return None


def _setting(fault: Mapping[str, Any]) -> str:
    from bot.screens.fault_words import setting
    from config.settings import SettingFault

    place = ".".join(str(part) for part in fault["loc"])
    data = {"value": fault["input"], **fault.get("ctx", {}), "message": fault["msg"]}
    kind = fault["type"]
    if isinstance(error := data.get("error"), SettingFault):
        kind, data = error.kind, error.data
    plain = {name: " ".join(str(value).split()) for name, value in data.items()}
    return setting(reader(), f"RELANCE_{place.upper()}", kind, plain)


def _outside(error: Exception) -> str | None:
    """Say that the database or Telegram is away; their own words may hold the token."""
    rooms = {cls.__module__.partition(".")[0] for cls in type(error).__mro__}
    name = type(error).__name__
    said = reader()
    if rooms & DATABASES and name in AWAY:
        why = _first_line(error)
        if any(sign in why for sign in NO_RIGHTS):
            return said.say(
                "the database cannot be opened for writing: give this user the right to write "
                "its file and its folder (RELANCE_DATA_DIR, RELANCE_DATABASE_URL)"
            )
        if any(sign in why for sign in FULL):
            return said.say("the database's disk is full: make room, then try again")
        return said.say("the database does not answer ({why}); see RELANCE_DATABASE_URL", why=why)
    if "telegram" not in rooms:
        return None
    if name == "InvalidToken":
        return said.say(
            "Telegram does not accept the token; see RELANCE_BOT_TOKEN, and RELANCE_BOT_API_URL "
            "if it is set"
        )
    return said.say(
        "Telegram does not answer ({why}); see the network and RELANCE_BOT_API_URL", why=name
    )


def _first_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0][:LONGEST]


def _refusal(error: Exception) -> str | None:
    from bot.use_cases.refusals import Refused

    if not isinstance(error, Refused):
        return None
    from bot.application import load_settings
    from bot.screens.refusal import words
    from bot.screens.render import speaker

    settings = load_settings()
    return words(speaker(settings.locale, settings.zone), error)
