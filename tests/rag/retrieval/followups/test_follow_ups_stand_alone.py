"""Follow-ups are read with what was said before, as a person would read them. People and places are invented."""

import pytest

from rag.retrieval.followups import follow_up
from rag.retrieval.types import Exchange
from tests.rag.retrieval.followups.invented_people import MAYA_ANSWERED, SPEAKERS, entries, read_as

COUNTRIES = [
    (("What has Kenya done on stroke?",), "and in Wales?", "What has Wales done on stroke?"),
    (("What is Kenya's size?",), "And in the Netherlands?", "What is the Netherlands' size?"),
    (("What do wards do in the US?",), "and in Wales?", "What do wards do in Wales?"),
    (("How does Wales look at harm?",), "What do they use in Kenya?", "What do they use in Kenya?"),
    (("How does Brightline help wards?",), "and in Wales?", "How does Brightline help wards in Wales?"),
    (("How do Kenya and Ghana train nurses?",), "and in Wales?", "How do Kenya and Ghana train nurses in Wales?"),
    (("What has Wales learned about stroke?",), "And from Kenya?", "What has Wales learned about stroke from Kenya?"),
    (('How is "Wales" doing?',), "And in Kenya?", 'How is "Kenya" doing?'),
    (("How large are Wales' wards?",), "And in Kenya?", "How large are Kenya's wards?"),
    (("How does the other hospital count falls?",), "How large is it?", "How large is the hospital?"),
    (("What does Kenya do on falls?",), "How does it compare with Ghana?", "How does Kenya compare with Ghana?"),
    (("What has the U.S. done on stroke?",), "and in Wales?", "What has Wales done on stroke?"),
    (("Has any other country used Brightline?",), "Does it help?", "Does Brightline help?"),
    (
        ("Why is roast turkey served at Fernhollow?",),
        "And in Wales?",
        "Why is roast turkey served at Fernhollow in Wales?",
    ),
]
SPEAKING = [
    (("When are visiting hours?",), "What do they say about huddles?", "What do they say about huddles?"),
    (("When are visiting hours?",), "What do they say about them?", "What do they say about visiting hours?"),
    (("What did the nurses want?",), "What do they say about huddles?", "What do the nurses say about huddles?"),
    (("What is Brightline?",), "What do they think of it?", "What do they think of Brightline?"),
]
THINGS = [
    (("What is a safety huddle?",), "How long does it last?", "How long does a safety huddle last?"),
    (("What is a safety huddle?",), "Who invented them?", "Who invented safety huddles?"),
    (("What are driver diagrams?",), "Are they hard to draw?", "Are driver diagrams hard to draw?"),
    (("Tell me about the Brackenford pilot.",), "Why was it stopped?", "Why was the Brackenford pilot stopped?"),
    (("Tell me about the Brackenford pilot.",), "What were its results?", "What were the Brackenford pilot's results?"),
    (
        ("What are the benefits of coaching?",),
        "Does it cost much?",
        "Does coaching cost much?",
    ),
    (("What is a control chart?", "Why was it invented?"), "Who uses it?", "Who uses a control chart?"),
    (
        ("What is a control chart?", "What is a fishbone diagram?"),
        "When is it useful?",
        "When is a fishbone diagram useful?",
    ),
    (
        ("What is the Larchmere bundle?",),
        "Did this help other hospitals?",
        "Did the Larchmere bundle help other hospitals?",
    ),
    (("How do discharge lounges work?",), "Who pays for these?", "Who pays for discharge lounges?"),
    (
        ("What is the Larchmere bundle?",),
        "Is it possible to measure trust?",
        "Is it possible to measure trust (the Larchmere bundle)?",
    ),
    (("What is a run chart?",), "What is CUSUM and how does it work?", "What is CUSUM and how does it work?"),
]
NAMED_SHORTLY = [
    (
        ("Why does Odalys Brenner count spoons before supper?",),
        "Why does Ida argue with her about it?",
        "Why does Ida argue with Odalys Brenner about spoons before supper?",
    ),
    (
        ("Tell me about the Brackenford pilot.",),
        "Who paid for the pilot?",
        "Who paid for the Brackenford pilot?",
    ),
    (
        ("What is the Quillfeather College?",),
        "How would the college be closed?",
        "How would the Quillfeather College be closed?",
    ),
    (
        ("What is experience-based co-design?",),
        "What are the risks of that approach?",
        "What are the risks of that approach (experience-based co-design)?",
    ),
    (
        ("What is the 4-7-8 method?",),
        "Who uses this method?",
        "Who uses the 4-7-8 method?",
    ),
    (("What are the largest hospitals in Ostrava?",), "Which one is oldest?", "Which hospital in Ostrava is oldest?"),
    (("What is a run chart?",), "Are there better ones?", "Are there better run charts?"),
]
ONLY_NEW = [
    (("What is happening in Scotland?",), "And in Wales?", "What is happening in Wales?"),
    (("What is happening in Scotland?",), "In Wales?", "What is happening in Wales?"),
    (("How many beds closed in 2019?",), "And in 2021?", "How many beds closed in 2021?"),
    (("How many beds closed?",), "And in Wales?", "How many beds closed in Wales?"),
    (
        ("What did Maya Lindqvist say about leadership?",),
        "What about trust?",
        "What did Maya Lindqvist say about trust?",
    ),
    (
        ("What did Maya Lindqvist say about leadership?",),
        "And Tobias Okafor?",
        "What did Tobias Okafor say about leadership?",
    ),
    (("Is chess a sport?",), "How about darts?", "Is darts a sport?"),
    (
        ("What are the advantages of coaching?",),
        "What about disadvantages?",
        "What are the disadvantages of coaching?",
    ),
    (
        ("What happened on Ward Seven?", "And on Ward Nine?"),
        "And on Ward Two?",
        "What happened on Ward Two?",
    ),
    (("Which is cheaper, coaching or training?",), "What about the second one?", "What about training?"),
    (("Do you prefer huddles or rounds?",), "Why the latter?", "Why rounds?"),
    (
        ("What is the difference between huddles and rounds?",),
        "How does the first one work?",
        "How does huddles work?",
    ),
]
RELATIONS = [
    (("What is anaemia?",), "What are the symptoms?", "What are the symptoms of anaemia?"),
    (("What is a 90-day plan?",), "What are the main advantages?", "What are the main advantages of a 90-day plan?"),
    (("How is frailty measured?",), "Are there any side effects?", "Are there any side effects of frailty?"),
    (
        ("What are mammals?",),
        "What is the largest in the world?",
        "What is the largest mammal in the world?",
    ),
    (("What is yoga?", "Who started it?"), "What are the pros and cons?", "What are the pros and cons of yoga?"),
]
DEEDS = [
    (
        ("Why did Fernhollow start sending letters by post?",),
        "So who paid for it?",
        "Who paid for it (Fernhollow starting sending letters by post)?",
    ),
    (
        ("How did Fernhollow make it safer to speak up?",),
        "Who didn't it work for?",
        "Who didn't it work for (Fernhollow making it safer to speak up)?",
    ),
    (
        ("What did Fernhollow get out of counting?",),
        "How many beds was that?",
        "How many beds was that (what Fernhollow did get out of counting)?",
    ),
    (("How did Fernhollow start?",), "Who runs it?", "Who runs Fernhollow?"),
    (("How did Fernhollow start its huddles?",), "Where are its wards?", "Where are Fernhollow's wards?"),
    (
        ("How did Brightline label the second batch?",),
        "Did that take long?",
        "Did that take long (Brightline labelling the second batch)?",
    ),
    (
        ("What went wrong before Brightline went live?",),
        "Did they think about postponing it?",
        "Did they think about postponing Brightline?",
    ),
    (('Did Maya Lindqvist say "huddles take ages"?',), "How do I renew my passport?", "How do I renew my passport?"),
    (("What is a safety huddle?",), "How do I renew my passport?", "How do I renew my passport?"),
]
KINDS = [
    (("What is a red day?",), "And a green one?", "What is a green day?"),
    (("What good news does Maya Lindqvist have?",), "and the bad news?", "What bad news does Maya Lindqvist have?"),
    (("Who invented red days?",), "What about green ones?", "Who invented green days?"),
]
COURTEOUS = [
    (("What is a safety huddle?",), "Thank you. That is fine. Who invented it?", "Who invented a safety huddle?"),
    (("What is a safety huddle?", "That's good to know. Thanks!"), "Who invented it?", "Who invented a safety huddle?"),
    (
        ("Where are the wards?",),
        "I see. Could you tell me about a kettle rota on a ward. Is it good or bad?",
        "Could you tell me about a kettle rota on a ward. Is it good or bad?",
    ),
]
SAID_OTHERWISE = [
    (("What is a control chart?",), "How can I draw one?", "How can I draw a control chart?"),
    (("What is an exit interview?",), "Who holds one?", "Who holds an exit interview?"),
    (
        ("What help is there for carers?",),
        "Which one is better, a grant or a loan?",
        "Which one is better, a grant or a loan?",
    ),
    (
        ("How do wards borrow beds?",),
        "Is trust important when beds are lent?",
        "Is trust important when beds are lent?",
    ),
    (
        ("How do I book a scan?",),
        "Anything special to do for a small child?",
        "Anything special to do for a small child (a scan)?",
    ),
    (("How Do I Find A Discharge Lounge?",), "Who pays for it?", "Who pays for a Discharge Lounge?"),
    (
        ("Whom can I ask about parking?",),
        "I'm looking for more details, a number perhaps.",
        "Whom can I ask about parking? I'm looking for more details, a number perhaps.",
    ),
]
EXAMPLES = [
    *(*COUNTRIES, *SPEAKING, *THINGS, *NAMED_SHORTLY, *ONLY_NEW, *RELATIONS, *DEEDS, *KINDS),
    *(*COURTEOUS, *SAID_OTHERWISE),
]


def test_a_speaker_who_is_called_like_a_country_is_none() -> None:
    before = [Exchange(question="What did Georgia say about falls?")]
    assert "Georgia" in follow_up("And in Wales?", before, entries("Georgia Vantongeren")).standalone


@pytest.mark.parametrize(
    ("before", "question", "standalone"),
    EXAMPLES,
)
def test_a_follow_up_is_put_as_a_person_would_put_it(
    before: tuple[str | Exchange, ...], question: str, standalone: str
) -> None:
    assert read_as(question, *before) == standalone


@pytest.mark.parametrize(
    ("before", "question", "standalone"),
    EXAMPLES,
)
def test_what_was_put_so_that_it_stands_alone_is_not_changed_again(
    before: tuple[str | Exchange, ...], question: str, standalone: str
) -> None:
    assert read_as(read_as(question, *before), *before) == standalone


@pytest.mark.parametrize(
    "question",
    [
        *("Why?", "Why not?", "How so?", "How much?", "And how long?", "When exactly?", "Who else?", "Like what?"),
        *("Tell me more.", "Go on", "Can you elaborate on that?", "Any other examples?", "Can you give me an example?"),
        *("Is that true?", "Are you sure?", "What happened next?", "More details please", "What else?", "???"),
    ],
)
def test_a_question_without_content_comes_behind_the_one_before_it(question: str) -> None:
    assert read_as(question, "Why did the Brackenford pilot stop?") == (
        f"Why did the Brackenford pilot stop? {question[0].upper()}{question[1:]}"
    )


def test_several_such_questions_do_not_pile_up() -> None:
    assert read_as("How much?", "Did the Brackenford pilot save money?", "Really?", "Tell me more.") == (
        "Did the Brackenford pilot save money? How much?"
    )


@pytest.mark.parametrize("question", ["Who said that?", "Who said this", "Which speaker said so?"])
def test_who_said_that_asks_for_the_words_that_were_quoted(question: str) -> None:
    assert read_as(question, MAYA_ANSWERED) == "Who said “We moved the chairs first.”?"


@pytest.mark.parametrize(
    ("question", "who"),
    [
        ("Did she really say that?", "she"),
        ("Are those her exact words?", "anyone"),
        ("Is that a direct quote?", "anyone"),
        ("Is that verbatim?", "anyone"),
        ("So is that really what she said?", "anyone"),
        ("And did Maya Castell actually say this?", "Maya Castell"),
        ("Did he say it word for word?", "he"),
    ],
)
def test_whether_that_was_said_asks_for_the_words_that_were_quoted(question: str, who: str) -> None:
    assert read_as(question, MAYA_ANSWERED) == f"Did {who} really say “We moved the chairs first.”?"


def test_who_said_that_without_an_answer_comes_behind_the_question_before_it() -> None:
    assert read_as("Who said that?", "What was moved first?") == "What was moved first? Who said that?"


@pytest.mark.parametrize(
    "question",
    [
        "How are driver diagrams drawn in Norway?",
        "What is a control chart?",
        "Why did the Larchmere bundle fail to spread?",
        "Tell me about maternity triage.",
        "How many volunteers drive patients home on Sundays?",
        "What did Priya Menon learn from the flood?",
    ],
)
def test_a_change_of_subject_is_noticed_and_the_history_dropped(question: str) -> None:
    history = [Exchange(question="Who cooks the hospital's Christmas dinner?", answer="Nobody knows.")]
    found = follow_up(question, history, SPEAKERS)
    assert (found.standalone, found.background) == (question, "")


def test_a_question_that_stands_alone_and_goes_on_with_the_subject_keeps_its_words_and_has_a_background() -> None:
    history = [Exchange(question="How is a safety huddle run?")]
    found = follow_up("Which wards start a safety huddle before breakfast?", history)
    assert found.standalone == "Which wards start a safety huddle before breakfast?"
    assert found.background == "How is a safety huddle run?"


@pytest.mark.parametrize(
    ("before", "question", "held", "not_held"),
    [
        (("What is the Larchmere bundle?", "Who is Tobias Okafor?"), "What does he think of it?", "Larchmere", " it"),
        (("What is a huddle?", "Who pays?", "Why?"), "Where was it tried?", "a huddle", " it "),
        (("Tell me about the Brackenford pilot.", "Why?"), "What were the costs?", "Brackenford pilot", "Why"),
        (("Why does Maya Lindqvist count falls?",), "Why does Tobias disagree with her?", "Maya Lindqvist", " her"),
        (("What is the film for?",), "How many people watched that film?", "film", "(that"),
        (("What are the aims of co-design?",), "Tell me about its history", "co-design", "its"),
        (
            ("What was Project Thistle?", "What is a run chart?"),
            "When did Project Thistle end?",
            "Thistle",
            "run chart",
        ),
        (("x" * 900 + " huddles?",), "Why?", "Why", "xxx"),
    ],
)
def test_what_was_meant_is_named_and_what_was_not_is_not(
    before: tuple[str, ...], question: str, held: str, not_held: str
) -> None:
    found = read_as(question, *before)
    assert held in found
    assert not_held not in found


def test_a_first_name_that_two_speakers_bear_is_the_one_who_was_named_in_full() -> None:
    twins = [*SPEAKERS, *entries("Maya Osterling")]
    history = [Exchange(question="What did Maya Osterling plan?"), Exchange(question="Did Maya finish?")]
    assert follow_up("What did she learn?", history, twins).standalone == "What did Maya Osterling learn?"


def test_a_long_question_before_is_no_background_as_a_whole() -> None:
    history = [Exchange(question="so " * 400 + "how do huddles end?")]
    found = follow_up("And why?", history)
    assert len(found.background) <= 300
    assert found.background.endswith("how do huddles end?")
