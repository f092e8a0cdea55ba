"""Give the access tests one furnished database: every update on it is rolled back."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.access.bench import Bench, a_copy_of, furnished
from tests.storage.databases import sqlite_template

__all__ = ["bench", "sqlite_template"]


@pytest.fixture(scope="session")
def bench(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    """Yield the furnished database and the dispatcher."""
    with furnished(a_copy_of(sqlite_template, tmp_path_factory.mktemp("access"))) as one:
        yield one
