"""What happens to answers that are under way when the server is told to stop: most finish, the others say why not."""

import asyncio
from collections.abc import Awaitable, Callable
from http import HTTPStatus
from typing import TYPE_CHECKING, TypeVar

from api.problems import RequestRefusedError

if TYPE_CHECKING:
    from api.live_answer import LiveAnswer

STOP_WITHIN_S = 5
"""How long answers that are under way may take once the server is told to stop; then connections are cut."""
SAY_SO_S = 1
"""How long before that the answers which aren't there yet are given up, so that their readers still hear of it."""
RETRY_AFTER_S = 5
"""A restart takes about so long."""
DETAIL = "The server is being stopped. Ask again in a moment."

Made = TypeVar("Made")


class Stopping:
    """Knows whether the server was told to stop, and gives up in time what can't be finished. For one event loop."""

    def __init__(self) -> None:
        """Start as a server that goes on."""
        self._over = asyncio.Event()
        self._when_over: list[Callable[[], None]] = []

    def when_over(self, do: Callable[[], None]) -> None:
        """Call something at the moment when no more time is left for what hasn't begun."""
        self._when_over.append(do)

    def begin(self, *, within_s: float = STOP_WITHIN_S - SAY_SO_S) -> None:
        """Note that the server was told to stop; what is not done `within_s` seconds later is given up."""
        asyncio.get_running_loop().call_later(within_s, self._end)

    async def unless_over(self, making: Awaitable[Made], live: "LiveAnswer") -> Made:
        """Return an answer once it is made; who makes it is told if there is no more time for it.

        Raises:
            RequestRefusedError: 503; there is no more time.
        """
        task = asyncio.ensure_future(making)
        over = asyncio.ensure_future(self._over.wait())
        try:
            await asyncio.wait({task, over}, return_when=asyncio.FIRST_COMPLETED)
            if task.done():
                return task.result()
        finally:
            over.cancel()
            task.cancel()
        live.leave()
        raise RequestRefusedError(HTTPStatus.SERVICE_UNAVAILABLE, DETAIL, {"Retry-After": str(RETRY_AFTER_S)})

    def _end(self) -> None:
        self._over.set()
        for do in self._when_over:
            do()
