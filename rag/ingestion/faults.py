"""What one document may break on: it is said of that one, and must not end the work on a thousand others."""

from rag.errors import ReadError

BREAKS = (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError)
"""What a mistake of ours raises. What concerns all documents, as a full disk does, is none of these."""


def reason_of(error: Exception, *, subject: str) -> str:
    """Return what is told of a document that something of ours broke on, or refused.

    Args:
        error: What was raised.
        subject: What broke, as a sentence begins: "A reader".
    """
    if isinstance(error, ReadError):
        return str(error)
    return f"{subject} broke on it ({type(error).__name__}: {error}). This is a bug in Turnwise; report it."
