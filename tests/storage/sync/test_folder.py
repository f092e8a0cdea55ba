"""Files dropped in the folder: when they are complete, and where they go."""

from __future__ import annotations

import os
import sys
from datetime import date
from pathlib import Path

import pytest

from storage.sync.folder import Arrivals, Folder, being_written

DAY = date(2026, 11, 23)


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    made = Folder(tmp_path / "store")
    made.prepare()
    return made


def drop(folder: Folder, name: str, text: str = "a;b\n1;2\n") -> Path:
    path = folder.inbox / name
    path.write_text(text)
    return path


def test_a_file_is_complete_when_it_has_not_changed_for_a_second(folder: Folder) -> None:
    path = drop(folder, "clients.csv")
    arrivals = Arrivals()
    assert arrivals.complete(folder.waiting(), 100.0) == []
    assert arrivals.complete(folder.waiting(), 100.9) == []
    assert arrivals.complete(folder.waiting(), 101.0) == [path]


def test_a_file_that_grows_waits_for_another_second(folder: Folder) -> None:
    path = drop(folder, "clients.csv")
    arrivals = Arrivals()
    arrivals.complete([path], 100.0)
    drop(folder, "clients.csv", "a;b\n1;2\n3;4\n")
    assert arrivals.complete([path], 101.5) == []
    assert arrivals.complete([path], 102.5) == [path]


def test_a_file_replaced_by_another_of_the_same_size_and_time_waits_too(folder: Folder) -> None:
    path = drop(folder, "clients.csv")
    arrivals = Arrivals()
    arrivals.complete([path], 100.0)
    times = path.stat()
    other = drop(folder, ".other", "c;d\n5;6\n")
    os.utime(other, ns=(times.st_atime_ns, times.st_mtime_ns))
    other.replace(path)
    assert arrivals.complete([path], 102.0) == []


def test_a_file_taken_away_meanwhile_is_forgotten(folder: Folder) -> None:
    path = drop(folder, "clients.csv")
    arrivals = Arrivals()
    arrivals.complete([path], 100.0)
    path.unlink()
    assert arrivals.complete([path], 102.0) == []


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux grants leases")
def test_a_file_still_open_for_writing_is_not_complete(folder: Folder) -> None:
    path = drop(folder, "clients.csv")
    with path.open("a"):
        assert being_written(path)
    assert not being_written(path)


def test_hidden_unfinished_and_linked_files_are_left_alone(folder: Folder, tmp_path: Path) -> None:
    for name in (".hidden.csv", "~$book.xlsx", "export.csv.part", "export.csv.crdownload"):
        drop(folder, name)
    secret = tmp_path / "secret.csv"
    secret.write_text("not yours")
    (folder.inbox / "link.csv").symlink_to(secret)
    good = drop(folder, "export.csv")
    assert folder.waiting() == [good]


def test_an_imported_file_never_takes_the_place_of_another(folder: Folder) -> None:
    names = []
    for number in range(3):
        path = drop(folder, "créances.csv", f"version {number}")
        names.append(folder.put_away(path, DAY).name)
    assert names == [
        "2026-11-23_créances.csv",
        "2026-11-23_créances (2).csv",
        "2026-11-23_créances (3).csv",
    ]
    assert [(folder.done / name).read_text() for name in names] == [
        f"version {number}" for number in range(3)
    ]
    assert folder.waiting() == []


def test_a_move_cut_in_half_is_finished_by_the_next_one(folder: Folder) -> None:
    path = drop(folder, "clients.csv")
    os.link(path, folder.done / "2026-11-23_clients.csv")  # killed between the link and the unlink
    assert folder.put_away(path, DAY).name == "2026-11-23_clients.csv"
    assert [one.name for one in folder.done.iterdir()] == ["2026-11-23_clients.csv"]
    assert not path.exists()


def test_a_refused_file_has_its_reason_beside_it(folder: Folder) -> None:
    moved = folder.put_aside(drop(folder, "lettre.pdf"), DAY, "Pas un tableau.\n")
    note = folder.refused / "2026-11-23_lettre.pdf.txt"
    assert moved == folder.refused / "2026-11-23_lettre.pdf"
    assert note.read_bytes() == b"\xef\xbb\xbfPas un tableau.\r\n"
