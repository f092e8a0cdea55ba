"""Measure files and functions; `python -m tests.house.sizes` prints the figures."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from tests.house import tree

FUNCTION = (ast.FunctionDef, ast.AsyncFunctionDef)


@dataclass(frozen=True, slots=True)
class Size:
    """A named piece of code and its number of lines."""

    name: str
    lines: int


def file_size(path: Path) -> Size:
    """Count the lines of a file."""
    return Size(tree.short(path), len(path.read_text(encoding="utf-8").splitlines()))


def functions(path: Path) -> Iterator[Size]:
    """Count the lines of each function, signature included, docstring left out."""
    for node in ast.walk(tree.parsed(path)):
        if isinstance(node, FUNCTION):
            assert node.end_lineno is not None
            lines = node.end_lineno - node.lineno + 1 - _docstring_lines(node)
            yield Size(f"{tree.short(path)}:{node.lineno} {node.name}", lines)


def _docstring_lines(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    first = node.body[0]
    if ast.get_docstring(node, clean=False) is None or first.end_lineno is None:
        return 0
    return first.end_lineno - first.lineno + 1


def medians(paths: list[Path]) -> tuple[float, float]:
    """Return the median length of files that hold code, and of their functions."""
    files = [file_size(path).lines for path in paths if path.name != "__init__.py"]
    bodies = [size.lines for path in paths for size in functions(path)]
    return median(files), median(bodies)


def main() -> None:
    """Print the medians and the largest pieces."""
    for name, paths in (("sources", tree.sources()), ("tests", tree.tests())):
        of_files, of_functions = medians(paths)
        print(f"{name}: {len(paths)} files, median {of_files:g} lines; functions {of_functions:g}")
        longest = sorted(map(file_size, paths), key=lambda size: -size.lines)[:5]
        widest = [size for path in paths for size in functions(path)]
        for size in longest + sorted(widest, key=lambda size: -size.lines)[:5]:
            print(f"  {size.lines:4} {size.name}")


if __name__ == "__main__":
    main()
