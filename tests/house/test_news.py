"""Every kind of news that a use case posts has somebody to word it."""

from __future__ import annotations

import ast
from pathlib import Path

from bot.handlers import announced

ROOT = Path(__file__).resolve().parents[2]


def _posted(source: str, constants: dict[str, str]) -> set[str]:
    """Find the kinds of the fact rows (`ready=False`, or ordered for later) a module posts."""
    found = set()
    for call in ast.walk(ast.parse(source)):
        if not isinstance(call, ast.Call):
            continue
        given = {word.arg: word.value for word in call.keywords}
        ready = given.get("ready")
        facts = isinstance(ready, ast.Constant) and ready.value is False
        if not (facts or ast.unparse(call.func) == "later.order") or "kind" not in given:
            continue
        kind = given["kind"]
        if isinstance(kind, ast.Name) and kind.id == "kind":
            continue  # `later.order` itself hands on what its callers name
        if isinstance(kind, ast.Constant):
            found.add(str(kind.value))
        else:
            found.add(constants.get(ast.unparse(kind).rpartition(".")[2], ast.unparse(kind)))
    return found


def test_every_kind_of_news_has_its_words() -> None:
    sources = [
        path.read_text("utf-8")
        for room in ("bot/use_cases", "bot/handlers", "bot/jobs", "storage")
        for path in (ROOT / room).rglob("*.py")
    ]
    constants = {
        name.id: node.value.value
        for source in sources
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant)
        for name in node.targets
        if isinstance(name, ast.Name) and isinstance(node.value.value, str)
    }
    posted = set().union(*(_posted(source, constants) for source in sources))
    assert posted, "no news is posted any more: this test looks at the wrong place"
    assert {kind for kind in posted if kind.islower()} <= set(announced.KINDS)
