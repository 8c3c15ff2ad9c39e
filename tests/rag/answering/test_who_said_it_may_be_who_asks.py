"""Where it is asked who said something, it may as well be who asks the questions in the conversation."""

import json
from pathlib import Path

import pytest

from rag.answering.types import Status
from rag.assembly import open_turnwise
from rag.settings import load_settings

SAID = "One old gardener told me that you should feed the soil and never the plant."
TALK = {
    "id": "allotments",
    "title": "A year on the allotments",
    "speakers": [{"name": "Iphigenia Marsh"}, {"name": "Cosmo Brandreth"}],
    "turns": [
        {"speaker": "Iphigenia Marsh", "text": "What grew best on your plot last year?"},
        {"speaker": "Cosmo Brandreth", "text": "The beans were poor. One sunflower grew three metres tall."},
        {"speaker": "Iphigenia Marsh", "text": f"{SAID} Would you agree with that?"},
        {"speaker": "Cosmo Brandreth", "text": "I would. The soil was thin when I came, and every plant went hungry."},
        {"speaker": "Iphigenia Marsh", "text": "And what will you plant next year?"},
        {"speaker": "Cosmo Brandreth", "text": "Nothing but pumpkins, I should think, if the slugs let me."},
    ],
}


def test_who_asks_counts_as_who_said_it_but_not_as_who_answers(tmp_path: Path) -> None:
    with open_turnwise(load_settings(home=tmp_path, reader="off")) as turnwise:
        turnwise.ingestion.add_documents([("allotments.json", json.dumps(TALK).encode())])

        def asker(question: str) -> float:
            candidates = turnwise.answerer.evidence(question).candidates
            return next(each.features.asker for each in candidates if each.sentence.text == SAID)

        assert asker("Who said that you should feed the soil and never the plant?") == 0
        assert asker("Who thinks that you should feed the soil and never the plant?") == 1
        assert asker("Should you feed the soil or the plant?") == 1


def test_who_holds_with_something_is_told_by_sentences_that_name_it(tmp_path: Path) -> None:
    with open_turnwise(load_settings(home=tmp_path, reader="off")) as turnwise:
        turnwise.ingestion.add_documents([("allotments.json", json.dumps(TALK).encode())])
        candidates = turnwise.answerer.evidence("Who disagrees with growing pumpkins?").candidates
        assert ["pumpkins" in each.sentence.text for each in candidates] == [True]


@pytest.mark.parametrize(
    ("question", "speaker", "word"),
    [
        ("Who mentioned the slugs?", "Cosmo Brandreth", "slugs"),
        ("Who brought up the sunflower?", "Cosmo Brandreth", "sunflower"),
        ("slugs", "Cosmo Brandreth", "slugs"),
        ("Did anybody mention the slugs?", "Cosmo Brandreth", "slugs"),
        ("Is there anything about the sunflower?", "Cosmo Brandreth", "sunflower"),
        ("Were pumpkins talked about at all?", "Cosmo Brandreth", "pumpkins"),
        ("Does Cosmo Brandreth talk about slugs?", "Cosmo Brandreth", "slugs"),
        ("Who mentioned an old gardener?", "Iphigenia Marsh", "gardener"),
    ],
)
def test_who_spoke_of_something_in_passing_is_found(tmp_path: Path, question: str, speaker: str, word: str) -> None:
    with open_turnwise(load_settings(home=tmp_path)) as turnwise:
        turnwise.ingestion.add_documents([("allotments.json", json.dumps(TALK).encode())])
        answer = turnwise.answerer.ask(question)
        assert answer.status is Status.ANSWERED
        assert [citation.speaker for citation in answer.citations] == [speaker]
        assert word in answer.citations[0].quote
        for asked in ("Who mentioned the tractor?", "Is there anything about the tractor?", "Was a tractor discussed?"):
            assert turnwise.answerer.ask(asked).status is Status.NOT_FOUND


def test_a_speakers_own_name_is_not_looked_for_in_their_words(tmp_path: Path) -> None:
    with open_turnwise(load_settings(home=tmp_path, reader="off")) as turnwise:
        turnwise.ingestion.add_documents([("allotments.json", json.dumps(TALK).encode())])
        found = turnwise.answerer.evidence("Were the plants of Cosmo Brandreth hungry?").candidates
        by_text = {each.sentence.text: each.features.own for each in found}
        assert by_text["The soil was thin when I came, and every plant went hungry."] == pytest.approx(1.0)
        assert by_text[SAID] < 0.4


def test_what_the_host_says_is_looked_for_in_the_words_of_who_asks(tmp_path: Path) -> None:
    with open_turnwise(load_settings(home=tmp_path)) as turnwise:
        turnwise.ingestion.add_documents([("allotments.json", json.dumps(TALK).encode())])
        for question, speaker in (
            ("What does the host say about feeding the soil?", "Iphigenia Marsh"),
            ("What does the guest say about the soil?", "Cosmo Brandreth"),
        ):
            answer = turnwise.answerer.ask(question)
            assert {citation.speaker for citation in answer.citations} == {speaker}
            assert "soil" in answer.citations[0].quote


def test_who_asks_is_noted_of_what_was_stored_before_and_nothing_is_embedded_for_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "allotments.json"
    file.write_text(json.dumps(TALK), "utf-8")
    with open_turnwise(load_settings(home=tmp_path / "home", reader="off")) as turnwise:
        with monkeypatch.context() as before:
            before.setattr("rag.storage.STORED_AS", "3")
            before.setattr("rag.ingestion.reading.STORED_AS", "3")
            before.setattr("rag.storage.interviewers", lambda _: frozenset())
            turnwise.ingestion.add([str(file)])
        assert not any(entry.interviews for entry in turnwise.library.speakers())
        monkeypatch.setattr(type(turnwise.embedder), "embed_with_parts", None)
        (result,) = turnwise.ingestion.add([str(file)])
        assert result.outcome == "replaced"
        assert [entry.name for entry in turnwise.library.speakers() if entry.interviews] == ["Iphigenia Marsh"]
        assert [entry.name for entry in turnwise.library.speakers() if entry.is_interviewed] == ["Cosmo Brandreth"]
        assert [each.outcome for each in turnwise.ingestion.add([str(file)])] == ["unchanged"]
