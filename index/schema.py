"""The tables of the database that is the truth. Everything else in the data folder is derived from them."""

from sqlalchemy import BigInteger, Column, Date, ForeignKey, Integer, LargeBinary, MetaData, String, Table, Text

FORMAT = "2"
"""Raised when the tables change; an older database then needs a migration or a re-index."""

# SQLite gives a row its own 64-bit number only to a column called INTEGER.
_Sequence = BigInteger().with_variant(Integer, "sqlite")

metadata = MetaData()

properties = Table(
    "properties",
    metadata,
    Column("name", String, primary_key=True),
    Column("value", String, nullable=False),
)
"""`format`, `model`, `dimension`, `history` (an id that changes when a backup is restored), `purge` ("1" or "0")."""

documents = Table(
    "documents",
    metadata,
    Column("id", String, primary_key=True),
    Column("fingerprint", String, nullable=False),
    Column("summary", Text, nullable=False),
    Column("body", Text, nullable=False),
)

records = Table(
    "records",
    metadata,
    # Never used twice, so that derived structures know by the highest key how far they have come.
    Column("key", _Sequence, primary_key=True, autoincrement=True),
    Column("id", String(64), nullable=False, unique=True),
    Column("document_id", String, ForeignKey("documents.id"), nullable=False, index=True),
    Column("position", Integer, nullable=False),
    Column("date", Date),
    Column("body", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("fields", Text, nullable=False),
    Column("vector", LargeBinary, nullable=False),
    Column("attachment", LargeBinary, nullable=False),
    sqlite_autoincrement=True,
)

removals = Table(
    "removals",
    metadata,
    Column("seq", _Sequence, primary_key=True, autoincrement=True),
    Column("record_key", _Sequence, nullable=False),
    sqlite_autoincrement=True,
)
"""Keys of records that were replaced or removed, in that order; pruned once the derived structures know of them."""

notes = Table(
    "notes",
    metadata,
    Column("name", String, primary_key=True),
    Column("value", Text, nullable=False),
)
"""What the engine's owner keeps beside the documents; older databases get the table with their first note."""
