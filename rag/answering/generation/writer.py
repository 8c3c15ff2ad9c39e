"""An answer by a language model: each sentence is checked before it is shown, and quotes stand in where few hold."""

import logging
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import replace
from time import perf_counter

from rag.answering.composition import notice_of
from rag.answering.generation.drafting import DraftReader
from rag.answering.generation.evidence import Embed, Evidence
from rag.answering.generation.page import Page
from rag.answering.generation.prompt import write_prompt
from rag.answering.generation.support import Checker
from rag.answering.generation.types import Audience, Generator, Message, Nobody
from rag.answering.types import Answer, Citation
from rag.errors import GeneratorError
from rag.library import Library
from rag.retrieval.people import people_by_label
from rag.retrieval.types import Passage
from rag.sentence_vectors import SentenceVectors

GENERATOR = "llm"
NO_MODEL = "No language model is set up here; the answer is made of quotes alone."

log = logging.getLogger("turnwise.llm")


class Writer:
    """Has a language model answer from passages, and keeps of it what they bear out.

    Args:
        generator: The model; None where none is set up.
        library: The transcripts.
        sentence_vectors: Gives what is known of passages' sentences, by chunk id.
        embed: Gives one unit vector a text.
    """

    def __init__(
        self,
        *,
        generator: Generator | None,
        library: Library,
        sentence_vectors: Callable[[Sequence[Passage]], Mapping[str, SentenceVectors]],
        embed: Embed,
    ) -> None:
        self._sentence_vectors = sentence_vectors
        self._generator = generator
        self._library = library
        self._embed = embed

    def write(
        self,
        quotes: Answer,
        passages: Sequence[Passage],
        *,
        most_citations: int,
        finish: Callable[[Sequence[Citation]], tuple[Citation, ...]] = tuple,
        audience: Audience | None = None,
    ) -> Answer:
        """Return the model's answer as far as it holds, or `quotes` with a notice that says why it is not.

        Args:
            quotes: The answer without a model.
            passages: What was found, best first.
            most_citations: How many citations at most.
            finish: Adds to new citations what isn't in the transcript, as the right forms of names.
            audience: Hears the answer while it is made.
        """
        if self._generator is None:
            return replace(quotes, notice=_joined(NO_MODEL, quotes.notice))
        audience = audience or Nobody()
        started = perf_counter()
        asked = quotes.standalone_question
        messages: list[Message] = []
        given: tuple[Passage, ...] = ()
        trouble: str | None = None
        try:
            messages, given = write_prompt(asked, passages, self._generator.context_tokens)
        except GeneratorError as error:
            trouble = str(error)
        cited = {(citation.transcript_id, citation.turn) for citation in quotes.citations}
        shown = tuple(p for p in passages if p in given or any((p.transcript_id, t.turn) in cited for t in p.turns))
        audience.begin(quotes.status, asked, shown)
        known = self._sentence_vectors(given)
        speakers = self._library.speakers()
        people = people_by_label(speakers)
        evidence = Evidence(given, transcript_of=self._library.find, known=known, embed=self._embed, people=people)
        checker = Checker(evidence, question=asked, speakers=speakers)
        page = Page(checker, self._library, most_citations=most_citations, finish=finish, audience=audience)
        if trouble is None:
            trouble = self._listen(messages, page, audience)
        page.end()
        taken = {**quotes.timings_ms, "generate": (perf_counter() - started) * 1000}
        taken["total"] = quotes.timings_ms.get("total", 0.0) + taken["generate"]
        if page.shown:
            notice = _joined(page.left_out(), _broke_off(trouble), notice_of(page.citations))
            return replace(
                quotes,
                generator=GENERATOR,
                notice=notice,
                answer=page.answer,
                sentences=tuple(page.sentences),
                citations=tuple(page.citations),
                passages=shown,
                timings_ms=taken,
            )
        _read_aloud(quotes, audience)
        return replace(quotes, notice=_joined(page.why_not(trouble), quotes.notice), passages=shown, timings_ms=taken)

    def _listen(self, messages: Sequence[Message], page: Page, audience: Audience) -> str | None:
        """Put the model's sentences onto the page as they come; return why it broke off, or None."""
        assert self._generator is not None  # noqa: S101 - write() has looked
        reader = DraftReader()
        trouble, whole = None, False
        try:
            with closing(self._generator.stream(messages, stopped=audience.gone)) as pieces:  # type: ignore[type-var]
                for piece in pieces:
                    for draft in reader.feed(piece):
                        page.take(draft)
                    if page.full or reader.full:
                        break
                else:
                    whole = not audience.gone()
        except GeneratorError as error:
            trouble = str(error)
        if not page.full:
            for draft in reader.finish(whole=whole):
                page.take(draft)
        return trouble


def _read_aloud(quotes: Answer, audience: Audience) -> None:
    at, heard = 0, set[int]()
    for sentence in quotes.sentences:
        new = [c for c in quotes.citations if c.n in sentence.citations and c.n not in heard]
        heard.update(c.n for c in new)
        audience.hear(quotes.answer[at : sentence.end], new)
        at = sentence.end
    if at < len(quotes.answer):
        audience.hear(quotes.answer[at:], [])


def _broke_off(trouble: str | None) -> str | None:
    return f"The language model broke off ({trouble})." if trouble else None


def _joined(*notes: str | None) -> str | None:
    return " ".join(filter(None, notes)) or None
