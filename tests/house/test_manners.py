"""Names, docstrings, time and words: the manners that a linter cannot see."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.house import tree

NAMELESS = {"base", "common", "helper", "helpers", "lib", "manager", "managers", "misc"}
NAMELESS |= {"shared", "tools", "util", "utils"}
WALL_CLOCK = {"date.today", "datetime.now", "datetime.today", "datetime.utcnow", "time.time"}
CLOCK_OWNERS = ("config/clock.py", "bot/simulator/")
# Rooms whose Python may hold French: words of the trade that files and people use, and the stage.
# the demo is a French company: its files and its signs speak its language
FRENCH_SPOKEN = ("bot/screens/", "bot/documents/", "bot/scripts/", "bot/simulator/", "bot/demo/")
FRENCH_WORDS = re.compile(r"\b(vous|votre|vos|nous|est|sont|avez|cette|pour|avec|dans|une)\b")
ACCENTS = re.compile(r"[àâçéèêëîïôùûüœ]")


def public_functions(module: ast.Module) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in module.body:
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and node.name[0] != "_":
            yield node


def opens_with_a_sentence(module: ast.Module) -> bool:
    first = (ast.get_docstring(module) or "").split("\n\n")[0]
    return first.endswith((".", "`"))


def prose(module: ast.Module) -> Iterator[tuple[int, str]]:
    """Find French sentences: four words or more, an accent or a small word, a capital or an end."""
    docstrings = {id(node.value) for node in ast.walk(module) if isinstance(node, ast.Expr)}
    for node in ast.walk(module):
        text = node.value if isinstance(node, ast.Constant) else ""
        if isinstance(text, str) and id(node) not in docstrings and is_french_sentence(text):
            yield getattr(node, "lineno", 0), text


def is_french_sentence(text: str) -> bool:
    words = text.split()
    shaped = len(words) > 3 and (words[0][0].isupper() or text.rstrip()[-1] in ".!?…:")
    return shaped and bool(ACCENTS.search(text) or FRENCH_WORDS.search(text))


def clock_readings(module: ast.Module) -> Iterator[int]:
    for node in ast.walk(module):
        if isinstance(node, ast.Attribute) and ast.unparse(node).endswith(tuple(WALL_CLOCK)):
            tail = ".".join(ast.unparse(node).split(".")[-2:])
            if tail in WALL_CLOCK:
                yield node.lineno


def where(path: Path, line: int, what: str = "") -> str:
    return f"{tree.short(path)}:{line} {what}".rstrip()


def test_no_module_is_called_utils_or_the_like() -> None:
    names = [(path, part) for path in tree.sources() + tree.tests() for part in path.parts]
    assert not [tree.short(path) for path, part in names if part.removesuffix(".py") in NAMELESS]


@pytest.mark.parametrize("kind", ["sources", "tests"])
def test_every_module_opens_with_one_sentence(kind: str) -> None:
    paths = tree.sources() if kind == "sources" else tree.tests()
    silent = [
        tree.short(path)
        for path in paths
        if not opens_with_a_sentence(tree.parsed(path))
        and not (kind == "tests" and path.name == "__init__.py")
    ]
    assert not silent


def test_every_public_function_says_what_it_does() -> None:
    silent = [
        where(path, node.lineno, node.name)
        for path in tree.sources()
        if "migrations" not in path.parts
        for node in public_functions(tree.parsed(path))
        if not ast.get_docstring(node)
    ]
    assert not silent


def test_the_wall_clock_is_read_in_one_place() -> None:
    readings = [
        where(path, line)
        for path in tree.sources()
        if not tree.short(path).startswith(CLOCK_OWNERS)
        for line in clock_readings(tree.parsed(path))
    ]
    assert not readings


def test_no_french_prose_stands_in_python() -> None:
    found = [
        where(path, line, repr(text))
        for path in tree.sources()
        if not tree.short(path).startswith(FRENCH_SPOKEN)
        for line, text in prose(tree.parsed(path))
    ]
    assert not found


def test_screens_speak_english_in_python_and_french_in_catalogues() -> None:
    found = [
        where(path, line, repr(text))
        for path in (tree.ROOT / "bot" / "screens").rglob("*.py")
        for line, text in prose(tree.parsed(path))
    ]
    assert not found


def test_nothing_of_ours_is_mocked() -> None:
    mocked = [
        tree.short(path)
        for path in tree.tests()
        if any(name.startswith(("unittest.mock", "mock")) for name in tree.imports(path))
    ]
    assert not mocked


def test_an_abstract_class_has_two_children() -> None:
    classes = [
        node
        for path in tree.sources()
        for node in ast.walk(tree.parsed(path))
        if isinstance(node, ast.ClassDef)
    ]
    parents = Counter(ast.unparse(base).split(".")[-1] for node in classes for base in node.bases)
    abstract = [
        node.name
        for node in classes
        if any(ast.unparse(base) in {"ABC", "abc.ABC"} for base in node.bases)
    ]
    assert not [name for name in abstract if parents[name] < 2]


def test_nothing_is_left_to_do() -> None:
    unfinished = re.compile(r"\b(TO" r"DO|FIX" r"ME)\b|(#|//).*\b(XX" r"X|HA" r"CK)\b")
    code = [
        path for path in tree.project_files() if path.suffix in {".py", ".js", ".toml", ".html"}
    ]
    assert not [
        where(path, number, line.strip())
        for path in code
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if unfinished.search(line)
    ]


@pytest.mark.parametrize(
    ("source", "readings"),
    [
        ("date.today()", 1),
        ("datetime.datetime.now(UTC)", 1),
        ("from time import monotonic\nmonotonic()", 0),
        ("clock.now()", 0),
    ],
)
def test_readings_of_the_wall_clock_are_noticed(source: str, readings: int) -> None:
    assert len(list(clock_readings(ast.parse(source)))) == readings


@pytest.mark.parametrize(
    ("text", "french"),
    [
        ("Votre client n'a pas réglé.", True),
        ("La facture est en retard.", True),
        ("date d'échéance", False),
        ("The invoice is late by {days} days.", False),
    ],
)
def test_french_sentences_are_noticed(text: str, french: bool) -> None:
    assert is_french_sentence(text) is french
