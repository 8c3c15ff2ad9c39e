"""Text to vectors, by a model on this machine: one protocol, several backends with the same vectors."""

from rag.embedding.choice import Backend, open_embedder
from rag.embedding.openvino_runtime import OpenVinoEmbedder
from rag.embedding.packaged import PACKAGED_MODEL, PACKAGED_MODEL_SHA256, check_packaged_model, packaged_model_folder
from rag.embedding.pooling import unit_rows
from rag.embedding.protocol import Embedder, InputType
from rag.embedding.torch_reference import SentenceTransformerEmbedder

__all__ = [
    "PACKAGED_MODEL",
    "PACKAGED_MODEL_SHA256",
    "Backend",
    "Embedder",
    "InputType",
    "OpenVinoEmbedder",
    "SentenceTransformerEmbedder",
    "check_packaged_model",
    "open_embedder",
    "packaged_model_folder",
    "unit_rows",
]
