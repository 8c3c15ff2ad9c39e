"""What the next speaker denies is quoted with the denial, or not at all."""

import json
from pathlib import Path

import pytest

from rag.answering.types import Answer, Status
from rag.assembly import open_turnwise
from rag.settings import load_settings

CLAIM = "And that means fourteen in every hundred beehives were lost to neglect."


def asked(folder: Path, *, last: str, answered: str, most: int = 6) -> Answer:
    """Ask how many were lost, in a conversation whose second turn ends in one way and is answered in another."""
    turns = [
        {"speaker": "Iphigenia Marsh", "text": "How did the beehives of the valley come through the winter?"},
        {"speaker": "Cosmo Brandreth", "text": f"The keepers counted them twice, before and after the frost. {last}"},
        {"speaker": "Odile Farthing", "text": answered},
        {"speaker": "Iphigenia Marsh", "text": "Thank you both, we'll leave it there until the spring."},
    ]
    document = json.dumps({"id": "bees", "title": "A winter of bees", "turns": turns}).encode()
    with open_turnwise(load_settings(home=folder)) as turnwise:
        turnwise.ingestion.add_documents([("bees.json", document)])
        return turnwise.answerer.ask("How many in every hundred beehives were lost to neglect?", max_citations=most)


@pytest.mark.parametrize(
    ("last", "answered", "denial"),
    [
        (
            CLAIM,
            "No, Cosmo. It doesn't mean that at all, it was the frost that took them.",
            "No, Cosmo. It doesn't mean",
        ),
        (CLAIM, "That isn't what the count was for, and nobody should print it.", "That isn't what the count"),
        (f"{CLAIM} Isn't that so?", "No, that's not so, the frost took them.", "No, that's not so"),
        (CLAIM, "I don't accept that, the frost took them.", "I don't accept that"),
    ],
)
def test_a_claim_that_is_denied_is_followed_by_the_denial(
    tmp_path: Path, last: str, answered: str, denial: str
) -> None:
    answer = asked(tmp_path, last=last, answered=answered)
    assert answer.status is Status.ANSWERED
    claims = [n for n, citation in enumerate(answer.citations) if "fourteen in every hundred" in citation.quote]
    assert len(claims) == 1
    after = answer.citations[claims[0] + 1]
    assert after.speaker == "Odile Farthing"
    assert after.quote.startswith(denial)


@pytest.mark.parametrize(
    ("last", "answered"),
    [
        (CLAIM, "No, you're right, it was neglect."),
        (CLAIM, "Yes, and I never thought I would live to see it."),
        (f"{CLAIM} Did you keep any of yours?", "No, mine went with the rest of them."),
        ("It isn't fourteen in every hundred beehives that were lost to neglect.", "No, it was the frost."),
    ],
)
def test_who_agrees_or_answers_a_question_denies_nothing(tmp_path: Path, last: str, answered: str) -> None:
    answer = asked(tmp_path, last=last, answered=answered)
    assert answer.status is Status.ANSWERED
    assert all(citation.speaker != "Odile Farthing" or citation.quote != answered for citation in answer.citations)


def test_where_there_is_no_room_for_the_denial_the_claim_is_not_quoted(tmp_path: Path) -> None:
    answer = asked(tmp_path, last=CLAIM, answered="No, Cosmo. It doesn't mean that at all.", most=1)
    assert all("fourteen" not in citation.quote for citation in answer.citations)
