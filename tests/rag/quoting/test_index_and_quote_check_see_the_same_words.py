"""What counts as the same for a quote check looks the same to the index and in JSON: so no place is passed over."""

import json

from hypothesis import given, settings
from hypothesis import strategies as st

from index.adjacency import codes_of
from rag.quoting.looks import Looks
from rag.quoting.words import APOSTROPHES, INVISIBLE, keys_of

PIECES = [
    *(
        "huddle",
        "naïve",
        "NAÏVE",
        "straße",
        "don",
        "t",
        "R",
        "D",
        "1",
        "12",
        "345",
        "678",
        "½",
        "10⁵",
        "ﬁne",
        "Привет",
        "高い",
    ),
    *(
        " ",
        "  ",
        "\n\n",
        " - ",
        "-",
        "--",
        "—",
        "…",
        "...",
        ",",
        ".",
        ":",
        "/",
        "%",
        " %",
        "&",
        "+",
        "$",
        "£",
        "(",
        ")",
        "“",
        "”",
    ),
    *("[laughter]", "#", "<", "=", "@", "€", "₹", "‰", "＋", "_", "\u00a0", "\u202f", "e\u0301", "＇", "％"),
    *APOSTROPHES,
    *INVISIBLE,
]


@settings(max_examples=400, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=12).map("".join))
def test_a_texts_words_are_those_of_its_keys(text: str) -> None:
    assert codes_of(text) == codes_of(" ".join(keys_of(text)))


@settings(max_examples=400, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=12).map("".join), st.data())
def test_words_of_a_text_may_be_in_its_json(text: str, data: st.DataObject) -> None:
    keys = keys_of(text)
    first = data.draw(st.integers(0, len(keys)))
    end = data.draw(st.integers(first, len(keys)))
    if first < end:
        assert Looks(keys[first:end]).may_be_in(json.dumps({"text": text}, ensure_ascii=False))


def test_a_word_inside_another_does_not_look_like_it() -> None:
    assert not Looks(["hers"]).may_be_in('{"text":"Others said\\nso."}')
    assert Looks(["hers"]).may_be_in('{"text":"So.\\n\\nHers."}')
