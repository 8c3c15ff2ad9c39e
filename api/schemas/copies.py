"""What `turnwise backup` and `restore` print with `--json`; there is no matching HTTP call."""

from api.schemas.wire import Outgoing


class BackupOut(Outgoing):
    """A copy that was written."""

    file: str
    bytes: int
    transcripts: int


class RestoreOut(Outgoing):
    """A copy that was put back."""

    file: str
    transcripts: int
