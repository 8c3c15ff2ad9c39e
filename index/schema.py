"""The tables of the database that is the truth. Everything else in the data folder is derived from them."""

from sqlalchemy import (
    BigInteger,
    Column,
    Date,
    Dialect,
    ForeignKey,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
)

FORMAT = "2"
"""Raised when the tables change, with a file in `migrations/versions` that brings older databases there."""

# SQLite gives a row its own 64-bit number only to a column called INTEGER.
_Sequence = BigInteger().with_variant(Integer, "sqlite")

_ESCAPE, _NUL = "\x1a", "\x00"


class EscapedText(TypeDecorator[str]):
    """Text of PostgreSQL: in the order of its bytes, and with NUL characters, which PostgreSQL refuses, escaped."""

    impl = Text
    cache_ok = True

    def __init__(self) -> None:
        super().__init__(collation="C")

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """Return the text as it is stored."""
        del dialect
        if value is None or (_NUL not in value and _ESCAPE not in value):
            return value
        return value.replace(_ESCAPE, f"{_ESCAPE}1").replace(_NUL, f"{_ESCAPE}0")

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:
        """Return the text as it was given."""
        del dialect
        if value is None or _ESCAPE not in value:
            return value
        return value.replace(f"{_ESCAPE}0", _NUL).replace(f"{_ESCAPE}1", _ESCAPE)


_Name = String().with_variant(EscapedText(), "postgresql")
_RecordId = String(64).with_variant(EscapedText(), "postgresql")
_Text = Text().with_variant(EscapedText(), "postgresql")

metadata = MetaData()

properties = Table(
    "properties",
    metadata,
    Column("name", _Name, primary_key=True),
    Column("value", _Name, nullable=False),
)
"""What the database says of itself:

`format`, `model`, `dimension`; `history`, an id that changes when a backup is restored; `purge`, "1" while deleted rows
wait to be wiped; `erase`, the number of the last removal that must leave no trace in what is derived.
"""

documents = Table(
    "documents",
    metadata,
    Column("id", _Name, primary_key=True),
    Column("fingerprint", _Name, nullable=False),
    Column("summary", _Text, nullable=False),
    Column("body", _Text, nullable=False),
)

records = Table(
    "records",
    metadata,
    # Never used twice, so that derived structures know by the highest key how far they have come.
    Column("key", _Sequence, primary_key=True, autoincrement=True),
    Column("id", _RecordId, nullable=False, unique=True),
    Column("document_id", _Name, ForeignKey("documents.id"), nullable=False, index=True),
    Column("position", Integer, nullable=False),
    Column("date", Date),
    Column("body", _Text, nullable=False),
    Column("text", _Text, nullable=False),
    Column("fields", _Text, nullable=False),
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
    Column("name", _Name, primary_key=True),
    Column("value", _Text, nullable=False),
)
"""What the engine's owner keeps beside the documents; older databases get the table with their first note."""
