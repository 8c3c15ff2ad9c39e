"""What schemathesis is not to send, because it could not tell a right answer to it from a wrong one.

- Texts with white space around them: they are trimmed before they are measured (the contract), so that one that is too
  long for the schema may be accepted.
- What is no text, or nothing, in place of a text in a query or a form: sent, it is the text that it is written as, or
  it is not sent at all.
"""

import json
from collections.abc import Mapping
from typing import Any

import schemathesis

FORM = "multipart/form-data"
FILES = "files"


@schemathesis.hook
def filter_body(_context: schemathesis.HookContext, body: Any) -> bool:
    """Keep bodies in which no text would be trimmed."""
    return _is_trimmed(body)


@schemathesis.hook
def filter_case(_context: schemathesis.HookContext, case: schemathesis.Case) -> bool:
    """Keep requests in which what is sent as text is text."""
    declared = case.operation.definition.raw.get("parameters", ())
    texts = {each["name"] for each in declared if each["in"] == "query" and "integer" not in str(each["schema"])}
    if any(_becomes_text(value) for name, value in (case.query or {}).items() if name in texts):
        return False
    form = case.body if case.media_type == FORM and isinstance(case.body, Mapping) else {}
    return not any(_becomes_text(value) for name, value in form.items() if name != FILES)


def _becomes_text(value: Any) -> bool:
    """Say whether a value is none, or is, or is written as, a number, a truth value, a list or an object of JSON."""
    if isinstance(value, list):
        return not value or any(_becomes_text(each) for each in value)
    if not isinstance(value, str):
        return not isinstance(value, bytes)
    try:
        return not isinstance(json.loads(value), str)
    except ValueError:
        return False


def _is_trimmed(value: Any) -> bool:
    if isinstance(value, dict):
        return all(_is_trimmed(each) for each in value.values())
    if isinstance(value, list):
        return all(_is_trimmed(each) for each in value)
    return not isinstance(value, str) or value == value.strip()
