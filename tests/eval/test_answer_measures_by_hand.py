"""The measures of answers, worked by hand."""

import pytest

from eval.metrics.answer_contains import answer_contains
from eval.metrics.attribution import attribution
from eval.metrics.case import Share
from eval.metrics.citations import citations
from eval.metrics.quote_coverage import quote_coverage, word_f1, words
from eval.metrics.refusal import refusal
from eval.metrics.verbatim import verbatim
from tests.eval.made_cases import OTHER, TALK, case, cite, quoted, reply

GOLD = quoted("We began with one nurse on one shift", speaker="Bo Guest")
RIGHT = cite("We began with one nurse on one shift, because nobody can argue with a trial that small.")
WRONG = cite("it cost us nothing at all")


def parts(shares):
    return {name: share.part for name, share in shares.items()}


def test_one_of_two_sentences_is_supported():
    got = parts(citations(case(GOLD, answer=reply(RIGHT, WRONG))))
    assert got == {"cited_gold": 1, "citation_recall": 0.5, "citation_precision": 0.5}


def test_precision_counts_citations_and_recall_sentences():
    answer = reply(RIGHT, WRONG)
    both = answer.model_copy(update={"sentences": (answer.sentences[0].model_copy(update={"citations": (1, 2)}),)})
    got = parts(citations(case(GOLD, answer=both)))
    assert (got["citation_recall"], got["citation_precision"]) == (1, 0.5)


def test_silence_is_no_cited_gold_and_has_no_precision():
    assert parts(citations(case(GOLD, answer=reply(status="not_found")))) == {"cited_gold": 0}
    assert citations(case(answer=reply(RIGHT))) == {}, "nothing is decidable where there is no gold"


def test_half_of_the_shorter_text_is_enough_to_support():
    assert parts(citations(case(GOLD, answer=reply(cite("We began with one nurse on")))))["cited_gold"] == 1
    assert parts(citations(case(GOLD, answer=reply(cite("shift, because nobody can argue")))))["cited_gold"] == 0


def test_sources_are_counted_only_where_they_support():
    other = {"source": OTHER, "quote": "Here nothing is said"}
    elsewhere = {"transcript_id": OTHER, "turn": 0, "start": 0, "end": 20}
    two = case(GOLD, other, answer=reply(RIGHT, elsewhere), min_sources=2)
    assert citations(two)["min_sources"].part == 1
    one = case(GOLD, other, answer=reply(RIGHT, WRONG), min_sources=2)
    assert citations(one)["min_sources"].part == 0


def test_a_changed_word_a_shifted_place_and_an_unknown_transcript_are_not_verbatim():
    assert verbatim(case(GOLD, answer=reply(RIGHT, WRONG))) == {"verbatim": Share(2, 2)}
    changed = RIGHT | {"quote": "We began with two nurses"}
    shifted = WRONG | {"start": int(str(WRONG["start"])) + 1}
    shifted["quote"] = "it cost us nothing at all"
    assert verbatim(case(GOLD, answer=reply(RIGHT, changed, shifted))) == {"verbatim": Share(1, 3)}
    lost = reply(RIGHT)
    lost = lost.model_copy(update={"citations": (lost.citations[0].model_copy(update={"transcript_id": "gone"}),)})
    assert verbatim(case(GOLD, answer=lost)) == {"verbatim": Share(0, 1)}


def test_attribution_ignores_honorifics_and_is_decided_on_gold_only():
    assert attribution(case(GOLD, answer=reply(RIGHT, WRONG))) == {"attribution": Share(1, 1)}
    assert attribution(case(GOLD, answer=reply(RIGHT | {"speaker": "Ann Host"}))) == {"attribution": Share(0, 1)}
    assert attribution(case(GOLD, answer=reply(RIGHT | {"speaker": None}))) == {"attribution": Share(0, 1)}
    assert attribution(case(GOLD, answer=reply(WRONG))) == {}
    assert attribution(case(quoted("We began with one nurse"), answer=reply(RIGHT))) == {}


def test_word_f1_counts_repetitions():
    assert word_f1(words("the cat the dog"), words("The the bird")) == pytest.approx(2 * 2 / 7)
    assert word_f1(words("nobody’s"), words("nobody's")) == 1
    assert word_f1([], ["a"]) == 0


def test_the_best_citation_counts_for_each_gold_quote():
    gold = (quoted("We began with one nurse"), quoted("Falls went down by a third"))
    answer = reply(cite("We began with one nurse on one shift"), WRONG)
    # Five words of five in eight; of the second quote, nothing is said by either citation.
    assert quote_coverage(case(*gold, answer=answer))["gold_quote_f1"].part == pytest.approx((2 * 5 / 13 + 0) / 2)
    assert quote_coverage(case({"source": TALK, "turns": [1, 1]}, answer=answer)) == {}


def test_the_answer_must_hold_every_string_whatever_the_case():
    def contains(*wanted, **more):
        asked = case(GOLD, answer=reply(answer="One NURSE’s\n shift [1]", **more), answer_contains=wanted)
        return answer_contains(asked)["answer_contains"].part

    assert contains("one nurse's shift") == 1
    assert contains("one nurse's shift", "two") == 0
    assert contains("nurse", status="not_found") == 0


def test_refusal_is_right_without_gold_and_wrong_with_it():
    assert parts(refusal(case(answer=reply(status="not_found")))) == {"refusal_precision": 1, "refusal_recall": 1}
    assert parts(refusal(case(answer=reply(RIGHT)))) == {"refusal_recall": 0}
    refused = parts(refusal(case(GOLD, answer=reply(status="not_found"))))
    assert refused == {"refusal_precision": 0, "answered": 0, "over_refusal": 1}
    assert parts(refusal(case(GOLD, answer=reply(RIGHT)))) == {"answered": 1, "over_refusal": 0}


def test_a_reply_about_the_collection_is_neither_an_answer_nor_a_refusal():
    assert parts(refusal(case(GOLD, answer=reply(status="about")))) == {"answered": 0, "over_refusal": 1}
    assert parts(refusal(case(answer=reply(status="about")))) == {"refusal_recall": 0}
