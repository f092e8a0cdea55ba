"""Files and functions stay small enough to be read in one go."""

from __future__ import annotations

from pathlib import Path

from tests.house import sizes, tree

FILE_LINES = 400
FUNCTION_LINES = 50
MEDIAN_FILE = 150
MEDIAN_FUNCTION = 8
# a migration is the history of the tables: it is never split nor touched again
HISTORY = "storage/migrations/versions/"
PAGES = ("*.js", "*.css", "*.html")


def _readable() -> list[Path]:
    paths = tree.sources() + tree.tests()
    return [path for path in paths if not tree.short(path).startswith(HISTORY)]


def test_no_python_file_is_longer_than_400_lines() -> None:
    found = [sizes.file_size(path) for path in _readable()]
    assert not [size for size in found if size.lines > FILE_LINES]


def test_no_page_script_or_template_is_longer_than_400_lines() -> None:
    pages = [path for kind in PAGES for path in (tree.ROOT / "bot").rglob(kind)]
    assert not [size for size in map(sizes.file_size, pages) if size.lines > FILE_LINES]


def test_no_function_is_longer_than_50_lines() -> None:
    found = [size for path in _readable() for size in sizes.functions(path)]
    assert not [size for size in found if size.lines > FUNCTION_LINES]


def test_the_median_file_and_function_of_the_product_are_small() -> None:
    of_files, of_functions = sizes.medians(tree.sources())
    assert of_files <= MEDIAN_FILE
    assert of_functions <= MEDIAN_FUNCTION
