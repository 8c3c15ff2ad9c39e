"""Any span of any turn is verbatim, wherever chunks cut it; any change of a word is near, with exactly that change."""

import random
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from index.embedded import EmbeddedEngine
from rag.quoting.checker import QuoteChecker
from rag.quoting.types import Verdict
from rag.quoting.words import keys_of, words_of
from rag.transcripts.types import Transcript
from tests.rag.quoting.made_conversations import checker, conversation, indexed

RARE = "heron lantern gravel orchard thimble saddle copper willow anchor pebble harbour quilt".split()
COMMON = "and so we did it because they were not there when it was all about that".split()
SEED = 11


def _made(name: str, seed: int) -> Transcript:
    """Return a conversation of common words with a few rare ones, in sentences and paragraphs of all lengths."""
    drawn = random.Random(seed)

    def sentence() -> str:
        words = [drawn.choice(RARE if drawn.random() < 0.2 else COMMON) for _ in range(drawn.randint(1, 30))]
        words.insert(drawn.randrange(len(words) + 1), str(drawn.randint(1, 9000)) + drawn.choice(["", "%"]))
        return " ".join(words).capitalize() + drawn.choice([".", "?", " -- right.", "..."])

    def turn() -> str:
        paragraphs = [" ".join(sentence() for _ in range(drawn.randint(1, 6))) for _ in range(drawn.randint(1, 3))]
        return "\n\n".join(paragraphs)

    return conversation(name, *((drawn.choice(["Ada Moss", "Ben Lark", None]), turn()) for _ in range(12)))


@pytest.fixture(scope="module")
def made() -> tuple[Transcript, ...]:
    return tuple(_made(f"made-{n}", SEED + n) for n in range(4))


@pytest.fixture(scope="module")
def engine(made: tuple[Transcript, ...], tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedEngine]:
    opened = indexed(tmp_path_factory.mktemp("quotes"), made)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def quotes(engine: EmbeddedEngine) -> QuoteChecker:
    return checker(engine)


Span = tuple[Transcript, int, int, int]


def span(data: st.DataObject, made: tuple[Transcript, ...], shortest: int = 1) -> Span:
    transcript = made[data.draw(st.integers(0, len(made) - 1))]
    turn = data.draw(st.integers(0, len(transcript.turns) - 1))
    words = words_of(transcript.turns[turn].text)
    length = data.draw(st.integers(min(shortest, len(words)), min(40, len(words))))
    first = data.draw(st.integers(0, len(words) - length))
    return transcript, turn, first, first + length


TYPOGRAPHY = [
    str,
    str.upper,
    lambda text: f"“{text}”",
    lambda text: text.replace(" ", "   ").replace("--", "—").replace("...", "…"),
    lambda text: re.sub(r"[.?…-]", "", text),
    lambda text: "\u00ad".join(text[:2]) + text[2:] if text[:2].isalpha() else text,
]


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_any_span_is_verbatim_at_its_place(
    data: st.DataObject, made: tuple[Transcript, ...], quotes: QuoteChecker
) -> None:
    transcript, turn, first, end = span(data, made)
    words = words_of(transcript.turns[turn].text)
    asked = data.draw(st.sampled_from(TYPOGRAPHY))(words.stretch(first, end))
    found = quotes.check(asked)
    assert found.verdict is Verdict.VERBATIM
    by_id = {each.id: each for each in made}
    for match in found.matches:
        cited = match.citation
        text = by_id[cited.transcript_id].turns[cited.turn].text
        assert text[cited.start : cited.end] == cited.quote
        assert "\n\n" not in cited.quote
        assert match.similarity == 1
        assert match.differences == ()
    places = [(m.citation.transcript_id, m.citation.turn, m.citation.start) for m in found.matches]
    assert found.more or (transcript.id, turn, words.spans[first][0]) in places
    assert [match.citation.n for match in found.matches] == list(range(1, len(found.matches) + 1))


@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_a_changed_word_is_near_with_that_difference_and_no_other(
    data: st.DataObject, made: tuple[Transcript, ...], quotes: QuoteChecker
) -> None:
    transcript, turn, first, end = span(data, made, shortest=6)
    words = words_of(transcript.turns[turn].text)
    assume(end - first >= 6 and "\n\n" not in words.stretch(first, end))
    at = data.draw(st.integers(first, end - 1))
    # Nearness is looked for where the index knows some of the words.
    assume(set(RARE) & set(words.keys[first:at] + words.keys[at + 1 : end]))
    said = words.stretch(at, at + 1)
    before, after = words.stretch(first, at), words.stretch(at + 1, end)
    found = quotes.check(f"{before} zeppelin {after}")
    assert found.verdict is Verdict.NEAR
    shown = [
        [(d.said, d.asked) for d in m.differences]
        for m in found.matches
        if (m.citation.transcript_id, m.citation.turn) == (transcript.id, turn)
    ]
    assert [(said, "zeppelin")] in shown


@pytest.mark.parametrize("common", ["and so we did it", "it was all", "they were not there"])
def test_words_that_the_index_does_not_know_are_found_by_reading_everything(
    common: str, made: tuple[Transcript, ...], quotes: QuoteChecker
) -> None:
    keys = common.split()
    turns = {(t.id, number): keys_of(turn.text) for t in made for number, turn in enumerate(t.turns)}
    places = [place for place, said in turns.items() for n in range(len(said)) if said[n : n + len(keys)] == keys]
    found = quotes.check(common)
    assert (found.verdict is Verdict.VERBATIM) == bool(places)
    if not found.more and places:
        parts = [(m.citation.transcript_id, m.citation.turn) for m in found.matches]
        assert set(parts) == set(places)


def test_words_that_nobody_said_are_not_found(quotes: QuoteChecker) -> None:
    found = quotes.check("zeppelin over Jönköping yesterday afternoon")
    assert found.verdict is Verdict.NOT_FOUND
    assert found.matches == ()


def test_what_is_removed_is_not_found_any_more(tmp_path: Path) -> None:
    engine = indexed(tmp_path, [conversation("one", ("Ada Moss", "The heron left the harbour at noon."))])
    assert checker(engine).check("the heron left").verdict is Verdict.VERBATIM
    engine.remove(["one"])
    assert checker(engine).check("the heron left").matches == ()
    engine.close()
