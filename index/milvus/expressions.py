"""Write filters as Milvus's boolean expressions. Values are hostile: nothing of them is ever read as syntax."""

import hashlib
from collections.abc import Iterable
from urllib.parse import quote

from index.types import Filter

KEY, VECTOR, DAY = "key", "vector", "day"
"""Columns of every collection: the record's key in the truth, its vector, its date (`toordinal`, 0 for none)."""
MAX_VALUE_LENGTH = 256
"""Of a value as it is stored; Milvus bounds what a column may hold."""
_PLAIN = " -_.,:;()+&/@"
_MAX_VALUES = 5_000
"""Values that one expression may list: the server parses it for each search."""


def encoded(value: str) -> str:
    """Return a value as it is stored and asked for: percent-encoded ASCII without quotes or backslashes.

    Different values stay different; what would be too long is named by its SHA-256. Readable for whoever looks into
    the collection, and the same on every version of the server, whose rules for escapes have changed.
    """
    safe = quote(value, safe=_PLAIN, errors="surrogatepass")
    if len(safe) <= MAX_VALUE_LENGTH:
        return safe
    # No value is encoded to a percent sign that two hexadecimal digits don't follow.
    return "%sha256:" + hashlib.sha256(value.encode("utf-8", "surrogatepass")).hexdigest()


def expression(where: Filter, columns: Iterable[str]) -> str | None:
    """Return the filter as an expression, empty where all passes; None where Milvus can't apply it.

    Args:
        where: The filter; none of its sets of values is empty.
        columns: The fields that the collection holds.
    """
    known = frozenset(columns)
    parts = []
    for field, values in sorted(where.any_of.items()):
        if field not in known or len(values) > _MAX_VALUES:
            return None
        listed = ", ".join(f'"{encoded(value)}"' for value in sorted(values))
        parts.append(f"array_contains_any({field}, [{listed}])")
    if where.date_from is not None:
        parts.append(f"{DAY} >= {where.date_from.toordinal()}")
    elif where.date_to is not None:
        parts.append(f"{DAY} > 0")
    if where.date_to is not None:
        parts.append(f"{DAY} <= {where.date_to.toordinal()}")
    return " and ".join(parts)


def up_to(key: int) -> str:
    """Return the expression for the records up to a key."""
    return f"{KEY} <= {key}"


def between(after: int, last: int) -> str:
    """Return the expression for the records after a key, up to another."""
    return f"{KEY} > {after} and {KEY} <= {last}"


def listed(keys: Iterable[int]) -> str:
    """Return the expression for some records."""
    return f"{KEY} in [{', '.join(map(str, keys))}]"
