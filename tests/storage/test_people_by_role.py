"""Who hears of an alert is found by his role, however many reps there are."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import Select

from storage import people
from tests.storage.inline import inline
from tests.storage.test_scope import plan_of


@pytest.mark.parametrize(
    "statement", [people._DESK, people._OVER_ALL, people._NAMED], ids=["desk", "over all", "named"]
)
def test_the_few_of_a_role_are_found_by_an_index(statement: Select[Any], sqlite_url: str) -> None:
    with inline(sqlite_url) as work:
        plan = plan_of(work, statement)
    assert "SEARCH person USING INDEX ix_person_role" in plan
    assert "SCAN person" not in plan
