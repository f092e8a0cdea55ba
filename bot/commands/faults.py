"""Expected faults of the command line, each in a line that says how to mend it."""

from __future__ import annotations


def explain(error: Exception) -> str | None:
    """Say an expected fault in one line; None for a defect, which deserves its traceback."""
    from pydantic import ValidationError

    from config.typed_toml import ConfigFault
    from storage.migrate import UnknownRevisionError

    if isinstance(error, ValidationError):
        return "\n".join(_setting(fault) for fault in error.errors())
    if isinstance(error, ConfigFault | UnknownRevisionError | FileNotFoundError | PermissionError):
        return f"relance: {error}"
    return _refusal(error)


def _setting(fault: object) -> str:
    place = ".".join(str(part) for part in fault["loc"])  # type: ignore[index]
    message = str(fault["msg"]).removeprefix("Value error, ")  # type: ignore[index]
    return f"RELANCE_{place.upper()}: {message}"


def _refusal(error: Exception) -> str | None:
    from bot.use_cases.refusals import Refused

    if not isinstance(error, Refused):
        return None
    from bot.application import load_settings
    from bot.screens.refusal import words
    from bot.screens.render import speaker

    settings = load_settings()
    return words(speaker(settings.locale, settings.zone), error)
