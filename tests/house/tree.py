"""Find what the house tests look at: rooms, Python files, every file of the project."""

from __future__ import annotations

import ast
import subprocess
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("bot", "config", "credit", "storage")

# What the plan names and is not there yet: a test fails on any other missing place.
NOT_BUILT_YET: tuple[str, ...] = ()


def built(place: str) -> bool:
    """Tell whether a place is there; refuse when it should be and is not."""
    if (ROOT / place).exists():
        return True
    assert place in NOT_BUILT_YET, f"{place} is missing (tests/house/tree.py: NOT_BUILT_YET)"
    return False


def sources() -> list[Path]:
    """List the Python files of the product."""
    return sorted(path for room in ROOMS for path in (ROOT / room).rglob("*.py"))


def tests() -> list[Path]:
    """List the Python files of the tests."""
    return sorted((ROOT / "tests").rglob("*.py"))


@cache
def parsed(path: Path) -> ast.Module:
    """Return the syntax tree of a Python file."""
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


def short(path: Path) -> str:
    """Return a path as the project writes it."""
    return path.relative_to(ROOT).as_posix()


def project_files() -> list[Path]:
    """List every file that is or would be committed."""
    listing = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    paths = (ROOT / name for name in listing.stdout.split("\0") if name)
    return sorted(path for path in paths if path.is_file())


def imports(path: Path) -> list[str]:
    """List the modules that a file imports by absolute name, wherever in the file."""
    found: list[str] = []
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.Import):
            found += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            found.append(node.module)
    return found
