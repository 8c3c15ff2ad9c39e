"""Find the fastest backend of this machine whose vectors are the reference's: `python -m rag.embedding.measurement`.

Set-up runs it once. The reference's vectors of a few texts are kept beside this file, so PyTorch is not needed for it;
`python -m benchmarks.embedding --write-reference` makes them anew.
"""

import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import numpy as np

from rag.embedding.choice import Backend, Choice, choice_file, library_version, open_embedder, processor, write_choice
from rag.embedding.openvino_runtime import load_openvino
from rag.embedding.protocol import Embedder
from rag.errors import ModelError

REFERENCE = Path(__file__).with_name("reference.npy")
"""Vectors of SAMPLE by PyTorch in float32, shape (len(SAMPLE), 384), unit length."""
SAMPLE = (
    "We moved the huddle to eight o'clock and the whole ward came.",
    "Who keeps the chart up to date when the matron is away?",
    "",
    "🙂 Nïne ﬁshing boats — “zwölf” ½ 漁船 и лодки.",
    "Title: The pencil and the wall. Speakers: Imre Falk, Oona Teale.\n\nOona Teale: And then? Imre Falk: We counted.",
    "The ferry was late again, so we wrote down every departure for a month. " * 40,
)
LEAST_COSINE = 0.999
WORTH_IT = 1.15
"""A rougher precision has to be faster by this factor: less is noise on a shared machine."""
ROUNDS = 3
TEXTS_A_ROUND = 12
_TEXT = "we counted every fall on the ward and drew the chart by hand until the staff saw the pattern " * 11
"""About 200 tokens, the size of a chunk."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """What one backend showed."""

    texts_per_s: float
    """The best of the rounds."""
    least_cosine: float
    """To the reference, over SAMPLE."""


def candidates() -> tuple[Backend, ...]:
    """Return OpenVINO's precisions that this processor computes natively, float32 first.

    Raises:
        ModelError: OpenVINO can't be loaded.
    """
    try:
        able = load_openvino().Core().get_property("CPU", "OPTIMIZATION_CAPABILITIES")
    except (ImportError, RuntimeError) as error:
        raise ModelError(f"OpenVINO can't be loaded: {error}.") from error
    return ("openvino", "openvino-bf16") if "BF16" in able else ("openvino",)


def measure(backends: tuple[Backend, ...]) -> dict[Backend, Measured]:
    """Return what each backend shows on the packaged model, in rounds that alternate between them.

    Raises:
        ModelError: A backend can't run the model.
    """
    embedders: dict[Backend, Embedder] = {backend: open_embedder(backend=backend) for backend in backends}
    cosines = {backend: least_cosine(embedder) for backend, embedder in embedders.items()}
    rates = dict.fromkeys(backends, 0.0)
    for _ in range(ROUNDS):
        for backend, embedder in embedders.items():
            started = time.perf_counter()
            embedder.embed([_TEXT] * TEXTS_A_ROUND, input_type="document")
            rates[backend] = max(rates[backend], TEXTS_A_ROUND / (time.perf_counter() - started))
    return {b: Measured(texts_per_s=round(rates[b], 1), least_cosine=cosines[b]) for b in backends}


def least_cosine(embedder: Embedder) -> float:
    """Return the least cosine between an embedder's vectors of SAMPLE and the reference's."""
    cosines = (embedder.embed(SAMPLE, input_type="document") * np.load(REFERENCE)).sum(axis=1)
    return float(cosines.min())


def fastest(measured: Mapping[Backend, Measured]) -> Backend | None:
    """Return the first backend whose vectors agree, or a later one that is WORTH_IT; None if none agree."""
    chosen: Backend | None = None
    for backend, found in measured.items():
        if found.least_cosine < LEAST_COSINE:
            continue
        if chosen is None or found.texts_per_s >= WORTH_IT * measured[chosen].texts_per_s:
            chosen = backend
    return chosen


def main() -> int:
    """Measure, write the choice down, say it, and return the exit code: 1 where nothing here can run the model."""
    measured: dict[Backend, Measured] = {}
    try:
        measured = measure(candidates())
        chosen = fastest(measured)
        reason = "its vectors differ from the reference's on this processor"
    except ModelError as error:
        chosen, reason = None, str(error)
    if chosen is None:
        if find_spec("sentence_transformers") is None:
            sys.stderr.write(f"The model can't be run by OpenVINO: {reason}\nPyTorch can: `make setup-torch`.\n")
            return 1
        chosen = "torch"
    rates: dict[str, float] = {backend: found.texts_per_s for backend, found in measured.items()}
    write_choice(Choice(backend=chosen, processor=processor(), openvino=library_version(), texts_per_s=rates))
    said = ", ".join(f"{backend} {rate:.0f} chunks/s" for backend, rate in rates.items())
    sys.stdout.write(f"The model is run by {chosen} ({said or reason}); written to {choice_file()}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
