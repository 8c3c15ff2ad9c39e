"""The server's own secret: signs what it gives out and takes back, as widgets' tokens and sessions."""

import hashlib
import hmac
import os
import secrets
import tempfile
from pathlib import Path

from rag.errors import IndexUnavailableError

FILE = "server.secret"
"""In the data folder. Deleting it ends every session and every widget's token."""
BYTES = 32


def load_secret(home: Path) -> bytes:
    """Return the secret of a data folder; the first call makes it, whichever process that is.

    Raises:
        IndexUnavailableError: It can't be read or written.
    """
    path = home / FILE
    try:
        if not path.exists():
            _write(path)
        secret = bytes.fromhex(path.read_text("ascii"))
    except (OSError, ValueError) as error:
        raise IndexUnavailableError(f"{path} can't be used ({error}). Delete it, and a new one is made.") from error
    if len(secret) != BYTES:
        raise IndexUnavailableError(f"{path} is damaged. Delete it, and a new one is made.")
    return secret


def derived(secret: bytes, purpose: str) -> bytes:
    """Return a secret for one purpose, so that what is signed for one is worth nothing for another."""
    return hmac.digest(secret, purpose.encode("ascii"), hashlib.sha256)


def _write(path: Path) -> None:
    """Write a secret whole, for the owner's eyes only; of two processes, the first one's stands."""
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, partial = tempfile.mkstemp(dir=path.parent, prefix=f".{FILE}-")  # mode 600
    try:
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(secrets.token_hex(BYTES))
        try:
            os.link(partial, path)
        except FileExistsError:
            return
    finally:
        Path(partial).unlink(missing_ok=True)
