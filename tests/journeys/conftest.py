"""Give the journeys a company on each database, and its story when a test fails."""

from collections.abc import Generator, Iterator
from pathlib import Path

import pytest

from tests.journeys.harness import Company
from tests.journeys.processes import Launch, module
from tests.storage.databases import postgres_server, postgres_template, postgres_url

__all__ = ["company", "company_url", "postgres_server", "postgres_template", "postgres_url"]

FAILED = pytest.StashKey[bool]()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Remember that a test failed, for the fixture that then tells what happened."""
    report = yield
    if call.excinfo is not None:
        item.stash[FAILED] = True
    return report


@pytest.fixture(params=["sqlite", "postgresql"])
def company_url(request: pytest.FixtureRequest) -> str:
    """Return the address of a database; empty for the file that is the default."""
    return "" if request.param == "sqlite" else str(request.getfixturevalue("postgres_url"))


@pytest.fixture
def launch() -> Launch:
    """Start every process of the bot in an interpreter of its own."""
    return module("bot.cli")


@pytest.fixture
def company(
    tmp_path: Path, company_url: str, launch: Launch, request: pytest.FixtureRequest
) -> Iterator[Company]:
    """Yield a company whose bot is not started yet."""
    with Company(tmp_path, company_url, launch=launch) as one:
        yield one
        if request.node.stash.get(FAILED, False):
            print(one.told())
