"""From files and addresses to the index: read, chunk, embed, store; only what is new or changed."""

from rag.ingestion.ingestion import Ingestion
from rag.ingestion.results import IngestEvent, IngestResult, Outcome
from rag.ingestion.watching import watch_folders

__all__ = ["IngestEvent", "IngestResult", "Ingestion", "Outcome", "watch_folders"]
