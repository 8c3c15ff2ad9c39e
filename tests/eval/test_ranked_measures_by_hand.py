"""Ranked measures against values worked by hand, and properties that hold for every ranking."""

import math
from pathlib import Path

import ir_measures
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eval.judge import Judged
from eval.metrics.ranked import first_ranks, ranked
from eval.trec import write_qrels, write_run
from tests.eval.made_cases import OTHER, case, passage, quoted

NOTHING = passage(1, 0, source=OTHER)
FIRST = quoted("one nurse on one shift")
SECOND = quoted("Falls went down by a third")


def test_gold_on_the_second_rank():
    shares = ranked(case(FIRST, passages=[NOTHING, passage(2, 1)]))
    values = {name: share.part for name, share in shares.items()}
    assert values["hit@1"] == 0
    assert values["hit@3"] == values["hit@5"] == values["hit@10"] == 1
    assert values["MRR@10"] == pytest.approx(1 / 2)
    assert values["nDCG@10"] == pytest.approx(1 / math.log2(3))
    assert values["recall@5"] == values["all_gold@5"] == 1


def test_two_gold_items_of_which_one_is_found():
    values = {n: s.part for n, s in ranked(case(FIRST, SECOND, passages=[passage(1, 1), NOTHING])).items()}
    assert values["hit@1"] == 1
    assert values["recall@5"] == values["recall@20"] == 1 / 2
    assert values["all_gold@5"] == 0
    assert values["nDCG@10"] == pytest.approx(1 / (1 + 1 / math.log2(3)))


def test_one_passage_with_two_gold_items_is_as_good_as_it_gets():
    values = {n: s.part for n, s in ranked(case(FIRST, SECOND, passages=[passage(1, 1, 2, 3)])).items()}
    assert values["nDCG@10"] == values["recall@5"] == values["all_gold@5"] == 1


def test_the_same_gold_twice_counts_once():
    once = ranked(case(FIRST, passages=[passage(1, 1), NOTHING]))
    twice = ranked(case(FIRST, passages=[passage(1, 1), passage(2, 0, 1)]))
    assert once == twice


def test_a_passage_with_half_of_the_quote_is_not_right():
    quote = "one nurse on one shift, because nobody can argue"
    assert ranked(case(quoted(quote), passages=[passage(1, 1, end=30)]))["hit@10"].part == 0
    assert ranked(case(quoted(quote), passages=[passage(1, 1, end=90)]))["hit@10"].part == 1


def test_white_space_in_a_quote_does_not_matter():
    assert ranked(case(quoted("one  nurse\non one\tshift"), passages=[passage(1, 1)]))["hit@1"].part == 1


def test_a_span_of_turns_is_met_by_any_of_them_and_a_source_by_anything_of_it():
    span = {"source": "clocks-and-falls", "turns": [1, 2]}
    assert ranked(case(span, passages=[passage(1, 2)]))["hit@1"].part == 1
    assert ranked(case(span, passages=[passage(1, 3)]))["hit@1"].part == 0
    assert ranked(case({"source": "episode_17"}, passages=[passage(1, 3)]))["hit@1"].part == 1
    assert ranked(case({"source": "episode_17"}, passages=[NOTHING]))["hit@1"].part == 0


def test_the_right_words_in_the_wrong_conversation_are_not_right():
    assert ranked(case({"source": OTHER, "quote": "one nurse"}, passages=[passage(1, 1)]))["hit@10"].part == 0


def test_nothing_found_is_zero_and_unanswerable_questions_are_left_out():
    assert {share.part for share in ranked(case(FIRST, passages=[])).values()} == {0}
    assert ranked(case(passages=[passage(1, 1)])) == {}


PASSAGES = [NOTHING, *(passage(1, turn) for turn in range(4)), passage(1, 1, 2), passage(1, 2, 3)]


@settings(deadline=None)  # ir-measures loads its providers at the first use
@given(
    st.lists(st.sampled_from(PASSAGES), max_size=12), st.lists(st.sampled_from([FIRST, SECOND]), min_size=1, max_size=2)
)
def test_measures_are_shares_that_grow_with_k_and_agree_with_the_ranks(passages, gold):
    judged = case(*gold, passages=passages)
    values = {name: share.part for name, share in ranked(judged).items()}
    assert all(0 <= value <= 1 + 1e-9 for value in values.values())
    assert values["hit@1"] <= values["hit@3"] <= values["hit@5"] <= values["hit@10"]
    assert values["recall@5"] <= values["recall@10"] <= values["recall@20"]
    assert values["all_gold@5"] <= values["recall@5"] <= values["hit@5"]
    best = min((rank for rank in first_ranks(judged.gold, passages) if rank), default=None)
    assert values["MRR@10"] == pytest.approx(1 / best if best and best <= 10 else 0)


@given(st.lists(st.sampled_from(PASSAGES), min_size=1, max_size=8))
def test_what_follows_the_last_gold_changes_nothing(passages):
    more = [*passages, NOTHING]
    assert ranked(case(FIRST, passages=passages)) == ranked(case(FIRST, passages=more))


def test_a_passage_that_comes_twice_keeps_its_first_rank():
    twice = [passage(1, 1), NOTHING, passage(3, 1)]
    assert ranked(case(FIRST, passages=twice))["MRR@10"].part == 1
    assert ranked(case(FIRST, passages=[NOTHING, *twice]))["MRR@10"].part == 1 / 2


def test_exported_files_give_the_same_figures_to_the_tools_that_read_them(tmp_path: Path):
    cases = [
        case(FIRST, passages=[NOTHING, passage(2, 1)]),
        case(FIRST, SECOND, passages=[passage(1, 3), NOTHING, passage(3, 1)]),
    ]
    judged = [
        Judged(
            question=each.question.model_copy(update={"id": f"question {n}"}),
            gold=each.gold,
            search=each.search,
            answer=None,
            shares=ranked(each),
            outcome=None,
            words_to_gold=None,
            missing=(),
            error=None,
        )
        for n, each in enumerate(cases)
    ]
    write_qrels(judged, tmp_path / "qrels")
    write_run(judged, tmp_path / "run.trec")
    measures = {"nDCG@10": ir_measures.nDCG @ 10, "MRR@10": ir_measures.RR @ 10, "hit@1": ir_measures.Success @ 1}
    read = ir_measures.calc_aggregate(
        list(measures.values()),
        list(ir_measures.read_trec_qrels(str(tmp_path / "qrels"))),
        list(ir_measures.read_trec_run(str(tmp_path / "run.trec"))),
    )
    for name, measure in measures.items():
        assert read[measure] == pytest.approx(sum(item.shares[name].part for item in judged) / 2)
