"""The two real pages: counts, people, dates, places. No sentence of theirs stands here."""

import datetime as dt
import re
from pathlib import Path

import pytest

from rag.transcripts.readers import read_transcripts
from rag.transcripts.types import Attribution, Transcript

SEEDS = Path(__file__).resolve().parents[3].parent / "shared" / "seeds"
BOOST, HAM = "000_2191aa5ca458085b.txt", "003_64caa273b247f7c9.txt"

pytestmark = pytest.mark.skipif(not SEEDS.is_dir(), reason="the seed transcripts are not beside the checkout")


def raw(name: str) -> str:
    return (SEEDS / name).read_text(encoding="utf-8")


def read(name: str, text: str | None = None) -> Transcript:
    [transcript] = read_transcripts((text or raw(name)).encode(), source=name)
    return transcript


def folded(text: str) -> str:
    return " ".join(text.split())


def line_of_inferred(transcript: Transcript) -> tuple[str | None, int]:
    [turn] = [turn for turn in transcript.turns if turn.attribution is Attribution.INFERRED]
    line = re.search(r"\(line (\d+)\)", turn.attribution_reason or "")
    assert line
    return turn.speaker, int(line[1])


@pytest.mark.parametrize("name", [BOOST, HAM])
def test_each_page_has_24_turns_of_which_one_is_inferred(name: str) -> None:
    attributions = [turn.attribution for turn in read(name).turns]
    assert attributions.count(Attribution.LABELLED) == 23
    assert attributions.count(Attribution.INFERRED) == 1
    assert len(attributions) == 24


def test_dates_ids_and_speakers_are_right() -> None:
    boost, ham = read(BOOST), read(HAM)
    assert (boost.date, ham.date) == (dt.date(2023, 12, 6), dt.date(2023, 11, 21))
    assert boost.id == "2023-12-06-improvement-is-more-than-an-add-on-or-nice-to-have"
    assert ham.id.startswith("2023-11-21-prof-sir-chris-ham-we-need")
    assert len(ham.id) <= 80
    assert {s.name for s in boost.speakers} == {"Matthew Taylor", "Sam Allen", "Penny Pereira"}
    assert {s.name for s in ham.speakers} == {"Matthew Taylor", "Sir Chris Ham"}


def test_roles_come_from_the_head_and_past_roles_are_left_out() -> None:
    boost = {s.name: (s.role, s.organisation) for s in read(BOOST).speakers}
    assert boost["Sam Allen"] == ("chief executive", "North East and North Cumbria Integrated Care Board")
    assert boost["Penny Pereira"] == ("managing director of Q", "Health Foundation")
    assert boost["Matthew Taylor"] == ("chief executive", "NHS Confederation")
    assert all(s.role is None and s.organisation is None for s in read(HAM).speakers)


@pytest.mark.parametrize(("name", "speaker", "place"), [(BOOST, "Sam Allen", 14), (HAM, "Sir Chris Ham", 7)])
def test_the_lost_label_is_the_answerers_and_its_line_is_given(name: str, speaker: str, place: int) -> None:
    transcript = read(name)
    inferred, line = line_of_inferred(transcript)
    assert inferred == speaker
    assert transcript.turns[place].attribution is Attribution.INFERRED
    paragraph = transcript.turns[place].text.split("\n\n")[0]
    assert folded(raw(name).split("\n")[line - 1]) == paragraph


@pytest.mark.parametrize("name", [BOOST, HAM])
def test_every_paragraph_is_verbatim_and_none_is_furniture(name: str) -> None:
    transcript, source = read(name), folded(raw(name))
    for turn in transcript.turns:
        for paragraph in turn.text.split("\n\n"):
            assert paragraph
            assert paragraph in source
    said = " ".join(turn.text for turn in transcript.turns)
    for furniture in ("Free to listen", "Arrow pointing", "Related reading", "Like what you heard", "•"):
        assert furniture not in said


@pytest.mark.parametrize("name", [BOOST, HAM])
def test_all_indented_text_and_nothing_else_is_speech(name: str) -> None:
    names = {s.name for s in read(name).speakers}
    indented = [line.strip() for line in raw(name).split("\n") if line.startswith("    ")]
    speech = folded(" ".join(line for line in indented if line not in names))
    assert folded(" ".join(turn.text for turn in read(name).turns)) == speech


@pytest.mark.parametrize("name", [BOOST, HAM])
@pytest.mark.parametrize("blank_lines", [True, False])
@pytest.mark.parametrize("bullets", [True, False])
def test_the_page_pasted_flat_reads_the_same(name: str, blank_lines: bool, bullets: bool) -> None:
    flat = "\n".join(line.strip() for line in raw(name).split("\n"))
    flat = flat if blank_lines else re.sub(r"\n+", "\n", flat)
    flat = flat if bullets else flat.replace("• ", "")
    pasted, saved = read(name, flat), read(name)
    assert (pasted.id, pasted.title, pasted.date) == (saved.id, saved.title, saved.date)
    assert pasted.speakers == saved.speakers
    assert [(t.speaker, t.attribution, t.text) for t in pasted.turns] == [
        (t.speaker, t.attribution, t.text) for t in saved.turns
    ]
