"""Small signed statements that the server gives out and takes back: JSON Web Tokens (RFC 7519), HMAC with SHA-256."""

import time
from collections.abc import Mapping
from typing import Any

import jwt

ALGORITHM = "HS256"
ISSUER = "turnwise"


def sign(claims: Mapping[str, Any], *, secret: bytes, purpose: str, ttl_s: int) -> str:
    """Return a statement that holds for so many seconds, for one purpose."""
    now = int(time.time())
    return jwt.encode(
        {**claims, "iss": ISSUER, "aud": purpose, "iat": now, "exp": now + ttl_s}, secret, algorithm=ALGORITHM
    )


def read_signed(text: str, *, secret: bytes, purpose: str) -> dict[str, Any] | None:
    """Return what a statement of ours says; None where it is not ours, is for another purpose or holds no longer."""
    try:
        claims: dict[str, Any] = jwt.decode(
            text,
            secret,
            algorithms=[ALGORITHM],
            issuer=ISSUER,
            audience=purpose,
            options={"require": ["exp", "iat", "iss", "aud"]},
        )
    except jwt.PyJWTError:
        return None
    return claims
