"""Transcripts that say themselves which edition they are of, so that a torn answer shows whenever they are replaced."""

import json
import re
from pathlib import Path

TRANSCRIPTS = 12
TURNS = 6
SPEAKERS = ("Ines Calloway", "Tobias Renn")
_NAME = re.compile(r"rota-(\d+)")
_EDITION = re.compile(r"edition (\d+)", re.IGNORECASE)


def is_edition(transcript_id: str) -> bool:
    """Say whether a transcript is one of these."""
    return _NAME.fullmatch(transcript_id) is not None


def text_of(transcript_id: str, edition: int, turn: int) -> str:
    """Return what a turn says in one edition."""
    number = transcript_id.removeprefix("rota-")
    return f"Edition {edition} of lighthouse rota {number} has step {turn} after the ferry, in edition {edition}."


def edition_in(words: str) -> int:
    """Return which edition a quote is of; -1 if it doesn't say."""
    found = _EDITION.search(words)
    return int(found[1]) if found else -1


def write_edition(folder: Path, edition: int) -> None:
    """Write all transcripts of one edition into a folder."""
    for number in range(TRANSCRIPTS):
        name = f"rota-{number}"
        turns = [{"speaker": SPEAKERS[n % 2], "text": text_of(name, edition, n)} for n in range(TURNS)]
        document = {"id": name, "title": f"Lighthouse rota {number}", "date": "2024-03-02", "turns": turns}
        (folder / f"{name}.json").write_text(json.dumps(document), "utf-8")
