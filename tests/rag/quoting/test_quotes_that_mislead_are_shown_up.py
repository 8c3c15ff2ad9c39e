"""Changed figures, dropped words, spliced speakers: what a careful reader of a quote wants to be told."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest

from index.embedded import EmbeddedEngine
from rag.errors import UnknownSpeakerError
from rag.quoting.checker import QuoteChecker
from rag.quoting.types import QuoteCheck, Verdict
from rag.retrieval.types import Filters
from tests.rag.quoting.made_conversations import checker, conversation, indexed

ADA, BEN = "Dr Ada Moss", "Ben Lark"
FIRST = conversation(
    "ferry-timetable",
    (BEN, "Let us begin with the ferry. How many passengers came last winter?"),
    (ADA, "Passengers went up by 6% last winter, and the crossing did not close. We kept the bar open until midnight."),
    (BEN, "And the harbour master agreed with every word of it. Did she not?"),
    (
        ADA,
        (
            "She said [laughter] that nobody reads the timetable on the wall.\n\n"
            "The second boat is older than the pier, and nobody has painted it since the storm."
        ),
    ),
    (None, "Mind the gap between the boat and the quay."),
    date=dt.date(2023, 3, 1),
    collection="ferries",
)
SECOND = conversation(
    "pier-repairs",
    (ADA, "Mind the gap between the boat and the quay. I say it in my sleep."),
    (BEN, "We painted the pier twice in the same summer."),
    date=dt.date(2021, 5, 9),
    collection="piers",
)
UNDATED = conversation("undated-note", (BEN, "Mind the gap between the boat and the quay."), collection="piers")


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedEngine]:
    opened = indexed(tmp_path_factory.mktemp("ferries"), [FIRST, SECOND, UNDATED])
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def quotes(engine: EmbeddedEngine) -> QuoteChecker:
    return checker(engine)


def differences(found: QuoteCheck, match: int = 0) -> list[tuple[str, str]]:
    return [(difference.said, difference.asked) for difference in found.matches[match].differences]


def test_the_match_names_speaker_role_conversation_and_date(quotes: QuoteChecker) -> None:
    cited = quotes.check("the crossing did not close").matches[0].citation
    assert (cited.speaker, cited.role, cited.title, cited.date) == (
        ADA,
        f"role of {ADA}",
        "Ferry-Timetable",
        dt.date(2023, 3, 1),
    )
    assert cited.link == f"/transcripts/ferry-timetable#turn-1:{cited.start}-{cited.end}"


def test_another_figure_is_not_verbatim(quotes: QuoteChecker) -> None:
    found = quotes.check("Passengers went up by 5% last winter")
    assert found.verdict is Verdict.NEAR
    assert differences(found) == [("6%", "5%")]
    assert found.matches[0].similarity == pytest.approx(1 - 1 / 7)


def test_a_not_that_was_dropped_or_added_is_shown(quotes: QuoteChecker) -> None:
    assert differences(quotes.check("the crossing did close")) == [("not", "")]
    assert differences(quotes.check("We painted the pier not twice in the same summer")) == [("", "not")]


def test_a_quote_that_runs_two_speakers_together_is_near_with_a_match_for_each(quotes: QuoteChecker) -> None:
    found = quotes.check("We kept the bar open until midnight. And the harbour master agreed with every word")
    assert found.verdict is Verdict.NEAR
    assert [match.citation.speaker for match in found.matches] == [ADA, BEN]
    assert differences(found, 0) == [("", "And the harbour master agreed with every word")]
    assert differences(found, 1) == [("", "We kept the bar open until midnight")]
    assert found.matches[0].similarity + found.matches[1].similarity == pytest.approx(1)


def test_a_quote_over_two_paragraphs_of_a_turn_is_verbatim_in_two_quotes(quotes: QuoteChecker) -> None:
    found = quotes.check("the timetable on the wall. The second boat is older")
    assert found.verdict is Verdict.VERBATIM
    assert [match.citation.quote for match in found.matches] == [
        "the timetable on the wall",
        "The second boat is older",
    ]
    assert {match.citation.turn for match in found.matches} == {3}


def test_what_an_elision_leaves_out_is_shown(quotes: QuoteChecker) -> None:
    found = quotes.check("the crossing did … close. We kept the bar open")
    assert found.verdict is Verdict.NEAR
    assert differences(found) == [("not", "")] or differences(found) == [("not", "…")]
    longer = quotes.check("Passengers went up [...] and the crossing did not close")
    assert differences(longer) == [("by 6% last winter", "…")]
    assert longer.matches[0].citation.quote.startswith("Passengers went up by 6%")


def test_an_elision_over_a_paragraph_gives_a_quote_on_each_side(quotes: QuoteChecker) -> None:
    found = quotes.check("nobody reads the timetable … older than the pier")
    assert found.verdict is Verdict.NEAR
    assert [m.citation.quote for m in found.matches] == ["nobody reads the timetable", "older than the pier"]
    assert differences(found, 0) == [("", "…")]


def test_parts_in_another_order_are_not_joined_by_an_elision(quotes: QuoteChecker) -> None:
    found = quotes.check("the crossing did not close … Passengers went up by 6% last winter")
    assert found.verdict is not Verdict.VERBATIM
    assert all(match.similarity < 0.7 for match in found.matches)


def test_a_stage_note_between_the_words_is_shown(quotes: QuoteChecker) -> None:
    assert differences(quotes.check("She said that nobody reads the timetable")) == [("laughter", "")]


def test_every_place_is_a_match_the_oldest_conversation_first(quotes: QuoteChecker) -> None:
    found = quotes.check("mind the gap between the boat and the quay")
    assert found.verdict is Verdict.VERBATIM
    assert [m.citation.transcript_id for m in found.matches] == ["pier-repairs", "ferry-timetable", "undated-note"]
    assert [m.citation.speaker for m in found.matches] == [ADA, None, BEN]
    assert not found.more


@pytest.mark.parametrize("quote", ["and so on", "more rope"])
def test_a_quote_said_very_often_is_listed_twenty_times_and_no_more(quote: str, tmp_path: Path) -> None:
    engine = indexed(tmp_path, [conversation(f"talk-{n}", (ADA, "More rope, and so on. " * 4)) for n in range(6)])
    found = checker(engine).check(quote)
    assert found.verdict is Verdict.VERBATIM
    assert len(found.matches) == 20
    assert found.more
    engine.close()


def test_a_paraphrase_is_not_found_and_has_the_nearest_sentence_whole(quotes: QuoteChecker) -> None:
    found = quotes.check("the second ship predates the pier and remained unpainted ever since that storm")
    assert found.verdict is Verdict.NOT_FOUND
    assert (
        found.matches[0].citation.quote
        == ("The second boat is older than the pier, and nobody has painted it since the storm.")[:-1]
    )
    assert 0 < found.matches[0].similarity < 0.7
    assert found.matches[0].differences


@pytest.mark.parametrize(
    ("filters", "places"),
    [
        (Filters(speakers=("ada moss",)), ["pier-repairs"]),
        (Filters(collections=("piers",)), ["pier-repairs", "undated-note"]),
        (Filters(collections=("ferries",)), ["ferry-timetable"]),
        (Filters(transcript_ids=("undated-note",)), ["undated-note"]),
        (Filters(date_from=dt.date(2022, 1, 1)), ["ferry-timetable"]),
        (Filters(date_to=dt.date(2022, 1, 1)), ["pier-repairs"]),
        (Filters(collections=("nowhere",)), []),
    ],
)
@pytest.mark.parametrize("quote", ["mind the gap between the boat and the quay", "between the and the"])
def test_nothing_outside_the_filters_is_looked_at(
    quotes: QuoteChecker, filters: Filters, places: list[str], quote: str
) -> None:
    found = quotes.check(quote, filters=filters)
    assert {match.citation.transcript_id for match in found.matches} <= set(places)
    if quote.startswith("mind"):
        assert [match.citation.transcript_id for match in found.matches] == places


@pytest.mark.parametrize(
    ("filters", "found"),
    [(Filters(collections=("piers",)), 0), (Filters(date_to=dt.date(2022, 1, 1)), 0), (Filters(), 1)],
)
def test_words_that_only_reading_everything_finds_are_held_to_the_filters_too(
    quotes: QuoteChecker, filters: Filters, found: int
) -> None:
    assert len(quotes.check("with every", filters=filters).matches) == found or found == 0
    assert sum(m.similarity == 1 for m in quotes.check("of it. Did she not", filters=filters).matches) == found


def test_the_wrong_speaker_did_not_say_it(quotes: QuoteChecker) -> None:
    found = quotes.check("Passengers went up by 6% last winter", filters=Filters(speakers=(BEN,)))
    assert found.verdict is Verdict.NOT_FOUND
    assert all(match.citation.speaker == BEN for match in found.matches)


def test_an_unknown_speaker_is_refused(quotes: QuoteChecker) -> None:
    with pytest.raises(UnknownSpeakerError, match="Nobody Here"):
        quotes.check("anything", filters=Filters(speakers=("Nobody Here",)))
