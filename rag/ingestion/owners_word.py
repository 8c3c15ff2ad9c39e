"""Which `speakers.toml` holds for a source: those beside it and above it in the folder added, and the data folder's."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from rag.errors import OwnersFileError, ReadError
from rag.sources.files import folder_of, path_of
from rag.transcripts.owner import StatedSpeaker, with_owners_word
from rag.transcripts.owner_file import SPEAKERS_FILE, parse_speakers
from rag.transcripts.types import Transcript


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnersWord:
    """What the owner states about the people of one source."""

    people: tuple[StatedSpeaker, ...] = ()
    stands_for: str = ""
    """A hash of all that applies; empty where nothing does."""

    def applied(self, transcripts: Iterable[Transcript]) -> list[Transcript]:
        """Return transcripts with the names, aliases and roles that the owner stated."""
        return [with_owners_word(transcript, self.people) for transcript in transcripts]


@dataclass(frozen=True, slots=True, kw_only=True)
class SpeakersFiles:
    """Finds what the owner wrote down. Safe to use from several threads: it reads and keeps nothing.

    Args:
        home: The data folder; None where there is none.
        folders: Those that are added: above them nothing is looked for.
    """

    home: Path | None
    folders: tuple[Path, ...] = ()

    def of(self, location: str | None) -> OwnersWord:
        """Return what holds for a file or an address: what lies nearest goes before what lies further up.

        Raises:
            OwnersFileError: A file can't be used; the message names the line and how to mend it.
        """
        texts: list[str] = []
        people: list[StatedSpeaker] = []
        for file in self._files(location):
            if not file.is_file():
                continue
            try:
                texts.append(_read(file))
                people.extend(parse_speakers(texts[-1], source=str(file)))
            except ReadError as error:
                raise OwnersFileError(str(error), file) from error
        stands_for = hashlib.sha256("\0".join(texts).encode()).hexdigest() if texts else ""
        return OwnersWord(people=tuple(people), stands_for=stands_for)

    def _files(self, location: str | None) -> list[Path]:
        path = path_of(location) if location else Path()
        folders = _upwards(path.parent, self.folders) if path.is_absolute() else []
        found = [folder / SPEAKERS_FILE for folder in folders]
        return list(dict.fromkeys([*found, *([self.home / SPEAKERS_FILE] if self.home else [])]))


def speakers_files(home: Path | None, sources: Sequence[str]) -> SpeakersFiles:
    """Return where the owner's word is looked for when these sources are added."""
    return SpeakersFiles(home=home, folders=tuple(folder for name in sources if (folder := folder_of(name))))


def _upwards(folder: Path, added: Sequence[Path]) -> list[Path]:
    """Return a folder and those above it, up to the one that is added; the folder alone where none of those is."""
    above = [folder, *folder.parents]
    tops = [above.index(top) for top in added if top in above]
    return above[: max(tops) + 1] if tops else above[:1]


def _read(file: Path) -> str:
    try:
        return file.read_text("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ReadError(f"{file} is not UTF-8 (byte {error.start}). Save it as UTF-8.") from error
    except OSError as error:
        raise ReadError(f"{file} can't be read: {error}") from error
