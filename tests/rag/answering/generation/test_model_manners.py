"""Models write in many manners: what is true is kept and reads well, what is false is not shown however it is put."""

import time
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest

from rag.answering.generation.agreement import (
    denies_no_more,
    gives_its_reasons,
    same_mood,
    same_polarity,
    tells_of_the_same,
)
from rag.answering.generation.drafting import Draft, DraftReader
from rag.answering.generation.evidence import quote_pattern
from rag.answering.generation.numbers import numbers_agree

if TYPE_CHECKING:
    from rag.assembly import Turnwise

DOSES = "How many doses were on time when they counted?"
CYCLES = "What is a PDSA cycle?"
COUNTED = "What did Kofi Brathwaite say about counting cycles?"
DRIVERS = "What is a driver diagram?"
TIMELY = "Over six weeks 52 per cent of doses were on time"


@pytest.fixture(scope="module")
def written_by(turnwise: "Turnwise", written_over: Callable[..., Any]) -> Callable[..., Any]:
    """Return an answerer that doesn't read: the sentences of the model are judged here, not the choice of quotes."""
    return partial(written_over, turnwise, reads=False)


def read(text: str) -> list[Draft]:
    reader = DraftReader()
    return [*reader.feed(text), *reader.finish(whole=True)]


@pytest.mark.parametrize(
    "marker",
    "[2] (2) 【2】 [^2] [Source_2] (passage_2) (Source:_2) [2†source] ^2 <sup>2</sup> [[2]] [2](#2) [doc_2] ² "
    "(see_passage_2) (Passage_2,_Ann_Lee)".split(),
)
def test_the_number_of_a_passage_is_read_in_any_form(marker: str) -> None:
    marker = marker.replace("_", " ")
    drafts = read(f"The wait fell {marker}. It rose again.{marker} It ended.")
    assert [draft.text for draft in drafts] == ["The wait fell.", "It rose again.", "It ended."]
    assert drafts[0].passages == (2,)


def test_several_numbers_are_read_in_any_form() -> None:
    assert [read(f"The wait fell {marker}.")[0].passages for marker in ("[1 and 3]", "[1; 3]", "[1–3]", "(1, 3)")] == [
        (1, 3),
        (1, 3),
        (1, 2, 3),
        (1, 3),
    ]
    assert read("It measures 30 m² on the plan.")[0].text == "It measures 30 m² on the plan."


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ("Ann said 'we were quite late' twice.", "Ann said “we were quite late” twice."),
        ("Ann said ‘it's what we do’.", "Ann said “it's what we do”."),
        ("Ann said „we were late“ twice.", "Ann said “we were late” twice."),
        ("Ann said «we were late» twice.", "Ann said “we were late” twice."),
        ('Ann said "he called it "late" then" twice.', "Ann said “he called it ‘late’ then” twice."),
        ("The nurses' room and the doctors' room moved.", "The nurses' room and the doctors' room moved."),
        ("Based on the provided passages, the wait fell.", "The wait fell."),
        ("According to passage 2, the wait fell.", "The wait fell."),
        ("**Final answer:** the wait fell.", "The wait fell."),
        ("<answer>The wait fell.</answer>", "The wait fell."),
        ("(b) The wait fell.", "The wait fell."),
        ("> “The wait fell.”", "“The wait fell.”"),
    ],
)
def test_marks_openings_and_signs_are_made_plain(written: str, text: str) -> None:
    assert [draft.text for draft in read(written)] == [text]


@pytest.mark.parametrize(("opens", "closes"), [("<thinking>", "</thinking>"), ("[THINK]", "[/THINK]")])
def test_thoughts_are_left_out_in_every_form(opens: str, closes: str) -> None:
    assert read(f"{opens}I would say ninety.{closes}The wait fell.") == [Draft(text="The wait fell.", passages=())]


def test_letters_that_grow_in_lower_case_shift_no_end_of_thoughts() -> None:
    assert read("<think>İİİİ İzmir?</think>The wait fell.") == [Draft(text="The wait fell.", passages=())]


@pytest.mark.parametrize(
    "text",
    [
        "Sure! Here's what the passages say about doses:",
        "I hope this helps!",
        "Let me know if you need anything else.",
        "Would you like more details?",
        "Key points",
        "Confidence: high",
        "Fenella Marchetti lists what it shows:",
    ],
)
def test_small_talk_is_neither_shown_nor_counted_as_left_out(
    llm_server: Any, written_by: Callable[..., Any], text: str
) -> None:
    answer = written_by(llm_server.says(f"{text}\n\n{TIMELY} {{fifty-two per}}.\n\n{text}")).ask(DOSES)
    assert (answer.generator, answer.answer, answer.notice) == ("llm", f"{TIMELY} [1].", None)


KEPT = {
    "a part left out is put back": (
        CYCLES,
        "Maggie Thistlewood said “It's a way of testing a change … before you've committed yourself” {small scale}.",
        "on a small scale so that you learn something before",
    ),
    "a word left out that turns the sense is put back": (
        COUNTED,
        "Kofi Brathwaite said “Er, I'd say […] count them” {count them}.",
        "I'd say don't count them",
    ),
    "a word put for another is taken back": (
        DRIVERS,
        "Fenella Marchetti said “I ask, which bit of [the plan] do you expect to be wrong about?” {expect to be wrong}",
        "which bit of this do you expect",
    ),
    "a letter in brackets": (DRIVERS, "Fenella Marchetti said “[i]t's a picture of your theory” {picture}.", "picture"),
    "marks within marks": (
        COUNTED,
        "Kofi Brathwaite said “every single one said ‘continue’” {every single}.",
        'every single one said "continue"',
    ),
    "a wrong passage number": (DOSES, f"{TIMELY} [5].", "52 per cent"),
    "words of the question that it answers": (
        DRIVERS,
        "Fenella Marchetti said that a driver diagram is a picture of your theory {picture of}.",
        "picture",
    ),
    "a comma after a quote": (
        DRIVERS,
        "“It's a picture of your theory,” Fenella Marchetti said {picture of}.",
        "“It's a picture of your theory”, Fenella",
    ),
    "a price in words": (
        "What did they try with the phone system?",
        "The surgery bought a new phone system for thirty-eight thousand pounds {Thirty-eight thousand}.",
        "thousand",
    ),
}


@pytest.mark.parametrize(("question", "reply", "holds"), KEPT.values(), ids=KEPT.keys())
def test_what_is_true_is_kept_and_quotes_are_whole(
    llm_server: Any, written_by: Callable[..., Any], question: str, reply: str, holds: str
) -> None:
    answer = written_by(llm_server.says(reply)).ask(question)
    assert answer.generator == "llm", answer.notice
    assert holds in answer.answer
    assert answer.notice is None


LIES = {
    "a quote that is denied": (DRIVERS, "Fenella Marchetti disagrees that “a theory can be wrong” {action plan}."),
    "a manner nobody spoke in": (DRIVERS, "Fenella Marchetti angrily shouted “a theory can be wrong” {action plan}."),
    "never said": (DOSES, "Maggie Thistlewood never said “fifty-two per cent of doses were on time” {fifty-two per}."),
    "somebody else's words, told": (
        "How did food get into the driver diagram?",
        "Joel Abara said “where's his dinner?” {where's his dinner}",
    ),
    "somebody else's words, told after a clause": (
        "What did Edmund Kilbracken say about the ampoule of bupivacaine?",
        "Edmund Kilbracken asked “Can I just check that ampoule?” {check that ampoule}",
    ),
    "an office": (DOSES, f"Maggie Thistlewood, chief nurse at Pellingmere General Hospital, said that {TIMELY}."),
    "a clause that was put on": (DOSES, f"Maggie Thistlewood said that {TIMELY} and patients complained."),
    "a reason": (
        DOSES,
        "Length of stay came down by a day and a half because doses were given on time, Maggie Thistlewood said.",
    ),
    "what was foreseen": (DOSES, "All four doses on that shift were on time, Maggie Thistlewood said."),
    "what was wanted": ("How is self-needling going?", "Twenty people are doing self-needling, Ruth Ellingboe said."),
    "the only one": (DRIVERS, "Fenella Marchetti said a driver diagram is the only picture of your theory {picture}."),
    "another's words after a name and a colon": (
        "How do Maggie Thistlewood and Kofi Brathwaite differ about small tests?",
        "**Kofi Brathwaite:** The evidence tells you what, but it doesn't tell you how {tells you what}.",
    ),
    "parts that changed places": (
        "What is the hard core and the soft periphery of an innovation?",
        "The soft periphery is the bit that has to be there or it doesn't work, and the hard core is how it fits in.",
    ),
    "who did it": (
        "How did they treat lunch as a time to go home?",
        "Tomasz Wielgosz resigned over the noon target after the regional meeting.",
    ),
}


@pytest.mark.parametrize(("question", "lie"), LIES.values(), ids=LIES.keys())
def test_what_is_false_is_not_shown_however_it_is_put(
    llm_server: Any, written_by: Callable[..., Any], question: str, lie: str
) -> None:
    assert written_by(llm_server.says(lie)).ask(question).generator == "extractive"


def test_a_citation_of_told_words_shows_whose_they_are(llm_server: Any, written_by: Callable[..., Any]) -> None:
    reply = "Joel Abara said that Mrs Pettifer had asked “where's his dinner?” {where's his dinner}"
    answer = written_by(llm_server.says(reply)).ask("How did food get into the driver diagram?")
    assert answer.generator == "llm"
    assert answer.citations[0].quote.startswith("Mrs Pettifer.")


def test_a_sentence_that_the_limit_of_tokens_cut_is_not_shown_as_a_whole_one(
    llm_server: Any, written_by: Callable[..., Any]
) -> None:
    def script(respond: Any) -> None:
        respond.say(f"{TIMELY} [{respond.passage('fifty-two per')}]. A dose is on time if given within thirty minutes")
        respond.done("length")

    answer = written_by(llm_server.model(script)).ask(DOSES)
    assert answer.answer == f"{TIMELY} [1]."
    assert answer.notice == (
        "The language model broke off (its reply reached the limit that TURNWISE_LLM_ANSWER_TOKENS sets)."
    )


def test_content_in_parts_is_read_without_its_thoughts(llm_server: Any, written_by: Callable[..., Any]) -> None:
    def script(respond: Any) -> None:
        thought = {"type": "thinking", "thinking": [{"type": "text", "text": "Ninety?"}]}
        for parts in ([thought], [{"type": "text", "text": f"{TIMELY}."}]):
            respond.event({"id": "c", "choices": [{"index": 0, "delta": {"content": parts}, "finish_reason": None}]})
        respond.done()

    assert written_by(llm_server.model(script)).ask(DOSES).answer == f"{TIMELY} [1]."


def test_moods_reasons_and_denials_agree_with_the_evidence() -> None:
    assert not same_mood("Ten people came.", "We hoped ten people would come.")
    assert same_mood("They hoped that ten people would come.", "We hoped ten people would come.")
    assert same_mood("Nine people came.", "We wanted ten people to come. Nine people came.")
    assert not same_mood("Sixty came in a week.", "The first week we got six, and I'd planned for sixty.")
    assert not gives_its_reasons("Waits fell because staff were added.", "Waits fell. We also added staff.")
    assert gives_its_reasons("Waits fell because staff were added.", "We added staff, so waits fell.")
    assert not denies_no_more("Ann Lee denied that", "The plan can work.")
    assert denies_no_more("Ann Lee said that", "The plan can work.")
    assert same_polarity("A plan can only be late.", "A plan can't be wrong, it can only be late.")
    assert numbers_agree("A machine cost 38,000 pounds.", ["We bought a machine.", "Thirty-eight thousand pounds."])


@pytest.mark.parametrize(
    ("claim", "holds"),
    [
        ("Ann Lee said the core is the bit that must be there.", True),
        ("The core is the bit that must be there, and the edge is how it fits in.", True),
        ("The edge is the bit that must be there, and the core is how it fits in.", False),
        ("Ann Lee said the core is how it fits in here.", False),
        ("The core is what Ann Lee asks about.", True),
    ],
)
def test_what_one_thing_is_said_to_be_is_not_told_of_another(claim: str, *, holds: bool) -> None:
    evidence = "The core is the bit that must be there. And the edge is how it fits in: who does it."
    assert tells_of_the_same(claim, evidence) is holds


def test_a_quote_with_many_gaps_takes_no_longer_than_the_text_is_long() -> None:
    """Without atomic groups, these four gaps take minutes."""
    pattern = quote_pattern("the … the … the … the … unsaid")
    assert pattern is not None
    begun = time.process_time()
    assert pattern.search("the cat sat " * 2000) is None
    assert time.process_time() - begun < 2
    assert pattern.search("The cat and the dog and the hen and the cow went unsaid.")
