"""The question sets over material beside the project: places in it that still hold, and not a sentence of it here."""

import json
import re
from collections import Counter
from itertools import pairwise
from pathlib import Path

import pytest

from benchmarks.answers.sets import (
    PODCASTS,
    PODCASTS_FILE,
    QUESTIONS,
    SHARED,
    Place,
    by_source,
    check_of,
    commands,
    placed_questions,
    read_seeds,
    words_at,
    write_sets,
)
from eval.dataset import load_questions
from eval.errors import DatasetError
from rag.transcripts.readers import read_transcripts
from rag.transcripts.types import Transcript, Turn

KEYS = {"id", "set", "kind", "question", "gold", "answer_contains"}
KEYS_OF_SOME = {"said", "history", "any", "min_sources", "note"}
PLACE_KEYS = {"source", "speaker", "turn", "start", "end", "check"}
LONGEST_KEY_WORDS = 4
WORDS_IN_A_ROW = 7
"""Shorter runs are names and turns of phrase that a question can't do without."""
COUNTS = {"seeds-fitted": (44, 16), "seeds-judged": (44, 16), "podcasts-fitted": (24, 8), "podcasts-judged": (24, 8)}
SAID = "The ledger  is kept\n\nby the harbour master."
HARBOUR = Transcript(id="harbour", title="Harbour", turns=(Turn(text="Good morning."), Turn(text=SAID)))


def place(**changed: object) -> Place:
    start, end = SAID.index("kept"), SAID.index(" master")
    known = {"source": "harbour", "speaker": "Ada", "turn": 1, "start": start, "end": end}
    return Place.model_validate(known | {"check": check_of("kept by the harbour")} | changed)


def words_of(text: str) -> list[str]:
    return re.findall(r"[a-z0-9]+", text.lower().replace("’", "").replace("'", ""))


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    for needed in ("seeds", *PODCASTS):
        if not (SHARED / needed).exists():
            pytest.skip(
                f"the shared material that these sets ask about is not beside this checkout (../shared/{needed})"
            )
    out = tmp_path_factory.mktemp("answers")
    write_sets(out)
    return out


@pytest.fixture(scope="module")
def transcripts(written: Path) -> dict[str, Transcript]:
    podcasts = read_transcripts((written / PODCASTS_FILE).read_bytes(), source=PODCASTS_FILE)
    return by_source((*read_seeds(), *podcasts))


def test_a_line_has_no_key_that_could_hold_a_quote() -> None:
    for line in QUESTIONS.read_text("utf-8").splitlines():
        document = json.loads(line)
        assert KEYS <= set(document) <= KEYS | KEYS_OF_SOME
        for held in (*document["gold"], *filter(None, [document.get("said")])):
            assert set(held) == PLACE_KEYS
        assert all(len(words.split()) <= LONGEST_KEY_WORDS for words in document["answer_contains"])


def test_the_sets_are_as_large_as_they_are_said_to_be() -> None:
    questions = placed_questions()
    answerable = Counter(question.set for question in questions if question.gold)
    others = Counter(question.set for question in questions if not question.gold)
    assert {name: (answerable[name], others[name]) for name in sorted(answerable | others)} == dict(
        sorted(COUNTS.items())
    )
    assert max(Counter(question.id for question in questions).values()) == 1
    assert all(("{said}" in question.question) == (question.said is not None) for question in questions)


def test_words_are_cut_with_their_white_space_folded() -> None:
    assert words_at(place(), {"harbour": HARBOUR}) == "kept by the harbour"


@pytest.mark.parametrize("moved", [{"start": SAID.index("is kept")}, {"turn": 0}, {"turn": 2}, {"check": "0" * 12}])
def test_other_words_than_the_question_was_written_for_are_refused(moved: dict[str, object]) -> None:
    with pytest.raises(DatasetError, match="the reader of transcripts has changed"):
        words_at(place(**moved), {"harbour": HARBOUR})


def test_a_transcript_that_was_not_read_is_named() -> None:
    with pytest.raises(DatasetError, match="No transcript lighthouse was read"):
        words_at(place(source="lighthouse"), {"harbour": HARBOUR})


def test_without_the_material_the_error_says_what_is_absent(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match=r"hhs_oig/transcripts\.jsonl is absent: these sets ask about material"):
        write_sets(tmp_path / "out", tmp_path / "shared")
    assert not (tmp_path / "out").exists()


def test_another_edition_of_the_material_is_refused(tmp_path: Path) -> None:
    place = tmp_path / next(iter(PODCASTS))
    place.parent.mkdir(parents=True)
    place.write_text('{"id": "2016_hcgov", "turns": []}\n', encoding="utf-8")
    with pytest.raises(DatasetError, match="holds no transcript 2016_cdo, 2012_portfolio01, 2016_hotline"):
        write_sets(tmp_path / "out", tmp_path)


def test_nothing_is_written_into_the_project() -> None:
    folder = Path(__file__).parent / "never-made"
    with pytest.raises(DatasetError, match="is within the project"):
        write_sets(folder)
    assert not folder.exists()


def test_each_set_is_judged_over_the_transcripts_that_it_asks_about(tmp_path: Path) -> None:
    told = commands(tmp_path, tmp_path / "shared")
    homes = [command.rpartition("--home ")[2] for command in told]
    assert [command.split()[1] for command in told] == ["add", "eval", "eval"] * 3
    assert [before == after for before, after in pairwise(homes)] == [True, True, False, True, True, False, True, True]


def test_every_place_holds_the_words_that_the_question_was_written_for(transcripts: dict[str, Transcript]) -> None:
    for question in placed_questions():
        for each in question.places:
            assert words_at(each, transcripts)
            assert transcripts[each.source].turns[each.turn].speaker == each.speaker, question.id


def test_the_written_sets_load_and_hold_what_an_answer_must(written: Path) -> None:
    for name, (answerable, not_answerable) in COUNTS.items():
        questions = load_questions(written / f"{name}.jsonl").questions
        assert (sum(q.answerable for q in questions), sum(not q.answerable for q in questions)) == (
            answerable,
            not_answerable,
        )
        assert not [question.id for question in questions if "{" in question.question]
        assert all(item.quote and item.turns is None for question in questions for item in question.gold)


def test_no_line_repeats_what_was_said(transcripts: dict[str, Transcript]) -> None:
    said = " | ".join(" ".join(words_of(turn.text)) for each in transcripts.values() for turn in each.turns)
    for question in placed_questions():
        for text in (question.question, question.note or "", *question.history, *question.answer_contains):
            words = words_of(text)
            for first in range(len(words) - WORDS_IN_A_ROW + 1):
                assert " ".join(words[first : first + WORDS_IN_A_ROW]) not in said, question.id
