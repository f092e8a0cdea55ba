"""Find every sentence that the product shows: in templates and in Python."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

from tests.house import tree

ROOMS = (
    *("bot/screens", "bot/documents", "bot/handlers", "bot/delivery", "bot/commands"),
    "bot/scripts",
)
TEMPLATES = {".html", ".txt", ".j2"}
SINGULAR = {"say", "_", "gettext", "N_", "Reason"}  # a message first
KEYWORDS = {"menu"}  # a message by name: the descriptions of the commands
PLURAL = {"count", "ngettext"}  # one, many, number


@dataclass(frozen=True, slots=True)
class Sentence:
    """A message of the source language, English."""

    msgid: str
    plural: str = ""
    context: str = ""


def shown() -> dict[Sentence, str]:
    """Map each sentence that needs a translation to the first place that shows it."""
    found: dict[Sentence, str] = {}
    for room in ROOMS:
        if not tree.built(room):
            continue
        for path in sorted((tree.ROOT / room).rglob("*")):
            for sentence, line in _of_file(path):
                found.setdefault(sentence, f"{tree.short(path)}:{line}")
    return found


def constants() -> set[str]:
    """Collect every text in the screens' Python: tables of labels are said by variable."""
    paths = [path for room in ROOMS for path in (tree.ROOT / room).rglob("*.py")]
    nodes = (node for path in paths for node in ast.walk(tree.parsed(path)))
    return {
        node.value
        for node in nodes
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }


def _of_file(path: Path) -> Iterator[tuple[Sentence, int]]:
    if path.suffix == ".py":
        yield from of_python(tree.parsed(path))
    elif path.suffix in TEMPLATES:
        yield from of_template(path.read_text(encoding="utf-8"))


def of_template(source: str) -> Iterator[tuple[Sentence, int]]:
    """Extract what `{% trans %}`, `_()` and their kin say, by the product's own environment."""
    from bot.screens.render import _environment

    environment = _environment("en", ZoneInfo("UTC"))
    extract = environment.extract_translations  # type: ignore[attr-defined]
    for line, function, message in extract(source):
        parts = (message,) if isinstance(message, str) else message
        words = [part for part in parts if isinstance(part, str)]
        if words:
            yield _sentence(function, words), line


def _sentence(function: str, words: list[str]) -> Sentence:
    if function == "pgettext":
        return Sentence(words[1], context=words[0])
    if function == "npgettext":
        return Sentence(words[1], words[2], words[0])
    return Sentence(words[0], words[1] if len(words) > 1 else "")


def of_python(module: ast.Module) -> Iterator[tuple[Sentence, int]]:
    """Extract constant messages: `say("…")`, `count("one", "many", n)`, `_("…")`, `menu="…"`."""
    for node in ast.walk(module):
        if not isinstance(node, ast.Call):
            continue
        name = getattr(node.func, "attr", getattr(node.func, "id", ""))
        words = [_text(argument) for argument in node.args]
        if name in SINGULAR and words and words[0]:
            yield Sentence(words[0]), node.lineno
        elif name in PLURAL and len(words) > 2 and words[0] and words[1]:
            yield Sentence(words[0], words[1]), node.lineno
        for keyword in node.keywords:
            if keyword.arg in KEYWORDS and _text(keyword.value):
                yield Sentence(_text(keyword.value)), node.lineno


def _text(node: ast.expr) -> str:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    return ""
