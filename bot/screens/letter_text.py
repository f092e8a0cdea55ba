"""Letters to customers: dated, sourced content files in French, filled with ready words."""

from __future__ import annotations

import html
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import resources

from jinja2 import DictLoader, Environment, StrictUndefined

from bot.screens.typography import FRENCH, typeset

MIME = "text/html"
_BLANKS = re.compile(r"\n{3,}")
_PAGE = (
    '<!DOCTYPE html><html lang="fr"><head><meta charset="utf-8"><title>{title}</title><style>'
    "@page{{size:A4;margin:18mm 20mm}}body{{font:10.5pt/1.3 Georgia,serif;max-width:170mm;"
    "margin:auto;white-space:pre-wrap}}header{{display:flex;justify-content:space-between;"
    "gap:10mm;margin-bottom:1.3em}}header div{{max-width:80mm}}</style></head>"
    "<body><header><div>{sender}</div><div>{addressee}</div></header>{body}</body></html>"
)


@dataclass(frozen=True, slots=True)
class Letter:
    """A kind of letter: its subject, the law it rests on, and when that was last read.

    `mark` opens the reference that the debtor is asked to quote.
    """

    name: str
    subject: str
    mark: str
    source: str
    checked_on: date
    verified: bool
    body: str


@cache
def letter(name: str) -> Letter:
    """Read a letter of `bot/screens/letters`; raise `FileNotFoundError` for an unknown name."""
    content = resources.files("bot.screens").joinpath("letters", f"{name}.toml")
    return Letter(name, **tomllib.loads(content.read_text(encoding="utf-8")))


def written(one: Letter, values: Mapping[str, object]) -> str:
    """Fill a letter in, as plain text; raise `UndefinedError` when a value is missing."""
    text = _environment().from_string(typeset(one.body, FRENCH)).render(values)
    return _BLANKS.sub("\n\n", text).strip()


@cache
def _environment() -> Environment:
    """Know the parts that letters have in common: a letter includes them by name."""
    content = resources.files("bot.screens").joinpath("letter_parts.toml")
    parts = tomllib.loads(content.read_text(encoding="utf-8"))
    return Environment(  # noqa: S701 - plain text: `page` escapes the whole of it
        loader=DictLoader({name: typeset(text, FRENCH) for name, text in parts.items()}),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


def page(title: str, text: str) -> bytes:
    """Make a page to print or to open in a word processor out of a letter's text.

    A letter opens with who writes and to whom, a paragraph each: they stand side by side.
    """
    sender, _, rest = html.escape(text).partition("\n\n")
    addressee, _, body = rest.partition("\n\n")
    return _PAGE.format(
        title=html.escape(title), sender=sender, addressee=addressee, body=body
    ).encode()
