"""A reply becomes the same sentences however the stream cuts it; numbers are compared by what they mean."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.answering.generation.agreement import claims_no_more, same_direction, same_polarity
from rag.answering.generation.drafting import MOST_CHARACTERS, Draft, DraftReader
from rag.answering.generation.numbers import numbers, numbers_agree

REPLY = (
    "<think>Two passages bear on it. I'd say 7.</think>\n"
    '**Ann Lee** said "we were late." [1] Dr. Bo Ek, who led it, counted 52.5% [2, 3]. And then it ended. [4]\n\n'
    "- An item of a list [1]\n2. Another one [Passage 2].\n# A heading\n"
    "The wait fell【3】. An end that does not co"
)
SENTENCES = [
    Draft(text="Ann Lee said “we were late.”", passages=(1,)),
    Draft(text="Dr. Bo Ek, who led it, counted 52.5%.", passages=(2, 3)),
    Draft(text="And then it ended.", passages=(4,)),
    Draft(text="An item of a list", passages=(1,)),
    Draft(text="Another one.", passages=(2,)),
    Draft(text="A heading", passages=()),
    Draft(text="The wait fell.", passages=(3,)),
]


def read(pieces: list[str], *, whole: bool = False) -> list[Draft]:
    reader = DraftReader()
    drafts = [draft for piece in pieces for draft in reader.feed(piece)]
    return drafts + list(reader.finish(whole=whole))


def cut(text: str, places: list[int]) -> list[str]:
    edges = [0, *sorted(place % (len(text) + 1) for place in places), len(text)]
    return [text[a:b] for a, b in pairwise(edges)]


@given(st.lists(st.integers(0, 10_000), max_size=40))
def test_the_same_sentences_come_of_a_reply_however_it_is_cut(places: list[int]) -> None:
    assert read(cut(REPLY, places)) == SENTENCES


@given(st.text(max_size=400), st.lists(st.integers(0, 10_000), max_size=12))
def test_any_reply_can_be_read_and_cut_anywhere(text: str, places: list[int]) -> None:
    whole = read([text], whole=True)
    assert read(cut(text, places), whole=True) == whole
    assert all(draft.text.strip() for draft in whole)


def test_a_sentence_without_an_end_counts_only_if_the_reply_came_whole() -> None:
    assert read(["All is well. The rest"]) == [Draft(text="All is well.", passages=())]
    assert len(read(["All is well. The rest"], whole=True)) == 2


@pytest.mark.parametrize(
    "reply",
    [
        '{"answer": "All is \\"well\\" [1].\\nIt ended."}',
        '```json\n{"thoughts": "I lie.", "answer": ["All is \\"well\\" [1].", "It ended."]}\n```',
        ' {"answer": {"sentences": [{"text": "All is \\"well\\" [1]."}, {"text": "It ended."}]}}',
        '<think>Hm.</think>\n{"Response": "All is \\"well\\" [1]. It ended."} I hope this helps!',
    ],
)
def test_an_answer_in_an_object_of_json_is_read(reply: str) -> None:
    found = [Draft(text="All is “well”.", passages=(1,)), Draft(text="It ended.", passages=())]
    assert read([reply], whole=True) == read(list(reply), whole=True) == found


@pytest.mark.parametrize(
    "reply", ['{"sure": true}', '{"answer": "All is', "{" * 5000, "``` {x} `", '{"answer": ' * 3000]
)
def test_what_holds_no_answer_in_json_is_read_as_it_stands(reply: str) -> None:
    assert read([reply], whole=True) == read(list(reply), whole=True)


def test_thoughts_without_a_beginning_are_no_part_of_the_reply() -> None:
    drafts = read(list("I would say ninety. Or so, let me see. Well</think>\n\nThe wait fell."), whole=True)
    assert [draft.text for draft in drafts if not draft.starts_over][-1] == "The wait fell."
    assert drafts[-2].starts_over


def test_thoughts_amid_a_reply_are_left_out_alone() -> None:
    reply = (
        "The wait fell. It rose <think>Is that so? I'd\nsay ninety. Yes it is.</think>again.\n<think>Done. All of it"
    )
    texts = ["The wait fell.", "It rose again."]
    assert [draft.text for draft in read(list(reply), whole=True)] == texts
    assert read([reply], whole=True) == read(list(reply), whole=True)


def test_nothing_is_read_beyond_the_longest_answer() -> None:
    reader = DraftReader()
    list(reader.feed("word " * MOST_CHARACTERS))
    assert reader.full
    assert list(reader.feed("More. And more of it. ")) == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("fifty-two per cent of doses", {("52", "%")}),
        ("52% in six weeks", {("52", "%"), ("6", "week")}),
        ("two hundred and forty-three people", {("243", None)}),
        ("£3m and 3,400 doses", {("3000000", "pound"), ("3400", None)}),
        ("in twenty twenty-four", {("20", None), ("24", None), ("2024", None)}),
        ("the thirty-first of March", {("31", None)}),
        ("one of them waited a year", set()),
        ("one week", {("1", "week")}),
        ("half of them, twice", {("half", None), ("twofold", None)}),
    ],
)
def test_numbers_are_read_in_digits_and_words(text: str, found: set[tuple[str, str | None]]) -> None:
    assert numbers(text) == found


@given(st.integers(0, 999_999))
def test_a_number_is_its_own_value(number: int) -> None:
    assert (str(number), "day") in numbers(f"It took {number} days.")
    assert (str(number), "day") in numbers(f"It took {number:,} days.")


@given(st.text(max_size=200))
def test_numbers_of_any_text_can_be_read(text: str) -> None:
    assert numbers_agree(text, [text]) in (True, False)


@pytest.mark.parametrize(
    ("claim", "evidence", "agree"),
    [
        ("It was 6%.", ["It was 5%."], False),
        ("It took nine days.", ["It took nine weeks."], False),
        ("It rose from 52 to 89 per cent.", ["It was fifty-two per cent and now it's eighty-nine."], True),
        ("It fell from 89 to 52 per cent.", ["It was fifty-two per cent and now it's eighty-nine."], False),
        ("73% waited for others.", ["27% waited for others.", "The other 73% was us."], False),
        ("In 2024 it ended.", ["It ended in twenty twenty-four."], True),
    ],
)
def test_numbers_agree_in_value_unit_and_direction(claim: str, evidence: list[str], agree: bool) -> None:
    assert numbers_agree(claim, evidence) is agree


@pytest.mark.parametrize(
    ("claim", "evidence", "same"),
    [
        ("Doses were counted.", "We counted doses, not tablets.", True),
        ("Doses were not counted.", "We counted doses, not tablets.", False),
        ("The poster did not work.", "The poster failed.", True),
        ("A plan can be wrong.", "A plan can't be wrong, it can only be late.", False),
        ("Nothing moved in the data.", "The data moved at once.", False),
        ("The team never met.", "Nobody on the team met anybody.", True),
    ],
)
def test_a_claim_is_denied_where_its_evidence_denies_it(claim: str, evidence: str, same: bool) -> None:
    assert same_polarity(claim, evidence) is same


def test_opposite_directions_and_wider_claims_do_not_agree() -> None:
    assert not same_direction("Waits fell.", "Waits rose.")
    assert not same_direction("It came after the talk.", "It came before the talk.")
    assert same_direction("Waits fell.", "Waits came down; costs rose.")
    assert not claims_no_more("All wards met.", "Four wards met.")
    assert claims_no_more("Every ward met.", "All of them met.")
