"""The chunks of any transcript cover every character of every turn exactly once and keep every budget."""

import datetime as dt
import itertools

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rag.chunking import Chunker, count_tokens, joined_text, question_before
from rag.embedding import SentenceTransformerEmbedder
from rag.transcripts.sentences import sentence_spans
from rag.transcripts.types import Speaker, Transcript, Turn

MAX_TOKENS = 48
EMBEDDER = SentenceTransformerEmbedder()
CHUNKER = Chunker(max_tokens=MAX_TOKENS, count_pieces=EMBEDDER.count_pieces, max_pieces=EMBEDDER.max_pieces)

WORDS = st.sampled_from(
    [
        "we",
        "tried",
        "the",
        "change",
        "on",
        "one",
        "ward",
        "first",
        "and",
        "6%",
        "fewer",
        "falls",
        "came",
        "of",
        "it",
        "Dr.",
        "Smith",
        "e.g.",
        "don’t",
        "co-design",
        "naïve",
        "🙂",
        "日本語",
        "Jönköping",
        "1.",
        "“why”",
        "(really)",
        "£3.5m",
    ]
)
SENTENCES = st.builds(
    lambda words, end: " ".join(words).capitalize() + end,
    st.lists(WORDS, min_size=1, max_size=30),
    st.sampled_from([".", "?", "!", "...", ""]),
)
PARAGRAPHS = st.lists(SENTENCES, min_size=1, max_size=6).map(" ".join)
SPOKEN = st.one_of(
    st.lists(PARAGRAPHS, min_size=1, max_size=4).map("\n\n".join),
    st.text(max_size=300),
    st.just(""),
    st.text(alphabet="x", min_size=200, max_size=900),
)
TURNS = st.builds(Turn, text=SPOKEN, speaker=st.sampled_from(["Ann Lee", "Dr Bo Ek", None]))
TRANSCRIPTS = st.builds(
    Transcript,
    id=st.just("t"),
    title=st.sampled_from(["Small tests", "A title that is rather long " * 12]),
    date=st.sampled_from([None, dt.date(2024, 5, 6)]),
    turns=st.lists(TURNS, max_size=8).map(tuple),
)
THOROUGH = settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@THOROUGH
@given(TRANSCRIPTS)
def test_every_character_of_every_turn_is_in_exactly_one_chunk(transcript: Transcript) -> None:
    covered = [[0] * len(turn.text) for turn in transcript.turns]
    for chunk in CHUNKER.chunk(transcript):
        for span in chunk.spans:
            for place in range(span.start, span.end):
                covered[span.turn][place] += 1
    assert all(count == 1 for turn in covered for count in turn)


@THOROUGH
@given(TRANSCRIPTS)
def test_chunks_keep_the_order_of_speech_and_their_text_is_their_spans(transcript: Transcript) -> None:
    chunks = CHUNKER.chunk(transcript)
    places = [(span.turn, span.start, span.end) for chunk in chunks for span in chunk.spans]
    assert places == sorted(places)
    assert all(start < end for _, start, end in places)
    for chunk in chunks:
        assert chunk.text == joined_text(transcript.turns, chunk.spans)
        assert chunk.embedded_text.endswith(chunk.text)


@THOROUGH
@given(TRANSCRIPTS)
def test_no_chunk_exceeds_the_token_budget_and_context_with_chunk_fits_the_embedder(transcript: Transcript) -> None:
    for chunk in CHUNKER.chunk(transcript):
        one_character = len(chunk.spans) == 1 and len(chunk.text) == 1
        assert one_character or count_tokens(chunk.text) <= MAX_TOKENS
        assert one_character or EMBEDDER.count_pieces(chunk.embedded_text) <= EMBEDDER.max_pieces


@THOROUGH
@given(TRANSCRIPTS)
def test_turns_are_cut_at_sentence_ends_unless_one_sentence_alone_exceeds_the_budget(transcript: Transcript) -> None:
    for chunk in CHUNKER.chunk(transcript):
        for span in chunk.spans:
            text = transcript.turns[span.turn].text
            for a, b in sentence_spans(text):
                if a < span.end < b:
                    assert count_tokens(text[a:b]) > MAX_TOKENS


@THOROUGH
@given(TRANSCRIPTS)
def test_chunks_of_several_turns_hold_whole_turns_and_ids_are_deterministic(transcript: Transcript) -> None:
    chunks = CHUNKER.chunk(transcript)
    for chunk in chunks:
        if len(chunk.spans) > 1:
            assert all(span.start == 0 and span.end == len(transcript.turns[span.turn].text) for span in chunk.spans)
    assert chunks == CHUNKER.chunk(transcript)
    assert len({chunk.id for chunk in chunks}) == len(chunks)


@given(SPOKEN)
@settings(max_examples=300, deadline=None)
def test_sentences_tile_a_turn_and_never_cross_a_paragraph(text: str) -> None:
    spans = sentence_spans(text)
    assert "".join(text[a:b] for a, b in spans) == text
    for a, b in spans:
        assert "\n\n" not in text[a:b].rstrip("\n")


def test_a_list_number_stays_with_its_item_and_a_quotation_is_not_cut() -> None:
    text = "There are two. 1. Start small. 2. Learn. She said: “Why not? Let us try.” And they did."
    found = [text[a:b].strip() for a, b in sentence_spans(text)]
    assert "1. Start small." in found
    assert "2. Learn." in found
    assert any("“Why not? Let us try.”" in sentence for sentence in found)


def test_the_context_names_title_date_speaker_and_question_and_is_not_in_the_text() -> None:
    transcript = Transcript(
        id="t",
        title="Small tests of change",
        date=dt.date(2024, 5, 6),
        speakers=(Speaker(name="Ann Lee"), Speaker(name="Bo Ek")),
        turns=(
            Turn(text="Welcome. " * 40 + "Where did you begin?", speaker="Ann Lee"),
            Turn(text="We began on one ward. " * 7, speaker="Bo Ek"),
        ),
    )
    chunk = CHUNKER.chunk(transcript)[-1]
    for said in ("Where did you begin?", "Bo Ek", "Small tests of change", "6 May 2024"):
        assert said in chunk.context
        assert said not in chunk.text


def test_a_context_that_does_not_fit_gives_way_and_the_text_stays_whole() -> None:
    chunker = Chunker(max_tokens=200, count_pieces=EMBEDDER.count_pieces, max_pieces=EMBEDDER.max_pieces)
    answer = "naïve Jönköping Yolshipin " * 20
    turns = (Turn(text="Why is that so? " * 3, speaker="A"), Turn(text=answer.strip() + ".", speaker="B"))
    chunks = chunker.chunk(Transcript(id="t", title="Word " * 300, turns=turns))
    assert any("Why is that so?" in chunk.context for chunk in chunks)
    assert not any("Word Word" in chunk.context for chunk in chunks)


@pytest.mark.parametrize(
    ("before", "asked"),
    [
        ("It was a hard year. What did you learn? And who helped?", "What did you learn? And who helped?"),
        ("Thank you. Tell us about the huddles.", "Tell us about the huddles."),
    ],
)
def test_the_question_before_is_what_was_asked_last(before: str, asked: str) -> None:
    turns = (Turn(text=before, speaker="Host"), Turn(text="Well.", speaker="Guest"), Turn(text="So.", speaker="Guest"))
    assert question_before(turns, 1) == asked
    assert question_before(turns, 2) == asked
    assert question_before(turns, 0) == ""


@THOROUGH
@given(TRANSCRIPTS)
def test_whole_turns_are_packed_until_the_next_would_exceed_a_budget(transcript: Transcript) -> None:
    chunks = CHUNKER.chunk(transcript)
    for chunk, following in itertools.pairwise(chunks):
        whole = all(
            span.start == 0 and span.end == len(transcript.turns[span.turn].text)
            for span in (*chunk.spans, following.spans[0])
        )
        if whole:
            more = joined_text(transcript.turns, [*chunk.spans, following.spans[0]])
            assert count_tokens(more) > MAX_TOKENS or EMBEDDER.count_pieces(more) > EMBEDDER.max_pieces


@pytest.mark.parametrize("interjections", [1, 30])
def test_a_context_is_kept_up_to_the_last_piece_that_fits(interjections: int) -> None:
    turns = tuple(Turn(text="Yes. Well.", speaker="Ann Lee") for _ in range(interjections))
    text = "\n\n".join(turn.text for turn in turns)
    lines = ("Ann Lee", "Small tests")
    enough = EMBEDDER.count_pieces("\n".join([*lines, text]))
    for spare, kept in ((0, lines), (-1, lines[:1]), (40, lines)):
        chunker = Chunker(max_tokens=1000, count_pieces=EMBEDDER.count_pieces, max_pieces=enough + spare)
        (chunk,) = chunker.chunk(Transcript(id="t", title="Small tests", turns=turns))
        assert chunk.context == "\n".join(kept)
