"""Expected faults of the command line, each in a line that says how to mend it."""

from __future__ import annotations

# How the outside fails, by the package whose error it is; a defect of ours has other names.
AWAY = frozenset({"OperationalError", "InterfaceError", "DatabaseError", "NotADatabaseError"})
DATABASES = frozenset({"sqlalchemy", "psycopg", "sqlite3"})
LONGEST = 200
NUMBERS = frozenset({"float_parsing", "int_parsing"})


def explain(error: Exception) -> str | None:
    """Say an expected fault in one line; None for a defect, which deserves its traceback."""
    from pydantic import ValidationError

    if isinstance(error, ValidationError):
        return "\n".join(_setting(fault) for fault in error.errors())
    if isinstance(error, OSError) and error.filename is not None:
        from config.file_faults import file_fault

        return f"relance: {file_fault(error)}"
    if isinstance(error, _expected()):
        return f"relance: {_first_line(error)}"
    return _outside(error) or _refusal(error)


def _expected() -> tuple[type[Exception], ...]:
    from bot.scripts.library import BrokenScripts
    from config.typed_toml import ConfigFault
    from storage.migrate import UnknownRevisionError
    from storage.sqlite_path import UnknownDatabaseError

    return (
        ConfigFault,
        BrokenScripts,
        UnknownRevisionError,
        UnknownDatabaseError,
        FileNotFoundError,
        NotADirectoryError,
        PermissionError,
    )


def _setting(fault: object) -> str:
    place = ".".join(str(part) for part in fault["loc"])  # type: ignore[index]
    message = str(fault["msg"]).removeprefix("Value error, ")  # type: ignore[index]
    if fault["type"] in NUMBERS:  # type: ignore[index]
        message = f"a number is needed, not {fault['input']!r}"  # type: ignore[index]
    return f"RELANCE_{place.upper()}: {message}"


def _outside(error: Exception) -> str | None:
    """Say that the database or Telegram is away; their own words may hold the token."""
    rooms = {cls.__module__.partition(".")[0] for cls in type(error).__mro__}
    name = type(error).__name__
    if rooms & DATABASES and name in AWAY:
        why = _first_line(error)
        return f"relance: the database does not answer ({why}); see RELANCE_DATABASE_URL"
    if "telegram" not in rooms:
        return None
    if name == "InvalidToken":
        return "relance: Telegram does not accept the token; see RELANCE_BOT_TOKEN"
    return f"relance: Telegram does not answer ({name}); see the network and RELANCE_BOT_API_URL"


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
