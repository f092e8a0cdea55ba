"""What keeps a copy from being taken or put back is said, and of which file."""

from __future__ import annotations

import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from storage import backup, backup_postgres
from storage.backup import BackupFault, Broken
from storage.sqlite_path import path_of
from tests.storage.test_backup import back


@contextmanager
def a_full_disk(most: int) -> Iterator[None]:
    """Let no file grow beyond so many bytes: a write that would is refused."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (most, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_a_full_disk_is_said_of_the_file_that_cannot_be_written(
    sqlite_url: str, tmp_path: Path
) -> None:
    copy = backup.take(sqlite_url, tmp_path / "copy.db").file
    with a_full_disk(100_000), pytest.raises(BackupFault, match="unwritten") as said:
        backup.take(sqlite_url, tmp_path / "second.db")
    assert said.value.data["file"] == tmp_path / "second.db"
    target = tmp_path / "elsewhere.db"
    with a_full_disk(100_000), pytest.raises(OSError, match=r"elsewhere\.db"):
        back(f"sqlite:///{target}", copy)
    names = {file.name for file in tmp_path.iterdir()}
    assert names - {"relance.db-shm", "relance.db-wal"} == {"relance.db", "copy.db"}


def test_a_damaged_copy_and_a_damaged_original_are_said_to_be(
    sqlite_url: str, tmp_path: Path
) -> None:
    copy = backup.take(sqlite_url, tmp_path / "copy.db").file
    spoiled = bytearray(copy.read_bytes())
    spoiled[28_672:36_864] = b"\xff" * 8_192
    copy.write_bytes(spoiled)
    with pytest.raises(Broken, match="damaged"):
        back(sqlite_url, copy)
    path_of(sqlite_url).write_bytes(spoiled)
    with pytest.raises(Broken, match="damaged") as said:
        backup.take(sqlite_url, tmp_path / "second.db")
    assert said.value.data["file"] == path_of(sqlite_url)


def test_a_tool_of_another_version_says_which(
    tmp_path: Path,
) -> None:
    tool = tmp_path / "pg_dump"
    tool.write_text(
        "#!/bin/sh\n"
        "echo 'pg_dump: error: aborting because of server version mismatch' >&2\n"
        "echo 'pg_dump: detail: server version: 18.1; pg_dump version: 15.4' >&2\nexit 1\n"
    )
    tool.chmod(0o755)
    with pytest.raises(BackupFault, match=r"server version: 18\.1; pg_dump version: 15\.4"):
        backup_postgres._run("", str(tool))
