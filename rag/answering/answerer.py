"""From a question to a cited answer, or to a plain "not in these transcripts"."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from time import perf_counter

from rag.answering.about import about
from rag.answering.abstention import THRESHOLD, Features, measure
from rag.answering.analysis.questions import Kind, QuestionAnalysis, analyse
from rag.answering.analysis.sides import Side, only_whether_they_agree, sides_of, things_apart
from rag.answering.candidates import Candidate, Evidence, gather
from rag.answering.checking.said import WITHOUT_A_MODEL, Quotes, WasItSaid, WasSaid
from rag.answering.citing import cite
from rag.answering.composition import LONGEST_SHOWN, not_found, notice_of, who_may_be_meant
from rag.answering.denials import with_denials
from rag.answering.generation.types import Audience
from rag.answering.generation.writer import Writer
from rag.answering.hearing import (
    Heard,
    heard_as_one,
    heard_of_agreement,
    heard_of_sides,
    heard_of_things,
    united,
)
from rag.answering.overviews import EVERYTHING, POINTS, SURVEYED, central, conversations_meant, speaker_summed_up
from rag.answering.quotes import Quote, with_leads
from rag.answering.reading import read
from rag.answering.replies import EXTRACTIVE, with_quotes, without_quotes
from rag.answering.selection import SIDED, quote_each, score, select
from rag.answering.things import spoken_of
from rag.answering.types import Answer, Citation, Gloss, Status
from rag.answering.verification import verified
from rag.errors import InputError
from rag.library import Library
from rag.reading import Reader
from rag.retrieval.people import spoken_as
from rag.retrieval.query import clean_question, let_through
from rag.retrieval.retriever import MOST_PASSAGES, Retriever
from rag.retrieval.types import Exchange, Filters, Passage, SearchResult
from rag.transcripts.names import name_key

PASSAGES = 12
"""Passages that an answer is looked for in."""
PASSAGES_OF_SIDES = 30
"""The same where several are to be heard, or somebody introduced: the first dozen may be all of one conversation."""
READ = 8
"""Passages that are read together with the question."""
AT_ONCE = 4
"""How many of these before the next ones: often one of the first answers. All where several sides are to be heard."""
NEAREST = 5
"""Passages shown as nearest where there is no answer."""
MOST_CITATIONS = 12
LLM = "llm"


class Answerer:
    """Answers without a language model: the best-supported whole sentences of the best passages, verbatim.

    Args:
        retriever: Finds the passages.
        library: The transcripts.
        writer: Writes with a language model where a request asks for one.
        reader: Reads the best passages together with the question; None, and sentences are told apart without.
        generator: What answers where a request doesn't say.
        quotes: Checks whether something was said; None, and questions that ask it are answered like others.
    """

    def __init__(
        self,
        *,
        retriever: Retriever,
        library: Library,
        writer: Writer,
        reader: Reader | None,
        generator: str = EXTRACTIVE,
        quotes: Quotes | None = None,
    ) -> None:
        self._retriever = retriever
        self._library = library
        self._writer = writer
        self._reader = reader
        self._generator = generator
        self._was_it_said = WasItSaid(quotes=quotes, retriever=retriever, library=library) if quotes else None

    def ask(
        self,
        question: str,
        *,
        history: Sequence[Exchange] = (),
        filters: Filters = Filters(),  # noqa: B008 - immutable
        max_citations: int = 6,
        generator: str | None = None,
        audience: Audience | None = None,
    ) -> Answer:
        """Return a cited answer, or one that says that the transcripts don't answer.

        An audience hears what a language model writes while it is written; any other answer is there at once.

        Raises:
            InputError: The question is empty or too long, or `max_citations` or `generator` is not valid.
            UnknownSpeakerError: A filter names a speaker who isn't there.
            IndexUnavailableError: The index is missing or damaged.
        """
        started = perf_counter()
        if not 1 <= max_citations <= MOST_CITATIONS:
            raise InputError(f"max_citations is {max_citations}; it may be 1 to {MOST_CITATIONS}.")
        if generator not in (None, EXTRACTIVE, LLM):
            raise InputError(f"There is no generator {generator!r}; there are 'extractive' and 'llm'.")
        reply = about(clean_question(question), self._library, filters.transcript_ids)
        if self._reader is not None and reply is None:
            self._reader.prepare()
        found = self._search(question, history, filters)
        if reply is not None:
            return without_quotes(question, found, started, status=Status.ABOUT, answer=reply, sure=0.0, passages=0)
        written = (generator or self._generator) == LLM
        said = self._said(clean_question(question), found, filters, max_citations)
        choice = self._choose_beside(said, found, filters, max_citations)
        if isinstance(choice, WasSaid):
            return self._checked(question, found, choice, started, filters, written=written)
        heard, chosen = choice
        proved = verified(chosen, self._library)
        if len(proved) < len(chosen):  # a transcript was replaced meanwhile: what it says now may answer as well
            found = self._search(question, history, filters)
            heard, chosen = self._choose(found, filters, max_citations)
            proved = verified(chosen, self._library)
        citations, sure = self._glossed(proved, filters), heard.sure
        unclear = self._unclear(heard.analysis)
        if not citations:
            named = spoken_of(found.standalone_query, heard.analysis, found.passages)
            answer = not_found(
                found.standalone_query,
                found.passages,
                named,
                silent=heard.silent,
                in_none=heard.unspoken if self._retriever.in_none(heard.unspoken, filters) else "",
                names_somebody=bool(heard.analysis.named),
                unclear=unclear,
                narrowed=filters != Filters(),
            )
            return without_quotes(
                question, found, started, status=Status.NOT_FOUND, answer=answer, sure=sure, passages=NEAREST
            )
        checked = said.notice if said else None
        used = {(c.transcript_id, c.turn) for c in citations}
        quoted = with_quotes(
            question,
            found,
            started,
            citations,
            sure=sure,
            notice=" ".join(filter(None, (checked, unclear, notice_of(citations, heard.silent)))) or None,
            passages=tuple(p for p in heard.passages if any((p.transcript_id, t.turn) in used for t in p.turns)),
        )
        if written:
            return self._written(quoted, heard, filters, unclear, most=max_citations, audience=audience)
        return quoted

    def _written(
        self,
        quoted: Answer,
        heard: Heard,
        filters: Filters,
        unclear: str | None,
        *,
        most: int,
        audience: Audience | None,
    ) -> Answer:
        """Return what a language model makes of quotes, with what is to be said of names that several people have."""
        answer = self._writer.write(
            quoted,
            heard.passages,
            most_citations=most,
            finish=lambda made: self._glossed(made, filters),
            audience=audience,
        )
        if unclear is None or unclear in (answer.notice or ""):
            return answer
        return replace(answer, notice=" ".join(filter(None, (unclear, answer.notice))))

    def _said(self, question: str, found: SearchResult, filters: Filters, most: int) -> WasSaid | None:
        """Return what a check of what was said answers; None where that is not asked."""
        return self._was_it_said.look(question, found, filters, most=most) if self._was_it_said else None

    def _choose_beside(
        self, said: WasSaid | None, found: SearchResult, filters: Filters, most: int
    ) -> WasSaid | tuple[Heard, list[Citation]]:
        """Return what a check answers; or, where it is asked who said it, what is chosen beside it and holds that."""
        if said is not None and not said.may_be_wider:
            return said
        heard, chosen = self._choose(found, filters, most)
        if said is None or not said.citations:
            return heard, chosen
        if not any(_holds(citation, said.citations[0]) for citation in chosen):
            return said
        return replace(heard, sure=max(heard.sure, said.sure)), chosen

    def _choose(self, found: SearchResult, filters: Filters, most: int) -> tuple[Heard, list[Citation]]:
        """Return what was heard, and the citations that answer, not yet proved; none where that is not sure enough."""
        heard = self._survey(found, filters, most) or self._hear(found, filters)
        if heard.sure < THRESHOLD:
            return heard, []
        choose = quote_each if heard.chosen else select
        quotes = with_denials(with_leads(choose(heard.candidates, heard.analysis.kind, most), most), most)
        return heard, [_cite(n, quote) for n, quote in enumerate(quotes, start=1)]

    def _checked(
        self, question: str, found: SearchResult, said: WasSaid, started: float, filters: Filters, *, written: bool
    ) -> Answer:
        """Return the answer that the check of a quote gives; `written` where a language model was asked for."""
        if not said.citations:
            own, most = replace(found, passages=said.passages), len(said.passages)
            return without_quotes(
                question, own, started, status=Status.NOT_FOUND, answer=said.unsaid, sure=said.sure, passages=most
            )
        citations = self._glossed(said.citations, filters)
        notes = (said.notice, notice_of(citations), WITHOUT_A_MODEL if written else None)
        notice = " ".join(filter(None, notes)) or None
        return with_quotes(question, found, started, citations, sure=said.sure, notice=notice, passages=said.passages)

    def measure(self, question: str, *, history: Sequence[Exchange] = ()) -> Features:
        """Return what the confidence of an answer is computed from."""
        found = self._search(question, history, Filters())
        return measure(self._look(found, Filters()), found.passages)

    def evidence(self, question: str, *, history: Sequence[Exchange] = ()) -> Evidence:
        """Return the sentences that an answer is chosen from."""
        return self._look(self._search(question, history, Filters()), Filters())

    def _search(self, question: str, history: Sequence[Exchange], filters: Filters) -> SearchResult:
        analysis = self._analysis(clean_question(question), filters)
        most = PASSAGES_OF_SIDES if analysis.kind in SIDED or analysis.introduced else PASSAGES
        return self._retriever.search(question, history=history, top_k=most, filters=filters)

    def _analysis(self, question: str, filters: Filters) -> QuestionAnalysis:
        """Return what a question asks for, of those who speak in what the filters let through."""
        speakers = self._library.speakers()
        analysis = analyse(question, speakers)
        if not analysis.unclear or filters == Filters():
            return analysis
        return analyse(question, speakers, let_through(filters, self._library))

    def _unclear(self, analysis: QuestionAnalysis) -> str | None:
        """Return what to say of the names in a question that several speakers have; None if there are none."""
        if not analysis.unclear:
            return None
        names = {name_key(entry.name): entry.name for entry in self._library.speakers()}
        people = {
            each.who: (f"{each.title} {each.name}".lstrip(), [names[key] for key in sorted(each.keys)])
            for each in analysis.unclear
        }
        return " ".join(who_may_be_meant(*told) for told in people.values())

    def _glossed(self, citations: Sequence[Citation], filters: Filters) -> tuple[Citation, ...]:
        """Return citations with the right forms of the names in them that were misheard."""
        return tuple(
            replace(
                citation,
                gloss=tuple(
                    Gloss(start=right.start, end=right.end, name=right.name)
                    for right in self._retriever.right_names(citation.quote, filters)
                ),
            )
            for citation in citations
        )

    def _look(self, found: SearchResult, filters: Filters, analysis: QuestionAnalysis | None = None) -> Evidence:
        """Return the sentences of the passages that could answer; `analysis`, if known, is that of the question."""
        analysis = analysis or self._analysis(found.standalone_query, filters)
        evidence = self._gather(found, analysis, found.passages, filters)
        at_once = READ if analysis.kind in SIDED else AT_ONCE
        return self._read(found.standalone_query, evidence, at_once, found, filters)

    def _gather(
        self, found: SearchResult, analysis: QuestionAnalysis, passages: Sequence[Passage], filters: Filters
    ) -> Evidence:
        """Return the sentences of passages that could answer, before any are read."""
        sought = analysis.topic or found.standalone_query
        rightly = partial(self._with_right_names, filters=filters, asked=sought)
        return gather(
            sought,
            self._retriever.embed_query(sought),
            analysis,
            passages,
            transcript_of=self._library.find,
            known=self._retriever.sentence_vectors(passages),
            score=score,
            instead=found.instead,
            embed_as_meant=lambda texts: self._retriever.embed_speech([rightly(text) for text in texts]),
            embed_asked=self._retriever.embed_questions if self._reader else None,
        )

    def _read(self, asked: str, evidence: Evidence, at_once: int, found: SearchResult, filters: Filters) -> Evidence:
        """Return evidence with what reading says of it; as it is where nothing is read."""
        if self._reader is None:
            return evidence
        return read(
            asked,
            evidence,
            self._reader,
            most=READ,
            at_once=at_once,
            transcript_of=self._library.find,
            score=score,
            rightly=partial(self._with_right_names, filters=filters, asked=asked) if found.instead else str,
        )

    def _hear(self, found: SearchResult, filters: Filters) -> Heard:
        """Return what may be quoted and the confidence in it: of each side, where speakers are compared."""
        speakers = self._library.speakers()
        analysis = self._analysis(found.standalone_query, filters)
        several = analysis.kind is Kind.COMPARISON and not filters.speakers
        sides = sides_of(found.standalone_query, speakers) if several else ()
        things = things_apart(found.standalone_query, speakers) if several and not sides else ()
        if things:
            alone = [(thing, *self._look_for(thing.question, filters)) for thing in things]
            return heard_of_things(self._look(found, filters, analysis), found.passages, alone)
        if not sides:
            heard = heard_as_one(self._look(found, filters, analysis), found.passages)
            agreeing = only_whether_they_agree(found.standalone_query, speakers)
            return heard_of_agreement(heard, found.standalone_query, agreeing) if agreeing else heard
        each = [(side, *self._look_at(side, found, filters)) for side in sides]
        return heard_of_sides(self._gather(found, analysis, found.passages, filters), found.passages, each)

    def _look_for(self, question: str, filters: Filters) -> tuple[Evidence, tuple[Passage, ...]]:
        """Return the sentences for another question, and the passages that they are from."""
        found = self._retriever.search(question, top_k=PASSAGES, filters=filters)
        return self._look(found, filters), found.passages

    def _look_at(self, side: Side, found: SearchResult, filters: Filters) -> tuple[Evidence, tuple[Passage, ...]]:
        """Return the sentences of one of those who are compared, and the passages that they are from."""
        own = self._retriever.search(side.question, top_k=PASSAGES, filters=replace(filters, speakers=(side.speaker,)))
        searched = replace(own, passages=united(own.passages, found.passages))
        speakers = self._library.speakers()
        analysis = analyse(side.question, speakers)
        key = spoken_as({name_key(side.speaker)}, speakers)
        evidence = self._gather(
            searched, replace(analysis, voices=key, named=key, topic=side.topic), searched.passages, filters
        )
        return self._read(side.question, evidence, AT_ONCE, searched, filters), searched.passages

    def _survey(self, found: SearchResult, filters: Filters, most: int) -> Heard | None:
        """Return what stands for the conversations of which an overview is asked for; None where none is."""
        speakers = self._library.speakers()
        meant = conversations_meant(found.standalone_query, speakers, self._library.transcripts())
        meant = tuple(each for each in meant if not filters.transcript_ids or each in filters.transcript_ids)
        if not meant:
            return None
        unclear = self._analysis(found.standalone_query, filters).unclear
        speaker = speaker_summed_up(found.standalone_query, speakers)
        voices = spoken_as({name_key(speaker.name)}, speakers) if speaker else frozenset[str]()
        analysis = replace(analyse(EVERYTHING, speakers), kind=Kind.POINT, unclear=unclear, voices=voices, named=voices)
        candidates: list[Candidate] = []
        searched: list[tuple[Passage, ...]] = []
        for transcript in filter(None, map(self._library.find, meant)):
            title = transcript.title[:LONGEST_SHOWN].strip() or EVERYTHING
            only = replace(filters, transcript_ids=(transcript.id,))
            if speaker and not filters.speakers:
                only = replace(only, speakers=(speaker.name,))
            own = self._retriever.search(title, top_k=MOST_PASSAGES, filters=only)
            evidence = self._gather(own, replace(analysis, topic=title), own.passages, only)
            known = self._retriever.sentence_vectors(own.passages)
            candidates += central(evidence.candidates, known, max(1, min(most, POINTS) // len(meant)))
            searched.append(own.passages)
        if not candidates:
            return None
        return Heard(candidates=candidates, analysis=analysis, sure=SURVEYED, passages=united(*searched), chosen=True)

    def _with_right_names(self, text: str, *, filters: Filters, asked: str) -> str:
        """Return a text with the right forms in place of the names that were misheard, and those of the question."""
        for right in sorted(self._retriever.right_names(text, filters, asked=asked), key=lambda name: -name.start):
            text = text[: right.start] + right.name + text[right.end :]
        return text


def _holds(one: Citation, other: Citation) -> bool:
    """Say whether another citation is part of one."""
    same_turn = (one.transcript_id, one.turn) == (other.transcript_id, other.turn)
    return same_turn and one.start <= other.start and other.end <= one.end


def _cite(n: int, quote: Quote) -> Citation:
    return cite(quote.candidate.transcript, quote.candidate.turn, quote.start, quote.end, n=n)
