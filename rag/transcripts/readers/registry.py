"""Which reader reads a source: the surest from its content, or the one that the owner names."""

import importlib
import json
import pkgutil
from dataclasses import replace
from functools import cache

from rag.errors import InputError
from rag.transcripts.readers import formats
from rag.transcripts.readers.decoding import NotTextError, decode
from rag.transcripts.readers.protocol import Reader
from rag.transcripts.readers.source import UNKNOWN_PROVENANCE, Provenance, ReadOptions, SourceFile
from rag.transcripts.types import Transcript

NO_OPTIONS = ReadOptions()
SAMPLE = 500_000
"""Characters of a text in which readers look for their format: ten hours of speech. It is read to its end."""


@cache
def readers() -> tuple[Reader, ...]:
    """Return all readers in order of their names: the `READER` of every module in `formats`."""
    found = [importlib.import_module(module.name).READER for module in _modules()]
    return tuple(sorted(found, key=lambda reader: reader.names[0]))


def _modules() -> list[pkgutil.ModuleInfo]:
    return list(pkgutil.iter_modules(formats.__path__, f"{formats.__name__}."))


def read_transcripts(
    data: bytes, *, source: str, options: ReadOptions = NO_OPTIONS, provenance: Provenance = UNKNOWN_PROVENANCE
) -> list[Transcript]:
    """Return the transcripts that a source holds, at least one.

    Args:
        data: The bytes of the source.
        source: A path or a URL, as the owner gave it; kept as `Transcript.source`.
        options: What the owner states about the source.
        provenance: What is known of it from where it was found.

    Raises:
        ReadError: The source can't be read; the message says where, why and how to mend it.
        InputError: The options name a format that no reader reads.
    """
    try:
        text, not_text = decode(data), None
    except NotTextError as error:
        text, not_text = "", str(error)
    file = SourceFile(
        name=source,
        data=data,
        text=text,
        not_text=not_text,
        json=_json(text),
        options=options,
        provenance=provenance,
    )
    return _choose(file).read(file)


def _json(text: str) -> object:
    """Return what a text is in JSON where it is one object or list, else None; the readers say what is broken."""
    if text.lstrip()[:1] not in {"{", "["}:
        return None
    try:
        document: object = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return document if isinstance(document, dict | list) else None


def _choose(file: SourceFile) -> Reader:
    if file.options.format is not None:
        named = _named(file.options.format)
        if file.not_text is None or named.score(file) > 0:
            return named
        raise file.error(file.not_text, mend=f"Give it as {named.names[0]}, or leave --format away.")
    sample = _sample(file)
    scored = [(reader.score(sample), reader) for reader in readers()]
    best, reader = max(scored, key=lambda pair: pair[0])
    if best > 0:
        return reader
    if file.not_text is not None:
        raise file.error(
            file.not_text, mend="Give a transcript as text, Markdown, a web page, WebVTT, SRT, JSON, DOCX or PDF."
        )
    raise file.error(
        "no speakers, cues or running speech were found in it",
        mend='Mark who speaks, for instance as "Ann Smith: Good morning." with a line for each turn, '
        "or name the format with --format.",
    )


def _sample(file: SourceFile) -> SourceFile:
    """Return a source with so much of a long text as shows its format."""
    if len(file.text) <= SAMPLE:
        return file
    text = file.text[:SAMPLE]
    return replace(file, text=text[: text.rfind("\n") + 1] or text)


def _named(name: str) -> Reader:
    for reader in readers():
        if name.lower() in reader.names:
            return reader
    known = ", ".join(reader.names[0] for reader in readers())
    raise InputError(f"There is no format {name!r}. The formats are: {known}.")
