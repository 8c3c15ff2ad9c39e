"""Who is asked who a speaker is gets the sentence that introduces them, and not one of theirs."""

from typing import TYPE_CHECKING

import pytest

from rag.answering.analysis.introductions import introducing
from rag.answering.types import Status
from rag.library import RoleHeld, SpeakerEntry

if TYPE_CHECKING:
    from rag.assembly import Turnwise

LEE = SpeakerEntry(
    name="Dr Ann Lee",
    aliases=("Annie Lee",),
    roles=(RoleHeld(role="head of the moon office", organisation="Lunar Trust", transcript_id="t"),),
    turn_count=3,
)


@pytest.mark.parametrize(
    ("texts", "said"),
    [
        (["Ann Lee runs the moon office of the Lunar Trust.", "With us, Ann Lee, who loves the moon."], [True, False]),
        (["Here is Annie Lee, a keen gardener.", "Ann Lee, thank you."], [True, False]),
        (["The moon office of the Lunar Trust is closed.", "I met Anna Leeds, who knits."], [False, False]),
    ],
)
def test_what_introduces_somebody(texts: list[str], said: list[bool]) -> None:
    assert introducing(texts, LEE) == said


@pytest.mark.parametrize(
    ("question", "by", "what"),
    [
        ("Who is Hamish Dunmore?", "Rowan Adeyemi", "programme director for respiratory care"),
        ("Who is Femke Osgood?", "Odalys Brandt", "catering manager"),
    ],
)
def test_a_speaker_is_introduced_in_somebody_elses_words(
    turnwise: "Turnwise", question: str, by: str, what: str
) -> None:
    answer = turnwise.answerer.ask(question)
    assert [citation.speaker for citation in answer.citations] == [by]
    assert what in answer.citations[0].quote


def test_who_is_never_introduced_is_not_answered_for_in_their_own_words(turnwise: "Turnwise") -> None:
    assert turnwise.answerer.ask("Who is Rowan Adeyemi?").status is Status.NOT_FOUND
