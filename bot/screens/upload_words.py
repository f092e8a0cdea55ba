"""The words of files in the chat: questions with their answers, refusals, what to look at."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.screens import formats, importing
from bot.screens.import_words import KINDS, REASONS
from bot.screens.render import N_, Speaker
from bot.use_cases.refusals import FileRefused

REFUSALS = {
    "unsupported": N_("{file} is no table that I read: send a CSV or Excel (.xlsx) export."),
    "too_large": N_("{file} is too large for the chat: put it in the folder."),
    "too_many": N_("{file} must wait: finish the files you have sent before."),
    "not_downloaded": N_("Telegram did not give me {file}: send it once more."),
    "mapping_changed": N_("The columns of {file} are uncertain again: send it once more."),
    "cancelled": N_("{file} was given up in the chat."),
    "defect": N_("I failed on {file} three times: the server's log says why. Check the file."),
}
NOTICES = {
    "many_vanished": N_(
        "Open items that are no longer listed and count as settled: {vanished} of {open}. "
        "Is this really the whole export?"
    ),
    "repeated": N_("This very file was imported already, as of {as_of}: nothing changed."),
}


def kind(speaker: Speaker, code: str) -> str:
    """Name what the lines of a file are."""
    return _said(speaker, KINDS, code)


def reason(speaker: Speaker, code: str) -> str:
    """Say why a line was rejected or what was changed on it."""
    return _said(speaker, REASONS, code)


def refusal(speaker: Speaker, refused: FileRefused) -> str:
    """Say why a whole file is not taken, and what to do about it; plain text."""
    known = REFUSALS.get(refused.code)
    if known is None:
        return importing.refused(speaker, refused)
    return speaker.say(known, file=formats.name(refused.file))


def notice(speaker: Speaker, one: Mapping[str, Any]) -> str:
    """Say what a person should look at in a file as a whole."""
    figures = {name: value for name, value in one.items() if name != "code"}
    known = NOTICES.get(one["code"])
    if known is None:
        return importing.notice(speaker, one["code"], figures)
    return "⚠️ " + speaker.say(known, **importing.written(speaker, figures))


def _said(speaker: Speaker, words: Mapping[str, str], code: str) -> str:
    return speaker.say(words[code]) if code in words else code
