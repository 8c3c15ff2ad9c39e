"""What the search engine stores and returns. It knows records; it has never heard of a speaker."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Vector = npt.NDArray[np.float32]
"""Shape (dimension,), float32, unit length."""
Matrix = npt.NDArray[np.float32]
"""Shape (n, dimension), float32, rows of unit length."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One searchable piece of a document."""

    id: str
    """Deterministic: the same content gives the same id on every machine. At most 64 ASCII characters."""
    body: str
    """JSON that the engine keeps and gives back without looking inside."""
    text: str
    """What lexical search matches."""
    vector: Vector
    fields: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Values to filter on, by field name; a record may have several values of one field."""
    date: dt.date | None = None
    attachment: bytes = b""
    """Binary data that the engine keeps and gives back without looking inside."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """What records are cut from; replaced and removed as one."""

    id: str
    fingerprint: str
    """Hash of everything that the document and its records were made from; equal means unchanged."""
    summary: str
    """JSON, small: what a listing shows."""
    body: str
    """JSON, whole."""
    replaces: str | None = None
    """When it is stored: the fingerprint of the document that it was made from, empty where there was none. If another
    one is stored by then, `replace` refuses. None: whatever is stored."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentSummary:
    """A document without its body."""

    id: str
    fingerprint: str
    summary: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """AND between kinds, OR within one. The empty filter lets everything through."""

    any_of: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """By field name: the record has at least one of these values."""
    date_from: dt.date | None = None
    """Inclusive; a record without a date does not pass."""
    date_to: dt.date | None = None
    """Inclusive; a record without a date does not pass."""


class Hit(NamedTuple):
    """A record that matched, best first; a higher score is better; ties break by id.

    A tuple, since a search makes a thousand or two of them: `dict(hits)` is the scores by id.
    """

    id: str
    score: float


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredRecord:
    """A record as it is given back: without its vector, with its document's id."""

    id: str
    document_id: str
    body: str
