"""Records as rows of the database, and back."""

import json
from typing import Any

import numpy as np
from sqlalchemy import Row

from index.schema import records
from index.types import Record

VECTOR_TYPE = np.dtype("<f4")
"""As vectors are stored, whatever the machine's own order of bytes."""
SEARCHED = (
    *(records.c.key, records.c.id, records.c.body, records.c.text),
    *(records.c.fields, records.c.vector, records.c.date),
)
"""What derived structures are made of: all but the attachment."""


def row_of(document_id: str, position: int, record: Record) -> dict[str, object]:
    """Return the row of a record, the `position`-th of its document."""
    return {
        "id": record.id,
        "document_id": document_id,
        "position": position,
        "date": record.date,
        "body": record.body,
        "text": record.text,
        "fields": json.dumps({name: list(values) for name, values in record.fields.items()}, ensure_ascii=False),
        "vector": np.ascontiguousarray(record.vector, dtype=VECTOR_TYPE).tobytes(),
        "attachment": record.attachment,
    }


def record_of(row: Row[*tuple[Any, ...]]) -> Record:
    """Return the record of a row of `SEARCHED`, without its attachment."""
    return Record(
        id=row.id,
        body=row.body,
        text=row.text,
        vector=np.frombuffer(row.vector, dtype=VECTOR_TYPE),
        fields={name: tuple(values) for name, values in json.loads(row.fields).items()},
        date=row.date,
    )
