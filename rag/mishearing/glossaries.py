"""Where glossaries lie: beside the transcripts that were added, and in the data folder."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from time import monotonic

from index.protocols import SearchEngine
from rag.errors import InputError
from rag.mishearing.glossary import GLOSSARY_FILE, GlossaryName, as_toml, merged, parse_glossary
from rag.storage import COLLECTION, engine_errors

logger = logging.getLogger(__name__)

_PREFIX = "names of "
"""Of the engine's notes that hold the glossary of a folder."""
MOST_RECORDS = 20_000
"""Chunks, some two million words, up to which well-known names are looked for unasked: a question with one takes a
third of a second at first. Over twenty million words it took 2 to 6 s."""
_LOOK_EVERY_S = 2.0
"""How long after a glossary was changed by another process it may still be used as it was."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BadGlossary:
    """A glossary that can't be used, and why."""

    source: str
    reason: str


class Glossaries:
    """The names that the owner wrote down, wherever. Safe to use from several threads.

    Args:
        engine: Keeps the glossaries of folders, as they were when the folder was last added.
        home: The data folder, where the owner's own lies.
        well_known: Names that are right wherever they are said; the owner's add to them. A large collection goes
            without: to look for each among all that is written as a name takes seconds there.
    """

    def __init__(self, engine: SearchEngine, home: Path, *, well_known: Sequence[GlossaryName] = ()) -> None:
        self._well_known = tuple(well_known)
        self._engine = engine
        self._file = home / GLOSSARY_FILE
        self._names: tuple[GlossaryName, ...] | None = None
        self._written: tuple[GlossaryName, ...] = ()
        self._texts: dict[str, str] = {}
        self._looked_at = 0.0
        self._lock = Lock()

    @property
    def file(self) -> Path:
        """Return where the glossary of the data folder lies or would lie."""
        return self._file

    def written(self) -> tuple[GlossaryName, ...]:
        """Return the names that the owner wrote down."""
        self.names()
        return self._written

    def names(self) -> tuple[GlossaryName, ...]:
        """Return all names. A glossary that was broken since it was last read is logged and left out."""
        now = monotonic()
        if self._names is not None and now - self._looked_at < _LOOK_EVERY_S:
            return self._names
        with self._lock:
            self._looked_at = now
            texts = self._read()
            if self._names is None or texts != self._texts:
                self._texts, self._written = texts, self._parsed(texts)
            self._names = merged((*self._added(), *self._written))
            return self._names

    def _added(self) -> tuple[GlossaryName, ...]:
        """Return the well-known names where the collection is small enough for them."""
        if not self._well_known:
            return ()
        with engine_errors():
            return self._well_known if sum(self._engine.value_counts(COLLECTION).values()) <= MOST_RECORDS else ()

    def faults(self) -> list[BadGlossary]:
        """Return the glossaries that can't be used, and why."""
        faults = []
        for source, text in self._read().items():
            try:
                parse_glossary(text, source=source)
            except InputError as error:
                faults.append(BadGlossary(source=source, reason=str(error)))
        return faults

    def note(self, sources: Sequence[str], *, dry_run: bool = False) -> list[BadGlossary]:
        """Keep the glossaries of the folders among sources, and of files called names.toml; drop those that vanished.

        Nothing is embedded anew. One that can't be used is returned, and the one before it stays.
        """
        with engine_errors():
            kept = {name: text for name, text in self._engine.notes().items() if name.startswith(_PREFIX)}
        changes: dict[str, str | None] = {}
        faults = []
        for file in _glossary_files(sources):
            name, source = f"{_PREFIX}{_as_text(file.parent.resolve())}", _as_text(file)
            try:
                text = file.read_text("utf-8-sig") if file.is_file() else None
                if text is not None:
                    parse_glossary(text, source=source)
            except (InputError, OSError, UnicodeDecodeError) as error:
                faults.append(BadGlossary(source=source, reason=_reason(source, error)))
                continue
            if text != kept.get(name):
                changes[name] = text
        if changes and not dry_run:
            with engine_errors():
                self._engine.write_notes(changes)
            self._looked_at = 0.0
        return faults

    def accept(self, entry: GlossaryName) -> None:
        """Put a name into the glossary of the data folder; what stands in it otherwise stays as it is.

        Raises:
            InputError: The file that is there can't be used.
        """
        text = self._file.read_text("utf-8-sig") if self._file.is_file() else ""
        known = parse_glossary(text, source=str(self._file))
        if merged((*known, entry)) == known:
            return
        # A second entry of the same name adds to the first: so nothing that the owner wrote is rewritten.
        text = f"{text.rstrip()}\n\n{as_toml([entry])}".lstrip()
        part = self._file.with_name(f"{GLOSSARY_FILE}.part")
        part.write_text(text, "utf-8")
        part.replace(self._file)
        self._looked_at = 0.0

    def _read(self) -> dict[str, str]:
        """Return the text of every glossary by where it comes from."""
        with engine_errors():
            notes = self._engine.notes()
        texts = {
            f"{name.removeprefix(_PREFIX).rstrip('/')}/{GLOSSARY_FILE}": text
            for name, text in sorted(notes.items())
            if name.startswith(_PREFIX)
        }
        try:
            texts[_as_text(self._file)] = self._file.read_text("utf-8-sig")
        except FileNotFoundError:
            pass
        except (OSError, UnicodeDecodeError) as error:
            logger.warning("%s", _reason(_as_text(self._file), error))
        return texts

    def _parsed(self, texts: dict[str, str]) -> tuple[GlossaryName, ...]:
        names: list[GlossaryName] = []
        for source, text in texts.items():
            try:
                names += parse_glossary(text, source=source)
            except InputError as error:
                logger.warning("%s Until then it is left out.", error)
        return merged(names)


def without_glossaries(sources: Sequence[str]) -> list[str]:
    """Return the sources that are not themselves glossaries."""
    return [source for source in sources if not _is_glossary(source)]


def _is_glossary(source: str) -> bool:
    return Path(source).name == GLOSSARY_FILE and "://" not in source


def _glossary_files(sources: Sequence[str]) -> list[Path]:
    """Return where the glossaries of sources lie or would lie: of every folder, and of those in it."""
    files: list[Path] = []
    for source in sources:
        path = Path(source)
        try:
            if _is_glossary(source):
                files.append(path)
            elif path.is_dir():
                files += [path / GLOSSARY_FILE, *path.glob(f"*/**/{GLOSSARY_FILE}")]
        except (OSError, ValueError):
            continue  # What is wrong with the source is said where it is read.
    return list(dict.fromkeys(files))


def _as_text(path: Path) -> str:
    """Return a path as it can be stored and shown: as a file:// address where its name is not Unicode."""
    try:
        str(path).encode()
    except UnicodeEncodeError:
        return path.absolute().as_uri()
    return str(path)


def _reason(source: str, error: Exception) -> str:
    if isinstance(error, InputError):
        return str(error)
    if isinstance(error, UnicodeDecodeError):
        return f"{source} is not UTF-8 (byte {error.start}). Save it as UTF-8."
    return f"{source} can't be read: {error}"
