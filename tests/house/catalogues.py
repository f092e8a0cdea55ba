"""What the catalogues say, and where they contradict themselves."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Message
from babel.messages.pofile import read_po

from tests.house import tree
from tests.house.sentences import Sentence

LOCALE = tree.ROOT / "bot" / "locale"
FRENCH = LOCALE / "fr" / "LC_MESSAGES"
PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]|\{(\w*)[^{}]*\}")
TAG = re.compile(r"</?([a-z]+)[^>]*>")


@dataclass(frozen=True, slots=True)
class Entry:
    """One message of one catalogue."""

    catalogue: str
    sentence: Sentence
    translations: tuple[str, ...]
    fuzzy: bool

    @property
    def empty(self) -> bool:
        """Tell whether a form has no words."""
        return not all(form.strip() for form in self.translations)


def files() -> list[Path]:
    """List the catalogues of every language."""
    return sorted(LOCALE.rglob("*.po"))


def entries(path: Path) -> Iterator[Entry]:
    """Read one catalogue; raises PoFileError when it is not well formed."""
    language = path.relative_to(LOCALE).parts[0]
    catalogue = read_po(BytesIO(path.read_bytes()), locale=language, abort_invalid=True)
    for message in catalogue:
        if message.id:
            yield _entry(tree.short(path), message)


def _entry(catalogue: str, message: Message) -> Entry:
    msgid = message.id if isinstance(message.id, str) else message.id[0]
    plural = "" if isinstance(message.id, str) else message.id[1]
    sentence = Sentence(msgid, plural, message.context or "")
    string = message.string or ""
    words = (string,) if isinstance(string, str) else tuple(word or "" for word in string)
    return Entry(catalogue, sentence, words, message.fuzzy)


def french() -> list[Entry]:
    """Read every French catalogue."""
    return [entry for path in sorted(FRENCH.glob("*.po")) for entry in entries(path)]


def disagreements(entry: Entry) -> Iterator[str]:
    """Say where a translation has other figures or other tags than its source."""
    source, last = entry.sentence.msgid, entry.sentence.plural or entry.sentence.msgid
    for form in entry.translations:
        if not placeholders(form) <= placeholders(last) | placeholders(source):
            yield f"unknown placeholder in {form!r}"
        if tags(form) != tags(last):
            yield f"other tags than the source in {form!r}"
    if placeholders(entry.translations[-1]) != placeholders(last):
        yield f"a placeholder of {last!r} is lost"


def placeholders(text: str) -> set[str]:
    """Name the figures that a sentence takes: %(name)s in templates, {name} in Python."""
    return {first or second for first, second in PLACEHOLDER.findall(text)}


def tags(text: str) -> list[str]:
    """List the HTML tags of a sentence."""
    return sorted(match.group(0).split()[0].rstrip(">") for match in TAG.finditer(text))
