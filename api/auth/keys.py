"""API keys: made, listed and revoked on the command line, looked up at every request.

A key is `twk_<id>_<secret>`. The secret is 256 random bits, so that neither guessing nor a table of hashes reaches it:
one SHA-256 at rest is enough where a password would need a slow hash (OWASP Password Storage Cheat Sheet is on
secrets that people choose). Keys live in a file of their own, so that a backup of the index holds none and restoring an
old one brings no revoked key back to life.
"""

import hashlib
import hmac
import json
import os
import re
import secrets
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from api.auth.principal import Scope
from rag.errors import AccessError, IndexUnavailableError, InputError, NotFoundError

DATABASE = "access.sqlite"
"""In the data folder."""
PREFIX = "twk_"
ID_BYTES = 5
SECRET_BYTES = 32
MOST_NAME = 100
BUSY_S = 5.0
_KEY = re.compile(rf"{PREFIX}([0-9a-f]{{{2 * ID_BYTES}}})_([A-Za-z0-9_-]{{43}})")
_SCHEMA = """CREATE TABLE IF NOT EXISTS keys (
    id TEXT PRIMARY KEY, name TEXT NOT NULL, hash BLOB NOT NULL, rights TEXT NOT NULL,
    created_at TEXT NOT NULL, expires_at TEXT, revoked_at TEXT) STRICT"""


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiKey:
    """A key without its secret."""

    id: str
    name: str
    scopes: frozenset[Scope]
    collections: frozenset[str] | None
    """It reads and writes exactly these; None: whatever is open to all, and to its groups."""
    groups: frozenset[str]
    rate_per_minute: int | None
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None = None

    def is_valid(self, now: datetime) -> bool:
        """Say whether it opens anything at a moment."""
        return self.revoked_at is None and (self.expires_at is None or now < self.expires_at)


class KeyStore:
    """Keeps keys in the data folder. Safe for threads and processes: every call opens the file for itself."""

    def __init__(self, home: Path) -> None:
        self._path = home / DATABASE

    def create(
        self,
        name: str,
        *,
        scopes: frozenset[Scope],
        collections: frozenset[str] | None = None,
        groups: frozenset[str] = frozenset(),
        rate_per_minute: int | None = None,
        expires_at: datetime | None = None,
    ) -> tuple[ApiKey, str]:
        """Make a key and return it with the text that opens the server, which nobody can show again.

        Raises:
            InputError: It would be of no use, or its terms contradict each other.
        """
        name = " ".join(name.split())
        if not 1 <= len(name) <= MOST_NAME:
            raise InputError(f"A key's name has 1 to {MOST_NAME} characters.")
        if not scopes:
            raise InputError(f"A key needs a scope: {', '.join(Scope)}.")
        if collections is not None and (Scope.ADMIN in scopes or groups):
            other = "the scope admin" if Scope.ADMIN in scopes else "groups"
            raise InputError(f"Collections and {other} contradict each other: leave one out.")
        now = datetime.now(UTC)
        if expires_at is not None and expires_at <= now:
            raise InputError("The key would have expired already.")
        secret = secrets.token_urlsafe(SECRET_BYTES)
        key = ApiKey(
            id=secrets.token_hex(ID_BYTES),
            name=name,
            scopes=scopes,
            collections=collections,
            groups=groups,
            rate_per_minute=rate_per_minute,
            created_at=now,
            expires_at=expires_at,
        )
        with self._writing() as database:
            database.execute(
                "INSERT INTO keys VALUES (?, ?, ?, ?, ?, ?, NULL)",
                (key.id, name, _hash(secret), _rights(key), now.isoformat(), expires_at and expires_at.isoformat()),
            )
        return key, f"{PREFIX}{key.id}_{secret}"

    def revoke(self, key_id: str) -> ApiKey:
        """Make a key open nothing from now on.

        Raises:
            NotFoundError: There is no such key.
        """
        key = self.get(key_id)
        if key is None:
            raise NotFoundError(f"There is no key {key_id!r}. `turnwise keys list` shows them.")
        with self._writing() as database:
            now = key.revoked_at or datetime.now(UTC)
            database.execute("UPDATE keys SET revoked_at = ? WHERE id = ?", (now.isoformat(), key_id))
        return replace(key, revoked_at=now)

    def all(self) -> list[ApiKey]:
        """Return all keys, the oldest first."""
        return [_read(row) for row in self._rows("SELECT * FROM keys ORDER BY created_at, id")]

    def get(self, key_id: str) -> ApiKey | None:
        """Return a key by its id."""
        return next((_read(row) for row in self._rows("SELECT * FROM keys WHERE id = ?", key_id)), None)

    def is_empty(self) -> bool:
        """Say whether no key was ever made."""
        return not self._rows("SELECT id FROM keys LIMIT 1")

    def opened_by(self, text: str) -> ApiKey:
        """Return the valid key that a text is.

        Raises:
            AccessError: It is none; the message does not say what is wrong with it.
        """
        match = _KEY.fullmatch(text)
        rows = self._rows("SELECT * FROM keys WHERE id = ?", match[1]) if match else []
        if match and rows and hmac.compare_digest(rows[0]["hash"], _hash(match[2])):
            key = _read(rows[0])
            if key.is_valid(datetime.now(UTC)):
                return key
        raise AccessError("This key is not valid: it is mistyped, revoked or expired.")

    def _rows(self, query: str, *values: str) -> list[sqlite3.Row]:
        if not self._path.exists():
            return []
        with self._translated(), closing(sqlite3.connect(self._path, timeout=BUSY_S)) as database:
            database.row_factory = sqlite3.Row
            return database.execute(query, values).fetchall()

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        with self._translated():
            self._path.parent.mkdir(parents=True, exist_ok=True)
            os.close(os.open(self._path, os.O_CREAT | os.O_RDWR, 0o600))
            with closing(sqlite3.connect(self._path, timeout=BUSY_S)) as database, database:
                database.execute(_SCHEMA)
                yield database

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise IndexUnavailableError(
                f"The keys in {self._path} can't be used ({error.strerror or error}). "
                "Make the folder writable, or give `turnwise keys` another one with --home."
            ) from error
        except sqlite3.Error as error:
            mend = "Move the file away and make new keys."
            if isinstance(error, sqlite3.OperationalError) and "no such" not in str(error):
                mend = "The file is as it was: see that the disk has space and lets it be written, and try again."
            raise IndexUnavailableError(f"The keys in {self._path} can't be used ({error}). {mend}") from error


def _hash(secret: str) -> bytes:
    return hashlib.sha256(secret.encode("ascii")).digest()


def _rights(key: ApiKey) -> str:
    return json.dumps(
        {
            "scopes": sorted(key.scopes),
            "collections": None if key.collections is None else sorted(key.collections),
            "groups": sorted(key.groups),
            "rate_per_minute": key.rate_per_minute,
        }
    )


def _read(row: sqlite3.Row) -> ApiKey:
    rights = json.loads(row["rights"])
    return ApiKey(
        id=row["id"],
        name=row["name"],
        scopes=frozenset(Scope(scope) for scope in rights["scopes"]),
        collections=None if rights["collections"] is None else frozenset(rights["collections"]),
        groups=frozenset(rights["groups"]),
        rate_per_minute=rights["rate_per_minute"],
        created_at=datetime.fromisoformat(row["created_at"]),
        expires_at=row["expires_at"] and datetime.fromisoformat(row["expires_at"]),
        revoked_at=row["revoked_at"] and datetime.fromisoformat(row["revoked_at"]),
    )
