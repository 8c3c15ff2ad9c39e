"""Where transcripts are found: files and folders, web pages, the episodes of podcast feeds."""

from rag.sources.files import find_files, folder_of, is_transcript_file, location_of
from rag.sources.finding import documents, find_sources, is_address
from rag.sources.source import Content, Source, Validators

__all__ = [
    "Content",
    "Source",
    "Validators",
    "documents",
    "find_files",
    "find_sources",
    "folder_of",
    "is_address",
    "is_transcript_file",
    "location_of",
]
