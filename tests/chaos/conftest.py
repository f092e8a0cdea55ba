"""Give the short form its launch: copies, which save the imports of every start."""

from __future__ import annotations

import pytest

from tests.journeys.copies import Copy
from tests.journeys.processes import Launch


@pytest.fixture
def launch() -> Launch:
    """Start every bot as a copy of a process that has imported the product."""
    return Copy
