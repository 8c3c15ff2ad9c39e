"""Native JSON and JSON Lines: one document, a list of them, or one a line; ids are kept."""

import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from itertools import count

from rag.errors import ReadError
from rag.transcripts.identity import title_from_stem, transcript_id
from rag.transcripts.native import from_native
from rag.transcripts.readers.assembly import override
from rag.transcripts.readers.source import SourceFile
from rag.transcripts.types import Transcript

SCORE = 0.98

_MEND = "Export it again; or write one JSON document, or one on each line, as `turnwise export` does."
_BEGINS = re.compile(r"\s*(?:\{\s*[\"}]|\{\s*$|\[\s*\{|\[\s*\]\s*$)")


class NativeReader:
    """Reads what `turnwise export` writes."""

    names = ("native", "json", "jsonl")

    def score(self, source: SourceFile) -> float:
        """Return nearly 1 where the text begins as a JSON object or a list of them, else 0."""
        return SCORE if _BEGINS.match(source.text) else 0.0

    def read(self, source: SourceFile) -> list[Transcript]:
        """Return the transcripts of a file, in its order.

        Raises:
            ReadError: The JSON is broken (the message gives line and column), isn't a transcript, or two have one id.
        """
        stem_title, _ = title_from_stem(source.stem)
        transcripts: list[Transcript] = []
        ids: Counter[str] = Counter()
        for document, where, line in _documents(source):
            transcript = override(from_native(document, where=where, title=stem_title), source)
            if isinstance(document, dict) and document.get("id") is not None:
                if ids[transcript.id]:
                    raise source.error(
                        f"the id {transcript.id!r} is in it twice", line=line, mend="Give each its own id."
                    )
            else:
                transcript = _with_new_id(transcript, ids)
            ids[transcript.id] += 1
            transcripts.append(transcript)
        return transcripts


def _with_new_id(transcript: Transcript, taken: Counter[str]) -> Transcript:
    slug = transcript_id(transcript.title, transcript.date)
    numbered = (slug if number == 1 else f"{slug}-{number}" for number in count(1))
    return replace(transcript, id=next(each for each in numbered if not taken[each]))


def _documents(source: SourceFile) -> Iterator[tuple[object, str, int | None]]:
    """Yield documents, how messages name them, and their lines.

    Raises:
        ReadError: The JSON is broken.
    """
    whole = source.json
    if whole is None:
        try:
            whole = json.loads(source.text)
        except json.JSONDecodeError as error:
            if error.msg != "Extra data":
                raise _broken(source, error, 0) from None
            yield from _lines(source)
            return
        except (ValueError, RecursionError):
            raise source.error("its JSON is nested too deeply or holds a number that is too long", mend=_MEND) from None
    if isinstance(whole, dict) and "turns" not in whole:
        raise source.error(
            'its JSON has no "turns", and it is no speech recogniser\'s transcript that is known',
            mend='The native form is {"title", "turns": [{"speaker", "text"}]}.',
        )
    if not isinstance(whole, list):
        yield whole, source.name, None
        return
    if not whole:
        raise source.error("the list in it is empty", mend=_MEND)
    for number, document in enumerate(whole, start=1):
        yield document, f"{source.name}, document {number}", None


def _lines(source: SourceFile) -> Iterator[tuple[object, str, int | None]]:
    for number, line in enumerate(source.text.split("\n"), start=1):
        if not line.strip():
            continue
        try:
            yield json.loads(line), f"{source.name}, line {number}", number
        except json.JSONDecodeError as error:
            raise _broken(source, error, number - 1) from None
        except (ValueError, RecursionError):
            raise source.error(
                "its JSON is nested too deeply or holds too long a number", line=number, mend=_MEND
            ) from None


def _broken(source: SourceFile, error: json.JSONDecodeError, lines_before: int) -> ReadError:
    cut_off = error.pos >= len(error.doc.rstrip())
    reason = "the JSON is cut off" if cut_off else f"the JSON is broken ({error.msg})"
    return source.error(reason, line=lines_before + error.lineno, column=error.colno, mend=_MEND)


READER = NativeReader()
