"""What a call takes in its address; what it doesn't is refused, so that nobody believes it did something."""

from collections.abc import Awaitable, Callable

from fastapi import Request
from fastapi.exceptions import RequestValidationError


def only(*names: str) -> Callable[[Request], Awaitable[None]]:
    """Return a dependency that refuses a request with other parameters than these.

    It is asynchronous because FastAPI sends a plain function to another thread, and waits for it.
    """

    async def check(request: Request) -> None:
        unknown = [name for name in request.query_params if name not in names]
        if unknown:
            raise RequestValidationError(
                [{"type": "extra_forbidden", "loc": ("query", name), "msg": ""} for name in unknown]
            )

    return check
