"""What a list of colleagues changed, as lines for a terminal."""

from __future__ import annotations

from bot.screens.render import N_, Speaker
from bot.use_cases.users_file import Wrong
from bot.use_cases.users_import import Enrolled

REASONS = {
    "telegram_id": N_("not a Telegram id (a whole number above zero)"),
    "role": N_("not a role: rep, sales-manager, credit-manager or admin"),
    "code_missing": N_("a rep needs the code of his portfolio"),
    "code_too_long": N_("a code of more than 60 characters"),
    "lines_joined": N_("a line break inside: is a quotation mark not closed?"),
    "two_roles": N_("another line gives this person another role"),
}


def summary(speaker: Speaker, done: Enrolled, *, dry_run: bool) -> str:
    """Say in one line how many people came in, changed, stayed, and how many lines were wrong."""
    parts = (
        speaker.count("{n} new person", "{n} new people", done.new),
        speaker.count("{n} changed", "{n} changed", done.changed),
        speaker.count("{n} with access again", "{n} with access again", done.reopened),
        speaker.count("{n} unchanged", "{n} unchanged", done.unchanged),
    )
    wrong = speaker.count("{n} line left out", "{n} lines left out", len(done.wrong))
    line = speaker.say("{people}; {wrong}", people=", ".join(parts), wrong=wrong)
    return speaker.say("Dry run: {line}", line=line) if dry_run else line


def fault(speaker: Speaker, one: Wrong) -> str:
    """Say what is wrong with one line."""
    return speaker.say(
        "Line {line}, {column}: “{value}”: {reason}",
        line=one.line,
        column=one.column,
        value=one.value,
        reason=speaker.say(REASONS[one.reason]),
    )
