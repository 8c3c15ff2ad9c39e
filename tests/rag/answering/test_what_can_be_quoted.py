"""Which sentences say something; and who is there only to ask."""

import pytest

from rag.answering.quotable import is_quotable
from rag.transcripts.interviewers import interviewers
from rag.transcripts.sentences import sentences
from rag.transcripts.types import Speaker, Transcript, Turn

TOLD = "So the porter says, why don't you leave the trolley by the lift? And that settled the matter for all of us."
MUSED = (
    "The hard part of the years in which the wards ran against each other, and I ran one of them myself, was that "
    "nobody showed their figures, that every visit was a contest, do people enjoy it when others fail?"
)
WISHED = (
    "I don't think I have ever met a nurse who doesn't want to know more of what happens after a patient leaves the "
    "ward, to hear how they are, and to meet those who look after them at home?"
)
SUPPOSED = (
    "If the ward is full by noon, and the porters are all at lunch, and the lift has stopped again as it does each "
    "week, how can we move anybody out of the corridor before it is dark?"
)
PUT_TO_SOMEBODY = (
    "So we spoke of the ward, and of the porters, and of the lift that stops each week, and of what was done about it "
    "in the end, and that leads me on, what would you say is the next thing?"
)
ASKED = "We tried it for a month and it went well. What would you have done in that case?"


@pytest.mark.parametrize(
    ("text", "number", "asks", "quotable"),
    [
        (TOLD, 0, False, True),
        (TOLD, 0, True, False),
        (TOLD, 1, False, True),
        (ASKED, 0, False, True),
        (ASKED, 1, False, False),
        (MUSED, 0, False, True),
        (MUSED, 0, True, False),
        (WISHED, 0, False, True),
        (SUPPOSED, 0, False, False),
        (PUT_TO_SOMEBODY, 0, False, False),
        ("So, how do we move anybody at all?", 0, False, False),
        ("It was cold in there.\n\nAnd the lack of any proper light.", 1, False, False),
        ("It was cold in there. And the lack of any proper light.", 1, False, True),
        ("Thank you so much for having us here today.", 0, False, False),
        ("Yes, exactly so.", 0, False, False),
        ("And where does that begin, on a ward? It begins with the cupboard.", 0, False, False),
        ("I'm Odile Varga, and welcome to another half hour on cupboards.", 0, False, False),
        ("That was Barnaby on cupboards, and thanks for listening.", 0, False, False),
    ],
)
def test_what_says_something_is_quotable_a_question_only_as_part_of_what_is_told_or_stated(
    text: str, number: int, asks: bool, quotable: bool
) -> None:
    assert is_quotable(sentences(text), number, frozenset(), asks=asks) is quotable


def test_what_adds_nothing_to_the_question_is_no_answer() -> None:
    found = sentences("The trolley stood beside the lift.")
    assert not is_quotable(found, 0, frozenset({"trolley", "stood", "lift", "besid"}), asks=False)
    assert is_quotable(found, 0, frozenset({"trolley", "stood"}), asks=False)


def _conversation(*turns: tuple[str, str]) -> Transcript:
    names = dict.fromkeys(name for name, _ in turns)
    return Transcript(
        id="made",
        title="Made",
        speakers=tuple(Speaker(name=name) for name in names),
        turns=tuple(Turn(speaker=name, text=text) for name, text in turns),
    )


def test_a_guest_who_asks_but_explains_at_length_is_no_interviewer() -> None:
    long = "We moved the cupboard next to the door and wrote down every morning how many steps the nurses walked. "
    found = interviewers(
        _conversation(
            ("Odile", "Why did you move it?"),
            ("Barnaby", long * 3 + "What would you have done?"),
            ("Odile", "And then what happened?"),
            ("Barnaby", long * 3 + "Would you not have moved it too?"),
            ("Petra", long),
        )
    )
    assert found == {"Odile"}


def test_nobody_interviews_where_nobody_asks() -> None:
    assert interviewers(_conversation(("Odile", "It rained."), ("Barnaby", "It did."))) == frozenset()
