"""Repair: a paragraph goes to another speaker only on evidence; everyday speech is left alone."""

import json
import lzma
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import pytest

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
