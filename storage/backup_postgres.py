"""PostgreSQL's own pg_dump and pg_restore, checked and counted; never a password in `ps`."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import psycopg
from psycopg import sql
from sqlalchemy import make_url

from storage import migrate
from storage.backup import (
    ALIVE,
    BackupFault,
    Broken,
    Copy,
    InUse,
    Restored,
    ToolMissing,
    digest,
)
from storage.new_file import new_file
from storage.outbox import IN_DOUBT
from storage.tables import metadata
from storage.tables.seen import views

DUMP, RESTORE = "pg_dump", "pg_restore"
_VERSION: Final = re.compile(r"^COPY \S*alembic_version .*\n(\w+)\n", re.MULTILINE)
_VERSION_ROW: Final = re.compile(r"^\d+; \d+ \d+ TABLE DATA \S+ alembic_version .*\n", re.MULTILINE)
_TABLE: Final = re.compile(r"^\d+; \d+ \d+ TABLE \S+ (\w+) ", re.MULTILINE)
_LONGEST: Final = 300
OURS: Final = {*metadata.tables, *views.tables}
_OURS = (
    "select relname, relkind from pg_class where relkind in ('r', 'v') and relname = any(%s) "
    "and relnamespace = current_schema()::regnamespace order by relkind desc, relname"
)
_TABLES = "select tablename from pg_tables where schemaname = current_schema() order by 1"
# the server's clock, by which the processes' signs of life are dated
_AT_WORK = "select owner from worker where seen_at > now() - %s limit 1"
_DOUBT = "update outbox set error = %s where state in ('waiting', 'sending') and not_before <= %s"
_READY = "insert into alembic_version (version_num) values (%s)"

Connection = psycopg.Connection[tuple[Any, ...]]


def take(url: str, target: Path) -> Copy:
    """Dump in PostgreSQL's custom format, from the very snapshot whose rows are counted."""
    tool = _tool(DUMP, _by_hand(DUMP, "--format=custom", f"--file={target}", _address(url)))
    with _connect(url) as live, new_file(target) as partial:
        live.execute("set transaction isolation level repeatable read, read only")
        row = live.execute("select pg_export_snapshot()").fetchone()
        rows, schema = _rows(live), _schema(live)
        if schema is None or row is None:
            raise BackupFault("no_database")
        _refuse_newer(schema)
        options = ("--format=custom", "--no-owner", "--no-privileges", f"--snapshot={row[0]}")
        _run(url, tool, *options, f"--file={partial}", _address(url))
        try:
            check(partial)
        except Broken as fault:  # whoever reads it knows no partial file
            raise Broken(fault.code, **{**fault.data, "file": target}) from fault
        return Copy(target, partial.stat().st_size, digest(partial), schema, rows)


def check(file: Path) -> tuple[str, frozenset[str]]:
    """Return schema and tables of a dump; raise `Broken` unless this release can use it."""
    if not file.is_file():
        raise Broken("no_file", file=file)
    tool = _tool(RESTORE, _by_hand(RESTORE, "--list", str(file)))
    try:
        listed = _run("", tool, "--list", str(file))
        version = _run("", tool, "--data-only", "--table=alembic_version", "--file=-", str(file))
    except BackupFault as fault:
        raise Broken("not_a_dump", file=file, why=fault.data["why"]) from fault
    found = _VERSION.search(version)
    if found is None:
        raise Broken("no_schema", file=file)
    if not migrate.knows(found[1]):
        raise Broken("newer", file=file)
    try:  # to its end, before anything is dropped for its sake
        _run("", tool, f"--file={os.devnull}", str(file))
    except BackupFault as fault:
        raise Broken("damaged", file=file, why=fault.data["why"]) from fault
    return found[1], frozenset(_TABLE.findall(listed))


def put_back(url: str, file: Path, now: datetime, folder: Path) -> Restored:
    """Check the dump, dump the present database into `folder`, restore in one transaction.

    What was due is marked as in doubt in a second one, which also states the schema's version:
    without that no bot starts on what is there, should this process be killed in between.
    """
    schema, tables = check(file)
    tool = _tool(RESTORE, _by_hand(RESTORE, "--clean", "--if-exists", _address(url), str(file)))
    with _connect(url) as live:
        if owner := _at_work(live):
            raise InUse("in_use", owner=owner)
        present = _schema(live)
        _refuse_newer(present)
    aside = take(url, _free_name(folder)).file if present else None
    with _connect(url) as live:
        _drop_newer(live, tables)
    try:
        _bring_back(url, tool, file)
    except BackupFault as fault:
        if aside is None:
            raise
        raise BackupFault("half_restored", **fault.data, aside=aside) from fault
    with _connect(url) as live:
        doubtful = live.execute(_DOUBT, (IN_DOUBT, now)).rowcount
        live.execute(_READY, (schema,))
        rows = _rows(live)
    return Restored(Copy(file, file.stat().st_size, digest(file), schema, rows), aside, doubtful)


def _bring_back(url: str, tool: str, file: Path) -> None:
    """Restore everything but the schema's version, in one transaction."""
    options = ("--clean", "--if-exists", "--no-owner", "--no-privileges", "--single-transaction")
    with TemporaryDirectory() as beside:
        wanted = Path(beside) / "wanted"
        wanted.write_text(_VERSION_ROW.sub("", _run("", tool, "--list", str(file))), "utf-8")
        chosen = (f"--use-list={wanted}", f"--dbname={_address(url)}", str(file))
        _run(url, tool, *options, *chosen)


def _refuse_newer(schema: str | None) -> None:
    """Raise where a newer release made tables: nobody here knows which of them to drop."""
    if schema is not None and not migrate.knows(schema):
        raise BackupFault("database_newer", revision=schema)


def _drop_newer(live: Connection, tables: frozenset[str]) -> None:
    """Drop what of ours the dump does not bring as a table: migrations make it again."""
    for name, kind in live.execute(_OURS, (sorted(OURS),)).fetchall():
        what = "view" if kind == "v" else "table"
        if what == "view" or name not in tables:
            drop = sql.SQL("drop {} if exists {} cascade")
            live.execute(drop.format(sql.SQL(what), sql.Identifier(name)))


def _rows(live: Connection) -> Mapping[str, int]:
    counts = {}
    for (name,) in live.execute(_TABLES).fetchall():
        counted = live.execute(sql.SQL("select count(*) from {}").format(sql.Identifier(name)))
        counts[name] = int((counted.fetchone() or (0,))[0])
    return counts


def _schema(live: Connection) -> str | None:
    if live.execute("select to_regclass('alembic_version')").fetchone() == (None,):
        return None
    row = live.execute(sql.SQL("select version_num from alembic_version")).fetchone()
    return None if row is None else str(row[0])


def _at_work(live: Connection) -> str | None:
    if live.execute("select to_regclass('worker')").fetchone() == (None,):
        return None
    row = live.execute(_AT_WORK, (ALIVE,)).fetchone()
    return None if row is None else str(row[0])


def _connect(url: str) -> Connection:
    return psycopg.connect(url.replace("postgresql+psycopg:", "postgresql:", 1))


def _free_name(folder: Path) -> Path:
    for number in range(1, 10_000):
        name = folder / f"before-restore-{number}.dump"
        if not name.exists():
            return name
    raise FileExistsError(folder)


def _address(url: str) -> str:
    """Return the address without its password, which a list of processes would show."""
    plain = make_url(url).set(drivername="postgresql")
    return plain._replace(password=None).render_as_string()


def _by_hand(tool: str, *words: str) -> str:
    return shlex.join((tool, *words))


def _tool(name: str, by_hand: str) -> str:
    found = shutil.which(name)
    if found is None:
        raise ToolMissing("no_tool", tool=name, by_hand=by_hand)
    return found


def _run(url: str, *words: str) -> str:
    """Run a tool and return what it says; raise `BackupFault` with the end of its complaint."""
    password = make_url(url).password if url else None
    secret = {"PGPASSWORD": str(password)} if password else {}
    done = subprocess.run(  # noqa: S603 - PostgreSQL's own tool, its words made here
        words, env={**os.environ, **secret}, capture_output=True, check=False
    )
    if done.returncode:
        tool = Path(words[0]).name
        raise BackupFault("tool_failed", tool=tool, why=_complaint(tool, done.stderr))
    return done.stdout.decode("utf-8", "replace")


def _complaint(tool: str, said: bytes) -> str:
    """Return the first error, and the detail it comes with: the versions that do not match."""
    lines: Sequence[str] = said.decode("utf-8", "replace").strip().splitlines() or ["no reason"]
    at = next((n for n, line in enumerate(lines) if "error" in line), len(lines) - 1)
    more = [line for line in lines[at + 1 : at + 2] if "detail: " in line]
    return "; ".join(line.removeprefix(f"{tool}: ") for line in (lines[at], *more))[:_LONGEST]
