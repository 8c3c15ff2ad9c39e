"""The server's log: a line for people on a terminal, a JSON object a line anywhere else. No words of any question.

A thread of its own writes the lines. Whoever answers requests never waits for a slow disk, or for a program that was to
read the log and doesn't: a pipe holds 64 KB, some 300 lines, and a server that wrote into it itself stood still then.
"""

import logging
import queue
import sys
import time
from logging.handlers import QueueHandler, QueueListener
from typing import Literal

import structlog
from structlog.typing import Processor

LogFormat = Literal["auto", "text", "json"]
NOISY = ("httpx", "httpcore", "httpx2", "mcp", "watchfiles", "uvicorn", "faiss")
"""Libraries that tell each step of theirs on the level `info`, addresses included."""
MOST_WAITING = 10_000
"""Lines that wait to be written; what comes beyond that is lost, and how many were lost is said."""
FLUSHED_WITHIN_S = 2.0
_LOST = "%d lines of the log were lost: they came faster than they could be written"
_STDLIB_FIELDS: tuple[Processor, ...] = (
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.ExtraAdder(),
    structlog.processors.TimeStamper(fmt="iso", utc=True),
)


_WITHOUT_LOCALS = structlog.processors.ExceptionRenderer(
    structlog.tracebacks.ExceptionDictTransformer(show_locals=False)
)
"""A traceback's variables would hold the question."""


class UnhurriedHandler(QueueHandler):
    """Hands lines, ready as text, to a thread that writes them."""

    def __init__(self, target: logging.Handler) -> None:
        """Have `target` write them; it needs no formatter of its own."""
        self.waiting: queue.Queue[logging.LogRecord | None] = queue.Queue(MOST_WAITING)
        super().__init__(self.waiting)
        self._lost = 0
        self._listener = QueueListener(self.waiting, target)
        self._listener.start()

    def enqueue(self, record: logging.LogRecord) -> None:
        """Hand a line over, unless too many wait."""
        try:
            if self._lost:
                fields = logging.LogRecord("turnwise", logging.WARNING, __file__, 0, _LOST, (self._lost,), None)
                self.waiting.put_nowait(self.prepare(fields))
                self._lost = 0
            self.waiting.put_nowait(record)
        except queue.Full:
            self._lost += 1

    def flush(self) -> None:
        """Wait until everything is written, but not for ever."""
        deadline = time.monotonic() + FLUSHED_WITHIN_S
        while self.waiting.unfinished_tasks and time.monotonic() < deadline:
            time.sleep(0.01)

    def close(self) -> None:
        """Write what waits, and end the thread unless it is stuck."""
        self.flush()
        if not self.waiting.unfinished_tasks:
            self._listener.stop()
        super().close()


def flush_logs() -> None:
    """Wait until what was logged is written: a signal that ends the process does not."""
    for handler in logging.getLogger().handlers:
        handler.flush()


def configure_logs(*, form: LogFormat, level: str) -> None:
    """Write everything that is logged to standard error from now on, in one form.

    Args:
        form: `auto` is text on a terminal, else JSON.
        level: From which level on; libraries are heard from `warning` on.
    """
    as_json = form == "json" or (form == "auto" and not sys.stderr.isatty())
    last: tuple[Processor, ...] = (
        (_WITHOUT_LOCALS, structlog.processors.JSONRenderer(ensure_ascii=False))
        if as_json
        else (
            structlog.dev.ConsoleRenderer(
                colors=sys.stderr.isatty(), exception_formatter=structlog.dev.plain_traceback
            ),
        )
    )
    handler = UnhurriedHandler(logging.StreamHandler(sys.stderr))
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=_STDLIB_FIELDS,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *last],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    for name in NOISY:
        logging.getLogger(name).setLevel(logging.WARNING)


def bind_request(request_id: str, *, answer_id: str) -> None:
    """Put a request's id into every line that is logged while it is answered, by whichever thread.

    Args:
        request_id: The response's `X-Request-ID`.
        answer_id: Of the answer, by which it can be rated; logged too where the client chose the other.
    """
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(request_id=request_id)
    if answer_id != request_id:
        structlog.contextvars.bind_contextvars(answer_id=answer_id)
