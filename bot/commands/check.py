"""`relance check`: every fault of the installation in a line, and how to mend it."""

from __future__ import annotations

import argparse
import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.screens.render import Speaker
    from bot.use_cases.health import Finding

HELP = "look for faults of the installation and say how to mend each"
LONGEST = 200
MARKS = {"ok": "✓", "warning": "!", "fault": "✗"}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of `check`."""
    parser.add_argument("--json", action="store_true", help="answer in JSON")
    parser.add_argument("--offline", action="store_true", help="do not ask Telegram")


def run(args: argparse.Namespace) -> int:
    """Print each finding; 1 when there is a fault, 0 with mere warnings."""
    from bot.application import load_settings
    from bot.inspection import inspect
    from bot.screens.render import speaker

    settings = load_settings()
    findings = inspect(settings, ask_telegram=not args.offline)
    faults = any(one.state == "fault" for one in findings)
    said = speaker(settings.locale, settings.zone)
    if args.json:
        print(json.dumps({"ok": not faults, "findings": [_plain(said, one) for one in findings]}))
    else:
        for one in findings:
            print(_line(said, one))
    return int(faults)


def _plain(said: Speaker, one: Finding) -> dict[str, object]:
    return {"check": one.check, "state": one.state, "message": _words(said, one), **one.data}


def _line(said: Speaker, one: Finding) -> str:
    return f"{MARKS[one.state]} {_words(said, one)}"


def _words(said: Speaker, one: Finding) -> str:
    """Say a finding, its cause in the reader's language too where there are words for it."""
    from dataclasses import replace

    from bot.screens.health import words

    why = one.cause and _why(said, one, one.cause)
    return words(said, replace(one, data={**one.data, "why": why}) if why else one)


def _why(said: Speaker, one: Finding, cause: Exception) -> str | None:
    from bot.commands.faults import told
    from bot.screens.fault_words import reason

    if isinstance(cause, OSError) and "folder" in one.data:  # the finding itself names it
        return reason(said, cause)
    return " ".join((told(cause) or "").splitlines())[:LONGEST] or None
