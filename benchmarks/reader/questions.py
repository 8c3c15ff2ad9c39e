"""54,681 questions that were written for Turnwise, and the sentences that answer each.

`questions.jsonl.xz`: 25,306 over parts of 800 Changelog episodes. A line an excerpt: `episode`, `turns` (first and
last), `part`, and `questions`, each with its `kind`, `gold` (the sentences that answer it), `also` (that bear on it
closely) and `near` (that one could mistake for an answer). A sentence is told by its turn and where it starts in it; no
word of a transcript is in the file.

`conversations.jsonl.xz`: 29,375 over 1,224 texts of some 450 words each: conversations about improvement in health and
care (`genre` `care`), meetings of committees and teams (`meeting`), and pages of manuals, agencies, forums and
encyclopaedias (`page`; their parts stand as turns). People, organisations, programmes and what is told of them are
invented. A line a text: `id`, `genre`, `title`, `part`, `turns` (`speaker`, `text`), and `questions` as above. Those
whose ids differ only after the last hyphen were written together, and may speak of the same matter.

A large language model wrote both, without knowing the product, the seeds or a question set.

`kind`: `reworded`, in a leader's words rather than the speaker's; `near`, looks answered and isn't; `own`, in the
talk's words; `definition`; `broad`, a request for what was said on a matter; `list`, of several or a comparison;
`other`, in other words; `fact`, after a number, year, name or place; `far`, in the manner of those two and not
answered; `absent`, about what the talk doesn't touch. `part`: `fitted`; `watched`, during training;
`judged`, fifty episodes and 65 invented texts of which no question was used for either.
"""

import json
import lzma
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from index.types import Vector
from rag.chunking import Chunk, Chunker
from rag.embedding import Embedder
from rag.reading import Stretch, Window
from rag.transcripts.types import Transcript, Turn

HERE = Path(__file__).resolve().parent
QUESTIONS = HERE / "questions.jsonl.xz"
CONVERSATIONS = HERE / "conversations.jsonl.xz"
OF_NO_USE_TEXTS = HERE / "of_no_use.txt"
"""Texts, one a line, that no talk answers."""
CHANGELOG = HERE.parents[1].parent / "shared" / "benchmarks" / "changelog" / "transcripts.jsonl.xz"
CHUNK_TOKENS = 175
ALL = slice(None)

Part = Literal["fitted", "watched", "judged"]
Kind = Literal["reworded", "near", "own", "definition", "broad", "list", "other", "fact", "far", "absent"]
Genre = Literal["talk", "care", "meeting", "page"]
"""A talk is a real one; the others are invented."""
Place = tuple[int, int]
"""A turn, and where in it a sentence starts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """A chunk as the reader sees it."""

    episode: str
    window: Window
    places: tuple[Place, ...]
    """Of its sentences."""
    vector: Vector


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A question over an excerpt."""

    question: str
    kind: Kind
    vector: Vector
    gold: frozenset[Place]
    also: frozenset[Place]


@dataclass(frozen=True, slots=True, kw_only=True)
class Excerpt:
    """A part of an episode, or a whole invented conversation, and what is asked about it."""

    episode: str
    genre: Genre
    family: str
    """The same for texts that were written together."""
    passages: tuple[Passage, ...]
    questions: tuple[Asked, ...]


def excerpts(part: Part, embedder: Embedder, *, talks: slice = ALL) -> Iterator[Excerpt]:
    """Yield the excerpts of a part, chunked as the product does; of talks those of a slice.

    Raises:
        FileNotFoundError: The Changelog transcripts are absent.
    """
    chunker = Chunker(max_tokens=CHUNK_TOKENS, count_pieces=embedder.count_pieces, max_pieces=embedder.max_pieces)
    for transcript, (first, last), questions, genre in _asked_about(part, talks):
        chunks = [c for c in chunker.chunk(transcript) if any(first <= s.turn <= last for s in c.sentences)]
        vectors = embedder.embed([chunk.embedded_text for chunk in chunks], input_type="document")
        asked = embedder.embed([each["question"] for each in questions], input_type="query")
        yield Excerpt(
            episode=transcript.id,
            genre=genre,
            family=transcript.id if genre == "talk" else transcript.id.rpartition("-")[0],
            passages=tuple(_passage(transcript, c, v) for c, v in zip(chunks, vectors, strict=True)),
            questions=tuple(
                Asked(
                    question=each["question"],
                    kind=each["kind"],
                    vector=vector,
                    gold=_places(each["gold"]),
                    also=_places(each.get("also", [])),
                )
                for each, vector in zip(questions, asked, strict=True)
            ),
        )


def _asked_about(part: Part, talks: slice) -> Iterator[tuple[Transcript, tuple[int, int], list[dict[str, Any]], Genre]]:
    """Yield transcripts, the first and last turn of what is asked about, the questions, and what kind of text it is."""
    rows = [row for row in lines(QUESTIONS) if row["part"] == part][talks]
    wanted = {row["episode"] for row in rows}
    episodes = {each["id"]: each for each in lines(CHANGELOG) if each["id"] in wanted}
    for row in rows:
        first, last = row["turns"]
        yield _transcript(episodes[row["episode"]]), (first, last), row["questions"], "talk"
    for row in lines(CONVERSATIONS):
        if row["part"] == part:
            yield _transcript(row), (0, len(row["turns"]) - 1), row["questions"], row["genre"]


def lines(file: Path) -> Iterator[dict[str, Any]]:
    """Yield the lines of a compressed JSON Lines file."""
    with lzma.open(file, "rt", encoding="utf-8") as opened:
        yield from map(json.loads, opened)


def _transcript(episode: dict[str, Any]) -> Transcript:
    turns = tuple(Turn(text=turn["text"], speaker=turn["speaker"]) for turn in episode["turns"])
    return Transcript(id=episode["id"], title=episode["title"], turns=turns)


def _places(listed: list[list[int]]) -> frozenset[Place]:
    return frozenset((turn, start) for turn, start in listed)


def _passage(transcript: Transcript, chunk: Chunk, vector: Vector) -> Passage:
    stretches = []
    for span in chunk.spans:
        turn = transcript.turns[span.turn]
        said = tuple(turn.text[s.start : s.end] for s in chunk.sentences if s.turn == span.turn)
        stretches.append(Stretch(speaker=turn.speaker, sentences=said))
    return Passage(
        episode=transcript.id,
        window=Window(asked=chunk.question, stretches=tuple(stretches)),
        places=tuple((s.turn, s.start) for s in chunk.sentences),
        vector=vector,
    )
