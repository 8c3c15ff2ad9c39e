"""Which backend runs the model: what the settings say, else what set-up measured, else OpenVINO where it can."""

import hashlib
import json
import platform
import sys
from dataclasses import asdict, dataclass
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path
from typing import Literal, get_args

from rag.embedding.bert import bert_shape
from rag.embedding.model_files import ModelFiles
from rag.embedding.openvino_runtime import OpenVinoEmbedder
from rag.embedding.packaged import PACKAGED_MODEL, model_folder
from rag.embedding.protocol import Embedder
from rag.embedding.torch_reference import SentenceTransformerEmbedder
from rag.errors import ModelError

Backend = Literal["openvino", "openvino-bf16", "torch"]
"""`openvino` computes in float32, as `torch` does."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """What set-up measured on this machine."""

    backend: Backend
    processor: str
    """Which processor it was measured on, as `processor()` names it."""
    openvino: str
    """Which version of the library."""
    texts_per_s: dict[str, float]
    """By backend, of the packaged model."""


def open_embedder(
    model: str = PACKAGED_MODEL, *, backend: Backend | Literal["auto"] = "auto", threads: int = 0
) -> Embedder:
    """Return what gives the model's vectors; nothing heavy is loaded before the first of them.

    Left to itself it is OpenVINO where that is installed and knows the model, in the precision that set-up found
    fastest here (float32 where nothing was measured); for every other model PyTorch.

    Raises:
        ModelError: The model is absent or damaged, or the backend that was named can't run it.
    """
    chosen = choose_backend(model) if backend == "auto" else backend
    if chosen == "torch":
        return SentenceTransformerEmbedder(model, threads=threads)
    return OpenVinoEmbedder(model, precision="bf16" if chosen == "openvino-bf16" else "f32", threads=threads)


def choose_backend(model: str) -> Backend:
    """Return the backend for a model that no setting names one for."""
    if find_spec("openvino") is None:
        return "torch"
    try:
        bert_shape(ModelFiles(model_folder(model)))
    except ModelError:
        return "torch"
    measured = read_choice()
    return measured.backend if measured else "openvino"


def choice_file() -> Path:
    """Return where set-up writes what it measured: within the Python environment, since it holds for a machine."""
    return Path(sys.prefix) / "share" / "turnwise" / "embedding.json"


def read_choice() -> Choice | None:
    """Return what set-up measured; None where nothing was, or on another processor or version of the library."""
    try:
        choice = Choice(**json.loads(choice_file().read_text("utf-8")))
    except (OSError, ValueError, TypeError):
        return None
    holds = (
        choice.processor == processor() and choice.openvino == library_version() and choice.backend in get_args(Backend)
    )
    return choice if holds else None


def write_choice(choice: Choice) -> None:
    """Write what was measured."""
    file = choice_file()
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(asdict(choice), indent=2) + "\n", "utf-8")


def library_version() -> str:
    """Return the version of OpenVINO, empty where it is not installed."""
    try:
        return version("openvino")
    except PackageNotFoundError:
        return ""


def processor() -> str:
    """Name the processor: its model, and a hash of what it can do, since virtual machines hide the model."""
    try:
        lines = Path("/proc/cpuinfo").read_text("utf-8").splitlines()
    except OSError:
        return f"{platform.processor() or platform.machine()}"
    said = {key.strip(): value.strip() for key, _, value in (line.partition(":") for line in lines)}
    name = said.get("model name") or platform.machine()
    able = said.get("flags") or said.get("Features") or ""
    return f"{name} {hashlib.sha256(able.encode()).hexdigest()[:12]}"
