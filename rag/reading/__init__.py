"""Reading a question together with what was said: which sentences answer it, and whether any does."""

from rag.reading.reader import Reader, open_reader
from rag.reading.window import Stretch, Window

__all__ = ["Reader", "Stretch", "Window", "open_reader"]
