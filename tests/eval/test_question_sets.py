"""Question sets: what is read, what is refused and how it is named, and which transcripts a source means."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.dataset import load_questions
from eval.errors import DatasetError
from eval.gold import resolve
from eval.sources import Sources
from tests.eval.made_cases import OTHER, TALK, MadeTarget, case, quoted

SETS = Path(__file__).resolve().parents[2] / "eval" / "sets"
CORPUS_SET = SETS / "corpus.jsonl"
GOOD = {"id": "a", "question": "What?", "gold": []}


def written(folder: Path, *lines: object) -> Path:
    path = folder / "set.jsonl"
    path.write_text("\n".join(x if isinstance(x, str) else json.dumps(x) for x in lines) + "\n", encoding="utf-8")
    return path


def test_unknown_keys_are_kept(tmp_path: Path):
    line = GOOD | {"note": "by hand", "gold": [{"source": "x", "page": 3}]}
    question = load_questions(written(tmp_path, line)).questions[0]
    assert question.model_extra == {"note": "by hand"}
    assert question.gold[0].model_extra == {"page": 3}


def test_a_byte_order_mark_blank_lines_and_numbers_as_ids_are_read(tmp_path: Path):
    path = written(tmp_path, GOOD | {"id": 7}, "", GOOD | {"id": 8})
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    assert [q.id for q in load_questions(path).questions] == ["7", "8"]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("{not json", "not JSON"),
        ('["a list"]', "a question is a JSON object"),
        ({"id": "b", "question": "What?"}, "gold: Field required"),
        (GOOD | {"id": "b", "question": "   "}, "question"),
        (GOOD | {"id": "b", "question": "x" * 2001}, "question"),
        (GOOD | {"id": "b", "gold": [{"quote": "no source"}]}, "gold.0.source"),
        (GOOD | {"id": "b", "gold": [{"source": "x", "turns": [4, 2]}]}, "gold.0: turns [4, 2] end before they begin"),
        (GOOD | {"id": "b", "gold": [{"source": "x", "turns": [-1, 2]}]}, "gold.0.turns"),
        (GOOD | {"id": "b", "history": "a string"}, "history"),
        (GOOD | {"id": "b", "min_sources": 0}, "min_sources"),
        (GOOD, "the id 'a' is that of line 1 too"),
    ],
)
def test_a_line_that_is_no_question_is_named_with_file_and_number(tmp_path: Path, line: object, said: str):
    path = written(tmp_path, GOOD, line)
    with pytest.raises(DatasetError) as refused:
        load_questions(path)
    assert f"{path}:2: " in str(refused.value)
    assert said in str(refused.value)


def test_all_wrong_lines_are_named_at_once_and_an_empty_or_absent_file_is_refused(tmp_path: Path):
    with pytest.raises(DatasetError, match=r":1: .*:3: "):
        load_questions(written(tmp_path, "{", GOOD, "{"))
    with pytest.raises(DatasetError, match=r":3: [^;]*; and 17 more$"):
        load_questions(written(tmp_path, *["{"] * 20))
    with pytest.raises(DatasetError, match="no question"):
        load_questions(written(tmp_path, ""))
    with pytest.raises(DatasetError, match="absent"):
        load_questions(tmp_path / "absent.jsonl")
    (tmp_path / "latin.jsonl").write_bytes(b"\xff\xfe{")
    with pytest.raises(DatasetError, match="UTF-8"):
        load_questions(tmp_path / "latin.jsonl")


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(max_size=9), st.lists, max_leaves=6))
def test_whatever_a_line_holds_is_read_or_refused(tmp_path_factory: pytest.TempPathFactory, value: object):
    path = written(tmp_path_factory.mktemp("any"), GOOD | {"gold": value})
    try:
        assert load_questions(path).questions
    except DatasetError as refused:
        assert f"{path}:1: " in str(refused)  # noqa: PT017


def test_groups_make_follow_ups_a_kind_of_their_own():
    assert case(quoted("We began"), history=("Before?",)).question.groups == ("follow-up",)
    assert case(quoted("We began"), history=("Before?",), kind="fact").question.groups == ("fact", "follow-up")
    assert case().question.groups == ("unanswerable",)
    assert case(quoted("We began")).question.groups == ("question",)


@pytest.mark.parametrize(
    "source", [TALK, "clocks-and-falls", "clocks", "Clocks and falls", "episode_17", "2024-01-01 Clocks and falls"]
)
def test_a_source_is_an_id_a_stem_or_the_beginning_of_a_title(source: str):
    assert Sources(MadeTarget()).matching(source) == {TALK}


def test_no_other_source_matches():
    sources = Sources(MadeTarget())
    assert sources.matching("episode_18") == {OTHER}
    assert sources.matching("episode_1") == frozenset()
    assert sources.matching("and-falls") == frozenset()


def test_gold_that_is_not_there_is_said():
    for gold, said in (({"source": "nowhere"}, "nowhere"), (quoted("never said"), "never said")):
        _, missing = resolve(case(gold).question, Sources(MadeTarget()))
        assert len(missing) == 1
        assert said in missing[0]


def test_a_quote_is_looked_for_in_its_turns_where_both_are_given():
    assert [p.turn for p in case(quoted("a")).gold[0].places].count(3) > 1
    assert {p.turn for p in case(quoted("a", turns=[3, 3])).gold[0].places} == {3}


def test_the_projects_own_set_has_eighty_questions_and_all_kinds():
    questions = load_questions(CORPUS_SET).questions
    kinds = {q.kind for q in questions}
    assert len(questions) >= 80
    assert {"fact", "list", "attribution", "comparison", "paraphrase", "typo", "acronym", "follow-up"} <= kinds
    assert {"unanswerable-near", "unanswerable-far"} <= kinds


def test_the_harder_set_names_things_whether_there_is_an_answer_or_not():
    questions = load_questions(SETS / "corpus-harder.jsonl").questions
    named = [any(word[0].isupper() for word in q.question.split()[1:]) for q in questions]
    answered = [name for name, q in zip(named, questions, strict=True) if q.answerable]
    unanswerable = [name for name, q in zip(named, questions, strict=True) if not q.answerable]
    assert len(unanswerable) >= 30
    assert len(answered) >= 60
    assert sum(answered) > len(answered) / 2
