"""Which transcripts their folder or feed no longer holds."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from rag.receipts import Receipt, claimed
from rag.sources.files import path_of, transcript_files


@dataclass(frozen=True, slots=True, kw_only=True)
class Pruning:
    """What pruning would do."""

    vanished: Mapping[str, str]
    """Where each transcript lay, by its id."""
    changes: Mapping[str, Receipt | None]
    """To the receipts, by location."""


def find_vanished(receipts: Mapping[str, Receipt], sources: Iterable[str]) -> Pruning:
    """Return what the folders and feeds among the sources once held and no longer do.

    What another source holds too stays. A folder that is missing, or holds no transcript at all, is more likely a disk
    that isn't mounted than an owner's wish, so nothing is taken from it.
    """
    names = list(sources)
    folders = [Path(name).resolve() for name in names if Path(name).is_dir() and transcript_files(Path(name))]
    feeds = {name: receipt for name in names if (receipt := receipts.get(name)) and receipt.episodes is not None}
    concerned = {where: r for where, r in receipts.items() if _is_in(where, folders) or r.feed in feeds}
    gone = {where for where, receipt in concerned.items() if _is_gone(receipt, feeds)}
    held = claimed(receipt for where, receipt in receipts.items() if where not in gone)
    vanished = {
        transcript_id: where
        for where, receipt in concerned.items()
        for transcript_id in (*receipt.former, *(receipt.transcripts if where in gone else ()))
        if transcript_id not in held
    }
    changes = {where: None if where in gone else replace(r, former=()) for where, r in concerned.items()}
    return Pruning(vanished=vanished, changes={where: r for where, r in changes.items() if r != receipts[where]})


def _is_in(location: str, folders: Iterable[Path]) -> bool:
    return any(path_of(location).is_relative_to(folder) for folder in folders)


def _is_gone(receipt: Receipt, feeds: Mapping[str, Receipt]) -> bool:
    if receipt.feed is not None:
        feed = feeds.get(receipt.feed)
        return feed is not None and receipt.location not in (feed.episodes or ())
    if receipt.episodes is not None:
        return False
    try:
        path_of(receipt.location).lstat()
    except (FileNotFoundError, NotADirectoryError):
        return True
    except (OSError, ValueError):  # a folder that may not be entered says nothing of what is in it
        return False
    return False
