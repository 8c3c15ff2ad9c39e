"""The columns of a collection, how its vectors are indexed, and a record as one of its rows."""

import re
from collections.abc import Sequence
from typing import Any

from index.milvus.connection import MilvusConnection, MilvusRefusedError
from index.milvus.expressions import DAY, KEY, MAX_VALUE_LENGTH, VECTOR, encoded
from index.records import KeyedRecord

LAYOUT = 1
"""Part of a collection's name; raised when the columns change, so that the vectors are loaded anew."""
MAX_VALUES = 4_096
"""Values of one field that one record may have: what Milvus lets an array hold."""
LISTS = 1_024
"""Of the inverted file (IVF_FLAT; Jégou et al., 2011) of each segment, which has 340,000 vectors at most."""
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,63}")
_Index = tuple[str, dict[str, int]]
_WANTED: _Index = ("IVF_FLAT", {"nlist": LISTS})
"""Why not a graph: decision 010."""
_MANAGED: _Index = ("AUTOINDEX", {})
"""The only one that the managed service has."""
_LITE: _Index = ("FLAT", {})
"""milvus-lite's other indexes find too little under filters (recall .42 to .73); it is for small collections."""


def check_names(*names: str) -> None:
    """Check what columns and collections are to be called.

    Raises:
        ValueError: Milvus doesn't take one of the names, or it is one of our own columns'.
    """
    for name in names:
        if not _NAME.fullmatch(name) or name in (KEY, VECTOR, DAY):
            raise ValueError(f"Milvus can't call something {name!r}: letters, digits and underscores are taken")


def create_columns(
    connection: MilvusConnection, name: str, dimension: int, fields: Sequence[str], *, timeout_s: float
) -> None:
    """Create a collection with a column for keys, vectors, dates and each of some fields."""
    from pymilvus import DataType, MilvusClient  # noqa: PLC0415

    schema = MilvusClient.create_schema(auto_id=False, enable_dynamic_field=False)
    schema.add_field(KEY, DataType.INT64, is_primary=True)
    schema.add_field(VECTOR, DataType.FLOAT_VECTOR, dim=dimension)
    schema.add_field(DAY, DataType.INT64)
    for field in fields:
        schema.add_field(
            field,
            DataType.ARRAY,
            element_type=DataType.VARCHAR,
            max_length=MAX_VALUE_LENGTH,
            max_capacity=MAX_VALUES,
        )
    connection.call(
        lambda c: c.create_collection(name, schema=schema, consistency_level="Bounded", timeout=timeout_s),
        timeout_s=timeout_s,
    )


def create_index(connection: MilvusConnection, name: str, *, timeout_s: float) -> None:
    """Have the vectors of a collection indexed, as the server can."""
    lite = connection.version(timeout_s=timeout_s).startswith("milvus_lite")
    choices = (_LITE,) if lite else (_WANTED, _MANAGED)
    for kind, parameters in choices:
        try:
            _create_index(connection, name, kind, parameters, timeout_s)
        except MilvusRefusedError:
            if kind == choices[-1][0]:
                raise
        else:
            return


def row_of(keyed: KeyedRecord, fields: Sequence[str]) -> dict[str, Any]:
    """Return a record as a row."""
    record = keyed.record
    row: dict[str, Any] = {
        KEY: keyed.key,
        VECTOR: record.vector,
        DAY: 0 if record.date is None else record.date.toordinal(),
    }
    for field in fields:
        row[field] = [encoded(value) for value in dict.fromkeys(record.fields.get(field, ()))]
    return row


def _create_index(
    connection: MilvusConnection, name: str, kind: str, parameters: dict[str, int], timeout_s: float
) -> None:
    from pymilvus import MilvusClient  # noqa: PLC0415

    index = MilvusClient.prepare_index_params()
    index.add_index(VECTOR, index_type=kind, metric_type="IP", params=parameters)
    # There is nothing to index yet, so nothing to wait for.
    connection.call(lambda c: c.create_index(name, index, timeout=timeout_s, sync=False), timeout_s=timeout_s)
