"""The reader tells the sentence that answers from those beside it, and a talk that tells a fact from one that doesn't.

A model errs now and then, so what holds of most questions is asked of most, and what should hold of each of each.
"""

from dataclasses import replace

import numpy as np
import pytest

from rag.reading import Reader, Window

TOLD = (
    ("hives", "How many hives are on the roof?", "We have eleven hives on the roof now."),
    ("hives", "How much honey does a hive give in a summer?", "In a good summer each hive gives us fourteen kilos"),
    ("hives", "Where is the honey sold?", "We sell it in the bakery on the ground floor."),
    ("ferry", "Why was the bridge closed?", "Then the bridge was closed for repairs"),
    ("ferry", "When does the ferry first cross in the morning?", "The first crossing is at six in the morning."),
    ("ferry", "How many people does the ferry carry?", "It carries forty people and a dog."),
    ("choir", "Why did the tenors leave?", "The tenors left because the last bus was cancelled."),
    ("choir", "When does the choir rehearse now?", "So we moved the rehearsal to Sunday afternoon."),
)
NOT_TOLD = (
    ("hives", "How many hives died last winter?"),
    ("hives", "What does a jar of the honey cost?"),
    ("ferry", "What does a crossing of the ferry cost?"),
    ("ferry", "Who paid for the new pillars of the bridge?"),
    ("choir", "Who conducts the choir?"),
    ("choir", "How many sopranos sing in the choir?"),
)


def summed(log_odds: np.ndarray) -> float:
    return float(np.logaddexp.reduce(log_odds))


def sentences_of(window: Window) -> list[str]:
    return [sentence for stretch in window.stretches for sentence in stretch.sentences]


def without(window: Window, answer: str) -> Window:
    """Return a window in which one sentence was never said."""
    left = tuple(
        replace(stretch, sentences=tuple(s for s in stretch.sentences if not s.startswith(answer)))
        for stretch in window.stretches
    )
    return replace(window, stretches=left)


def test_the_sentence_that_answers_has_higher_log_odds_than_those_beside_it(
    reader: Reader, told: dict[str, Window]
) -> None:
    right = 0
    for name, question, answer in TOLD:
        said = sentences_of(told[name])
        (log_odds,) = reader.read(question, [told[name]])
        right += said[int(log_odds.argmax())].startswith(answer)
    assert right >= len(TOLD) - 1


@pytest.mark.parametrize(("name", "question", "answer"), TOLD, ids=[question for _, question, _ in TOLD])
def test_without_the_sentence_that_answers_the_odds_are_lower(
    reader: Reader, told: dict[str, Window], name: str, question: str, answer: str
) -> None:
    whole, left = told[name], without(told[name], answer)
    assert len(sentences_of(left)) == len(sentences_of(whole)) - 1
    with_it, without_it = (summed(log_odds) for log_odds in reader.read(question, [whole, left]))
    assert with_it > without_it


@pytest.mark.parametrize("name", ["hives", "ferry", "choir"])
def test_what_is_not_told_has_lower_odds_than_what_is(reader: Reader, told: dict[str, Window], name: str) -> None:
    answered = [summed(reader.read(question, [told[of]])[0]) for of, question, _ in TOLD if of == name]
    missed = [summed(reader.read(question, [told[of]])[0]) for of, question in NOT_TOLD if of == name]
    assert np.mean(answered) > np.mean(missed)


@pytest.mark.parametrize(("name", "other"), [("hives", "choir"), ("ferry", "hives"), ("choir", "ferry")])
def test_another_talk_answers_less(reader: Reader, told: dict[str, Window], name: str, other: str) -> None:
    questions = [question for of, question, _ in TOLD if of == name]
    read = [[summed(said) for said in reader.read(question, [told[name], told[other]])] for question in questions]
    assert sum(here > there for here, there in read) >= len(questions) - 1
