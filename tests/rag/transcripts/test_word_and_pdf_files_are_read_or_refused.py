"""Word and PDF: what is speech in them, and what breaks them: bombs, damage, passwords, pictures."""

import io
import random
import zipfile

import pytest

from rag.errors import ReadError
from rag.transcripts.readers import archive, read_transcripts
from rag.transcripts.types import Transcript
from tests.rag.transcripts.made_files import PdfLine, docx_of, empty_docx, pdf_of, run, with_body, with_part

TALK = ["# On counting", "**Ann Lee:** What did you count?", "**Bo Ek:** Falls, at first.", "**Ann Lee:** And then?"]
SAID = [("Ann Lee", "What did you count?"), ("Bo Ek", "Falls, at first."), ("Ann Lee", "And then?")]


def read(data: bytes, source: str = "talk.bin") -> Transcript:
    [transcript] = read_transcripts(data, source=source)
    return transcript


def said(data: bytes) -> list[tuple[str | None, str]]:
    return [(turn.speaker, turn.text) for turn in read(data).turns]


def refusal(data: bytes) -> str:
    with pytest.raises(ReadError) as caught:
        read_transcripts(data, source="folder/talk.docx")
    assert str(caught.value).startswith("folder/talk.docx")
    return str(caught.value)


def test_a_word_file_gives_turns_and_its_heading_or_property_is_the_title() -> None:
    assert said(docx_of(TALK)) == SAID
    assert read(docx_of(TALK)).title == "On counting"
    assert read(docx_of(TALK, title="Counting falls")).title == "Counting falls"


def test_insertions_under_review_are_read_and_deletions_are_not() -> None:
    body = (
        f"<w:p>{run('Ann Lee: We ')}<w:ins>{run('did ')}</w:ins><w:del><w:r><w:delText>not </w:delText></w:r></w:del>"
        f"{run('stop.')}</w:p><w:sdt><w:sdtContent><w:p>{run('Bo Ek: Good.')}</w:p></w:sdtContent></w:sdt>"
    )
    assert said(with_body(empty_docx(), body)) == [("Ann Lee", "We did stop."), ("Bo Ek", "Good.")]


def test_text_boxes_and_fallbacks_are_not_read_twice_or_at_all() -> None:
    box = f"<w:r><w:pict><w:txbxContent><w:p>{run('Advertisement')}</w:p></w:txbxContent></w:pict></w:r>"
    fallback = f"<mc:AlternateContent><mc:Fallback>{box}</mc:Fallback></mc:AlternateContent>"
    body = f"<w:p>{run('Ann Lee: One.')}{box}{fallback}</w:p><w:p>{run('Bo Ek: Two.')}</w:p>"
    assert said(with_body(empty_docx(), body)) == [("Ann Lee", "One."), ("Bo Ek", "Two.")]


def test_what_teams_exports_is_read_with_its_times_date_and_title() -> None:
    lines = [
        "Flow review-20240305-Meeting Transcript",
        "March 5, 2024, 9:00AM",
        "27m 42s",
        "Ann Lee started transcription",
    ]
    head = "".join(f"<w:p>{run(line)}</w:p>" for line in lines)
    blocks = [("Ann Lee", "0:03", "Shall we?"), ("Bo Ek (Guest)", "1:02:10", "Yes."), ("Ann Lee", "1:02:12", "Good.")]
    body = "".join(f"<w:p>{run(f'{name}   {time}')}<w:r><w:br/></w:r>{run(text)}</w:p>" for name, time, text in blocks)
    talk = read(with_body(empty_docx(), head + body + f"<w:p>{run('Ann Lee stopped transcription')}</w:p>"))
    assert [(turn.speaker, turn.start_ms, turn.text) for turn in talk.turns] == [
        ("Ann Lee", 3_000, "Shall we?"),
        ("Bo Ek (Guest)", 3_730_000, "Yes."),
        ("Ann Lee", 3_732_000, "Good."),
    ]
    assert talk.title == "Flow review-20240305-Meeting Transcript"
    assert str(talk.date) == "2024-03-05"


def test_older_exports_of_teams_have_two_times_above_the_name() -> None:
    blocks = [("0:0:5.100 --> 0:0:8.250", "Ann Lee", "Shall we?"), ("0:0:8.500 --> 0:0:10.3", "Bo Ek", "Yes.")]
    talk = read(docx_of([line for block in blocks for line in block]))
    assert [(turn.speaker, turn.start_ms, turn.end_ms, turn.text) for turn in talk.turns] == [
        ("Ann Lee", 5_100, 8_250, "Shall we?"),
        ("Bo Ek", 8_500, 10_300, "Yes."),
    ]


def test_otters_export_to_word_is_read_as_its_text_is() -> None:
    body = [
        "On flow",
        "Mon, Mar 04, 2024",
        "Ann Lee  00:05",
        "Shall we?",
        "Bo Ek  00:12",
        "Yes.",
        "Unknown Speaker  00:15",
        "Hm.",
    ]
    turns = read(docx_of(body)).turns
    assert [(turn.speaker, turn.start_ms) for turn in turns] == [
        ("Ann Lee", 5_000),
        ("Bo Ek", 12_000),
        ("Unknown Speaker", 15_000),
    ]


def test_a_bomb_is_refused_before_anything_unpacks_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "LARGEST_PART", 100_000)
    bomb = with_part(docx_of(TALK), "word/media/image1.png", b"\0" * 200_000)
    assert len(bomb) < 60_000
    assert "unpacks to more than 100,000 bytes" in refusal(bomb)


def test_many_parts_that_are_small_each_are_a_bomb_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "LARGEST_WHOLE", 100_000)
    assert "unpacks to more than" in refusal(docx_of(TALK))
    monkeypatch.setattr(archive, "MOST_PARTS", 3)
    assert "parts" in refusal(docx_of(TALK))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_entities_are_refused(encoding: str) -> None:
    nested = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 9))
    xml = f'<?xml version="1.0" encoding="{encoding}"?><!DOCTYPE d [<!ENTITY e0 "ha">{nested}]><d>&e8;</d>'
    assert "declares a document type" in refusal(with_part(docx_of(TALK), "word/document.xml", xml.encode(encoding)))


def test_a_damaged_or_encrypted_word_file_is_refused_as_such() -> None:
    sound = docx_of(TALK)
    assert "damaged" in refusal(sound[:-200])
    assert "sound Word file" in refusal(with_part(sound, "word/document.xml", "<w:document"))
    assert "sound Word file" in refusal(with_part(sound, "[Content_Types].xml", "<Types/>"))
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as other:
        other.writestr("word/note.txt", "hi")
    assert "sound Word file" in refusal(out.getvalue())
    assert "neither speakers" in refusal(docx_of(["Hello"]))


PAGE_ONE: list[PdfLine] = [
    (50, 800, "Improvement board, notes"),
    (50, 760, "**Ann Lee:** We began with a check-"),
    (50, 746, "list, and the check-list is known. It was a long line of many words that"),
    (50, 732, "goes on to the co-"),
    (50, 718, "ordinator, and to the next step in wel-"),
    (50, 704, "coming the team, as welcoming goes."),
    (50, 676, "A new paragraph."),
    (50, 648, "**Bo Ek:** And that was the begin of the longest line of all, which ends on"),
    (280, 30, "Page 1 of 3"),
]
PAGE_TWO: list[PdfLine] = [
    (50, 800, "Improvement board, notes"),
    (50, 760, "the next page."),
    (50, 732, "**Ann Lee:** Thanks."),
    (280, 30, "Page 2 of 3"),
]
PAGE_THREE: list[PdfLine] = [
    (50, 800, "Improvement board, notes"),
    (50, 760, "**Bo Ek:** Bye."),
    (280, 30, "Page 3 of 3"),
]


def test_a_pdf_loses_its_running_heads_and_page_numbers_and_its_lines_become_paragraphs() -> None:
    talk = read(pdf_of([PAGE_ONE, PAGE_TWO, PAGE_THREE], title="Board, 5 March"))
    assert [(turn.speaker, turn.text) for turn in talk.turns] == [
        (
            "Ann Lee",
            (
                "We began with a check-list, and the check-list is known. It was a long line of many words that goes "
                "on to the co-ordinator, and to the next step in welcoming the team, as welcoming goes."
                "\n\nA new paragraph."
            ),
        ),
        ("Bo Ek", "And that was the begin of the longest line of all, which ends on the next page."),
        ("Ann Lee", "Thanks."),
        ("Bo Ek", "Bye."),
    ]
    assert talk.title == "Board, 5 March"


def test_the_name_of_a_word_processors_file_is_no_title_of_a_pdf() -> None:
    assert read(pdf_of([PAGE_TWO, PAGE_THREE], title="Microsoft Word - notes.docx"), "flow.pdf").title == "Flow"


def test_a_name_that_opens_two_pages_by_chance_is_no_running_head() -> None:
    one: list[PdfLine] = [(50, 760, "**Ann Lee:**"), (50, 746, "One."), (50, 718, "**Bo Ek:**"), (50, 704, "Two.")]
    two: list[PdfLine] = [(50, 760, "**Ann Lee:**"), (50, 746, "Three.")]
    assert [speaker for speaker, _ in said(pdf_of([one, two]))] == ["Ann Lee", "Bo Ek", "Ann Lee"]


def test_a_pdf_of_pictures_and_a_damaged_one_are_refused_with_what_to_do() -> None:
    assert "OCR" in refusal(pdf_of([[]]))
    assert "the PDF can't be read" in refusal(b"%PDF-1.4\n" + bytes(range(256)) * 4)


@pytest.mark.parametrize("kind", ["docx", "pdf"])
def test_damaged_files_are_read_or_refused(kind: str) -> None:
    sound = docx_of(TALK) if kind == "docx" else pdf_of([PAGE_ONE, PAGE_TWO, PAGE_THREE])
    chance = random.Random(3)
    for _ in range(40):
        damaged = bytearray(sound)
        for _ in range(chance.randint(1, 8)):
            damaged[chance.randrange(len(damaged))] = chance.randrange(256)
        assert attempt(bytes(damaged))


def attempt(data: bytes) -> str:
    """Return what became of some bytes: the error's message, or the first turn's text."""
    try:
        transcripts = read_transcripts(data, source="talk")
    except ReadError as error:
        return str(error) if str(error).startswith("talk") else ""
    return transcripts[0].turns[0].text
