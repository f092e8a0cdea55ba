"""A database is brought to the schema of this release, once, whole or not at all."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError, IntegrityError

from storage import migrate
from tests.storage.inline import inline

ROOT = Path(migrate.__file__).parents[1]
REVISION = '''"""A step."""
import sqlalchemy as sa
from alembic import op
revision = "{name}"
down_revision: str | None = {after}
def upgrade():
    {body}
'''
PARENT = (
    'op.execute("create table parent (id integer primary key, name text)")',
    'op.execute("create table child (parent_id integer references parent)")',
    "op.execute(\"insert into parent (id, name) values (1, 'x')\")",
    'op.execute("insert into child values (1)")',
)
CHANGE = (
    'with op.batch_alter_table("parent") as parent:',
    '    parent.alter_column("name", existing_type=sa.Text, nullable=False)',
)
BREAK = (
    'op.execute("create table half (id integer)")',
    'op.execute("insert into nowhere values (1)")',
)
ORPHAN = ('op.execute("delete from parent")',)


@pytest.fixture
def steps(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give migrations of their own, in a folder whose name is difficult."""
    folder = tmp_path / "100% migrations"
    shutil.copytree(migrate.MIGRATIONS, folder, ignore=shutil.ignore_patterns("versions"))
    versions = folder / "versions"
    versions.mkdir()
    (versions / "__init__.py").touch()
    monkeypatch.setattr(migrate, "MIGRATIONS", folder)
    write(versions, "a1", None, PARENT)
    return versions


def write(versions: Path, name: str, after: str | None, body: Sequence[str]) -> None:
    text = REVISION.format(name=name, after=repr(after), body="\n    ".join(body))
    (versions / f"{name}_step.py").write_text(text)


def test_a_new_database_is_brought_to_the_last_step(steps: Path, blank_database_url: str) -> None:
    write(steps, "b2", "a1", CHANGE)
    assert migrate.current(blank_database_url) is None
    assert migrate.pending(blank_database_url)
    migrate.upgrade(blank_database_url)
    assert migrate.current(blank_database_url) == migrate.head() == "b2"
    assert not migrate.pending(blank_database_url)
    with inline(blank_database_url) as work:
        assert work.scalar(sa.text("select count(*) from child")) == 1, "rebuilding spared it"


def test_only_the_missing_steps_are_applied(steps: Path, blank_database_url: str) -> None:
    migrate.upgrade(blank_database_url)
    migrate.upgrade(blank_database_url)
    write(steps, "b2", "a1", CHANGE)
    migrate.upgrade(blank_database_url)
    with inline(blank_database_url) as work:
        assert work.scalar(sa.text("select name from parent")) == "x"


def test_a_step_that_fails_leaves_nothing_of_any_step(steps: Path, blank_database_url: str) -> None:
    write(steps, "b2", "a1", BREAK)
    with pytest.raises(DBAPIError):
        migrate.upgrade(blank_database_url)
    assert migrate.current(blank_database_url) is None
    with inline(blank_database_url) as work:
        work.execute(sa.text("create table parent (id integer)"))
        work.execute(sa.text("create table half (id integer)"))


def test_a_step_that_orphans_a_row_is_refused(steps: Path, blank_database_url: str) -> None:
    write(steps, "b2", "a1", ORPHAN)
    with pytest.raises((sqlite3.IntegrityError, IntegrityError)):
        migrate.upgrade(blank_database_url)
    assert migrate.current(blank_database_url) is None


def test_a_database_of_a_newer_release_is_refused(steps: Path, blank_database_url: str) -> None:
    write(steps, "b2", "a1", CHANGE)
    migrate.upgrade(blank_database_url)
    (steps / "b2_step.py").unlink()
    with pytest.raises(migrate.UnknownRevisionError, match="b2"):
        migrate.pending(blank_database_url)


def test_two_last_steps_are_refused(steps: Path) -> None:
    write(steps, "b2", "a1", ("pass",))
    write(steps, "c3", "a1", ("pass",))
    with pytest.raises(migrate.TangledMigrationsError, match=r"b2.*c3"):
        migrate.head()


def test_processes_that_start_at_once_migrate_once(blank_database_url: str) -> None:
    code = "import sys; from storage import migrate; migrate.upgrade(sys.argv[1])"
    started = [
        subprocess.Popen([sys.executable, "-c", code, blank_database_url], cwd=ROOT)
        for _ in range(2)
    ]
    assert [process.wait(60) for process in started] == [0, 0]
    assert migrate.current(blank_database_url) == migrate.head()


def test_looking_whether_anything_is_missing_loads_neither_alembic_nor_sqlalchemy(
    sqlite_url: str,
) -> None:
    code = (
        "import sys; from storage import migrate; migrate.upgrade(sys.argv[1]);"
        "sys.exit(bool({'alembic', 'sqlalchemy'} & set(sys.modules)))"
    )
    subprocess.run([sys.executable, "-c", code, sqlite_url], cwd=ROOT, check=True)


def test_the_migrations_make_the_tables_that_the_code_speaks_of(database_url: str) -> None:
    assert migrate.differences(database_url) == []
