"""A copy of a live database is whole, and comes back only where nobody is at work."""

from __future__ import annotations

import sqlite3
import stat
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from storage import backup, facts
from storage.backup import Broken, InUse, NotSqlite
from storage.sqlite_path import path_of
from tests.storage.inline import inline

POSTGRES = "postgresql://nobody@nowhere/none"


@contextmanager
def a_busy_writer(url: str) -> Iterator[threading.Event]:
    """Write two facts that are always equal, again and again, from another thread."""
    stop, begun = threading.Event(), threading.Event()

    def write() -> None:
        n = 0
        while not stop.is_set():
            n += 1
            with inline(url) as work:
                facts.put(work, "left", n)
                facts.put(work, "right", n)
            begun.set()

    thread = threading.Thread(target=write)
    thread.start()
    try:
        assert begun.wait(10)
        yield stop
    finally:
        stop.set()
        thread.join()


def put(url: str, name: str, value: object) -> None:
    with inline(url) as work:
        facts.put(work, name, value)


def got(url: str, name: str) -> object:
    with inline(url) as work:
        return facts.get(work, name)


def test_a_copy_of_a_database_that_is_being_written_is_whole(
    sqlite_url: str, tmp_path: Path
) -> None:
    copies = [tmp_path / f"copy{n}.db" for n in range(5)]
    with a_busy_writer(sqlite_url):
        pages = [backup.copy_live(sqlite_url, one) for one in copies]
    assert min(pages) > 10
    for one in copies:
        url = f"sqlite:///{one}"
        assert got(url, "left") == got(url, "right") is not None
        assert stat.S_IMODE(one.stat().st_mode) & 0o077 == 0
        assert not one.with_name(one.name + ".partial").exists()


def test_what_was_copied_comes_back_and_the_present_is_kept(
    sqlite_url: str, tmp_path: Path
) -> None:
    put(sqlite_url, "word", "before")
    backup.copy_live(sqlite_url, tmp_path / "copy.db")
    put(sqlite_url, "word", "after")
    aside = backup.put_back(sqlite_url, tmp_path / "copy.db")
    assert got(sqlite_url, "word") == "before"
    assert aside is not None
    assert got(f"sqlite:///{aside}", "word") == "after"
    again = backup.put_back(sqlite_url, tmp_path / "copy.db")
    assert again not in {None, aside}


def test_a_backup_comes_back_where_there_is_no_database(sqlite_url: str, tmp_path: Path) -> None:
    put(sqlite_url, "word", "kept")
    backup.copy_live(sqlite_url, tmp_path / "copy.db")
    path_of(sqlite_url).unlink()
    for suffix in ("-wal", "-shm"):
        leftover = tmp_path / f"relance.db{suffix}"
        leftover.write_bytes(b"of a database that is gone")
    assert backup.put_back(sqlite_url, tmp_path / "copy.db") is None
    assert got(sqlite_url, "word") == "kept"


def test_a_database_in_use_is_left_alone(sqlite_url: str, tmp_path: Path) -> None:
    backup.copy_live(sqlite_url, tmp_path / "copy.db")
    put(sqlite_url, "word", "kept")
    with closing(sqlite3.connect(path_of(sqlite_url))) as bot:
        bot.execute("select * from fact").fetchall()
        with pytest.raises(InUse, match="stop the bot"):
            backup.put_back(sqlite_url, tmp_path / "copy.db")
    assert got(sqlite_url, "word") == "kept"
    assert not list(tmp_path.glob("*.before-restore-*"))


def test_a_damaged_database_can_be_replaced(sqlite_url: str, tmp_path: Path) -> None:
    put(sqlite_url, "word", "kept")
    backup.copy_live(sqlite_url, tmp_path / "copy.db")
    path_of(sqlite_url).write_bytes(b"not a database at all" * 1_000)
    assert backup.damage_of(sqlite_url)
    aside = backup.put_back(sqlite_url, tmp_path / "copy.db")
    assert aside is not None
    assert aside.read_bytes().startswith(b"not a database")
    assert got(sqlite_url, "word") == "kept"
    assert backup.damage_of(sqlite_url) is None


@pytest.mark.parametrize("content", [b"", b"garbage" * 500])
def test_what_is_no_backup_replaces_nothing(
    sqlite_url: str, tmp_path: Path, content: bytes
) -> None:
    put(sqlite_url, "word", "kept")
    (tmp_path / "bad.db").write_bytes(content)
    with pytest.raises(Broken):
        backup.put_back(sqlite_url, tmp_path / "bad.db")
    with pytest.raises(Broken):
        backup.put_back(sqlite_url, tmp_path / "missing.db")
    with closing(sqlite3.connect(tmp_path / "other.db")) as other:
        other.execute("create table notes (text)")
    with pytest.raises(Broken, match="not a backup"):
        backup.put_back(sqlite_url, tmp_path / "other.db")
    assert got(sqlite_url, "word") == "kept"


def test_there_must_be_a_database_to_copy(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        backup.copy_live(f"sqlite:///{tmp_path / 'none.db'}", tmp_path / "copy.db")
    assert list(tmp_path.iterdir()) == []


def test_names_with_signs_of_addresses_are_only_names(sqlite_url: str, tmp_path: Path) -> None:
    odd = tmp_path / "a?b #c%41.db"
    path_of(sqlite_url).rename(odd)
    backup.copy_live(f"sqlite:///{odd}", tmp_path / "copy ?#.db")
    backup.check(tmp_path / "copy ?#.db")
    assert backup.damage_of(f"sqlite:///{odd}") is None


def test_postgres_has_its_own_tools(tmp_path: Path) -> None:
    with pytest.raises(NotSqlite):
        backup.copy_live(POSTGRES, tmp_path / "copy.db")
    with pytest.raises(NotSqlite):
        backup.put_back(POSTGRES, tmp_path / "copy.db")
    assert backup.damage_of(POSTGRES) is None
