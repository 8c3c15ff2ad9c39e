"""Mutated files: what they are made from, how they are damaged, and what must hold for whatever is read from them.

No word that isn't in the source: every word of a turn, its letters and figures alone, stands in what the source says,
later than the word before it. What a source says is its text as the product decodes it (encodings have tests of their
own) with character references resolved or not and with tags or without; for JSON the strings in it; for Word files the
text runs of the document's XML; for PDF the text that PDFium finds. Markup inside a word is thus no hindrance. Where
pieces of broken tags are in a turn, so that some tags were markup and some weren't, its words need only be there.
"""

import html
import io
import json
import random
import re
import time
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pypdfium2

from rag.errors import ReadError
from rag.transcripts.readers import read_transcripts, readers
from rag.transcripts.readers.decoding import decode
from tests.rag.transcripts.made_files import PdfLine, docx_of, pdf_of, with_part
from tests.rag.transcripts.test_readers_refuse_what_they_cannot_read import GOOD

SLOWEST_S = 5.0
"""Of the processor's time: what else the machine does is no fault of a reader."""
GARBAGE = [
    *(b"\x00", b"\xff\xfe", b"-->", b"**", b": ", b"\n\n", b"{", b"]", b"<v ", b"1\n", b"---\n", "“é🙂".encode()),
    *(b"<p>", b"</td>", b"<table>", b"<b>", b"&#x41;", b"&amp;", b"<cite>", b"</", b"<!--", b'"', b"\\u0041", b"0:05"),
    *(b"[Ann Lee] ", b"\xed\xa0\x80", b"Bo Ek  0:10\n"),
]
XML_PART = "word/document.xml"
LONGEST_SAMPLE = 40_000
"""Bytes of a text that are mutated, so that ten thousand take minutes and not hours."""

_MARKUP = (
    re.compile(r"<[^<>]*>"),
    re.compile(r"<[^>]*>"),
    re.compile(r"</?[a-zA-Z][^>]*>"),
    re.compile(r"\]\([^()]*\)"),
)
"""Tags, as sound and as broken ones are understood, and the addresses of Markdown's links."""
_RUN = re.compile(r"<w:t(?: [^<>]*)?>([^<]*)")


@dataclass(frozen=True, slots=True)
class Sample:
    name: str
    data: bytes


def samples(project: Path, formats: Path | None) -> list[Sample]:
    """Return sound files of every format: the project's conversations, small made ones, real ones where they are."""
    # The first file would pay for loading the libraries.
    assert readers()
    found = [
        Sample(path.name, path.read_bytes())
        for path in sorted((project / "corpus").iterdir())
        if not path.name.startswith("README") and path.suffix != ".toml"
    ]
    found += [Sample(f"{form}.dat", text.encode()) for form, text in GOOD.items()]
    lines: list[PdfLine] = [(50, 760 - 14 * n, f"**Ann Lee:** line {n} of well-") for n in range(30)]
    found += [Sample("made.pdf", pdf_of([lines, lines])), Sample("made.docx", docx_of([line for _, _, line in lines]))]
    real = sorted(formats.iterdir()) if formats else []
    return found + [Sample(path.name, path.read_bytes()) for path in real if path.name != "README.md"]


def mutated(sample: Sample, chance: random.Random) -> bytes:
    """Return a file with stretches cut, doubled, swapped, or garbage put in; of Word files mostly the text's XML."""
    data = sample.data
    if data.startswith(b"PK") and chance.random() < 0.7:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return with_part(data, XML_PART, _mutate(archive.read(XML_PART), chance))
    if not data.startswith((b"PK", b"%PDF")) and len(data) > LONGEST_SAMPLE:
        start = 0 if chance.random() < 0.7 else chance.randrange(len(data))
        data = data[start : start + chance.randint(100, LONGEST_SAMPLE)]
    return _mutate(data, chance)


def _mutate(data: bytes, chance: random.Random) -> bytes:
    mutated = bytearray(data)
    for _ in range(chance.randint(1, 6)):
        start = chance.randrange(len(mutated) + 1)
        end = min(len(mutated), start + chance.choice([1, 3, 40, 400]))
        match chance.randrange(5):
            case 0:
                del mutated[start:end]
            case 1:
                mutated[start:start] = mutated[start:end]
            case 2:
                mutated[start:end] = bytes(reversed(mutated[start:end]))
            case 3:
                del mutated[end + 200 :]
            case _:
                mutated[start:start] = chance.choice(GARBAGE) * chance.choice([1, 2, 50])
    return bytes(mutated)


def check(data: bytes, name: str) -> bool:
    """Read a file and return whether it was read; fail where it crashes, takes long, or says what nobody said."""
    started = time.process_time()
    transcripts, refused = [], name
    try:
        transcripts = read_transcripts(data, source=name)
    except ReadError as error:
        refused = str(error)
    assert refused.startswith(name)
    took = time.process_time() - started
    assert took < SLOWEST_S, f"{name} took {took:.1f} s"
    turns = [turn for transcript in transcripts for turn in transcript.turns]
    said = _says(data) if turns else []
    for turn in turns:
        words = [letters for word in turn.text.split() if (letters := _letters(word))]
        in_order = any(_stand_in_order(words, source) for source in said)
        assert in_order or _is_of_broken_markup(turn.text, said), f"{name}: not in the source: {turn.text[:300]!r}"
    return bool(turns)


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text))


def _stand_in_order(words: list[str], source: str) -> bool:
    place = 0
    for word in words:
        found = source.find(word, place)
        if found < 0:
            return False
        place = found + len(word)
    return True


def _is_of_broken_markup(text: str, said: list[str]) -> bool:
    """Say whether a text holds pieces of tags, some left out and some not, and each of its words is in the source."""
    return re.search("[<>&]", text) is not None and all(
        any(part in source for source in said) for part in re.findall(r"[^\W_]+", text)
    )


def _says(data: bytes) -> list[str]:
    """Return what a source says, in the ways in which it may be meant, letters and figures alone."""
    if data.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return [_letters(html.unescape("".join(_RUN.findall(archive.read(XML_PART).decode("utf-8", "replace")))))]
    if b"%PDF-" in data[:1024]:
        return [_letters("".join(_pdf_text(data)))]
    text = decode(data)
    try:
        text = "\n".join(_strings(json.loads(text)))
    except (ValueError, RecursionError):
        text = "\n".join(_json_lines(text)) if text.lstrip().startswith("{") else text
    forms = [text, *(markup.sub("", text) for markup in _MARKUP)]
    return [_letters(each) for form in forms for each in (form, html.unescape(form))]


def _json_lines(text: str) -> Iterator[str]:
    for line in text.split("\n"):
        try:
            yield from _strings(json.loads(line))
        except (ValueError, RecursionError):
            yield line


def _strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for each in value.values():
            yield from _strings(each)
    elif isinstance(value, list):
        for each in value:
            yield from _strings(each)


def _pdf_text(data: bytes) -> Iterator[str]:
    document = pypdfium2.PdfDocument(data)
    for number in range(len(document)):
        try:
            yield document[number].get_textpage().get_text_range().replace("\ufffe", "")
        except pypdfium2.PdfiumError:
            continue
