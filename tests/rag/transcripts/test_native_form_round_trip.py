"""Export and add: the same transcript comes back, whatever it holds."""

import datetime as dt
import json
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from rag.transcripts.folding import fold_paragraphs, fold_space
from rag.transcripts.native import from_native, from_stored, to_native
from rag.transcripts.readers import ReadOptions, read_transcripts
from rag.transcripts.types import Attribution, Speaker, Transcript, Turn

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
LINE = TEXT.map(fold_space)
NAME = LINE.filter(bool)
OPTIONAL = st.none() | NAME
TIME = st.none() | st.integers(0, 9_999_999_999)


@st.composite
def turns(draw: st.DrawFn, names: list[str]) -> Turn:
    speaker = draw(st.none() | st.sampled_from(names)) if names else None
    known = [kind for kind in Attribution if kind is not Attribution.UNKNOWN]
    return Turn(
        text=fold_paragraphs(draw(TEXT)),
        speaker=speaker,
        attribution=draw(st.sampled_from(known)) if speaker else Attribution.UNKNOWN,
        attribution_reason=draw(OPTIONAL),
        start_ms=draw(TIME),
        end_ms=draw(TIME),
    )


@st.composite
def transcripts(draw: st.DrawFn) -> Transcript:
    names = draw(st.lists(NAME, unique=True, max_size=3))
    return Transcript(
        id=draw(st.from_regex(r"[a-z0-9][a-z0-9:._-]{0,20}", fullmatch=True)),
        title=draw(NAME),
        date=draw(st.none() | st.dates(dt.date(1900, 1, 1))),
        collection=draw(NAME),
        url=draw(OPTIONAL),
        speakers=tuple(
            Speaker(
                name=name,
                role=draw(OPTIONAL),
                organisation=draw(OPTIONAL),
                aliases=tuple(draw(st.lists(NAME, max_size=2))),
            )
            for name in names
        ),
        turns=tuple(draw(st.lists(turns(names), min_size=1, max_size=4))),
    )


@settings(deadline=None)
@given(transcript=transcripts())
def test_from_native_undoes_to_native(transcript: Transcript) -> None:
    assert from_native(json.loads(json.dumps(to_native(transcript)))) == transcript


@settings(deadline=None)
@given(transcript=transcripts())
def test_what_is_stored_is_read_back_unchanged(transcript: Transcript) -> None:
    stored = json.loads(json.dumps(to_native(transcript)))
    assert from_stored(stored, source="feed.xml") == replace(transcript, source="feed.xml")


@settings(deadline=None, max_examples=40)
@given(several=st.lists(transcripts(), min_size=1, max_size=3, unique_by=lambda t: t.id))
def test_what_export_writes_add_reads_back(several: list[Transcript]) -> None:
    lines = "\n".join(json.dumps(to_native(each), ensure_ascii=False) for each in several)
    read = read_transcripts(lines.encode(), source="export.jsonl")
    assert [to_native(each) for each in read] == [to_native(each) for each in several]


@given(text=st.text(max_size=80))
def test_folding_what_was_folded_changes_nothing(text: str) -> None:
    assert fold_paragraphs(fold_paragraphs(text)) == fold_paragraphs(text)


def read(document: object, source: str = "my_talk.json", **options: str) -> list[Transcript]:
    return read_transcripts(json.dumps(document).encode(), source=source, options=ReadOptions(**options))  # type: ignore[arg-type]


def test_turns_map_one_to_one_and_absent_keys_are_null() -> None:
    [transcript] = read({"turns": [{"speaker": "A", "text": "x"}, {"speaker": "A"}, {"text": " a\n b\n\n\nc "}, {}]})
    assert [(t.speaker, t.text) for t in transcript.turns] == [("A", "x"), ("A", ""), (None, "a b\n\nc"), (None, "")]
    assert [t.attribution.value for t in transcript.turns] == ["labelled", "labelled", "unknown", "unknown"]
    assert (transcript.title, transcript.id, transcript.date, transcript.url) == ("My talk", "my-talk", None, None)
    assert transcript.turns[0].start_ms is None


def test_seconds_on_the_wire_are_milliseconds_inside_and_unknown_keys_are_ignored() -> None:
    [transcript] = read({"id": 7, "zebra": 1, "turns": [{"text": "x", "start_time": 1.2345, "end_time": 2, "y": {}}]})
    assert (transcript.turns[0].start_ms, transcript.turns[0].end_ms) == (1234, 2000)
    assert transcript.id == "7"


def test_a_list_of_documents_without_ids_gets_different_ids() -> None:
    turn = {"speaker": "A", "text": "x"}
    assert [t.id for t in read([{"title": "T", "turns": [turn]}, {"title": "T", "turns": [turn]}])] == ["t", "t-2"]


def test_an_id_stays_when_the_owner_states_another_title() -> None:
    [transcript] = read({"id": "kept", "turns": [{"text": "x"}]}, title="Other", collection="c")
    assert (transcript.id, transcript.title, transcript.collection) == ("kept", "Other", "c")
