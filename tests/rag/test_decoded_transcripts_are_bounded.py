"""Transcripts that were decoded are remembered within bounds, and never returned for another text."""

import sys

from rag.decoded import REMEMBERED, DecodedTranscripts
from rag.storage import StoredTranscript, encode
from rag.transcripts.types import Transcript, Turn


def body(name: str, words: int = 10) -> str:
    turn = Turn(text="word " * words, speaker="Ann")
    return encode(StoredTranscript(as_read=Transcript(id=name, title=name, turns=(turn,))))


def is_remembered(decoded: DecodedTranscripts, name: str) -> bool:
    """Say whether the transcript is kept, without asking for it, which would keep it."""
    return name in decoded._kept


def test_what_was_decoded_is_returned_again_unless_the_text_is_another() -> None:
    decoded = DecodedTranscripts()
    first = decoded.of("a", body("a"))[1]
    assert decoded.of("a", body("a"))[1] is first
    other = decoded.of("a", body("a", words=20))[1]
    assert len(other.turns[0].text) > len(first.turns[0].text)


def test_long_transcripts_push_out_those_that_were_asked_for_longest_ago() -> None:
    text = body("a", words=1000)
    room_for_two = DecodedTranscripts(most_bytes=7 * sys.getsizeof(text))
    for name in ("a", "b", "a", "c"):
        room_for_two.of(name, text)
    assert [is_remembered(room_for_two, name) for name in "abc"] == [True, False, True]
    for words in (1000, 900, 1000):  # another text of the same transcript takes the place of the one before
        room_for_two.of("c", body("c", words))
    assert is_remembered(room_for_two, "a")


def test_a_transcript_that_is_longer_than_all_the_room_is_decoded_and_not_remembered() -> None:
    decoded = DecodedTranscripts(most_bytes=1000)
    assert decoded.of("a", body("a", words=1000))[1].turns[0].speaker == "Ann"
    assert not is_remembered(decoded, "a")
    decoded.of("b", body("b", words=1))
    assert decoded._bytes <= 1000


def test_no_more_than_a_number_of_short_ones_are_remembered() -> None:
    decoded = DecodedTranscripts()
    for number in range(REMEMBERED + 1):
        decoded.of(str(number), body(str(number)))
    assert len(decoded._kept) == REMEMBERED
    assert not is_remembered(decoded, "0")
