"""The comparison with other toolkits: what they are given, and how their passages are judged."""

import json
from pathlib import Path

import pytest

from benchmarks.peers.__main__ import differences
from benchmarks.peers.adapter import documents
from benchmarks.peers.environments import TOOLKITS
from benchmarks.peers.judging import judge
from benchmarks.peers.material import query_of
from eval.bootstrap import share_intervals
from eval.dataset import Question

LONG = "The harbour master keeps a paper ledger of every boat that ties up, because the old computer loses its clock."
OTHER = "We paint the buoys each spring, and children choose the colours from a box of leftover tins in the boathouse."


@pytest.fixture
def transcripts(tmp_path: Path) -> Path:
    natives = [
        {"id": "harbour", "title": "Harbour", "turns": [{"speaker": "Ada", "text": LONG}, {"text": OTHER}]},
        {"id": "copy", "title": "A copy", "turns": [{"speaker": "Ben", "text": LONG}, {"speaker": "Ben", "text": " "}]},
    ]
    path = tmp_path / "transcripts.jsonl"
    path.write_text("".join(json.dumps(native) + "\n" for native in natives), encoding="utf-8")
    return path


def question(*gold: dict[str, object]) -> Question:
    return Question.model_validate({"id": "q", "question": "What is in the ledger?", "gold": list(gold)})


LEDGER = {"source": "harbour", "turns": [0, 0]}
BUOYS = {"source": "harbour", "quote": "children choose the colours from a box of leftover tins"}


def figures(transcripts: Path, asked: Question, *passages: tuple[str, str]) -> dict[str, float]:
    answer = {"id": "q", "passages": [{"source": source, "text": text} for source, text in passages]}
    (shares,) = judge([asked], [answer], transcripts)
    return {name: share.part for name, share in shares.items()}


def test_toolkits_get_a_transcript_as_one_text_of_turns_with_their_speakers(transcripts: Path) -> None:
    harbour, copy = documents(transcripts)
    assert (harbour.id, harbour.title) == ("harbour", "Harbour")
    assert harbour.text == f"Ada: {LONG}\n\n{OTHER}"
    assert copy.text == f"Ben: {LONG}"


def test_the_previous_question_goes_in_front_and_earlier_ones_do_not() -> None:
    asked = Question(id="q", question="And then?", history=("First?", "Second?"), gold=())
    assert query_of(asked) == "Second? And then?"


def test_a_passage_that_was_cut_inside_a_turn_and_folded_otherwise_still_meets_gold(transcripts: Path) -> None:
    cut = "Ada:\n" + LONG[:60].replace(" ", "\n")
    assert figures(transcripts, question(LEDGER), ("harbour", cut))["hit@1"] == 1


def test_the_same_words_from_another_transcript_do_not_count(transcripts: Path) -> None:
    found = figures(transcripts, question(LEDGER), ("copy", f"Ben: {LONG}"), ("harbour", LONG))
    assert (found["hit@1"], found["hit@5"]) == (0, 1)


def test_words_are_counted_over_whole_passages_labels_included_up_to_the_gold(transcripts: Path) -> None:
    read = 150 - len(LONG[:40].split())
    enough, too_many = ("copy", "Speaker: " * read), ("copy", "Speaker: " * (read + 1))
    assert figures(transcripts, question(LEDGER), enough, ("harbour", LONG))["gold_within_150"] == 1
    assert figures(transcripts, question(LEDGER), too_many, ("harbour", LONG))["gold_within_150"] == 0


def test_all_gold_needs_every_item_among_the_first_five(transcripts: Path) -> None:
    both = question(LEDGER, BUOYS)
    filler = [("copy", "nothing of note")] * 4
    assert figures(transcripts, both, ("harbour", LONG), ("harbour", OTHER))["all_gold@5"] == 1
    assert figures(transcripts, both, ("harbour", LONG), *filler, ("harbour", OTHER))["all_gold@5"] == 0


def test_ndcg_is_that_of_two_items_at_ranks_one_and_three(transcripts: Path) -> None:
    found = figures(transcripts, question(LEDGER, BUOYS), ("harbour", LONG), ("copy", "x"), ("harbour", OTHER))
    # (1/log2(2) + 1/log2(4)) / (1/log2(2) + 1/log2(3))
    assert found["nDCG@10"] == pytest.approx(1.5 / 1.6309297535714573)


def test_a_passage_with_all_gold_on_top_has_the_best_ndcg(transcripts: Path) -> None:
    assert figures(transcripts, question(LEDGER, BUOYS), ("harbour", f"{LONG} {OTHER}"))["nDCG@10"] == 1


def test_answers_in_another_order_are_refused(transcripts: Path) -> None:
    with pytest.raises(ValueError, match="stands where q is asked"):
        judge([question(LEDGER)], [{"id": "another", "passages": []}], transcripts)


def test_gold_that_is_not_in_the_transcripts_is_refused(transcripts: Path) -> None:
    with pytest.raises(ValueError, match="matches the source"):
        judge([question({"source": "lighthouse"})], [{"id": "q", "passages": []}], transcripts)


def test_each_measure_is_compared_with_the_toolkit_that_is_best_at_it(transcripts: Path) -> None:
    asked = [question(LEDGER).model_copy(update={"id": str(number)}) for number in range(4)]
    good, late, bad = ("harbour", LONG), ("copy", "word " * 400), ("copy", "x")

    def run(*rankings: list[tuple[str, str]]) -> list[dict[str, object]]:
        return [
            {"id": str(number), "passages": [{"source": s, "text": t} for s, t in ranking]}
            for number, ranking in enumerate(rankings)
        ]

    judged = {
        "turnwise": judge(asked, run([good], [good], [good], [good]), transcripts),
        "txtai": judge(asked, run([good], [good], [bad], [bad]), transcripts),
        "haystack": judge(asked, run([late, good], [late, good], [late, good], [bad]), transcripts),
    }
    found = differences(judged, TOOLKITS)
    assert (found["hit@1"]["best"], found["hit@1"]["value"]) == ("txtai", 0.5)
    assert (found["hit@5"]["best"], found["hit@5"]["value"]) == ("haystack", 0.25)
    assert share_intervals(judged["haystack"])["gold_within_300"].value == 0
