"""Faults of what remembers: a file that is locked, full or read-only, a server that goes away."""

from __future__ import annotations

import os
import resource
import sqlite3
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg

from tests.chaos.scene import Found, Scene, opened
from tests.chaos.servers import Server, a_server
from tests.journeys.harness import STARTS_WITHIN
from tests.storage import databases

STORING = "storing"
CUTS = 2
MEGABYTE = 2**20
DISK = "16m"
CUT = "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database()"
OTHERS = " and pid <> pg_backend_pid()"
OLDER = " and backend_start <= %s"
MADE_WITHIN = 1.0  # seconds in which a connection that is being made is there

Struck = Callable[[Scene], object]


def locked(folder: Path, _url: str = "") -> Found:
    """Let another connection hold the file for as long as it takes to be noticed."""
    with opened(folder) as scene:
        with closing(sqlite3.connect(scene.company.data / "relance.db")) as other:
            other.execute("begin immediate")
            kept = _kept_away(scene)
            other.execute("rollback")
        return _over(scene, "file locked", kept)


def full(folder: Path, _url: str = "") -> Found:
    """Fill the disk under the file, then make room again (needs the right to mount)."""
    with a_disk(folder / "data"), opened(folder) as scene:
        filler = scene.company.data / "filler"
        _fill(filler)
        kept = _kept_away(scene)
        filler.unlink()
        return _over(scene, "disk full", kept)


def limited(folder: Path, _url: str = "") -> Found:
    """Let no file of the process grow (RLIMIT_FSIZE), then let them grow again."""
    with opened(folder) as scene:
        pid = scene.bots[0].pid
        before = resource.prlimit(pid, resource.RLIMIT_FSIZE)
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (1, before[1]))
        kept = _kept_away(scene)
        resource.prlimit(pid, resource.RLIMIT_FSIZE, before)
        return _over(scene, "no file may grow", kept)


def read_only(folder: Path, _url: str = "") -> Found:
    """Start on a disk that may only be read: it must end and say why; then on the same disk."""
    with a_disk(folder / "data") as remount, opened(folder) as scene:
        scene.ask()
        scene.hear()
        scene.stop()
        remount("ro")
        scene.ask()
        log = scene.company.folder / "refused.log"
        arguments, environment = ["run"], scene.environment(0)
        refused = scene.company.launch(arguments, environment, scene.company.folder, log)
        code = refused.wait(STARTS_WITHIN)
        said = log.read_text("utf-8")
        waits = scene.waiting() > 0
        remount("rw")
        scene.start()
        scene.hear()
        plainly = "relance\N{NO-BREAK SPACE}: la base" in said and "Traceback" not in said
        seen = {"refused": code == 1, "plainly": plainly, "unacknowledged": waits}
        return scene.found("disk read-only", **seen)


def turned_read_only(folder: Path, _url: str = "") -> Found:
    """Let the disk fail under the running bot, as a worn one does: the system only reads it then.

    Who minds the machine stops the bot, repairs the disk and starts it again.
    """
    with a_failing_disk(folder / "data") as disk, opened(folder) as scene:
        scene.ask()
        scene.hear()
        disk.fail()
        kept = _kept_away(scene)
        scene.stop()
        scene.doubts = len(scene.people)  # an answer just heard, of which nothing was written
        disk.repair()
        scene.start()
        return _over(scene, "disk turned read-only", kept)


def connections_cut(folder: Path, url: str) -> Found:
    """Cut every connection to the server while people ask, several times."""
    with opened(folder, url, bots=2) as scene, psycopg.connect(url, autocommit=True) as other:
        cut = 0
        for _ in range(CUTS):
            scene.ask(2)
            cut += len(other.execute((CUT + OTHERS).encode()).fetchall())
            scene.ask(2)
            scene.hear()
        scene.doubts = cut  # a connection lost in a commit leaves an answer's fate unknown
        return scene.found("connections cut", cut=cut > 0)


def server_only_reads(folder: Path, url: str) -> Found:
    """Let the server refuse writes, as after a failover, and accept them again."""
    with opened(folder, url) as scene, psycopg.connect(url, autocommit=True) as other:
        scene.ask()
        scene.hear()
        other.execute(_only_reads(url, "on"))
        _cut_all(other)
        kept = _kept_away(scene)
        other.execute("set default_transaction_read_only = off")
        other.execute(_only_reads(url, "off"))
        other.execute((CUT + OTHERS).encode())
        return _over(scene, "server only reads", kept)


def _cut_all(other: psycopg.Connection[Any]) -> None:
    """Cut the connections begun before now, those too that nobody sees before they are made."""
    (now,) = other.execute("select clock_timestamp()").fetchone() or (None,)
    quiet_at = time.monotonic() + MADE_WITHIN
    while time.monotonic() < quiet_at:
        if other.execute((CUT + OTHERS + OLDER).encode(), [now]).fetchall():
            quiet_at = time.monotonic() + MADE_WITHIN
        time.sleep(0.05)


def server_restarted(folder: Path, _url: str = "") -> Found:
    """Crash the server while people ask (SIGQUIT: no farewell), and start it again."""
    with (
        a_server(folder / "server") as server,
        databases.a_database(server.uri) as url,
        opened(folder, url, bots=2) as scene,
    ):
        scene.ask()
        down = _goes_down(server, scene)
        scene.doubts = 2 * len(scene.people)  # what each process had on its way to each reader
        return _over(scene, "server restarted", down)


def _goes_down(server: Server, scene: Scene) -> dict[str, bool]:
    server.crash()
    kept = _kept_away(scene)
    server.start()
    return kept


def _kept_away(scene: Scene) -> dict[str, bool]:
    """Ask while nothing can be stored, until the bot says so; nothing may be acknowledged."""
    scene.ask()
    told = scene.until_told(STORING)
    return {"told": told, "unacknowledged": scene.waiting() > 0}


def _over(scene: Scene, fault: str, seen: dict[str, bool]) -> Found:
    """Wait until everything asked meanwhile is answered, and the bot is well again."""
    scene.hear()
    well = scene.until_told("")
    parked = scene.company.rows("select update_id from inbox where parked")
    return scene.found(fault, **seen, well_again=well, none_parked=not parked)


def _only_reads(url: str, state: str) -> bytes:
    name = url.rpartition("/")[2].partition("?")[0]
    return f'alter database "{name}" set default_transaction_read_only = {state}'.encode()


def _fill(filler: Path) -> None:
    """Write until there is no room for one byte more."""
    with filler.open("wb", buffering=0) as out:
        for size in (MEGABYTE, 4096, 1):
            try:
                while out.write(bytes(size)) == size:
                    pass
            except OSError:
                continue


@contextmanager
def a_disk(place: Path) -> Iterator[Callable[[str], object]]:
    """Mount a small disk of its own; yield what mounts it again, "ro" or "rw"."""
    place.mkdir(parents=True, exist_ok=True)
    _mount("-t", "tmpfs", "-o", f"size={DISK}", "tmpfs", str(place))
    try:
        yield lambda state: _mount("-o", f"remount,{state}", str(place))
    finally:
        subprocess.run(["umount", "--lazy", str(place)], check=True)


@dataclass(frozen=True, slots=True)
class FailingDisk:
    """A disk of its own with a journal, in a file beside the place where it is mounted."""

    place: Path

    @property
    def image(self) -> Path:
        """Return the file that holds it."""
        return self.place.with_suffix(".img")

    def fail(self) -> None:
        """Give up the journal, as after an error: nothing can be written any more."""
        _mount("-o", "remount,abort", str(self.place))

    def repair(self) -> None:
        """Mount it again: the journal is played back."""
        subprocess.run(["umount", str(self.place)], check=True)
        self.mount()

    def mount(self) -> None:
        """Mount it."""
        _mount("-o", "loop", str(self.image), str(self.place))


@contextmanager
def a_failing_disk(place: Path) -> Iterator[FailingDisk]:
    """Mount a disk that can fail (needs the right to mount, and mkfs.ext4)."""
    disk = FailingDisk(place)
    place.mkdir(parents=True, exist_ok=True)
    disk.image.touch()
    os.truncate(disk.image, 2 * int(DISK[:-1]) * MEGABYTE)
    subprocess.run(["mkfs.ext4", "-q", "-F", str(disk.image)], check=True, capture_output=True)
    disk.mount()
    try:
        yield disk
    finally:
        subprocess.run(["umount", "--lazy", str(place)], check=True)


def may_mount(folder: Path) -> bool:
    """Tell whether this process may mount a disk here."""
    return _works(a_disk(folder / "tried"))


def may_fail(folder: Path) -> bool:
    """Tell whether this process may mount a disk here that can fail."""
    return _works(a_failing_disk(folder / "tried"))


def may_limit(_folder: Path) -> bool:
    """Tell whether this system lets one process limit another."""
    return hasattr(resource, "prlimit")


def _works(disk: AbstractContextManager[object]) -> bool:
    try:
        with disk:
            return True
    except (OSError, subprocess.CalledProcessError):
        return False


def _mount(*arguments: str) -> None:
    subprocess.run(["mount", *arguments], check=True, capture_output=True)
