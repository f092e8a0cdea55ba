"""`relance check` reminds who runs several machines of what they share."""

from __future__ import annotations

from bot.use_cases import health
from storage import workers
from tests.day.company import MORNING, rules
from tests.storage.inline import inline


def test_the_store_is_spoken_of_when_processes_run_on_several_machines(database_url: str) -> None:
    with inline(database_url) as work:
        for owner in ("paris/1/a", "paris/2/b"):
            workers.beat(work, owner, "worker", MORNING)
        assert "machines" not in {one.check for one in health.inside(work, MORNING, rules())}
        workers.beat(work, "lyon/1/c", "worker", MORNING)
        found = {one.check: one for one in health.inside(work, MORNING, rules())}
        assert (found["machines"].state, found["machines"].data) == ("ok", {"count": 2})
