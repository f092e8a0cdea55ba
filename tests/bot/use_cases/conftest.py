"""A company without customers, on both databases."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from storage.work import Work
from tests.day.company import fresh
from tests.storage.inline import inline


@pytest.fixture
def work(database_url: str) -> Iterator[Work]:
    with inline(database_url) as one:
        fresh(one)
        yield one
