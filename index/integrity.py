"""Check that the database is sound and that what is derived from it agrees with it."""

from dataclasses import dataclass
from pathlib import Path

from index.database import Database
from index.errors import SearchEngineError
from index.manifest import read_manifest
from index.records import RecordStore
from index.snapshot import live_mask, open_segment


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """Something wrong with an index, and what mends it."""

    what: str
    remedy: str
    """One of `REBUILD`, `REFRESH`, `RESTORE`."""


REBUILD = "rebuild"
"""Derived files are damaged; `EmbeddedEngine.refresh` or `rebuild` makes them anew from the database."""
REFRESH = "refresh"
"""Derived files lag behind the database; `EmbeddedEngine.refresh` finishes the work."""
RESTORE = "restore"
"""The database itself is damaged; restore a backup, or index again from the sources."""


def find_problems(folder: Path, database: Database, store: RecordStore) -> list[Problem]:
    """Check everything in a data folder, reading all of it; return what is wrong."""
    problems = [Problem(what=f"database: {found}", remedy=RESTORE) for found in database.problems()]
    if problems:
        return problems
    try:
        state = store.state()
        manifest = read_manifest(folder)
    except FileNotFoundError:
        return [Problem(what="the manifest of the derived files is missing", remedy=REBUILD)]
    except SearchEngineError as error:
        return [Problem(what=str(error), remedy=REBUILD)]
    if manifest.history != state.history:
        return [Problem(what="the derived files are of another database", remedy=REBUILD)]
    searchable: set[int] = set()
    for entry in manifest.segments:
        try:
            segment = open_segment(folder, entry)
        except SearchEngineError as error:
            problems.append(Problem(what=str(error), remedy=REBUILD))
            continue
        live = live_mask(entry)
        searchable.update((segment.keys if live is None else segment.keys[live]).tolist())
    if problems:
        return problems
    stored = set(store.keys())
    if state.wipe:
        problems.append(Problem(what="a removal was interrupted before it was wiped from disk", remedy=REFRESH))
    if stored != searchable:
        behind = state.last_key > manifest.last_key or state.last_removal > manifest.last_removal
        problems.append(
            Problem(
                what=f"{len(stored)} records are stored, {len(searchable)} of them or of earlier ones can be found",
                remedy=REFRESH if behind else REBUILD,
            )
        )
    return problems
