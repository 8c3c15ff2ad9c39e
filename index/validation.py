"""Refuse records and queries that break the engine's rules before anything is stored or searched."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from index.errors import InvalidRecordError
from index.types import Document, Record, Vector

MAX_RECORD_ID_LENGTH = 64
_UNIT_TOLERANCE = 1e-3
"""How far a vector's length may be from 1: half-precision models round to about 1e-3."""


def check_records(document: Document, records: Sequence[Record], dimension: int) -> None:
    """Check a document's records.

    Raises:
        InvalidRecordError: One breaks a rule; the message says which one and how.
    """
    if not document.id:
        raise InvalidRecordError("a document needs an id")
    seen: set[str] = set()
    for record in records:
        where = f"record {record.id!r} of document {document.id!r}"
        if not record.id or len(record.id) > MAX_RECORD_ID_LENGTH or not _is_plain(record.id):
            raise InvalidRecordError(f"{where}: an id is 1 to {MAX_RECORD_ID_LENGTH} visible ASCII characters")
        if record.id in seen:
            raise InvalidRecordError(f"{where}: the id occurs twice")
        seen.add(record.id)
        if any("\0" in name for name in record.fields):
            raise InvalidRecordError(f"{where}: a field's name holds a NUL character")
        if any(isinstance(values, str) for values in record.fields.values()):
            raise InvalidRecordError(f"{where}: a field's values are a tuple of strings, not one string")
        problem = _vector_problem(record.vector, dimension)
        if problem:
            raise InvalidRecordError(f"{where}: {problem}")


def checked_query(vector: Vector, dimension: int) -> Vector:
    """Return a query vector as contiguous float32.

    Raises:
        ValueError: It isn't of this dimension, or not finite.
    """
    query: Vector = np.ascontiguousarray(vector, dtype=np.float32)
    if query.shape != (dimension,) or not np.isfinite(query).all():
        raise ValueError(f"a query is {dimension} finite numbers, not an array of shape {np.shape(vector)}")
    return query


def checked_limit(limit: int) -> int:
    """Return `limit`.

    Raises:
        ValueError: It is below 1.
    """
    if limit < 1:
        raise ValueError(f"a search returns at least 1 hit, not {limit}")
    return limit


def _is_plain(record_id: str) -> bool:
    return all("!" <= character <= "~" for character in record_id)


def _vector_problem(vector: npt.NDArray[np.generic], dimension: int) -> str | None:
    if vector.dtype != np.float32:
        return f"its vector is {vector.dtype}, not float32"
    if vector.shape != (dimension,):
        return f"its vector has shape {vector.shape}, not ({dimension},)"
    length = float(np.linalg.norm(vector))
    if not abs(length - 1) <= _UNIT_TOLERANCE:
        return f"its vector has length {length:.4g}, not 1"
    return None
