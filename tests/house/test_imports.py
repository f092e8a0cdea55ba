"""Who may import whom: the contracts of pyproject.toml, and what they cannot say."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from collections import defaultdict
from typing import Any

import pytest

from tests.house import tree

SETTINGS = tomllib.loads((tree.ROOT / "pyproject.toml").read_text(encoding="utf-8"))
CONTRACTS: list[dict[str, Any]] = SETTINGS["tool"]["importlinter"]["contracts"]
FIRST_PARTY = {*tree.ROOMS, "tests"}


def rooms_named(contract: dict[str, Any]) -> set[str]:
    return set(re.findall(r"\b(?:bot\.\w+|config|credit|storage)\b", str(contract)))


def excused(contract: dict[str, Any]) -> bool:
    """Tell whether a contract speaks of a room that is not built yet."""
    places = {place.removesuffix(".py"): place for place in tree.NOT_BUILT_YET}
    awaited = [places.get(room.replace(".", "/")) for room in rooms_named(contract)]
    return any(place and not tree.built(place) for place in awaited)


@pytest.mark.parametrize("contract", CONTRACTS, ids=lambda contract: str(contract["id"]))
def test_an_import_contract_is_kept(contract: dict[str, Any]) -> None:
    if excused(contract):
        return
    lint = [sys.executable, "-c", "from importlinter.cli import lint_imports_command as l; l()"]
    answer = subprocess.run(
        [*lint, "--no-cache", "--contract", contract["id"]],
        cwd=tree.ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert answer.returncode == 0, answer.stdout[-3000:] + answer.stderr[-3000:]


def test_credit_imports_the_standard_library_only() -> None:
    allowed = sys.stdlib_module_names | {"credit"}
    foreign = [
        f"{tree.short(path)}: {name}"
        for path in tree.sources()
        if tree.short(path).startswith("credit/")
        for name in tree.imports(path)
        if name.split(".")[0] not in allowed
    ]
    assert not foreign


def test_the_product_never_imports_the_tests() -> None:
    assert not [
        tree.short(path)
        for path in tree.sources()
        for name in tree.imports(path)
        if name.split(".")[0] == "tests"
    ]


def test_every_imported_package_is_a_declared_dependency() -> None:
    importable = {"dateutil": "python-dateutil", "telegram": "python-telegram-bot"}
    importable |= {"stdnum": "python-stdnum", "python_calamine": "python-calamine"}
    declared = {
        re.split(r"[\[<>=~! ]", line, maxsplit=1)[0].lower()
        for line in SETTINGS["project"]["dependencies"]
    } | {"pydantic"}  # arrives with pydantic-settings, whose fields are made of it
    unknown = defaultdict(list)
    for path in tree.sources():
        for name in tree.imports(path):
            top = name.split(".")[0]
            package = importable.get(top, top.replace("_", "-")).lower()
            known = top in sys.stdlib_module_names or top in FIRST_PARTY or package in declared
            if not known:
                unknown[top].append(tree.short(path))
    assert not unknown
