"""The labelled Changelog episodes of the shared material, as Markdown."""

import json
import lzma
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

FEWEST = 2_082
"""Episodes with labels."""


@dataclass(frozen=True, slots=True)
class Episode:
    name: str
    markdown: str
    labels: frozenset[str]

    def names(self, speaker: str | None) -> bool:
        """Say whether the episode names a speaker: as the label of a turn, or of a scene within a turn's text."""
        return speaker is None or speaker in self.labels or f"\n{speaker}:" in self.markdown.replace("*", "")


def episodes(shared: Path) -> Iterator[Episode]:
    """Yield the episodes in which somebody is named, decompressing as far as they are asked for."""
    with lzma.open(shared / "benchmarks" / "changelog" / "transcripts.jsonl.xz", "rt", encoding="utf-8") as lines:
        for line in lines:
            document = json.loads(line)
            labels = frozenset(turn["speaker"] for turn in document["turns"] if turn["speaker"])
            if not labels:
                continue
            paragraphs = (
                (f"**{turn['speaker']}:** " if turn["speaker"] else "") + turn["text"].replace("\n", "\n\n")
                for turn in document["turns"]
            )
            markdown = "\n\n".join(paragraphs)
            yield Episode(document["id"], markdown, labels)
