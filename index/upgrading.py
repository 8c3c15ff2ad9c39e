"""Bring a database of an older format up to today's, before anything is written to it."""

import logging

from sqlalchemy import Connection

from index.database import Database
from index.records import RecordStore, state_properties
from index.schema import FORMAT

logger = logging.getLogger(__name__)


def upgrade_if_older(database: Database, store: RecordStore) -> None:
    """Upgrade the tables where a way from their format is known; all of it or nothing. Under the writer lock.

    Another format is left as it is, for `restoring.check_properties` to refuse.
    """
    said = store.properties().get("format")
    if said == FORMAT or said is None:
        return
    from index.migrations import formats, upgrade  # noqa: PLC0415 - Alembic is seldom needed

    if said not in formats():
        return

    def work(connection: Connection) -> None:
        state_properties(connection, {"format": upgrade(connection, said=said)})

    database.write(work)
    logger.warning("%s was upgraded from format %s to %s", database.name, said, FORMAT)
