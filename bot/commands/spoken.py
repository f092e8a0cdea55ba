"""The command line in the reader's language: helps, argparse's own messages, what verbs say.

For helps the catalogue is read only when something is said, and by hand: babel would take
longer than `relance --help` may. A verb at work speaks through `reader()`.
"""

from __future__ import annotations

import argparse
import os
import re
import sys
from collections.abc import Callable, Iterable
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from bot.screens.render import Speaker

DESCRIPTION: Final = "Early warnings, guided collection calls, promises and disputes, in Telegram."
VERSION: Final = "show the version and exit"
FRENCH: Final = "fr"
SETTING: Final = "RELANCE_LOCALE"
CATALOGUE: Final = "locale/fr/LC_MESSAGES/commands.po"
ENTRY: Final = re.compile(r'^msgid "(.+)"\nmsgstr "(.+)"$', re.MULTILINE)
ESCAPED: Final = re.compile(r"\\(.)")
EARLY: Final = frozenset({"positional arguments", "options", "show this help message and exit"})
"""What argparse asks for at every start, said or not: the formatter says it when it is shown."""
USAGE: Final = "usage: "
MESSAGES: Final = (
    USAGE,
    "%(prog)s: error: %(message)s\n",
    "argument %(argument_name)s: %(message)s",
    "the following arguments are required: %s",
    "one of the arguments %s is required",
    "unrecognized arguments: %s",
    "not allowed with argument %s",
    "ignored explicit argument %r",
    "expected one argument",
    "expected at most one argument",
    "expected at least one argument",
    "expected %s argument",
    "expected %s arguments",
    "ambiguous option: %(option)s could match %(matches)s",
    "invalid %(type)s value: %(value)r",
    "invalid choice: %(value)r (choose from %(choices)s)",
    "invalid choice: %(value)r, maybe you meant %(suggestion)r? (choose from %(choices)s)",
    "unknown parser %(parser_name)r (choices: %(choices)s)",
    *sorted(EARLY),
)
"""What argparse may say to who types; what it says to programmers only stays English."""


class Formatter(argparse.HelpFormatter):
    """Write a help in the reader's language."""

    def start_section(self, heading: str | None) -> None:
        """Open a group under its translated title."""
        title = heading and said(heading)
        french = title and language() == FRENCH
        super().start_section(f"{title}\N{NO-BREAK SPACE}" if french else title)

    def add_text(self, text: str | None) -> None:
        """Add a translated description."""
        super().add_text(text and said(text))

    def _get_help_string(self, action: argparse.Action) -> str | None:
        return action.help and said(action.help)


class Parser(argparse.ArgumentParser):
    """A parser whose helps are in the reader's language; its verbs' parsers are of its kind."""

    def __init__(self, **options: object) -> None:
        """Make a parser as argparse does."""
        options.setdefault("formatter_class", Formatter)
        super().__init__(**options)  # type: ignore[arg-type]

    def parse_known_intermixed_args(  # type: ignore[override]
        self, args: list[str] | None = None, namespace: argparse.Namespace | None = None
    ) -> tuple[argparse.Namespace, list[str]]:
        """Parse as argparse does, which takes « usage:  » off by its English length."""
        if self.usage is None:
            usage = self.format_usage().removeprefix(said(USAGE)).strip()
            self.usage = usage.replace("%", "%%")
        return super().parse_known_intermixed_args(args, namespace)


def speak() -> None:
    """Let argparse say its own messages through the catalogue, as it does through gettext."""
    words: dict[str, Callable[..., str]] = {"_": _message, "ngettext": _messages}
    for name, function in words.items():
        setattr(argparse, name, function)


def reader(locale: str | None = None) -> Speaker:
    """Return who speaks a language, or that of the settings, even when these cannot be read."""
    from zoneinfo import ZoneInfo

    from bot.screens.render import speaker

    return speaker(locale or language(), ZoneInfo("UTC"))


def complain(verb: str, why: str) -> None:
    """Print on the error stream why a verb is not carried out."""
    print(reader().say("relance {verb}: {why}", verb=verb, why=why), file=sys.stderr)


def said(message: str) -> str:
    """Return a message in the reader's language; English is the source."""
    return _french().get(message, message) if language() == FRENCH else message


def language() -> str:
    """Return the language of the settings, without the time that reading them all takes."""
    chosen = os.environ.get(SETTING) or _of_file() or FRENCH
    return chosen.strip().lower()


def _of_file() -> str:
    try:
        with open(".env", encoding="utf-8") as lines:  # noqa: PTH123 - pathlib is not needed yet
            return _chosen(lines)
    except (OSError, UnicodeDecodeError):
        return ""


def _chosen(lines: Iterable[str]) -> str:
    found = ""
    for line in lines:
        name, _, value = line.strip().removeprefix("export ").partition("=")
        if name.strip().upper() == SETTING:
            found = value.partition(" #")[0].strip().strip("'\"")
    return found


def _message(message: str) -> str:
    return message if message in EARLY else said(message)


def _messages(one: str, many: str, n: int) -> str:
    return said(one if n == 1 else many)


@cache
def _french() -> dict[str, str]:
    text = resources.files("bot").joinpath(CATALOGUE).read_text(encoding="utf-8")
    return {_plain(english): _plain(french) for english, french in ENTRY.findall(text)}


def _plain(written: str) -> str:
    return ESCAPED.sub(lambda found: {"n": "\n"}.get(found[1], found[1]), written)
