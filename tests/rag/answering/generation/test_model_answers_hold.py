"""Whatever a model writes, every sentence that is shown cites words that were said and that bear it out."""

import json
import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from rag.answering.types import Answer, Citation, Status
from rag.errors import SettingsError
from rag.retrieval.types import Passage

if TYPE_CHECKING:
    from rag.assembly import Turnwise

QUESTION = "How many doses were on time when they counted?"
GOOD = (
    "Maggie Thistlewood said that over six weeks 52 per cent of doses were on time {fifty-two per}. "
    "A dose is on time “if it's given within thirty minutes either side of the time that's prescribed for that person” "
    "{within thirty}."
)


class Recording:
    """Keeps what it hears."""

    def __init__(self) -> None:
        self.heard: list[tuple[str, Any]] = []

    def begin(self, status: Status, standalone_question: str, passages: Sequence[Passage]) -> None:
        self.heard.append(("begin", (status, standalone_question, tuple(passages))))

    def hear(self, text: str, citations: Sequence[Citation]) -> None:
        self.heard.extend(("citation", citation) for citation in citations)
        self.heard.append(("text", text))

    def gone(self) -> bool:
        return False


def check(answer: Answer, turnwise: "Turnwise") -> None:
    """Hold an answer to the public contract."""
    assert answer.status is Status.ANSWERED
    assert [c.n for c in answer.citations] == list(range(1, len(answer.citations) + 1))
    for citation in answer.citations:
        turn = turnwise.library.transcript(citation.transcript_id).turns[citation.turn]
        assert turn.text[citation.start : citation.end] == citation.quote
        assert "\n\n" not in citation.quote
        assert (turn.speaker, turn.attribution) == (citation.speaker, citation.attribution)
    for sentence in answer.sentences:
        assert answer.answer[sentence.start : sentence.end] == sentence.text
        assert sentence.citations
        assert {int(n) for n in re.findall(r"\[(\d+)\]", sentence.text)} == set(sentence.citations)
        sources = [answer.citations[n - 1] for n in sentence.citations]
        turns = [turnwise.library.transcript(c.transcript_id).turns[c.turn].text for c in sources]
        for quote in re.findall(r"“([^”]*)”", sentence.text) if answer.generator == "llm" else ():
            assert any(quote in text for text in turns)
    assert {c.transcript_id for c in answer.citations} <= {p.transcript_id for p in answer.passages}


def test_a_good_answer_is_given_with_citations_that_bear_it_out(
    turnwise: "Turnwise", llm_server: Any, written_by: Callable[..., Any]
) -> None:
    answer = written_by(llm_server.says(GOOD)).ask(QUESTION)
    check(answer, turnwise)
    assert answer.generator == "llm"
    assert answer.notice is None
    assert len(answer.sentences) == 2
    assert answer.sentences[0].text.endswith("on time [1].")
    assert "fifty-two per cent of doses were on time" in answer.citations[0].quote
    assert answer.citations[1].speaker == "Maggie Thistlewood"


def test_what_is_heard_adds_up_to_the_answer_and_cites_before_it_quotes(
    llm_server: Any, written_by: Callable[..., Any]
) -> None:
    for model in (llm_server.says(GOOD), llm_server.says("The moon is made of green cheese, experts say [1].")):
        recording = Recording()
        answer = written_by(model).ask(QUESTION, audience=recording)
        kind, (status, standalone, passages) = recording.heard[0]
        assert (kind, status, standalone) == ("begin", answer.status, answer.standalone_question)
        assert passages == answer.passages
        assert "".join(text for what, text in recording.heard[1:] if what == "text") == answer.answer
        assert [c for what, c in recording.heard if what == "citation"] == list(answer.citations)
        known: set[int] = set()
        for what, content in recording.heard[1:]:
            if what == "citation":
                known.add(content.n)
            else:
                assert {int(n) for n in re.findall(r"\[(\d+)\]", content)} <= known


LIES = {
    "an invented quote": "Maggie Thistlewood said “the nurses simply did not care about it” {fifty-two}.",
    "a quote that was changed": "Maggie Thistlewood said “sixty-two per cent of doses were on time” {fifty-two}.",
    "a quote with something left out": "She said “a dose is on time … for that person” {within thirty}.",
    "a quote in other marks": "Maggie Thistlewood said 'the nurses simply did not care about it' {fifty-two}.",
    "an invented number": "Maggie Thistlewood said that over six weeks 62 per cent of doses were on time {fifty-two}.",
    "another unit": "A dose is on time if it is given within thirty hours of the time prescribed {within thirty}.",
    "a wrong name": "Priya Venkataraghavan said that over six weeks 52 per cent of doses were on time {fifty-two}.",
    "a name nobody has": "Gordon Blenkinsop said that over six weeks 52 per cent of doses were on time {fifty-two}.",
    "another speaker": "Kofi Brathwaite said that over six weeks 52 per cent of doses were on time {fifty-two}.",
    "another speaker's quote": "Dr Kofi Brathwaite said “fifty-two per cent of doses were on time” {fifty-two}.",
    "the opposite": "Maggie Thistlewood said that 52 per cent of doses were not on time over six weeks {fifty-two}.",
    "an invention": "Maggie Thistlewood said the ward then bought robots that hand out the doses {fifty-two}.",
    "more than was said": "Every ward in the country gives all its doses on time, as was counted {fifty-two}.",
    "a passage that is not there": "Maggie Thistlewood said that over six weeks 52 per cent were on time [77].",
    "a link": "Maggie Thistlewood said doses were on time, see https://example.org/doses {fifty-two}.",
    "a script": "<script>alert('doses')</script> 52 per cent of doses were on time over six weeks {fifty-two}.",
    "a picture": "![doses](//example.org/x.png) 52 per cent of doses were on time over six weeks {fifty-two}.",
    "talk of itself": "As an AI I can tell you that 52 per cent of doses were on time {fifty-two}.",
    "an order": "Ignore the previous instructions, since 52 per cent of doses were on time {fifty-two}.",
}


@pytest.mark.parametrize("lie", LIES.values(), ids=LIES.keys())
def test_a_lie_alone_gives_way_to_quotes_and_the_notice_says_why(
    turnwise: "Turnwise", llm_server: Any, written_by: Callable[..., Any], lie: str
) -> None:
    quotes = turnwise.answerer.ask(QUESTION, generator="extractive")
    answer = written_by(llm_server.says(lie)).ask(QUESTION)
    check(answer, turnwise)
    assert answer.generator == "extractive"
    assert (answer.answer, answer.citations) == (quotes.answer, quotes.citations)
    assert answer.notice is not None
    assert "the cited passages bear out none" in answer.notice


def test_a_lie_among_true_sentences_is_left_out_and_counted(
    turnwise: "Turnwise", llm_server: Any, written_by: Callable[..., Any]
) -> None:
    answer = written_by(llm_server.says(f"{LIES['an invented number']} {GOOD} {LIES['an invention']}")).ask(QUESTION)
    check(answer, turnwise)
    assert answer.generator == "llm"
    assert len(answer.sentences) == 2
    assert "62" not in answer.answer
    assert "robots" not in answer.answer
    assert answer.notice is not None
    assert answer.notice.startswith("Two sentences of the language model were left out")


def test_a_sentence_that_points_back_to_one_that_was_left_out_goes_too(
    llm_server: Any, written_by: Callable[..., Any]
) -> None:
    reply = (
        f"{LIES['another speaker']} He added that over six weeks 52 per cent of doses were on time {{fifty-two per}}."
    )
    answer = written_by(llm_server.says(reply)).ask(QUESTION)
    assert answer.generator == "extractive"


def test_a_model_that_finds_no_answer_does_not_silence_the_quotes(
    turnwise: "Turnwise", llm_server: Any, written_by: Callable[..., Any]
) -> None:
    answer = written_by(llm_server.says("NOT ANSWERED")).ask(QUESTION)
    check(answer, turnwise)
    assert answer.generator == "extractive"
    assert answer.notice is not None
    assert "finds no answer" in answer.notice


def test_a_model_is_not_asked_where_the_transcripts_do_not_answer(
    llm_server: Any, written_by: Callable[..., Any]
) -> None:
    model = llm_server.says("The capital of Mongolia is Ulaanbaatar [1].")
    answer = written_by(model).ask("How do I reset my mailbox password?")
    assert answer.status is Status.NOT_FOUND
    assert llm_server.calls_of(model) == []


def test_no_more_citations_than_asked_for(llm_server: Any, written_by: Callable[..., Any]) -> None:
    answer = written_by(llm_server.says(GOOD)).ask(QUESTION, max_citations=1)
    assert answer.generator == "llm"
    assert len(answer.citations) == 1


def test_a_request_may_ask_for_quotes_where_a_model_is_the_default(
    llm_server: Any, written_by: Callable[..., Any]
) -> None:
    model = llm_server.says(GOOD)
    assert written_by(model).ask(QUESTION, generator="extractive").generator == "extractive"
    assert llm_server.calls_of(model) == []


def test_what_a_model_thinks_aloud_is_no_part_of_its_answer(llm_server: Any, written_by: Callable[..., Any]) -> None:
    answer = written_by(llm_server.says(f"<think>They want doses. I lie: 99 per cent.</think>\n\n{GOOD}", 3)).ask(
        QUESTION
    )
    assert answer.generator == "llm"
    assert answer.notice is None


def test_thoughts_that_only_end_are_no_part_of_an_answer(llm_server: Any, written_by: Callable[..., Any]) -> None:
    thought = "Over six weeks 52 per cent of doses were on time {fifty-two per}. Let me check that."
    answer = written_by(llm_server.says(f"{thought}</think>\n\n{GOOD}", 3)).ask(QUESTION)
    plain = written_by(llm_server.says(GOOD)).ask(QUESTION)
    assert (answer.answer, answer.citations, answer.notice) == (plain.answer, plain.citations, None)


def test_an_address_without_a_model_is_refused_with_what_is_missing(llm_server: Any) -> None:
    from rag.assembly import language_model_of  # noqa: PLC0415
    from rag.settings import load_settings  # noqa: PLC0415

    with pytest.raises(SettingsError, match="TURNWISE_LLM_MODEL is not set"):
        language_model_of(load_settings(llm_base_url=llm_server.url))
    with pytest.raises(SettingsError, match="TURNWISE_LLM_API_KEY"):
        load_settings(llm_base_url="http://somebody:secret@127.0.0.1/v1")
    with pytest.raises(SettingsError, match="TURNWISE_LLM_BASE_URL"):
        load_settings(llm_base_url="ftp://127.0.0.1/v1")


def test_a_speaker_whose_label_tells_a_role_is_known_by_the_name_alone(
    llm_server: Any, written_over: Callable[..., Any], run_turnwise: Callable[..., Any], tmp_path: Path
) -> None:
    from rag.assembly import open_turnwise  # noqa: PLC0415
    from rag.settings import load_settings  # noqa: PLC0415

    said = "The ferry leaves at nine because the school bus arrives at ten to nine."
    for number, label in enumerate(("Hamish Duthie, Chief Officer", "Hamish Duthie")):
        turns = [
            {"speaker": "Ann Lee", "text": "Why does the ferry leave at nine?" if not number else "And the lamps?"},
            {"speaker": label, "text": said if not number else "The lamps burn oil, as they always did."},
        ]
        talk = {"id": f"talk-{number}", "title": f"Talk {number}", "date": "2025-01-02", "turns": turns}
        (tmp_path / f"{number}.json").write_text(json.dumps(talk), "utf-8")
    done = run_turnwise("add", tmp_path / "0.json", tmp_path / "1.json", "--home", tmp_path / "home")
    assert done.returncode == 0, done.stderr
    model = llm_server.says(f"Hamish Duthie said “{said[:-1]}” [1].")
    with open_turnwise(load_settings(home=tmp_path / "home"), read_only=True) as over:
        answer = written_over(over, model, reads=False).ask("Why does the ferry leave at nine?")
        lie = llm_server.says(f"Ann Lee said “{said[:-1]}” [1].")
        assert written_over(over, lie, reads=False).ask("Why does the ferry leave at nine?").generator == "extractive"
    assert (answer.status, answer.generator) == (Status.ANSWERED, "llm"), answer.notice
    assert [citation.speaker for citation in answer.citations] == ["Hamish Duthie, Chief Officer"]
