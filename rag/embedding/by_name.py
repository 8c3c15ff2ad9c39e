"""Models that are neither packaged nor in a folder: from what was downloaded before, else from the model hub."""

import threading
from collections.abc import Callable
from importlib import import_module
from typing import TYPE_CHECKING

from rag.embedding.packaged import PACKAGED_MODEL
from rag.errors import ModelError

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

REACHED_WITHIN_S = 3.0
"""The hub's own client tries for 40 s and more, and tells of every attempt."""
_LOADING = (OSError, ValueError, RuntimeError)
"""What sentence-transformers raises where it can't load a model."""


def load_by_name(model: str, load: "Callable[..., SentenceTransformer]") -> "SentenceTransformer":
    """Return a model that the owner named. The hub is asked only if the model isn't on this machine.

    Args:
        model: Its name, as the hub has it.
        load: sentence-transformers' constructor.

    Raises:
        ModelError: It isn't on this machine, and the hub can't be asked for it.
        OSError, ValueError, RuntimeError: The hub doesn't have it, or it can't be loaded.
    """
    utils, constants = import_module("huggingface_hub.utils"), import_module("huggingface_hub.constants")
    utils.logging.set_verbosity_error()
    try:
        return load(model, local_files_only=True)
    except _LOADING as error:
        absent = f"TURNWISE_MODEL: {model!r} is neither {PACKAGED_MODEL!r}, nor a folder, nor a model on this machine"
        try:
            utils.validate_repo_id(model)
        except ValueError:
            raise ModelError(f"{absent}.") from error
        if constants.is_offline_mode():
            raise ModelError(f"{absent}, and HF_HUB_OFFLINE is set: it is not looked for elsewhere.") from error
        if not _is_reached(constants.ENDPOINT):
            raise ModelError(f"{absent}, and {constants.ENDPOINT}, which may have it, can't be reached.") from error
    return load(model)


def _is_reached(address: str) -> bool:
    """Tell whether a server answers at all. A thread of its own asks: looking up its name knows no bound."""
    answered = threading.Event()

    def ask() -> None:
        httpx2 = import_module("httpx2")
        try:
            httpx2.head(address, timeout=REACHED_WITHIN_S)
        except (httpx2.HTTPError, httpx2.InvalidURL):
            return
        answered.set()

    asking = threading.Thread(target=ask, name="turnwise-model-hub", daemon=True)
    asking.start()
    asking.join(REACHED_WITHIN_S)
    return answered.is_set()
