"""Engines on a Milvus server for tests, so small that everything would be searched here if it were allowed."""

from pathlib import Path
from typing import Any

from index.embedded import EmbeddedEngine
from index.milvus.collection import MilvusCollection
from index.milvus.connection import MilvusAddress
from index.milvus.engine import MilvusEngine
from tests.index.made_records import DIMENSION

FIELDS = ("who", "set")


def milvus_engine(
    folder: Path, address: str, *, read_only: bool = False, database: str | None = None, **options: Any
) -> MilvusEngine:
    """Open an engine all of whose vector searches are the server's."""
    return MilvusEngine(
        EmbeddedEngine(folder, dimension=DIMENSION, model="made", read_only=read_only, database=database),
        MilvusAddress(uri=address, token=options.pop("token", None), ca_file=options.pop("ca_file", None)),
        dimension=DIMENSION,
        fields=FIELDS,
        read_only=read_only,
        **{"exact_below": 0, **options},
    )


def collection_of(engine: MilvusEngine) -> MilvusCollection:
    """Return the collection on the server, to do to it what happens to servers."""
    return engine._collection_of(engine._embedded.snapshot())
