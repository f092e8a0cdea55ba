"""A database as an earlier release left it."""

from __future__ import annotations

from alembic import command
from alembic.config import Config

from storage import migrate


def at_revision(url: str, revision: str) -> None:
    """Bring a blank database up to a migration and no further."""
    config = Config()
    config.set_main_option("script_location", str(migrate.MIGRATIONS))
    connections = migrate._postgres if url.startswith("postgresql") else migrate._sqlite
    with connections(url) as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
