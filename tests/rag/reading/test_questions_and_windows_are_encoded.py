"""A question and what was said are put in one row of word pieces, cut at each of its limits, each sentence in place."""

from hypothesis import given
from hypothesis import strategies as st

from rag.embedding import packaged_model_folder
from rag.embedding.model_files import ModelFiles
from rag.reading.window import CLS, MOST, MOST_OF_ASKED, MOST_OF_QUESTION, SEP, Encoded, Stretch, Window, encode


def pieces(text: str) -> list[int]:
    """Return a piece for each word, as if the tokenizer knew them all: `w7` is 1007, any other word what it sums to."""
    return [1000 + int(w[1:]) if w[1:].isdigit() else 20_000 + sum(map(ord, w)) for w in text.split()]


def words(count: int, first: int = 0) -> str:
    return " ".join(f"w{first + n}" for n in range(count))


def said(*sentences: str, speaker: str | None = None, asked: str = "") -> Window:
    return Window(asked=asked, stretches=(Stretch(speaker=speaker, sentences=sentences),))


def in_place(encoded: Encoded) -> list[list[int]]:
    return [encoded.ids[start:end] for start, end in encoded.places]


def test_the_question_what_was_asked_and_what_was_said_stand_one_after_the_other() -> None:
    window = Window(
        asked="Since when?",
        stretches=(
            Stretch(speaker="Ann", sentences=("w1 w2", "w3")),
            Stretch(speaker="Bo Lee", sentences=("w4 w5 w6",)),
        ),
    )
    encoded = encode(pieces("Who swam?"), window, pieces)
    before = [CLS, *pieces("Who swam?"), SEP, *pieces("Since when?"), SEP]
    heard = [*pieces("Ann: w1 w2 w3"), *pieces("Bo Lee: w4 w5 w6"), SEP]
    assert encoded.ids == before + heard
    assert encoded.types == [0] * len(before) + [1] * len(heard)
    assert in_place(encoded) == [pieces("w1 w2"), pieces("w3"), pieces("w4 w5 w6")]


def test_without_a_speaker_and_without_a_question_in_the_talk_nothing_stands_for_them() -> None:
    encoded = encode([7, 8], said("w1 w2"), pieces)
    assert encoded.ids == [CLS, 7, 8, SEP, 1001, 1002, SEP]
    assert encoded.types == [0, 0, 0, 0, 1, 1, 1]
    assert encoded.places == [(4, 6)]


def test_an_empty_window_has_no_places() -> None:
    encoded = encode([7], Window(asked="", stretches=()), pieces)
    assert (encoded.ids, encoded.types, encoded.places) == ([CLS, 7, SEP, SEP], [0, 0, 0, 1], [])


def test_of_a_long_question_the_beginning_is_read_and_of_a_long_one_in_the_talk_the_end() -> None:
    question = pieces(words(MOST_OF_QUESTION + 9))
    asked = words(MOST_OF_ASKED + 9, first=200)
    encoded = encode(question, said("w900", asked=asked), pieces)
    before = [CLS, *question[:MOST_OF_QUESTION], SEP, *pieces(asked)[9:], SEP]
    assert encoded.ids == [*before, 1900, SEP]
    assert encoded.types == [0] * len(before) + [1, 1]
    exact = encode(question[:MOST_OF_QUESTION], said("w900", asked=words(MOST_OF_ASKED, first=209)), pieces)
    assert exact == encoded


def test_what_no_longer_fits_is_cut_and_later_sentences_have_no_place() -> None:
    first, second = words(MOST - 10), words(20, first=500)
    encoded = encode([7, 8], said(first, second, "w900"), pieces)
    room = MOST - len([CLS, 7, 8, SEP]) - len([SEP]) - (MOST - 10)
    assert len(encoded.ids) == MOST
    assert encoded.ids[-1] == SEP
    assert in_place(encoded) == [pieces(first), pieces(second)[:room], []]
    assert encoded.places[2] == (MOST - 1, MOST - 1)


def test_a_window_that_just_fits_is_read_whole() -> None:
    encoded = encode([7, 8], said(words(MOST - 6), "w900"), pieces)
    assert len(encoded.ids) == MOST
    assert in_place(encoded)[1] == [1900]


def test_a_sentence_without_pieces_has_an_empty_place() -> None:
    tokenizer = ModelFiles(packaged_model_folder()).tokenizer()
    assert tokenizer is not None
    encoded = encode(
        [7], said("\u200b\u0001", "Quite so."), lambda text: tokenizer.encode(text, add_special_tokens=False).ids
    )
    assert encoded.places[0] == (3, 3)
    assert len(in_place(encoded)[1]) == 3


SENTENCES = st.lists(st.integers(0, 60), max_size=9)


@given(st.integers(0, 90), st.integers(0, 60), st.lists(st.tuples(st.sampled_from([None, "Ann", "Bo Lee"]), SENTENCES)))
def test_every_sentence_has_its_place_within_what_is_read(
    question: int, asked: int, stretches: list[tuple[str | None, list[int]]]
) -> None:
    window = Window(
        asked=words(asked),
        stretches=tuple(
            Stretch(speaker=speaker, sentences=tuple(words(count, first=100 * n) for n, count in enumerate(counts)))
            for speaker, counts in stretches
        ),
    )
    encoded = encode(list(range(question)), window, pieces)
    assert len(encoded.ids) == len(encoded.types) <= MOST
    assert (encoded.ids[0], encoded.ids[-1]) == (CLS, SEP)
    before = min(question, MOST_OF_QUESTION) + 2 + (min(asked, MOST_OF_ASKED) + 1 if asked else 0)
    assert encoded.types == [0] * before + [1] * (len(encoded.ids) - before)
    spoken = [sentence for stretch in window.stretches for sentence in stretch.sentences]
    assert len(encoded.places) == len(spoken)
    reached, cut = before, False
    for (start, end), sentence, read in zip(encoded.places, spoken, in_place(encoded), strict=True):
        assert reached <= start <= end < len(encoded.ids)
        assert read == pieces(sentence)[: len(read)]
        assert not (cut and read)
        cut = cut or len(read) < len(pieces(sentence))
        reached = end
