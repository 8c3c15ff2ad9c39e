"""Names that may have been misheard, for a person to accept or not.

A form is compared with the names of the glossary, with the speakers and their organisations, and with names that are
written more often in the same collections. What is found is shown with a quote, so that a person sees the context.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from math import exp

from index.protocols import NO_FILTER, SearchEngine
from index.types import Filter
from rag.library import Library
from rag.mishearing.glossaries import Glossaries
from rag.mishearing.glossary import GlossaryName
from rag.mishearing.known_words import is_known
from rag.mishearing.matching import CERTAIN, Match, Matcher, Target, targets_of
from rag.mishearing.sounds import letters
from rag.mishearing.vocabulary import ANALYZER, Form, Vocabularies, Vocabulary
from rag.storage import engine_errors
from rag.transcripts.common_words import is_common
from rag.transcripts.names import fold

LEAST = -1.0
"""Log odds from which a person is asked; where nothing says that the name is in these conversations, `LEAST_FREE`."""
LEAST_FREE = 1.0
RARE = 3
"""Chunks that a form may be in at most, to be taken for a mishearing of a name that is in the glossary nowhere."""
OFTENER = 3
"""How many times more chunks that name has to be in."""
MOST_NAMES = 400
"""Frequent names of the collections that forms are compared with."""
CONTEXT = 60
"""Characters of the quote on either side."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """What was written, the name that it may have been, and why."""

    heard: str
    name: str
    confidence: float
    """Probability by the model of `likeness`, which was fitted on names of glossaries."""
    known_from: str
    """`glossary`, `speaker`, `organisation` or `transcripts`: where the right form stands."""
    companion: str | None
    """A word that stands beside both."""
    used: bool
    """Searches and glosses use it already, without being asked."""
    chunks: int
    """That hold it."""
    transcript_id: str
    turn: int
    quote: str
    """The words around it, where it stands first."""


class Suggesting:
    """Looks for names that were misheard."""

    def __init__(
        self, *, engine: SearchEngine, library: Library, glossaries: Glossaries, vocabularies: Vocabularies
    ) -> None:
        self._engine = engine
        self._library = library
        self._glossaries = glossaries
        self._vocabularies = vocabularies

    def suggestions(self, where: Filter = NO_FILTER) -> list[Suggestion]:
        """Return what may have been misheard, the surest first."""
        vocabulary = self._vocabularies.of(where)
        known = self._glossaries.names()
        accepted = {(fold(entry.name), fold(heard)) for entry in known for heard in entry.heard}
        found: dict[str, Suggestion] = {}
        for targets, known_from, least in self._sources(known, vocabulary):
            together = Matcher(targets, vocabulary)
            for target in targets:
                # Among the names of the transcripts each may be the mishearing of another.
                matcher = Matcher((target,), vocabulary) if known_from == "transcripts" else together
                for match in matcher.matches(target, least=least):
                    form = vocabulary.forms[match.form]
                    if known_from != "glossary" and not _yields(match, target, vocabulary):
                        continue
                    if (fold(target.name), fold(match.form)) in accepted:
                        continue
                    made = self._made(match, target, form, known_from, where)
                    before = found.get(match.form)
                    if made is not None and (before is None or made.confidence > before.confidence):
                        found[match.form] = made
        kept = [s for s in found.values() if not _is_within(s, found.values())]
        return sorted(kept, key=lambda s: (-s.confidence, s.heard))

    def _sources(
        self, known: Sequence[GlossaryName], vocabulary: Vocabulary
    ) -> Iterator[tuple[tuple[Target, ...], str, float]]:
        yield targets_of(known), "glossary", LEAST
        speakers = self._library.speakers()
        yield targets_of(GlossaryName(name=entry.name) for entry in speakers), "speaker", LEAST_FREE
        organisations = {held.organisation for entry in speakers for held in entry.roles if held.organisation}
        yield targets_of(GlossaryName(name=name) for name in sorted(organisations)), "organisation", LEAST_FREE
        single = [form for form in vocabulary.forms.values() if " " not in form.text]
        single.sort(key=lambda form: (-form.count, form.text))
        right = [form for form in single if form.count >= OFTENER or form.companions or is_known(form.text)]
        yield targets_of(GlossaryName(name=form.text) for form in right[:MOST_NAMES]), "transcripts", LEAST_FREE

    def _made(self, match: Match, target: Target, form: Form, known_from: str, where: Filter) -> Suggestion | None:
        place = self._place(match.form, where)
        if place is None:
            return None
        transcript_id, turn, quote = place
        return Suggestion(
            heard=match.form,
            name=target.name,
            confidence=1 / (1 + exp(-match.log_odds)),
            known_from=known_from,
            companion=match.companion,
            used=known_from == "glossary" and match.log_odds >= CERTAIN,
            chunks=form.count,
            transcript_id=transcript_id,
            turn=turn,
            quote=quote,
        )

    def _place(self, heard: str, where: Filter) -> tuple[str, int, str] | None:
        """Return where a form stands first among what search finds, with the words around it."""
        with engine_errors():
            ids = self._engine.with_all_words(heard, 50, where)
            records = self._engine.records(ids)
        for record_id in ids:
            body = json.loads(records[record_id].body) if record_id in records else {"turns": []}
            for turn in body["turns"]:
                at = turn["text"].find(heard)
                if at >= 0:
                    return body["transcript_id"], turn["turn"], _around(turn["text"], at, at + len(heard))
        return None


def _around(text: str, start: int, end: int) -> str:
    first, last = max(0, start - CONTEXT), min(len(text), end + CONTEXT)
    first = text.find(" ", first, start) + 1 if first else 0
    last = text.rfind(" ", end, last) if last < len(text) else last
    last = last if last > end else end
    return f"{'…' if first else ''}{' '.join(text[first:last].split())}{'…' if last < len(text) else ''}"


def _yields(match: Match, target: Target, vocabulary: Vocabulary) -> bool:
    """Say whether a form is the less well attested of the two: rare, where the name speaks or is written more often.

    Of two that stand beside the same word or sound the same, the known one, then the longer one is the name.
    """
    form = vocabulary.forms[match.form]
    if (
        form.count > RARE
        or all(map(is_common, target.words))
        or ANALYZER.terms(match.form) == ANALYZER.terms(target.name)
    ):
        return False
    if any(word in vocabulary.speakers for word in target.words):
        return True
    often = sum(count for run, count in vocabulary.runs.items() if set(target.words) <= set(map(fold, run)))
    ranks = [(is_known(text), len(letters(text))) for text in (target.name, match.form)]
    if often >= OFTENER * form.count:
        return True
    return (match.companion is not None or ranks[0][0]) and often >= form.count and ranks[0] > ranks[1]


def _is_within(one: Suggestion, others: Iterable[Suggestion]) -> bool:
    """Say whether a longer form that is at least as sure holds this one."""
    return any(
        one.heard != other.heard and one.heard in other.heard.split() and other.confidence >= one.confidence
        for other in others
    )
