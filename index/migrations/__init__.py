"""Bring the tables of a database to the format of today, by Alembic; each file of `versions` is a format.

The format is what the database says of itself (`schema.properties`); the revisions of Alembic bear the same names.
"""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

_FOLDER = Path(__file__).parent
VERSIONS = _FOLDER / "versions"
"""The folder with a file for each format."""


def upgrade(connection: Connection, *, said: str | None) -> str:
    """Bring the tables to the latest format, within the connection's transaction, and return that.

    Args:
        connection: To a database of an older format, or to an empty one.
        said: The format that the database says it has; None for an empty one.
    """
    config = _config()
    config.attributes["connection"] = connection
    if connection.dialect.name == "sqlite":
        # Python's driver would begin a transaction only once rows are written, after tables were made.
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    if said is not None:
        command.stamp(config, said, purge=True)
    command.upgrade(config, "head")
    return ScriptDirectory.from_config(config).get_current_head() or ""


def formats() -> frozenset[str]:
    """Return the formats from which `upgrade` knows a way."""
    return frozenset(script.revision for script in ScriptDirectory.from_config(_config()).walk_revisions())


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(_FOLDER).replace("%", "%%"))
    config.set_main_option("version_locations", str(VERSIONS).replace("%", "%%"))
    # One folder, whatever characters its name holds.
    config.set_main_option("path_separator", "newline")
    return config
