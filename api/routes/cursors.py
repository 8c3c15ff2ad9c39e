"""Places in a listing, as a client gives them back to get the next page.

A cursor holds the id that the page before ended with, and a checksum, by which one that was not given here is told. The
id need not be there any more: the listing goes on behind it all the same.
"""

import base64
import hashlib
from typing import Annotated

from pydantic import AfterValidator, Field

from rag.transcripts.native import MAX_ID_LENGTH

CHECKSUM_BYTES = 6
LONGEST = 2 * 4 * MAX_ID_LENGTH
"""Characters: an id of the longest in UTF-8, by base64 a third longer, has fewer."""


def cursor_behind(transcript_id: str) -> str:
    """Return the cursor of the place behind a transcript."""
    written = transcript_id.encode()
    return base64.urlsafe_b64encode(_checksum(written) + written).decode("ascii")


def _id_before(cursor: str) -> str:
    try:
        read = base64.b64decode(cursor, altchars=b"-_", validate=True)
        written = read[CHECKSUM_BYTES:]
        if written and read[:CHECKSUM_BYTES] == _checksum(written):
            return written.decode()
    except ValueError:
        pass
    raise ValueError("no cursor that was given here: it is `next` of the page before")


def _checksum(written: bytes) -> bytes:
    return hashlib.blake2s(written, digest_size=CHECKSUM_BYTES).digest()


Cursor = Annotated[str, Field(max_length=LONGEST), AfterValidator(_id_before)]
"""Reads as the id that the page before ended with."""
