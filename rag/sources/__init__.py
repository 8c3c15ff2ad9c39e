"""Where transcripts are found: files and folders, web pages, the episodes of podcast feeds."""

from rag.sources.files import find_files, folder_of, is_transcript_file, location_of
from rag.sources.finding import documents, find_sources, is_address, page_source
from rag.sources.source import NO_VALIDATORS, Content, GoneError, Source, Validators

__all__ = [
    "NO_VALIDATORS",
    "Content",
    "GoneError",
    "Source",
    "Validators",
    "documents",
    "find_files",
    "find_sources",
    "folder_of",
    "is_address",
    "is_transcript_file",
    "location_of",
    "page_source",
]
