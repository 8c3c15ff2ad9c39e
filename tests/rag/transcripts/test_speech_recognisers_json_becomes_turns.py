"""JSON of speech recognisers, in the shapes that their documentation shows; every conversation is made up."""

import json

from hypothesis import given, settings
from hypothesis import strategies as st

from rag.errors import ReadError
from rag.transcripts.readers import read_transcripts
from rag.transcripts.types import Transcript

Shown = list[tuple[str | None, str, int | None, int | None]]


def read(document: object) -> Transcript:
    [transcript] = read_transcripts(json.dumps(document, ensure_ascii=False).encode(), source="talk.json")
    return transcript


def shown(document: object) -> Shown:
    return [(turn.speaker, turn.text, turn.start_ms, turn.end_ms) for turn in read(document).turns]


def test_podcast_segments_of_one_word_are_regrouped_by_speaker_and_marks_follow_their_word() -> None:
    words = [
        ("Ann", "We"),
        ("Ann", "count"),
        ("Ann", ","),
        ("Ann", "daily"),
        ("Bo", "Why"),
        ("Bo", "?"),
        (None, "Music"),
    ]
    segments = [
        {"startTime": n / 2, "endTime": n / 2 + 0.4, "body": body} | ({"speaker": name} if name else {})
        for n, (name, body) in enumerate(words)
    ]
    assert shown({"version": "1.0.0", "segments": segments}) == [
        ("Ann", "We count, daily", 0, 1_900),
        ("Bo", "Why?", 2_000, 2_900),
        (None, "Music", 3_000, 3_400),
    ]


WHISPER = {
    "text": " We began small. And then we stopped. Why?",
    "segments": [
        {
            "id": 0,
            "seek": 0,
            "start": 0.0,
            "end": 2.5,
            "text": " We began small.",
            "tokens": [1, 2],
            "temperature": 0.0,
        },
        {"id": 1, "seek": 0, "start": 2.5, "end": 4.0, "text": " And then we stopped.", "avg_logprob": -0.2},
        {"id": 2, "seek": 0, "start": 9.0, "end": 9.5, "text": " Why?", "no_speech_prob": 0.01},
    ],
    "language": "en",
}


def test_whispers_segments_have_no_speakers_and_part_at_pauses() -> None:
    assert shown(WHISPER) == [(None, "We began small. And then we stopped.", 0, 4_000), (None, "Why?", 9_000, 9_500)]


def test_kin_of_whisper_are_read_as_whisper_is() -> None:
    expected = shown(WHISPER)
    segments = [(0.0, 2.5, "We began small."), (2.5, 4.0, "And then we stopped."), (9.0, 9.5, "Why?")]
    cpp = [
        {"timestamps": {"from": "x"}, "offsets": {"from": int(a * 1000), "to": int(b * 1000)}, "text": f" {t}"}
        for a, b, t in segments
    ]
    assert shown({"systeminfo": "AVX", "result": {"language": "en"}, "transcription": cpp}) == expected
    chunks = [{"timestamp": [a, b], "text": f" {t}"} for a, b, t in segments]
    assert shown({"text": "…", "chunks": chunks}) == expected
    assert shown([{"text": t, "start": a, "duration": b - a} for a, b, t in segments]) == expected
    assert [turn[1] for turn in shown({"text": "We began small.\n\nAnd then we stopped."})] == [
        "We began small.",
        "And then we stopped.",
    ]
    assert shown({"text": "x", "chunks": [{"timestamp": [1.5, None], "text": "The end is open."}]}) == [
        (None, "The end is open.", 1_500, None)
    ]


def test_whisperx_gives_numbered_speakers_also_within_a_segment() -> None:
    words = [
        ("So", "SPEAKER_00"),
        ("you", None),
        ("stopped.", "SPEAKER_00"),
        ("We", "SPEAKER_01"),
        ("did.", "SPEAKER_01"),
    ]
    timed = [
        {"word": word, "start": n / 2, "end": n / 2 + 0.4, "score": 0.9} | ({"speaker": name} if name else {})
        for n, (word, name) in enumerate(words)
    ]
    document = {
        "segments": [
            {"start": 0.0, "end": 2.4, "text": " So you stopped. We did.", "words": timed, "speaker": "SPEAKER_00"},
            {"start": 3.0, "end": 4.0, "text": " For a year.", "words": [], "speaker": "SPEAKER_01"},
        ],
        "word_segments": timed,
    }
    assert shown(document) == [
        ("Speaker 0", "So you stopped.", 0, 1_400),
        ("Speaker 1", "We did. For a year.", 1_500, 4_000),
    ]
    assert {turn.attribution.value for turn in read(document).turns} == {"labelled"}


def test_assemblyai_counts_milliseconds_and_letters_its_speakers() -> None:
    utterances = [
        {"confidence": 0.93, "end": 4_210, "speaker": "A", "start": 250, "text": "What did you try?", "words": []},
        {"confidence": 0.95, "end": 9_900, "speaker": "B", "start": 4_300, "text": "One bed, one day.", "words": []},
    ]
    document = {
        "id": "5551722",
        "status": "completed",
        "audio_url": "x",
        "text": "…",
        "utterances": utterances,
        "words": [],
    }
    assert shown(document) == [
        ("Speaker A", "What did you try?", 250, 4_210),
        ("Speaker B", "One bed, one day.", 4_300, 9_900),
    ]
    words = [
        {"text": t, "start": n * 500, "end": n * 500 + 400, "speaker": None} for n, t in enumerate(["One", "bed."])
    ]
    assert shown({**document, "utterances": None, "words": words}) == [(None, "One bed.", 0, 900)]
    assert shown({**document, "utterances": None, "words": None, "text": "Only the text is left."})[0][0] is None


DEEPGRAM_WORDS = [
    {"word": "what", "start": 0.08, "end": 0.4, "confidence": 0.99, "speaker": 0, "punctuated_word": "What"},
    {"word": "changed", "start": 0.4, "end": 0.8, "confidence": 0.99, "speaker": 0, "punctuated_word": "changed?"},
    {"word": "nothing", "start": 1.2, "end": 1.7, "confidence": 0.98, "speaker": 1, "punctuated_word": "Nothing."},
]
DEEPGRAM = [("Speaker 0", "What changed?", 80, 800), ("Speaker 1", "Nothing.", 1_200, 1_700)]


def test_deepgram_is_read_from_utterances_paragraphs_or_words() -> None:
    utterances = [
        {"start": 0.08, "end": 0.8, "channel": 0, "transcript": "What changed?", "speaker": 0, "id": "a"},
        {"start": 1.2, "end": 1.7, "channel": 0, "transcript": "Nothing.", "speaker": 1, "id": "b"},
    ]
    paragraphs = [
        {"sentences": [{"text": "What changed?", "start": 0.08, "end": 0.8}], "speaker": 0, "num_words": 2},
        {"sentences": [{"text": "Nothing.", "start": 1.2, "end": 1.7}], "speaker": 1, "num_words": 1},
    ]
    words = {"transcript": "what changed nothing", "confidence": 0.9, "words": DEEPGRAM_WORDS}
    together = {**words, "paragraphs": {"transcript": "\nSpeaker 0: …", "paragraphs": paragraphs}}
    for results in (
        {"channels": [{"alternatives": [words]}], "utterances": utterances},
        {"channels": [{"alternatives": [together]}]},
        {"channels": [{"alternatives": [words]}]},
    ):
        assert shown({"metadata": {"channels": 1}, "results": results}) == DEEPGRAM


def test_channels_without_speakers_are_the_speakers_and_alternate_by_time() -> None:
    def channel(word: str, start: float) -> dict[str, object]:
        return {"alternatives": [{"transcript": word, "words": [{"word": word, "start": start, "end": start + 1}]}]}

    results = {"channels": [channel("second", 5.0), channel("first", 1.0)]}
    assert [(speaker, text) for speaker, text, _, _ in shown({"results": results})] == [
        ("Channel 1", "first"),
        ("Channel 0", "second"),
    ]


def google_word(word: str, start: str, end: str, tag: int | None = None) -> dict[str, object]:
    return {"startTime": start, "endTime": end, "word": word} | ({"speakerTag": tag} if tag is not None else {})


def test_googles_last_result_repeats_all_words_with_their_speakers() -> None:
    said = [("We", "1.200s", "1.500s", 1), ("stopped.", "1.500s", "1.900s", 1), ("Why?", "2s", "2.300s", 2)]
    first = {"transcript": "We stopped. Why?", "confidence": 0.9, "words": [google_word(*each[:3]) for each in said]}
    last = {"words": [google_word(*each) for each in said]}
    document = {"results": [{"alternatives": [first], "languageCode": "en-gb"}, {"alternatives": [last]}]}
    expected = [("Speaker 1", "We stopped.", 1_200, 1_900), ("Speaker 2", "Why?", 2_000, 2_300)]
    assert shown(document) == expected
    assert shown({"name": "1", "done": True, "response": document}) == expected


def test_google_without_speakers_gives_its_transcripts_and_zero_is_nobody() -> None:
    first = {
        "transcript": "We stopped.",
        "words": [google_word("We", "1s", "2s", 0), google_word("stopped.", "2s", "3s", 0)],
    }
    second = {"transcript": " And began again.", "words": [google_word("And", "9.5s", "10s")]}
    document = {"results": [{"alternatives": [first]}, {"alternatives": [second]}, {"alternatives": []}]}
    assert shown(document) == [(None, "We stopped.", 1_000, 3_000), (None, "And began again.", 9_500, 10_000)]


def test_googles_second_version_and_its_protobuf_times_are_read_too() -> None:
    words = [
        {"startOffset": None, "word": "Why?", "speakerLabel": "1"},
        {"startOffset": {"seconds": 1, "nanos": 200_000_000}, "word": "Because.", "speakerLabel": "2"},
    ]
    document = {"results": [{"alternatives": [{"transcript": "…", "words": words}], "resultEndOffset": "3s"}]}
    assert shown(document) == [("Speaker 1", "Why?", None, None), ("Speaker 2", "Because.", 1_200, None)]
    words[1]["startOffset"] = {"seconds": "1", "nanos": 200_000_000}
    assert shown(document)[1][2] == 1_200


SCALARS = st.one_of(st.none(), st.booleans(), st.integers(-5, 10**12), st.floats(), st.text(max_size=5))
KEYS = st.sampled_from(
    "segments body startTime text start end speaker words word utterances transcript chunks results channels "
    "alternatives paragraphs sentences status audio_url timestamp offsets turns speakerTag response".split()
)
JSONS = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=5), max_leaves=25
)


@settings(max_examples=120, deadline=2_000)
@given(document=st.dictionaries(KEYS, JSONS, max_size=4))
def test_any_json_with_these_keys_is_read_or_refused(document: dict[str, object]) -> None:
    try:
        talk = read(document)
    except ReadError as error:
        outcome = str(error)
    else:
        outcome = "talk.json" if talk.turns else ""
    assert outcome.startswith("talk.json")
