"""uvicorn's server, which says where it answers, and tells the application when it is to stop."""

import asyncio
import socket
from collections.abc import Callable
from typing import Any

import uvicorn

from api.logs import flush_logs
from api.state import AppState

ARRIVING_S = 0.5
"""How long a request may take to arrive on a connection that was just accepted: uvicorn closes those without any."""


class Server(uvicorn.Server):
    """Serves one application: the only one, or a worker's."""

    def __init__(self, config: uvicorn.Config, *, announce: Callable[[], None] = lambda: None) -> None:
        """Serve as `config` says.

        Args:
            config: uvicorn's.
            announce: Called once the server answers.
        """
        super().__init__(config)
        self._announce = announce

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, then say so."""
        await super().startup(sockets)
        self._announce()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Take no more connections, let answers that are under way finish within bounds, and stop."""
        app: Any = self.config.loaded_app
        state: AppState = app.state.turnwise
        state.readiness.stop()
        state.stopping.begin()
        for server in self.servers:
            server.close()
        await asyncio.sleep(ARRIVING_S)
        await super().shutdown(sockets)
        flush_logs()
