"""Repair: a paragraph goes to another speaker only on evidence; everyday speech is left alone."""

import json
import lzma
import time
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.lost_labels import Counts, conversations, is_fitted, measure
from rag.transcripts.readers import read_transcripts
from rag.transcripts.repair import repair_labels
from rag.transcripts.stretches import Paragraph, Stretch
from rag.transcripts.types import Attribution

BENCHMARKS = Path(__file__).resolve().parents[3].parent / "shared" / "benchmarks"
MAX_FALSE_SPLITS = 1 / 200


def stretch(speaker: str, *paragraphs: str) -> Stretch:
    lines = (Paragraph(text=text, line=10 * number) for number, text in enumerate(paragraphs, start=1))
    return Stretch(speaker=speaker, paragraphs=tuple(lines))


def speakers(stretches: list[Stretch]) -> list[str | None]:
    return [each.speaker for each in stretches]


ANN_AGAIN = stretch("Ann Lee", "Next point.")
ANSWER = "Yes, we did. It took a year, Ann, and it was worth it."


def test_an_answer_under_the_askers_label_goes_to_the_only_other_speaker() -> None:
    repaired = repair_labels(
        [stretch("Bob Day", "Hi."), stretch("Ann Lee", "Did it work?", ANSWER, "More."), ANN_AGAIN]
    )
    assert speakers(repaired) == ["Bob Day", "Ann Lee", "Bob Day", "Ann Lee"]
    assert [p.text for p in repaired[2].paragraphs] == [ANSWER, "More."]
    assert repaired[2].attribution is Attribution.INFERRED
    reason = repaired[2].attribution_reason or ""
    assert "line 20" in reason
    assert "addresses Ann Lee" in reason
    assert "year, Ann" in reason


def test_with_several_others_the_one_who_was_asked_answers() -> None:
    others = [stretch("Bob Day", "Hi."), stretch("Cy Fox", "Hi.")]
    repaired = repair_labels([*others, stretch("Ann Lee", "So Cy, did it work?", ANSWER), ANN_AGAIN])
    assert speakers(repaired)[2:] == ["Ann Lee", "Cy Fox", "Ann Lee"]
    assert "put to Cy Fox" in (repaired[3].attribution_reason or "")


def test_where_nobody_shows_who_answered_the_speaker_is_unknown() -> None:
    others = [stretch("Bob Day", "Hi."), stretch("Cy Fox", "Hi.")]
    repaired = repair_labels([*others, stretch("Ann Lee", "Bob and Cy are here. Did it work?", ANSWER), ANN_AGAIN])
    assert repaired[3].speaker is None
    assert repaired[3].attribution is Attribution.UNKNOWN


@pytest.mark.parametrize(
    ("first", "second", "following"),
    [
        ("Did it work?", "Yes, we did. It took a year and it was worth it.", "Ann Lee"),
        ("Did it work?", "They said to me, Ann, that is a year.", "Ann Lee"),
        ("Did it work?", "Yes, and Bob said, Ann, it took a year.", "Ann Lee"),
        ("Did it work?", "Yes, there were Cy, Ann, and Bob.", "Ann Lee"),
        ("Did it work?", "Yes, I’m the chair, Ann, for those who joined late.", "Bob Day"),
        ("It worked.", ANSWER, "Bob Day"),
        ("Did it work?", "In the first week, Ann, nothing moved.", "Ann Lee"),
        ("Did it work?", ANSWER, "Bob Day"),
    ],
)
def test_one_sign_alone_splits_nothing(first: str, second: str, following: str) -> None:
    stretches = [stretch("Bob Day", "Hi."), stretch("Ann Lee", first, second), stretch(following, "Next.")]
    assert repair_labels(stretches) == stretches


def test_a_shared_first_name_is_no_address() -> None:
    stretches = [stretch("Ann Day", "Hi."), stretch("Ann Lee", "Did it work?", ANSWER), ANN_AGAIN]
    assert repair_labels(stretches) == stretches


def test_a_monologue_is_left_alone() -> None:
    assert repair_labels([stretch("Ann Lee", "Did it work?", ANSWER)]) == [stretch("Ann Lee", "Did it work?", ANSWER)]


ASKED = ("What did you try first?", "Who was against it?", "And what did it cost?", "How long did that take?")
TOLD = ("We moved the round to nine, and the ward liked it.", "Yeah, the porters were, for about a week.")
REPLY = "Yeah, it did. We had the whole ward with us by then."


def interview(*, rounds: int = 20) -> list[Stretch]:
    """Return an interview in which no label stands twice in a row."""
    turns = [(stretch("Ann Lee", ASKED[n % 4]), stretch("Bob Day", TOLD[n % 2])) for n in range(rounds)]
    return [each for pair in turns for each in pair]


def with_lost_label(*paragraphs: str) -> list[Stretch]:
    """Return the interview with the middle answer under the label of the one who asked."""
    stretches = interview()
    return [*stretches[:20], stretch("Ann Lee", *paragraphs), *stretches[22:]]


def test_a_label_repeated_where_none_ever_is_shows_that_somebody_spoke_in_between() -> None:
    repaired = repair_labels(with_lost_label("Did it work?", REPLY))
    assert speakers(repaired) == speakers(interview())
    found = repaired[21]
    assert (found.speaker, found.attribution) == ("Bob Day", Attribution.INFERRED)
    assert "next label is Ann Lee again" in (found.attribution_reason or "")
    assert "line 20" in (found.attribution_reason or "")


def test_an_answer_of_several_paragraphs_that_its_own_label_follows_is_left_alone() -> None:
    stretches = interview()
    stretches[21] = stretch("Bob Day", TOLD[0], "Then winter came. The beds were full again.", "We began anew.")
    assert repair_labels(stretches) == stretches


@pytest.mark.parametrize(
    "second",
    [
        "1. Ask the porters.",
        "“Yes,” she said, “we did.”",
        "and the ward liked it.",
        "Carl Fox: Yeah, it did.",
        "[0:31]",
    ],
)
def test_lists_quotations_and_labels_that_were_not_read_are_not_lost_labels(second: str) -> None:
    stretches = with_lost_label("There is a list of what we did:", second)
    assert repair_labels(stretches) == stretches


def test_where_labels_are_repeated_anyway_a_repeated_label_shows_nothing() -> None:
    stretches = interview()
    for place in range(2, 36, 6):
        stretches.insert(place, stretch("Ann Lee", "That is worth a note."))
    stretches[20] = stretch("Ann Lee", "So there it stood.", "We went on to the next ward and looked at the board.")
    stretches.insert(21, stretch("Ann Lee", "And so on."))
    assert repair_labels(stretches) == stretches


def test_a_break_between_two_labels_of_one_speaker_is_no_lost_label() -> None:
    turns = [(each.speaker, each.paragraphs[0].text) for each in interview()]
    turns[20:22] = [("Ann Lee", f"More after the break.\n\n{REPLY}"), ("Break", "[22:52]")]
    page = "\n\n".join(f"{speaker}: {text}" for speaker, text in turns)
    [transcript] = read_transcripts(page.encode(), source="talk.txt")
    assert all(turn.attribution is Attribution.LABELLED for turn in transcript.turns)


@pytest.mark.parametrize("label", ["{}: ", "**{}:** "])
def test_text_and_markdown_pages_bring_their_paragraphs_to_the_repair(label: str) -> None:
    pieces = [f"{label.format(each.speaker)}{each.paragraphs[0].text}" for each in interview()]
    pieces[20] = f"{label.format('Ann Lee')}Did it work?"
    pieces[21] = REPLY
    [transcript] = read_transcripts("\n\n".join(pieces).encode(), source="talk.md")
    inferred = [turn for turn in transcript.turns if turn.attribution is Attribution.INFERRED]
    assert [(turn.speaker, turn.text) for turn in inferred] == [("Bob Day", REPLY)]


WORDS = st.sampled_from(["Yes", "no", "Ann", "Bob,", "ward?", "and", "[0:31]", "“so”", "...", "7", "—", "Did", "it."])
PARAGRAPHS = st.lists(st.lists(WORDS, min_size=1, max_size=5).map(" ".join), max_size=4)
STRETCHES = st.lists(
    st.builds(lambda name, said: stretch(name, *said), st.sampled_from(["Ann Lee", "Bob Day", "Cy Fox"]), PARAGRAPHS),
    max_size=40,
)


@given(STRETCHES)
@settings(max_examples=150, deadline=None)
def test_a_repair_keeps_every_paragraph_in_its_place_and_gives_a_reason(stretches: list[Stretch]) -> None:
    repaired = repair_labels(stretches)
    assert [p for each in repaired for p in each.paragraphs] == [p for each in stretches for p in each.paragraphs]
    for each in repaired:
        assert (each.attribution is Attribution.LABELLED) == (each.attribution_reason is None)
        assert (each.attribution is Attribution.UNKNOWN) == (each.speaker is None)


def test_a_long_transcript_takes_well_under_a_tenth_of_a_second() -> None:
    stretches = [
        each for n in range(60) for each in (*interview(rounds=6), stretch("Bob Day", *TOLD * 4, f"Ward {n}."))
    ]
    assert sum(len(each.text.split()) for each in stretches) > 9_000
    began = time.process_time()
    repair_labels(stretches)
    assert time.process_time() - began < 0.5, "allows for a machine five times slower"


def test_deleted_labels_of_two_person_conversations_are_found_again() -> None:
    if not (BENCHMARKS / "changelog" / "transcripts.jsonl.xz").exists():
        pytest.skip("the Changelog transcripts are not beside the checkout")
    total = Counts()
    shown = ("backstage", "practicalai")
    judged = (c for c in conversations() if c.show in shown and c.speakers == 2 and not is_fitted(c))
    for conversation in islice(judged, 24):
        total.add(measure(conversation, rate=0.05, seed=7))
    assert total.lost > 90
    assert total.right / (total.right + total.wrong) >= 0.97
    assert total.right / total.lost >= 0.5
    assert total.false / total.kept < MAX_FALSE_SPLITS
    assert total.false_untouched / total.untouched < MAX_FALSE_SPLITS


def as_stretches(turns: list[dict[str, str]]) -> list[Stretch]:
    return [stretch(t["speaker"], *(p for p in t["text"].split("\n") if p)) for t in turns if t["speaker"]]


def documents(path: Path, limit: int) -> Iterator[list[Stretch]]:
    with lzma.open(path, "rt", encoding="utf-8") as lines:
        for line in islice(lines, limit):
            yield as_stretches(json.loads(line)["turns"])


def test_labelled_conversations_are_hardly_ever_split() -> None:
    path = BENCHMARKS / "changelog" / "transcripts.jsonl.xz"
    if not path.exists():
        pytest.skip("the Changelog transcripts are not beside the checkout")
    splittable = splits = 0
    for stretches in documents(path, 60):
        splittable += sum(len(each.paragraphs) > 1 for each in stretches)
        splits += sum(each.attribution_reason is not None for each in repair_labels(stretches))
    assert splittable > 500
    assert splits / splittable < MAX_FALSE_SPLITS
