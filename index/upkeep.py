"""Keep what is derived, and what searches answer from, up to the truth."""

from dataclasses import replace
from pathlib import Path

from index.database import Database
from index.derivation import Derivation
from index.errors import IndexDamagedError, IndexStorageError
from index.following import ManifestFollower
from index.locking import WriterLock
from index.manifest import Manifest, manifest_signature, write_manifest
from index.records import RecordStore, TruthState


class Upkeep:
    """Derives, loads what was derived, and has wiped what was removed. Safe to use from several threads."""

    def __init__(
        self,
        folder: Path,
        *,
        database: Database,
        store: RecordStore,
        derivation: Derivation,
        follower: ManifestFollower,
        deriving: WriterLock,
        writer: WriterLock,
        empty: Manifest,
    ) -> None:
        """Keep a data folder.

        Args:
            folder: The data folder.
            database: The truth.
            store: What reads it.
            derivation: Writes segments and manifests.
            follower: Loads them.
            deriving: Held while the folder changes.
            writer: Held while the database changes; the same lock where the database is in the folder.
            empty: The manifest to begin with.
        """
        self._folder = folder
        self._database = database
        self._store = store
        self._derivation = derivation
        self._follower = follower
        self._deriving = deriving
        self._writer = writer
        self._empty = empty

    def catch_up(self, state: TruthState) -> None:
        """Bring what is searched up to what was stored in a state of the truth, or later."""
        if self._is_behind(state):
            with self._deriving.held():
                if self._is_behind(self._store.state()):
                    self.derive()

    def derive(self, *, anew: bool = False) -> None:
        """Derive from all that is stored and search in that.

        Args:
            anew: Trust nothing that was derived before.

        Raises:
            IndexStorageError: The folder can't be written.
        """
        with self._deriving.held(), self._database.one_moment():
            try:
                if self._database.is_shared and manifest_signature(self._folder) is None:
                    # A machine that is new to the database: nothing is damaged.
                    write_manifest(self._folder, replace(self._empty, history=self._store.state().history))
                segments = self._derivation.update(self._follower.segments, anew=anew)
            except OSError as error:
                raise IndexStorageError(f"the index in {self._folder} can't be written: {error}") from error
            self._follower.load_if_new(segments)

    def wipe(self) -> None:
        """Wipe what was removed from the database unless somebody else did meanwhile."""
        with self._writer.held():
            if self._store.state().wipe:
                self._database.wipe()
                self._store.wiped()

    def _is_behind(self, state: TruthState) -> bool:
        """Tell whether what is derived lags behind or is damaged; otherwise search in its latest state."""
        if self._derivation.is_behind(state):
            return True
        try:
            self._follower.load_if_new()
        except IndexDamagedError:
            return True
        return False
