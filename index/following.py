"""Follow the manifest on disk: load its state to search in, and notice when a writer swapped in a newer one."""

import logging
import threading
import time
from collections.abc import Mapping
from pathlib import Path

from index.errors import IndexDamagedError
from index.manifest import Signature, manifest_signature, read_manifest
from index.segments import Segment
from index.snapshot import Snapshot

logger = logging.getLogger(__name__)

_LOAD_ATTEMPTS = 50
_LOAD_PAUSE_S = 0.02


class ManifestFollower:
    """Holds the latest state. Threads may ask for it while another one loads a newer one."""

    def __init__(self, folder: Path, *, poll_interval_s: float) -> None:
        """Follow the manifest in a data folder, looking at it at most every `poll_interval_s`."""
        self._folder = folder
        self._poll_interval_s = poll_interval_s
        self._loading = threading.Lock()
        self._snapshot: Snapshot | None = None
        self._signature: Signature | None = None
        self._looked_at = 0.0

    @property
    def segments(self) -> Mapping[str, Segment]:
        """Return the segments that are loaded, by name."""
        snapshot = self._snapshot
        return snapshot.segments if snapshot else {}

    def current(self) -> Snapshot:
        """Return the state to search in, after looking now and then whether there is a newer one.

        Raises:
            IndexDamagedError: The first state can't be loaded. If a later one can't, the one before goes on serving.
        """
        snapshot = self._snapshot
        now = time.monotonic()
        if snapshot is None:
            self._looked_at = now
            return self.load_if_new()
        if now - self._looked_at < self._poll_interval_s or self._loading.locked():
            return snapshot
        self._looked_at = now
        try:
            return self.load_if_new()
        except IndexDamagedError:
            logger.exception("the new state of the index can't be read; searching in the one before")
            return snapshot

    def load_if_new(self, opened: Mapping[str, Segment] | None = None) -> Snapshot:
        """Load the state of the manifest on disk unless it is loaded.

        Args:
            opened: Further segments that are open already, by name.

        Raises:
            IndexDamagedError: It can't be, and not because a writer is replacing it this moment.
        """
        with self._loading:
            for attempt in range(_LOAD_ATTEMPTS):
                signature = manifest_signature(self._folder)
                if self._snapshot is not None and signature is not None and signature == self._signature:
                    return self._snapshot
                try:
                    known = {**self.segments, **(opened or {})}
                    loaded = Snapshot.load(self._folder, read_manifest(self._folder), known)
                except FileNotFoundError as error:
                    raise IndexDamagedError(f"{self._folder} has no manifest: a refresh builds it anew") from error
                except IndexDamagedError:
                    # A writer deletes old segments after it swapped in a new manifest, and swaps a damaged segment
                    # for a sound one: look again before believing that there is damage.
                    if signature == manifest_signature(self._folder) and attempt > 0:
                        raise
                    time.sleep(_LOAD_PAUSE_S)
                    continue
                self._snapshot, self._signature = loaded, signature
                return loaded
        raise IndexDamagedError(f"{self._folder} changes faster than it can be read; try again")

    def forget(self) -> None:
        """Let go of the state and of its files."""
        with self._loading:
            self._snapshot = None
            self._signature = None
