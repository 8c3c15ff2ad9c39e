"""What schemathesis is not to send: texts with white space around them.

They are trimmed before they are measured (the contract), so that one that is too long for the schema may be accepted.
"""

from typing import Any

import schemathesis


@schemathesis.hook
def filter_body(_context: schemathesis.HookContext, body: Any) -> bool:
    """Keep bodies in which no text would be trimmed."""
    return _is_trimmed(body)


def _is_trimmed(value: Any) -> bool:
    if isinstance(value, dict):
        return all(_is_trimmed(each) for each in value.values())
    if isinstance(value, list):
        return all(_is_trimmed(each) for each in value)
    return not isinstance(value, str) or value == value.strip()
