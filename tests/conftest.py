"""What every test shares: its databases, Hypothesis without deadlines, ids the same everywhere."""

import pytest
from hypothesis import settings

pytest_plugins = ["tests.storage.databases"]  # the fixtures of SQLite and PostgreSQL, once

settings.register_profile("noisy", deadline=None)
settings.load_profile("noisy")


def pytest_make_parametrize_id(val: object) -> str | None:
    """Name a set by its members in order: each worker hashes text its own way, and must agree."""
    if isinstance(val, set | frozenset):
        return "+".join(sorted(repr(member) for member in val)) or "nothing"
    return None


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Refuse a test named by a set all the same (`ids=str`): workers would not agree on it."""
    if named := next((item.nodeid for item in items if "set({" in item.nodeid), None):
        raise pytest.UsageError(f"{named}: the order of a set is chance, let its members name it")
