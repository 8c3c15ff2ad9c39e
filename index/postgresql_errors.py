"""Turn what SQLAlchemy and psycopg raise over PostgreSQL into our errors."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

from psycopg import Error
from sqlalchemy import URL
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from index.errors import (
    IndexDamagedError,
    IndexLockedError,
    IndexStorageError,
    InvalidRecordError,
    SearchEngineError,
)

_LOST = "the connection was lost; try again: what was being written is stored or not, never half, and never twice"
_BY_STATE: tuple[tuple[str, type[SearchEngineError], str], ...] = (
    ("23", InvalidRecordError, "{name}: a record id belongs to another document already ({reason})"),
    ("54000", InvalidRecordError, "{name}: an id is too long ({reason})"),
    ("55P03", IndexLockedError, "{name} is locked by another process ({reason}); try again"),
    ("40", IndexLockedError, "{name} is locked by another process ({reason}); try again"),
    ("42P01", IndexDamagedError, "{name} is not an index of Turnwise: {reason}"),
    ("XX", IndexDamagedError, "{name} is damaged ({reason}); restore a backup of the server (pg_restore)"),
    ("57014", IndexStorageError, "{name} took too long to answer ({reason}); try again"),
    ("25006", IndexStorageError, "{name} can only be read ({reason}): give the address of the primary server"),
    ("42501", IndexStorageError, "{name} refused: {reason}; grant that to the user of Turnwise"),
    ("53100", IndexStorageError, "{name}: the server's disk is full; free some space and repeat the command"),
    ("53300", IndexStorageError, "{name} has too many connections; raise max_connections, or run fewer workers"),
)
"""By how an SQLSTATE begins (PostgreSQL documentation, appendix A); the first that fits."""


def shown(url: URL) -> str:
    """Return an address without password and options."""
    # Of a socket, the folder is an option.
    host = url.host or url.query.get("host", "")
    return URL.create(
        "postgresql", username=url.username, host=str(host) or None, port=url.port, database=url.database
    ).render_as_string()


def translator(url: URL) -> Callable[[], AbstractContextManager[None]]:
    """Return a context that turns foreign exceptions into ours, which name the database without its password."""
    name = shown(url)
    secrets = [str(secret) for secret in (url.password, url.query.get("password")) if secret]

    def plain(reason: object) -> str:
        said = " ".join(str(reason).split())
        for secret in secrets:
            said = said.replace(secret, "***")
        return said

    @contextmanager
    def translated() -> Iterator[None]:
        try:
            yield
        except DBAPIError as error:
            raise _error(error, name, plain(error.orig)) from _without_secrets(error, secrets)
        except PoolTimeoutError as error:
            raise IndexStorageError(f"all connections to {name} are in use; try again") from error
        except (SQLAlchemyError, Error) as error:
            reason = plain(getattr(error, "orig", error))
            raise IndexStorageError(f"{name} can't be used: {reason}") from _without_secrets(error, secrets)

    return translated


def _error(error: DBAPIError, name: str, reason: str) -> SearchEngineError:
    state = getattr(error.orig, "sqlstate", None) or ""
    for beginning, kind, message in _BY_STATE:
        if state.startswith(beginning):
            return kind(message.format(name=name, reason=reason))
    if error.connection_invalidated:
        reason = f"{_LOST} ({reason})"
    elif not state:
        reason = f"{reason}; see that the server runs and that the address is right"
    return IndexStorageError(f"{name} can't be read or written: {reason}")


def _without_secrets(error: Exception, secrets: list[str]) -> Exception | None:
    """Return an exception as a cause that a log may show; None if it can't."""
    return None if any(secret in str(error) for secret in secrets) else error
