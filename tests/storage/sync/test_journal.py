"""The journal: nothing lost, nothing doubled, whatever cut it short."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storage.sync import journal


def line(number: int) -> dict[str, Any]:
    return {"id": f"event-{number}", "kind": "promise.made", "data": {"note": "é\n«»" * number}}


def written(path: Path) -> list[str]:
    return [json.loads(one)["id"] for one in path.read_bytes().splitlines()]


def test_lines_are_added_at_the_end(tmp_path: Path) -> None:
    path = tmp_path / "out" / "journal.jsonl"
    assert journal.append(path, [line(1), line(2)]) == 2
    assert journal.append(path, [line(3)]) == 1
    assert written(path) == ["event-1", "event-2", "event-3"]


def test_nothing_to_write_makes_no_file(tmp_path: Path) -> None:
    path = tmp_path / "journal.jsonl"
    assert journal.append(path, []) == 0
    assert not path.exists()


def test_lines_that_come_again_after_a_crash_are_known_by_their_id(tmp_path: Path) -> None:
    path = tmp_path / "journal.jsonl"
    journal.append(path, [line(1), line(2)])
    assert journal.append(path, [line(1), line(2), line(3)]) == 1
    assert written(path) == ["event-1", "event-2", "event-3"]


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 400))
def test_a_line_torn_anywhere_is_written_anew(
    tmp_path_factory: pytest.TempPathFactory, lost: int
) -> None:
    path = tmp_path_factory.mktemp("torn") / "journal.jsonl"
    lines = [line(1), line(2), line(3)]
    journal.append(path, lines)
    content = path.read_bytes()
    path.write_bytes(content[: max(0, len(content) - lost)])
    journal.append(path, lines)
    assert written(path) == ["event-1", "event-2", "event-3"]


def test_a_tail_longer_than_one_read_is_found(tmp_path: Path) -> None:
    path = tmp_path / "journal.jsonl"
    lines = [{"id": f"e{n}", "data": "x" * 5000} for n in range(60)]
    journal.append(path, lines)
    assert journal.append(path, lines) == 0
    assert len(written(path)) == 60


def test_a_line_of_somebody_else_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "journal.jsonl"
    path.write_bytes(b"a note typed by hand\n")
    journal.append(path, [line(1)])
    assert path.read_bytes().startswith(b"a note typed by hand\n{")
